// The row of tabs: one network each. Arrow keys move between them, Delete closes one.

import { visible } from '../../../src/visible.js';
import { button, clipped, element } from '../../page/dom.js';
import type { Studio } from '../app.js';
import { closed } from '../state/state.js';

/** @param ask shows the first screen, on which another network is chosen, or leaves it */
export function tabBar(studio: Studio, place: HTMLElement, ask: (on: boolean) => void): void {
  let drawn = '';
  const list = element('div', { role: 'tablist', 'aria-label': 'Networks', class: 'tablist' });
  const add = button('New', () => { ask(true); }, { class: 'add', title: 'Another network', 'aria-label': 'Another network' }); // prettier-ignore
  place.append(list, add);
  list.addEventListener('keydown', (event) => {
    const { tabs, chosen } = studio.state;
    const at = tabs.findIndex(({ id }) => id === chosen);
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (step !== undefined) choose(tabs[(at + step + tabs.length) % tabs.length]?.id ?? null);
    else if (event.key === 'Delete' && chosen !== null) studio.update(closed(studio.state, chosen));
    else return;
    event.preventDefault();
    list.querySelector<HTMLElement>('[aria-selected=true]')?.focus();
  });

  function choose(id: number | null): void {
    ask(false);
    if (id !== studio.state.chosen) studio.update({ ...studio.state, chosen: id }, 'look');
  }

  studio.onDraw(() => {
    const { state } = studio;
    place.hidden = state.tabs.length === 0;
    // Not at each edit: what stands here is the same, and looking for its place lays the page out.
    const now = JSON.stringify([state.chosen, ...state.tabs.map(({ id, source }) => [id, source.name])]);
    if (drawn === now) return;
    drawn = now;
    list.replaceChildren(
      ...state.tabs.map(({ id, source }) => {
        const name = visible(source.name);
        const own = element(
          'div',
          {
            ...{ role: 'tab', id: `tab-${id}`, title: name, tabindex: id === state.chosen ? 0 : -1 },
            ...{ 'aria-selected': String(id === state.chosen), 'aria-controls': 'cost' },
          },
          clipped(name),
        );
        own.addEventListener('click', () => {
          choose(id);
        });
        const close = button(
          '×',
          () => {
            studio.update(closed(studio.state, id));
          },
          { class: 'close', 'aria-label': `Close ${name}`, tabindex: -1 },
        );
        return element('div', { class: 'tab', role: 'presentation' }, own, close);
      }),
    );
    list.querySelector('[aria-selected=true]')?.parentElement?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  });
}
