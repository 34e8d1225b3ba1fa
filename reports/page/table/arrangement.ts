// Filters, sorts and groups rows by the reader's choices. A pure function.

import type { PageColumn } from './column.js';

/** The reader's choices: indices into columns and groupings. */
export interface Choice {
  /** Null for the order of execution. */
  sort: number | null;
  descending: boolean;
  /** Lower case. */
  filter: string;
  /** -1 for a plain list. */
  grouping: number;
}

export interface Arranged<Row> {
  readonly columns: readonly PageColumn<Row>[];
  readonly rows: readonly Row[];
  /** Ways to gather rows, the first being in force; none for a plain list. */
  readonly groupings: readonly { readonly title: string; of(row: Row): string }[];
  /** Texts in which the filter looks. */
  words(row: Row): readonly string[];
}

export interface Group<Row> {
  /** Null where rows are not gathered. */
  readonly name: string | null;
  readonly rows: readonly Row[];
}

export function arranged<Row>(
  { rows, columns, groupings, words }: Arranged<Row>,
  { sort, descending, filter, grouping }: Choice,
): readonly Group<Row>[] {
  const found = filter ? rows.filter((row) => words(row).some((word) => word.toLowerCase().includes(filter))) : rows;
  const column = sort === null ? undefined : columns[sort];
  const inOrder = (members: readonly Row[]): readonly Row[] =>
    column ? sorted(members, (row) => column.value(row), descending) : members;
  const gathering = groupings[grouping];
  if (!gathering) return [{ name: null, rows: inOrder(found) }];
  const groups = [...gathered(found, (row) => gathering.of(row))].map(([name, members]) => ({
    name,
    rows: inOrder(members),
  }));
  return column?.total ? sorted(groups, ({ rows: members }) => column.total!(members), descending) : groups;
}

function gathered<Row>(rows: readonly Row[], nameOf: (row: Row) => string): ReadonlyMap<string, readonly Row[]> {
  const groups = new Map<string, Row[]>();
  for (const row of rows) {
    const members = groups.get(nameOf(row));
    if (members) members.push(row);
    else groups.set(nameOf(row), [row]);
  }
  return groups;
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
