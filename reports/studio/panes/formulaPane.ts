// Closed forms of the counts, with symbols for fields that the reader names.

import { element } from '../../page/dom.js';
import type { Studio } from '../app.js';
import { following, shownCount, shownTab } from './following.js';
import { tableView } from './tableView.js';

export function formulaPane(studio: Studio): HTMLElement {
  const list = element('datalist', { id: 'formula-fields' });
  const symbols = element('input', {
    ...{ type: 'text', id: 'formula-symbols', list: 'formula-fields', placeholder: 'growth=g', spellcheck: 'false' },
    ...{ autocomplete: 'off', size: 24 },
  });
  symbols.addEventListener('change', () => {
    studio.draw();
  });
  return element(
    'div',
    {},
    element(
      'div',
      { class: 'toolbar' },
      element('label', { class: 'field' }, element('span', {}, 'Symbols of fields'), symbols),
      list,
      element('span', { class: 'hint' }, 'n, h and w are always symbols.'),
    ),
    following(studio, {
      view: 'formula',
      about: () => {
        const counted = shownCount(studio);
        return counted && [...counted, symbols.value];
      },
      ask: () => studio.thinker.ask('forms', { wanted: studio.wantedOf(shownTab(studio)), symbols: symbols.value }),
      nothing: 'Closed forms are of a network that counts: see the source.',
      show: ({ table, fields }) => {
        list.replaceChildren(...fields.slice(0, 400).map((field) => element('option', { value: `${field}=s` })));
        return tableView(table);
      },
    }),
  );
}
