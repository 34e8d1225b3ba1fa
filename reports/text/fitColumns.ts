// Fits the columns of a table to a screen: drops the least useful, then wraps the longest.

import { cell, type AnySheet, type Column } from '../sheets/sheet.js';
import { visible } from '../../src/visible.js';
import { cellLines, widthOf } from './cellLines.js';

/** A column with the texts of its cells, and the width that it has on the screen. */
export interface Fitted {
  readonly column: Column<unknown>;
  readonly title: string;
  /** One for each row, and one for the total. */
  readonly cells: readonly string[];
  readonly width: number;
  /** Numbers are aligned right; texts of several lines are aligned left. */
  readonly align: 'left' | 'right';
}

export const GAP = '  ';

/** The most lines of a sentence in a cell, before a column is dropped. */
const COMFORTABLE = 36;
/** The least width of a text. */
const NARROWEST = 20;

/**
 * @param screen its columns; undefined where nothing is dropped or wrapped
 * @returns the columns to show, in their order
 */
export function fitColumns({ columns, rows, total }: AnySheet, screen: number | undefined): readonly Fitted[] {
  const all = total === undefined ? rows : [...rows, total];
  const shown = columns.filter(({ hidden }) => hidden !== true);
  const whole = shown.map((column) => written(column, all, column.title));
  if (screen === undefined || room(whole) <= screen) return whole;
  const kept = dropped(whole, screen);
  const left = whole.filter((one) => !kept.includes(one)).map(({ title }) => title);
  // Where one of two columns with the same title is dropped, the other gets a full title.
  const named = kept.map((one) =>
    left.includes(one.title) ? written(one.column, all, one.column.alone ?? one.title) : one,
  );
  return shortened(wrapped(dropped(named, screen), screen), screen);
}

function written(column: Column<unknown>, rows: readonly unknown[], title: string): Fitted {
  const cells = rows.map((row) => visible(cell(column, row)));
  return { column, title, cells, width: widest([title, ...cells]), align: column.align };
}

/** A table may have more rows than a function takes arguments. */
const widest = (texts: readonly string[]): number =>
  texts.reduce((most, text) => {
    const width = widthOf(text);
    return width > most ? width : most;
  }, 0);

const room = (columns: readonly Fitted[], width = ({ width }: Fitted): number => width): number =>
  columns.reduce((sum, one) => sum + width(one) + GAP.length, -GAP.length);

/** Without the columns of the highest rank, until the rest fits the screen. */
function dropped(columns: readonly Fitted[], screen: number): readonly Fitted[] {
  const rank = ({ column }: Fitted): number => column.rank ?? 0;
  const least = (one: Fitted): number => (isProse(one) ? Math.min(one.width, COMFORTABLE) : one.width);
  let kept = columns;
  for (let limit = Math.max(...columns.map(rank)); limit > 0 && room(kept, least) > screen; limit--)
    kept = kept.filter((one) => rank(one) < limit);
  return kept;
}

/** Sentences and polynomials, which have places to break. */
const isProse = ({ cells, width }: Fitted): boolean =>
  width > COMFORTABLE && cells.some((text) => text.includes(' ') && widthOf(text) > COMFORTABLE);

/** Narrows the widest texts until the table fits, down to the least width. */
function wrapped(columns: readonly Fitted[], screen: number): readonly Fitted[] {
  const widths = columns.map(({ width }) => width);
  const least = columns.map((one) =>
    canWrap(one) ? Math.min(one.width, Math.max(NARROWEST, longestWord(one.title))) : one.width,
  );
  for (let over = room(columns) - screen; over > 0; over--) {
    const slack = widths.map((width, i) => (width > least[i]! ? width : 0));
    const place = slack.indexOf(Math.max(...slack));
    if (slack[place] === 0) break;
    widths[place]!--;
  }
  return columns.map((one, i) => {
    const width = tight(one, widths[i]!);
    return width === one.width ? one : { ...one, width, align: 'left' };
  });
}

const canWrap = (one: Fitted): boolean => one.column.align === 'left' || isProse(one);

const longestWord = (text: string): number => Math.max(...text.split(' ').map(widthOf));

/** Shrinks columns to their longest line: lines that end at words may be shorter than allowed. */
const tight = ({ column, title, cells }: Fitted, width: number): number =>
  widest([title, ...cells].flatMap((text) => cellLines(text, width, column.terms)));

/** Last resort of a very narrow screen: drops the columns farthest right. */
function shortened(columns: readonly Fitted[], screen: number): readonly Fitted[] {
  let kept = columns;
  while (kept.length > 1 && room(kept) > screen) kept = kept.slice(0, -1);
  return kept;
}
