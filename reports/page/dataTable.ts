// How does a table answer questions? Sort by a column, filter by words, gather in groups, shade by size, copy what is shown.

import { counted } from '../../src/plural.js';
import { csv } from '../csv.js';
import { markdown } from '../markdown.js';
import { cell, sheet, type AnySheet } from '../sheet.js';
import { meaningButton } from './definition.js';
import { button, choice, element } from './dom.js';
import { copy } from './saving.js';
import type { PageColumn } from './sheets.js';

/** More rows than this are shown when asked for: a browser lays out a thousand in no time, ten thousand not. */
const MOST_ROWS = 1000;

export interface TableDefinition<Row> {
  /** Of the copied table, and for screen readers. */
  readonly title: string;
  readonly columns: readonly PageColumn<Row>[];
  readonly rows: readonly Row[];
  /** Ways to gather rows, the first being in force; none for a plain list. */
  readonly groupings: readonly { readonly title: string; of(row: Row): string }[];
  /** Texts in which the filter looks. */
  words(row: Row): readonly string[];
}

interface State {
  sort: number | null;
  descending: boolean;
  filter: string;
  /** -1 for a plain list. */
  grouping: number;
  readonly open: Set<string>;
  heat: boolean;
  all: boolean;
}

interface Group<Row> {
  readonly name: string | null;
  readonly rows: readonly Row[];
}

export function dataTable<Row>(definition: TableDefinition<Row>): HTMLElement {
  const { title, columns, groupings } = definition;
  const state: State = {
    ...{ sort: null, descending: true, filter: '', heat: true, all: false },
    grouping: groupings.length > 0 ? 0 : -1,
    open: new Set(),
  };
  const head = element('thead');
  const body = element('tbody');
  const table = element('table', { class: 'data heat' }, element('caption', { class: 'offscreen' }, title), head, body);
  const status = element('p', { class: 'status', role: 'status' });
  const render = (): void => {
    head.replaceChildren(headRow(columns, state, render));
    const groups = arranged(definition, state);
    table.classList.toggle('heat', state.heat);
    body.replaceChildren(...bodyRows(definition, groups, state, render));
    const shown = groups.reduce((count, { rows }) => count + rows.length, 0);
    status.textContent =
      shown === definition.rows.length
        ? counted(shown, 'row')
        : `${shown} of ${counted(definition.rows.length, 'row')}`;
  };
  const root = element(
    'div',
    { class: 'tableview' },
    toolbar(definition, state, render),
    element('div', { class: 'scroller', tabindex: 0, role: 'region', 'aria-label': title }, table),
    status,
  );
  render();
  return root;
}

function toolbar<Row>(definition: TableDefinition<Row>, state: State, render: () => void): HTMLElement {
  const { title, groupings } = definition;
  const filter = element('input', { type: 'search', placeholder: 'Filter', 'aria-label': `Filter ${title}` });
  filter.addEventListener('input', () => {
    state.filter = filter.value.toLowerCase();
    render();
  });
  const heat = element('input', { type: 'checkbox', checked: true });
  heat.addEventListener('change', () => {
    state.heat = heat.checked;
    render();
  });
  const everything = (): AnySheet => asSheet(definition, arranged(definition, state));
  return element(
    'div',
    { class: 'toolbar' },
    filter,
    groupings.length > 0
      ? choice('Group by', [...groupings.map((one) => one.title), 'nothing'], (index) => {
          state.grouping = index < groupings.length ? index : -1;
          state.open.clear();
          render();
        })
      : null,
    element('label', { class: 'field' }, heat, element('span', {}, 'Shade')),
    button('Copy CSV', () => void copy(csv(everything()), 'CSV')),
    button('Copy Markdown', () => void copy(markdown(everything()), 'Markdown')),
  );
}

const asSheet = <Row>({ title, columns }: TableDefinition<Row>, groups: readonly Group<Row>[]): AnySheet =>
  sheet<Row>({ title, columns, rows: groups.flatMap(({ rows }) => rows), notes: [] });

function headRow<Row>(columns: readonly PageColumn<Row>[], state: State, render: () => void): HTMLElement {
  return element(
    'tr',
    {},
    ...columns.map((column, i) => {
      const active = state.sort === i;
      const sort = button(
        column.title,
        () => {
          // Largest first, smallest first, as it was.
          if (!active) [state.sort, state.descending] = [i, column.align === 'right'];
          else if (state.descending === (column.align === 'right')) state.descending = !state.descending;
          else state.sort = null;
          renderKeeping(sort, 'button.sort', i, render);
        },
        { class: 'sort', 'data-sort': column.key },
      );
      const head = element(
        'th',
        {
          scope: 'col',
          class: classOf(column),
          'aria-sort': active ? (state.descending ? 'descending' : 'ascending') : undefined,
        },
        sort,
        meaningButton(column.title, column.meaning),
      );
      return head;
    }),
  );
}

/** Renders the table anew; the button that was pressed is another element then, and gets the focus back. */
function renderKeeping(pressed: HTMLElement, kind: string, place: number, render: () => void): void {
  const table = pressed.closest('table');
  render();
  table?.querySelectorAll<HTMLElement>(kind)[place]?.focus();
}

