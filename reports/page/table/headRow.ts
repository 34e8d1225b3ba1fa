// The head row. Its buttons sort: largest first, smallest first, then the original order.

import { meaningButton } from '../definition.js';
import { button, element, renderKeeping } from '../dom.js';
import type { Choice } from './arrangement.js';
import type { PageColumn } from './column.js';

export const classOf = <Row>({ align, minor }: PageColumn<Row>): string => (minor ? `${align} minor` : align);

export const headRow = <Row>(columns: readonly PageColumn<Row>[], choice: Choice, render: () => void): HTMLElement =>
  element('tr', {}, ...columns.map((column, i) => heading(column, i, choice, render)));

function heading<Row>(column: PageColumn<Row>, place: number, choice: Choice, render: () => void): HTMLElement {
  const active = choice.sort === place;
  const sort = button(
    column.title,
    () => {
      const first = column.align === 'right';
      if (!active) [choice.sort, choice.descending] = [place, first];
      else if (choice.descending === first) choice.descending = !first;
      else choice.sort = null;
      renderKeeping(sort, 'button.sort', place, render);
    },
    { class: 'sort', 'data-sort': column.key },
  );
  return element(
    'th',
    {
      scope: 'col',
      class: classOf(column),
      'aria-sort': active ? (choice.descending ? 'descending' : 'ascending') : undefined,
    },
    sort,
    meaningButton(column.title, column.meaning),
  );
}
