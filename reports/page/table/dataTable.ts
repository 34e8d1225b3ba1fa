// A table that keeps the reader's choices, and renders its rows again for every change.

import { counted } from '../../../src/plural.js';
import { element } from '../dom.js';
import { scrollFrame } from '../scrollFrame.js';
import { arranged, type Choice } from './arrangement.js';
import { bodyRows, type Opened } from './bodyRows.js';
import { headRow } from './headRow.js';
import { toolbar, type Tools } from './toolbar.js';

export function dataTable<Row>(definition: Tools<Row>): HTMLElement {
  const { title, columns, groupings, rows } = definition;
  const first = columns.findIndex(({ key }) => key === definition.sortedBy);
  const choice: Choice = {
    ...{ sort: first < 0 ? null : first, descending: true, filter: '' },
    grouping: groupings.length > 0 && first < 0 ? 0 : -1,
  };
  const opened: Opened = { groups: new Set(), everyGroup: false, everyRow: false };
  const head = element('thead');
  const body = element('tbody');
  const table = element('table', { class: 'data heat' }, element('caption', { class: 'offscreen' }, title), head, body);
  const status = element('p', { class: 'status', role: 'status' });
  const render = (): void => {
    const groups = arranged(definition, choice);
    opened.everyGroup = choice.filter !== '';
    head.replaceChildren(headRow(columns, choice, render));
    const grouping = groupings[choice.grouping]?.title ?? '';
    body.replaceChildren(...bodyRows(columns, groups, grouping, opened, render));
    const count = groups.reduce((sum, group) => sum + group.rows.length, 0);
    status.textContent = `${count === rows.length ? '' : `${count} of `}${counted(rows.length, 'row')}`;
  };
  const root = element(
    'div',
    { class: 'tableview' },
    toolbar(definition, choice, {
      shade: (on) => {
        table.classList.toggle('heat', on);
      },
      regroup: () => {
        opened.groups.clear();
        render();
      },
      render,
    }),
    scrollFrame(title, table),
    status,
  );
  render();
  return root;
}
