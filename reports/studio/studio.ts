// Starts the studio: what the link, the command line or the last session says is opened.

import { visible } from '../../src/visible.js';
import { announce, byId } from '../page/dom.js';
import { Studio } from './app.js';
import { acceptDrops } from './openFiles.js';
import { actions } from './panes/actions.js';
import { costPane } from './panes/costPane.js';
import { firstScreen } from './panes/firstScreen.js';
import { sourcePane } from './panes/sourcePane.js';
import { tabBar } from './panes/tabBar.js';
import { bringServed, openServed, tokenIn } from './served.js';
import { keeper } from './state/keeper.js';
import { stateIn } from './state/link.js';
import { openedHere, remember, remembered, rememberedHere } from './state/session.js';
import { EMPTY, MOST_TABS, type State, type Tab } from './state/state.js';

const linked = stateIn(location.hash);
const token = tokenIn(location.hash);
/** What this window opened before it was loaded again: what was edited in it stays. */
const served = openedHere(token);
const last = token === undefined ? remembered() : served && rememberedHere();
const studio = new Studio(linked ?? last ?? EMPTY);
studio.linked = linked ?? null;

/** The oldest tabs go where too many are opened. */
function tellOfClosed({ tabs: before }: State, { tabs: now }: State): void {
  const without = (some: readonly Tab[], others: readonly Tab[]): readonly Tab[] =>
    some.filter(({ id }) => !others.some((other) => other.id === id));
  const gone = without(before, now).map(({ source }) => visible(source.name));
  if (gone.length > 0 && without(now, before).length > 0)
    announce(`${gone.join(', ')} was closed: there can be ${MOST_TABS} tabs. Undo brings it back.`);
}

let asksForAnother = false;
const ask = (on: boolean): void => {
  if (asksForAnother === on) return;
  asksForAnother = on;
  studio.draw();
};
let shown = studio.state;
// Before the panes: what was asked for is there.
studio.onDraw(() => {
  if (studio.state.chosen !== shown.chosen || studio.state.tabs.length !== shown.tabs.length) asksForAnother = false;
});
actions(studio, byId('actions'));
tabBar(studio, byId('tabs'), ask);
const back = (): void => {
  ask(false);
};
firstScreen(studio, byId('first'), { asked: () => asksForAnother, back });
sourcePane(studio, byId('source'));
costPane(studio, byId('cost'));
acceptDrops(studio);

const session = keeper(shown, remember);
studio.onDraw(() => {
  // A link is of what it was made from: loaded again, the page shows what was edited since.
  if (studio.linked !== null && studio.linked !== studio.state) {
    studio.linked = null;
    history.replaceState(null, '', location.pathname + location.search);
  }
  if (studio.state.tabs.length === MOST_TABS && shown.tabs.length >= MOST_TABS - 1) tellOfClosed(shown, studio.state);
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
  if (next) {
    studio.linked = next;
    studio.update(next);
  } else if (next === null) announce('This link is damaged: nothing of it was opened.');
});
// Without the name of a place in the address: a link that stands there would go.
document.querySelector('a.skip')?.addEventListener('click', (event) => {
  event.preventDefault();
  byId('cost').focus();
});
studio.start();
if (linked === null) announce('This link is damaged: nothing of it was opened.');
if (served && last) bringServed(studio, served).catch(notServed);
else if (token !== undefined) openServed(studio, token).catch(notServed);

function notServed(): void {
  announce('flopscope studio no longer serves these files: start it again.');
}
