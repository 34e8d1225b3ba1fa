// Renders groups and rows: a line per group with totals, and values shaded by their size.

import { counted } from '../../../src/plural.js';
import { cell } from '../../sheets/sheet.js';
import { button, clipped, element, renderKeeping } from '../dom.js';
import type { Group } from './arrangement.js';
import type { PageColumn } from './column.js';
import { classOf } from './headRow.js';
import { groupName } from '../../../src/groupName.js';

/**
 * The number of rows shown at first: layout of a thousand rows is fast, of ten thousand slow.
 */
const MOST_ROWS = 1000;

/** The reader's choices that affect visible rows. */
export interface Opened {
  /** By name. */
  readonly groups: Set<string>;
  /** As a filter does. */
  everyGroup: boolean;
  /** Those beyond the first thousand, too. */
  everyRow: boolean;
}

/** @param grouping what the rows are gathered by: "stage" */
export function bodyRows<Row>(
  columns: readonly PageColumn<Row>[],
  groups: readonly Group<Row>[],
  grouping: string,
  opened: Opened,
  render: () => void,
): readonly HTMLElement[] {
  const isOpen = ({ name }: Group<Row>): boolean => name === null || opened.everyGroup || opened.groups.has(name);
  const shown = groups.flatMap((group) => (isOpen(group) ? group.rows : []));
  // A row alone has nothing to be shaded against.
  const mostOf = <Of>(
    all: readonly Of[],
    value: (column: PageColumn<Row>, one: Of) => string | number | null,
  ): readonly (number | null)[] =>
    columns.map((column) =>
      column.heat && all.length > 1
        ? all.reduce((most, one) => Math.max(most, Number(value(column, one) ?? 0)), 0)
        : null,
    );
  const mostOfRows = mostOf(shown, (column, row) => column.value(row));
  const mostOfGroups = mostOf(groups, (column, { rows }) => column.total?.(rows) ?? null);
  let room = opened.everyRow ? Infinity : MOST_ROWS;
  const made: HTMLElement[] = [];
  for (const [place, group] of groups.entries()) {
    const open = isOpen(group);
    if (group.name !== null)
      made.push(groupRow(columns, group, { grouping, open, place, most: mostOfGroups }, opened, render));
    if (!open) continue;
    for (const row of group.rows.slice(0, Math.max(0, room)))
      made.push(
        element('tr', {}, ...columns.map((column, i) => dataCell(column, row, mostOfRows[i] ?? null, i === 0))),
      );
    room -= group.rows.length;
  }
  if (room < 0) made.push(moreRow(-room, columns.length, opened, render));
  return made;
}

function moreRow(hidden: number, width: number, opened: Opened, render: () => void): HTMLElement {
  const more = button(`Show ${counted(hidden, 'more row')}`, () => {
    opened.everyRow = true;
    render();
  });
  return element('tr', { class: 'more' }, element('td', { colspan: width }, more));
}

function groupRow<Row>(
  columns: readonly PageColumn<Row>[],
  { name, rows }: Group<Row>,
  {
    grouping,
    open,
    place,
    most,
  }: {
    readonly grouping: string;
    readonly open: boolean;
    readonly place: number;
    readonly most: readonly (number | null)[];
  },
  opened: Opened,
  render: () => void,
): HTMLElement {
  const label = groupName(name!, grouping);
  const toggle = button(
    '',
    () => {
      if (opened.groups.has(name!)) opened.groups.delete(name!);
      else opened.groups.add(name!);
      renderKeeping(toggle, 'button.group', place, render);
    },
    { class: 'group', 'aria-expanded': String(open), title: label },
  );
  toggle.append(clipped(label), element('span', { class: 'count' }, counted(rows.length, 'layer')));
  return element(
    'tr',
    { class: 'group' },
    element('th', { scope: 'row' }, toggle),
    ...columns.slice(1).map((column, i) => {
      const total = column.total?.(rows) ?? null;
      const text = total === null ? '' : (column.write?.(total) ?? '');
      return shaded(element('td', { class: classOf(column) }, text), column, total, most[i + 1] ?? null);
    }),
  );
}

function dataCell<Row>(column: PageColumn<Row>, row: Row, most: number | null, first: boolean): HTMLElement {
  const text = cell(column, row);
  if (first) return element('th', { scope: 'row' }, clipped(text));
  const value = column.value(row);
  const hint = column.hint?.(row);
  const made = element('td', { class: classOf(column), ...(hint === undefined ? {} : { title: hint }) }, text);
  return shaded(made, column, value, most);
}

function shaded<Row>(
  made: HTMLElement,
  { heat, coldest = 0 }: PageColumn<Row>,
  value: string | number | null,
  most: number | null,
): HTMLElement {
  if (heat && most !== null && typeof value === 'number' && value > coldest)
    made.style.setProperty('--heat', ((value - coldest) / (most - coldest)).toFixed(3));
  return made;
}
