// How does a sheet look in a terminal? Aligned columns without a cage of lines; narrow screens lose the least telling ones.

import Table from 'cli-table3';
import { cell, type AnySheet, type Column } from './sheet.js';
import { visible } from './visible.js';

/** What the terminal can do. Styles return their text unchanged where colours are off. */
export interface Look {
  /** Columns of the screen; undefined where the output is no screen and nothing is dropped. */
  readonly width: number | undefined;
  bold(text: string): string;
  dim(text: string): string;
  warn(text: string): string;
}

const GAP = 2;
const NO_LINES = Object.fromEntries(
  ['top', 'bottom', 'mid', 'left', 'right'].flatMap((side) =>
    ['', '-mid', '-left', '-right'].map((end) => [side + end, '']),
  ),
);

export function terminal(sheet: AnySheet, look: Look): string {
  const { title, rows, total, part, mark, notes } = sheet;
  const all = total === undefined ? rows : [...rows, total];
  const shown = fitting(
    sheet.columns.filter((column) => column.hidden !== true),
    all,
    look.width,
  );
  const table = new Table({
    chars: { ...NO_LINES, middle: '' },
    style: { head: [], border: [], compact: true, 'padding-left': 0, 'padding-right': GAP },
    colAligns: shown.map(({ align }) => align),
  });
  const line = (row: unknown, style: (text: string) => string): string[] =>
    shown.map((column) => style(visible(cell(column, row))));
  table.push(shown.map((column) => look.dim(column.title)));
  let heading: string | undefined;
  for (const row of rows) {
    const next = part?.(row);
    if (next !== undefined && next !== heading) table.push([look.bold(visible(next)), ...shown.slice(1).map(() => '')]);
    heading = next;
    const remark = mark?.(row);
    if (remark === undefined) table.push(line(row, (text) => text));
    else table.push([...line(row, look.warn), look.warn(`<- ${remark}`)]);
  }
  if (total !== undefined) table.push(line(total, look.bold));
  const body = table.toString().replaceAll(/[ \t]+$/gm, '');
  return [look.bold(visible(title)), '', body, ...(notes.length === 0 ? [] : ['', ...notes.map(visible)]), ''].join(
    '\n',
  );
}

const widthOf = (column: Column<unknown>, rows: readonly unknown[]): number =>
  rows.reduce((widest: number, row) => Math.max(widest, visible(cell(column, row)).length), column.title.length);

/** Drops the columns of the highest rank until the rest fits the screen. */
function fitting(
  columns: readonly Column<unknown>[],
  rows: readonly unknown[],
  width = Infinity,
): readonly Column<unknown>[] {
  let kept = columns;
  const widths = new Map(columns.map((column) => [column, widthOf(column, rows) + GAP]));
  const needed = (): number => kept.reduce((sum, column) => sum + widths.get(column)!, 0);
  for (let rank = Math.max(...columns.map((column) => column.rank ?? 0)); rank > 0 && needed() > width; rank--)
    kept = kept.filter((column) => (column.rank ?? 0) < rank);
  return kept;
}
