// The toolbar of a table: filter, group, shade and copy.

import { csv } from '../../text/csv.js';
import { markdown } from '../../text/markdown.js';
import { sheet, type AnySheet } from '../../sheets/sheet.js';
import { announceFailure, button, choice as chooser, element } from '../dom.js';
import { copy } from '../saving.js';
import { arranged, type Arranged, type Choice } from './arrangement.js';

export interface Tools<Row> extends Arranged<Row> {
  /** Of the copied table, and for screen readers. */
  readonly title: string;
  /** The key of the column that a plain list is sorted by at first. */
  readonly sortedBy?: string;
}

/** The effects of choices. */
interface Reactions {
  shade(on: boolean): void;
  regroup(): void;
  render(): void;
}

export function toolbar<Row>(definition: Tools<Row>, choice: Choice, react: Reactions): HTMLElement {
  const { title, groupings, rows } = definition;
  const filter = element('input', { type: 'search', placeholder: 'Filter', 'aria-label': `Filter ${title}` });
  filter.addEventListener('input', () => {
    choice.filter = filter.value.toLowerCase();
    react.render();
  });
  const heat = element('input', { type: 'checkbox', checked: true });
  heat.addEventListener('change', () => {
    react.shade(heat.checked);
  });
  const grouping = chooser(
    'Group by',
    [...groupings.map((one) => one.title), 'nothing'],
    (index) => {
      choice.grouping = index < groupings.length ? index : -1;
      react.regroup();
    },
    choice.grouping < 0 ? groupings.length : choice.grouping,
  );
  return element(
    'div',
    { class: 'toolbar' },
    filter,
    groupings.length > 0 ? grouping : null,
    rows.length > 1 ? element('label', { class: 'field' }, heat, element('span', {}, 'Shade')) : null,
    button('Copy CSV', () => {
      announceFailure(copy(csv(shown(definition, choice)), 'CSV'));
    }),
    button('Copy Markdown', () => {
      announceFailure(copy(markdown(shown(definition, choice)), 'Markdown'));
    }),
  );
}

const shown = <Row>(definition: Tools<Row>, choice: Choice): AnySheet =>
  sheet<Row>({
    title: definition.title,
    columns: definition.columns,
    rows: arranged(definition, choice).flatMap(({ rows }) => rows),
    notes: [],
  });
