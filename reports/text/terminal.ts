// Writes a sheet for a terminal: aligned columns. A narrow terminal drops the least useful ones.

import stringWidth from 'string-width';
import { cell, type AnySheet, type Column } from '../sheets/sheet.js';
import { visible } from '../../src/visible.js';

/** The abilities of the terminal. Without colours, styles return their text unchanged. */
export interface Look {
  /** Columns of the screen; undefined where the output is no screen and nothing is dropped. */
  readonly width: number | undefined;
  bold(text: string): string;
  dim(text: string): string;
  warn(text: string): string;
}

const GAP = '  ';

/** A column with the texts of its cells, one per row and one for the total. */
interface Written {
  readonly column: Column<unknown>;
  readonly cells: readonly string[];
  readonly width: number;
}

export function terminal({ title, columns, rows, total, part, mark, notes }: AnySheet, look: Look): string {
  const all = total === undefined ? rows : [...rows, total];
  const shown = fitting(
    columns.filter((column) => column.hidden !== true).map((column) => written(column, all)),
    look.width,
  );
  const line = (pick: (written: Written) => string): string =>
    shown
      .map((one) => pad(one, pick(one)))
      .join(GAP)
      .trimEnd();
  const lines = [look.bold(visible(title))];
  if (rows.length > 0 || total !== undefined) lines.push('', look.dim(line(({ column }) => column.title)));
  let heading: string | undefined;
  for (const [i, row] of rows.entries()) {
    const next = part?.(row);
    if (next !== undefined && next !== heading) lines.push(look.bold(visible(next)));
    heading = next;
    const text = line(({ cells }) => cells[i]!);
    const remark = mark?.(row);
    lines.push(remark === undefined ? text : look.warn(`${text}${GAP}<- ${remark}`));
  }
  if (total !== undefined) lines.push(look.bold(line(({ cells }) => cells[rows.length]!)));
  return [...lines, ...(notes.length === 0 ? [] : ['', ...notes.map(visible)]), ''].join('\n');
}

function written(column: Column<unknown>, rows: readonly unknown[]): Written {
  const cells = rows.map((row) => visible(cell(column, row)));
  return { column, cells, width: cells.reduce((widest, text) => Math.max(widest, width(text)), column.title.length) };
}

/** Drops the columns of the highest rank until the rest fits the screen. */
function fitting(columns: readonly Written[], screen = Infinity): readonly Written[] {
  const rank = ({ column }: Written): number => column.rank ?? 0;
  let kept = columns;
  const needed = (): number => kept.reduce((sum, one) => sum + one.width + GAP.length, -GAP.length);
  for (let limit = Math.max(...columns.map(rank)); limit > 0 && needed() > screen; limit--)
    kept = kept.filter((one) => rank(one) < limit);
  return kept;
}

function pad({ column, width: wanted }: Written, text: string): string {
  const space = ' '.repeat(Math.max(0, wanted - width(text)));
  return column.align === 'right' ? space + text : text + space;
}

const PLAIN = /^[\x20-\x7e]*$/;

/** Screen columns of a text: wide and combining characters count as they are drawn. */
const width = (text: string): number => (PLAIN.test(text) ? text.length : stringWidth(text));