/** What is shown, in its order. */
function arranged<Row>({ rows, columns, groupings, words }: TableDefinition<Row>, state: State): readonly Group<Row>[] {
  const found = state.filter
    ? rows.filter((row) => words(row).some((word) => word.toLowerCase().includes(state.filter)))
    : rows;
  const column = state.sort === null ? undefined : columns[state.sort];
  const grouping = groupings[state.grouping];
  if (!grouping)
    return [{ name: null, rows: column ? sorted(found, (row) => column.value(row), state.descending) : found }];
  const groups = new Map<string, Row[]>();
  for (const row of found) {
    const name = grouping.of(row);
    const members = groups.get(name);
    if (members) members.push(row);
    else groups.set(name, [row]);
  }
  const list = [...groups].map(([name, members]) => ({
    name,
    rows: column ? sorted(members, (row) => column.value(row), state.descending) : members,
  }));
  return column?.additive ? sorted(list, (group) => sumOf(column, group.rows), state.descending) : list;
}

/** Missing values come last in either direction. */
function sorted<Item>(
  items: readonly Item[],
  key: (item: Item) => string | number | null,
  descending: boolean,
): readonly Item[] {
  const sign = descending ? -1 : 1;
  return [...items].sort((a, b) => {
    const [x, y] = [key(a), key(b)];
    if (x === null || y === null) return x === y ? 0 : x === null ? 1 : -1;
    return sign * (typeof x === 'number' && typeof y === 'number' ? x - y : String(x).localeCompare(String(y)));
  });
}

const sumOf = <Row>(column: PageColumn<Row>, rows: readonly Row[]): number | null =>
  rows.reduce<number | null>((all, row) => {
    const value = column.value(row);
    return typeof value === 'number' ? (all ?? 0) + value : all;
  }, null);

function bodyRows<Row>(
  { columns }: TableDefinition<Row>,
  groups: readonly Group<Row>[],
  state: State,
  render: () => void,
): readonly HTMLElement[] {
  const isOpen = ({ name }: Group<Row>): boolean => name === null || state.filter !== '' || state.open.has(name);
  const visibleRows = groups.flatMap((group) => (isOpen(group) ? group.rows : []));
  const most = columns.map((column) =>
    column.heat ? visibleRows.reduce((largest, row) => Math.max(largest, Number(column.value(row) ?? 0)), 0) : 0,
  );
  const mostOfGroups = columns.map((column) =>
    column.heat && column.additive
      ? groups.reduce((largest, { rows }) => Math.max(largest, sumOf(column, rows) ?? 0), 0)
      : 0,
  );
  let room = state.all ? Infinity : MOST_ROWS;
  const made: HTMLElement[] = [];
  for (const [place, group] of groups.entries()) {
    const open = isOpen(group);
    if (group.name !== null) made.push(groupRow(columns, group, { open, place, most: mostOfGroups }, state, render));
    if (!open) continue;
    for (const row of group.rows.slice(0, Math.max(0, room)))
      made.push(element('tr', {}, ...columns.map((column, i) => dataCell(column, row, most[i]!, i === 0))));
    room -= group.rows.length;
  }
  if (room < 0)
    made.push(
      element(
        'tr',
        { class: 'more' },
        element(
          'td',
          { colspan: columns.length },
          button(`Show ${counted(-room, 'more row')}`, () => {
            state.all = true;
            render();
          }),
        ),
      ),
    );
  return made;
}

function groupRow<Row>(
  columns: readonly PageColumn<Row>[],
  { name, rows }: Group<Row>,
  { open, place, most }: { readonly open: boolean; readonly place: number; readonly most: readonly number[] },
  state: State,
  render: () => void,
): HTMLElement {
  const label = name === '' ? '(none)' : name!;
  const toggle = button(
    '',
    () => {
      if (state.open.has(name!)) state.open.delete(name!);
      else state.open.add(name!);
      renderKeeping(toggle, 'button.group', place, render);
    },
    { class: 'group', 'aria-expanded': String(open), title: label },
  );
  toggle.append(
    element('span', { class: 'clip' }, label),
    element('span', { class: 'count' }, `${rows.length} ${rows.length === 1 ? 'layer' : 'layers'}`),
  );
  return element(
    'tr',
    { class: 'group' },
    element('th', { scope: 'row' }, toggle),
    ...columns.slice(1).map((column, i) => {
      const total = column.additive ? sumOf(column, rows) : null;
      const text = total === null ? '' : (column.write?.(total) ?? '');
      return shaded(element('td', { class: classOf(column) }, text), total, most[i + 1]!);
    }),
  );
}

const classOf = <Row>({ align, minor }: PageColumn<Row>): string => (minor ? `${align} minor` : align);

function dataCell<Row>(column: PageColumn<Row>, row: Row, most: number, first: boolean): HTMLElement {
  const text = cell(column, row);
  if (first) return element('th', { scope: 'row', title: text }, element('span', { class: 'clip' }, text));
  const value = column.value(row);
  const made = element('td', { class: classOf(column) }, text);
  return column.heat && typeof value === 'number' ? shaded(made, value, most) : made;
}

function shaded(made: HTMLElement, value: number | null, most: number): HTMLElement {
  if (value !== null && most > 0 && value > 0) made.style.setProperty('--heat', (value / most).toFixed(3));
  return made;
}
