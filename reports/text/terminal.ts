// Writes a sheet for a terminal: columns that fit the screen, and lines that end at words.

import type { AnySheet } from '../sheets/sheet.js';
import { counted } from '../../src/plural.js';
import { visible } from '../../src/visible.js';
import { cellLines, widthOf } from './cellLines.js';
import { fitColumns, GAP, type Fitted } from './fitColumns.js';
import { wrapped } from './wrap.js';

/** The abilities of the terminal. Without colours, styles return their text unchanged. */
export interface Look {
  /** Columns of the screen; undefined where the output is no screen and nothing is dropped. */
  readonly width: number | undefined;
  /** Tables keep every column, however wide they are. */
  readonly wide?: boolean;
  bold(text: string): string;
  dim(text: string): string;
  warn(text: string): string;
}

export function terminal(sheet: AnySheet, look: Look): string {
  const { title, columns, rows, total, part, mark, notes } = sheet;
  const shown = fitColumns(sheet, look.wide === true ? undefined : look.width);
  const lines: string[] = [];
  const add = (style: (text: string) => string, texts: readonly string[]): void => {
    lines.push(...texts.map((text) => style(text)));
  };
  const sentence = (text: string): readonly string[] =>
    look.width === undefined ? [visible(text)] : wrapped(text, '', look.width).split('\n');
  add(look.bold, sentence(title));
  if (rows.length > 0 || total !== undefined) add(look.dim, ['', ...rowLines(shown, ({ title }) => title)]);
  let heading: string | undefined;
  for (const [i, row] of rows.entries()) {
    const next = part?.(row);
    if (next !== undefined && next !== heading) add(look.bold, sentence(next));
    heading = next;
    const texts = rowLines(shown, ({ cells }) => cells[i]!);
    const remark = mark?.(row);
    if (remark === undefined) lines.push(...texts);
    else add(look.warn, marked(texts, remark, look));
  }
  if (total !== undefined)
    add(
      look.bold,
      rowLines(shown, ({ cells }) => cells[rows.length]!),
    );
  const hidden = columns.filter((column) => column.hidden !== true).length - shown.length;
  if (hidden > 0)
    add(look.dim, [
      '',
      ...sentence(
        `${counted(hidden, 'column')} hidden: --wide or a wider terminal shows ${hidden === 1 ? 'it' : 'them'}.`,
      ),
    ]);
  if (notes.length > 0) lines.push('', ...notes.flatMap(sentence));
  return [...lines, ''].join('\n');
}

/** The lines of one row: as many as its tallest cell has. */
function rowLines(columns: readonly Fitted[], pick: (column: Fitted) => string): readonly string[] {
  const cells = columns.map((one) => cellLines(pick(one), one.width, one.column.terms));
  const height = Math.max(1, ...cells.map((lines) => lines.length));
  return Array.from({ length: height }, (_, i) =>
    columns
      .map((one, j) => pad(one, cells[j]![i] ?? ''))
      .join(GAP)
      .trimEnd(),
  );
}

/** The word beside a row, or on the next line where the screen is too narrow. */
function marked(texts: readonly string[], remark: string, { width, wide }: Look): readonly string[] {
  const [first = '', ...more] = texts;
  const beside = `${first}${GAP}<- ${remark}`;
  if (width === undefined || wide === true || widthOf(beside) <= width) return [beside, ...more];
  return [...texts, `${GAP}^ ${remark}`];
}

function pad({ align, width }: Fitted, text: string): string {
  const space = ' '.repeat(Math.max(0, width - widthOf(text)));
  return align === 'right' ? space + text : text + space;
}
