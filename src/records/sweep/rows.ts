// Writes and reads the rows of a sweep, one line each, as JSON or CSV.

import { parse } from 'csv-parse/sync';
import { InputError } from '../../inputError.js';
import { COUNT_NAMES, flatKey } from '../../metrics/countNames.js';
import type { SweepRow } from '../../sweep/row.js';
import { clipped } from '../../document/problem.js';

/**
 * Columns that files of every version have, besides the values of the axes, which follow the point
 * and its model.
 */
const EARLIER = [
  ...['n', 'c', 'h', 'w', 'params', 'multAdds', 'flops', 'activations', 'ops', 'memoryAccessConv'],
  ...['memoryAccessUnfused', 'memoryAccessFused', 'balance', 'milliseconds', 'imagesPerSecond', 'joulesPerImage'],
  ...['device', 'refused'],
] as const satisfies readonly Exclude<keyof SweepRow, 'point' | 'model' | 'values'>[];
/**
 * Counts that came later, in the order in which they came: every other count of the table follows
 * them.
 */
const CAME = ['cio', 'peakActivations', 'peakActivationsOutOfPlace'] as const;
const LATER: readonly (keyof SweepRow)[] = [
  ...CAME,
  ...COUNT_NAMES.map((name) => flatKey(name)).filter((key) => ![...EARLIER, ...CAME].some((known) => known === key)),
];
const COLUMNS: readonly Exclude<keyof SweepRow, 'point' | 'model' | 'values'>[] = [
  ...EARLIER,
  ...(LATER as readonly Exclude<keyof SweepRow, 'point' | 'model' | 'values'>[]),
];
const FIRST = ['point', 'model'];
const TEXTS: readonly string[] = ['device', 'refused'];

export interface RowFormat {
  /** The first line; none for JSON Lines. */
  header(axes: readonly string[]): string;
  line(row: SweepRow, axes: readonly string[]): string;
  /** Whether a text without a line break can be an incomplete first line of such a file. */
  begins(text: string, axes: readonly string[]): boolean;
  /** @throws InputError with the line for anything but whole rows of these axes */
  read(text: string, file: string, axes: readonly string[]): readonly SweepRow[];
}

const jsonLines: RowFormat = {
  header: () => '',
  line: (row) => `${JSON.stringify(row)}\n`,
  begins: (text) => text.startsWith('{"point":') || '{"point":'.startsWith(text),
  read: (text, file) =>
    text.split('\n').flatMap((line, i) => {
      if (line.trim() === '') return [];
      try {
        const row = JSON.parse(line) as Partial<SweepRow> | null;
        if (typeof row?.point === 'number' && typeof row.model === 'string' && typeof row.values === 'object')
          return [{ ...row, ...Object.fromEntries(LATER.map((name) => [name, row[name] ?? null])) } as SweepRow];
      } catch {
        // A line that is not JSON is reported below, as one that is not a row.
      }
      throw new InputError(
        `${file}:${i + 1}: is not a row of a sweep (${clipped(line, 60)}): name the file that flopscope sweep wrote, or remove the line`,
      );
    }),
};

const csv: RowFormat = {
  header: (axes) => `${[...FIRST, ...axes, ...COLUMNS].map(quoted).join(',')}\n`,
  line: (row, axes) =>
    `${[row.point, row.model, ...axes.map((axis) => row.values[axis]), ...COLUMNS.map((column) => row[column])].map((value) => quoted(value ?? '')).join(',')}\n`,
  begins: (text, axes) => csv.header(axes).startsWith(text),
  read(text, file, axes) {
    const lines = recordsOf(text, file);
    const [names, ...records] = lines;
    if (names === undefined) return [];
    const wanted = [...FIRST, ...axes, ...COLUMNS];
    const missing = wanted.slice(names.length);
    if (missing.length > 0 && missing.length <= LATER.length && names.every((name, i) => name === wanted[i]))
      throw new InputError(
        `${file}:1: is of an earlier version, without the columns ${missing.join(', ')}: name another file, and sweep again`,
      );
    if (names.join() !== wanted.join())
      throw new InputError(
        `${file}:1: its columns are not those of this space (${clipped(wanted.slice(0, 8).join(', '))}, ...): name another file`,
      );
    return records.map((record, i) => {
      const cell = new Map(names.map((name, j) => [name, record[j] ?? '']));
      const figure = (name: string): number | null => (cell.get(name) === '' ? null : Number(cell.get(name)));
      const point = figure('point');
      if (point === null || !Number.isSafeInteger(point))
        throw new InputError(`${file}:${i + 2}: is not a row of a sweep`);
      const values = Object.fromEntries(axes.map((axis) => [axis, valueOf(cell.get(axis)!)]));
      const rest = COLUMNS.map((name) => [name, TEXTS.includes(name) ? cell.get(name) || null : figure(name)] as const);
      return { point, model: cell.get('model')!, values, ...Object.fromEntries(rest) } as unknown as SweepRow;
    });
  },
};

function recordsOf(text: string, file: string): readonly (readonly string[])[] {
  try {
    return parse(text, { relax_column_count: true, skip_empty_lines: true });
  } catch (error) {
    throw new InputError(`${file}: is not CSV (${clipped((error as Error).message, 120)})`);
  }
}

/** A value as a point has it: a number or a flag if the text is one. */
function valueOf(text: string): number | string | boolean {
  if (text === 'true' || text === 'false') return text === 'true';
  return text !== '' && String(Number(text)) === text ? Number(text) : text;
}

const quoted = (value: string | number | boolean): string => {
  const text = String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
};

/** By the ending of the file. */
export const ROW_FORMATS: Readonly<Record<'jsonl' | 'csv', RowFormat>> = { jsonl: jsonLines, csv };
