// What a built-in model belongs to: its family in a line, and the other members to choose.

import { announceFailure, button, element } from '../../page/dom.js';
import type { Studio } from '../app.js';
import type { Answer } from '../core/answers.js';
import { changed } from '../state/state.js';

export function familyOf(studio: Studio): HTMLElement {
  const place = element('div', { class: 'family' });
  let all: Answer<'names'> | undefined;
  let asked = false;
  let shown: string | undefined;
  studio.onDraw(() => {
    const source = studio.tab?.source;
    place.hidden = source?.kind !== 'model';
    if (source?.kind !== 'model' || source.name === shown) return;
    if (!all) {
      if (asked) return;
      asked = true;
      announceFailure(
        studio.counter.ask('names').then((names) => {
          all = names;
          studio.draw();
        }),
      );
      return;
    }
    shown = source.name;
    const own = source.name.slice(source.name.indexOf('@') + 1);
    const family = all.families.find(({ variants }) => variants.includes(own));
    if (!family) {
      place.replaceChildren();
      return;
    }
    const hadFocus = place.contains(document.activeElement);
    place.replaceChildren(
      element('p', { class: 'hint' }, `${family.name}: ${family.about}.`),
      element(
        'div',
        { class: 'chips', role: 'group', 'aria-label': `Members of ${family.name}` },
        ...family.variants.map((name) =>
          button(
            name,
            () => {
              const { tab } = studio;
              if (tab) studio.update(changed(studio.state, tab.id, { source: { kind: 'model', name } }));
            },
            { class: 'chip', 'aria-pressed': String(name === source.name) },
          ),
        ),
      ),
    );
    if (hadFocus) place.querySelector<HTMLElement>('[aria-pressed=true]')?.focus();
  });
  return place;
}
