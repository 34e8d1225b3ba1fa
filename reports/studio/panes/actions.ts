// What stands in the head of the page: undo, redo, the link, and the theme.

import { announce, announceFailure, button } from '../../page/dom.js';
import { copy } from '../../page/saving.js';
import { themeButton } from '../../page/themeButton.js';
import type { Studio } from '../app.js';
import { exportMenu } from './exportMenu.js';
import { linkOf } from '../state/link.js';

export function actions(studio: Studio, place: HTMLElement): void {
  const undo = button('Undo', () => { studio.undo(); }, { title: 'Control-Z' }); // prettier-ignore
  const redo = button('Redo', () => { studio.redo(); }, { title: 'Control-Shift-Z' }); // prettier-ignore
  const share = button(
    'Share',
    () => {
      announceFailure(shareLink(studio));
    },
    { title: 'Copy a link that holds all tabs but files' },
  );
  place.append(
    undo,
    redo,
    exportMenu(studio),
    share,
    themeButton(() => {
      studio.draw();
    }),
  );
  studio.onDraw(() => {
    undo.disabled = !studio.canUndo;
    redo.disabled = !studio.canRedo;
    share.disabled = studio.state.tabs.every(({ source }) => source.kind === 'file');
  });
  addEventListener('keydown', (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.altKey) return;
    // Fields undo their own letters.
    if (event.target instanceof HTMLInputElement || event.defaultPrevented) return;
    const key = event.key.toLowerCase();
    if (key === 'z' && event.shiftKey) studio.redo();
    else if (key === 'z') studio.undo();
    else if (key === 'y') studio.redo();
    else return;
    event.preventDefault();
  });
}

async function shareLink(studio: Studio): Promise<void> {
  const hash = linkOf(studio.state);
  history.replaceState(null, '', hash);
  studio.linked = studio.state;
  await copy(location.href, 'Link');
  if (studio.state.tabs.some(({ source }) => source.kind === 'file'))
    announce('Link copied. Files are not in it: they stay on your machine.');
  else if (location.hostname === '127.0.0.1')
    announce('Link copied. It opens where flopscope studio runs, and behind the address of any other studio.');
}
