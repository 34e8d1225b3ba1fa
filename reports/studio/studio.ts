// Starts the studio: what the link, the command line or the last session says is opened.

import { announce, byId } from '../page/dom.js';
import { Studio } from './app.js';
import { acceptDrops } from './openFiles.js';
import { actions } from './panes/actions.js';
import { costPane } from './panes/costPane.js';
import { firstScreen } from './panes/firstScreen.js';
import { sourcePane } from './panes/sourcePane.js';
import { tabBar } from './panes/tabBar.js';
import { openServed, tokenIn } from './served.js';
import { keeper } from './state/keeper.js';
import { stateIn } from './state/link.js';
import { remember, remembered } from './state/session.js';
import { EMPTY } from './state/state.js';

const linked = stateIn(location.hash);
const token = tokenIn(location.hash);
const studio = new Studio(linked ?? (token === undefined ? remembered() : undefined) ?? EMPTY);

let asksForAnother = false;
actions(studio, byId('actions'));
tabBar(studio, byId('tabs'), () => {
  asksForAnother = true;
  studio.draw();
  byId('first').querySelector<HTMLElement>('button')?.focus();
});
firstScreen(studio, byId('first'), () => asksForAnother);
sourcePane(studio, byId('source'));
costPane(studio, byId('cost'));
acceptDrops(studio);

let shown = studio.state;
const session = keeper(shown, remember);
studio.onDraw(() => {
  if (studio.state.chosen !== shown.chosen || studio.state.tabs.length !== shown.tabs.length) asksForAnother = false;
  byId('first').hidden = studio.tab !== undefined && !asksForAnother;
  document.body.classList.toggle('starting', !byId('first').hidden);
  session.drawn(studio.state);
  shown = studio.state;
  document.title = `${studio.tab ? `${studio.tab.source.name} - ` : ''}flopscope studio`;
});
addEventListener('pagehide', session.now);
// The last event that a phone is sure to send before it ends a page.
document.addEventListener('visibilitychange', () => {
  if (document.hidden) session.now();
});
addEventListener('hashchange', () => {
  const next = stateIn(location.hash);
  if (next) studio.update(next);
  else if (next === null) announce('This link is damaged: nothing of it was opened.');
});
studio.start();
if (linked === null) announce('This link is damaged: nothing of it was opened.');
if (token !== undefined)
  openServed(studio, token).catch(() => {
    announce('flopscope studio no longer serves these files: start it again.');
  });
