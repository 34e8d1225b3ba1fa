// How does a sweep survive an interruption? Rows are appended as they are made; a torn last line is cut off when it goes on.

import { existsSync } from 'node:fs';
import { open, readFile, truncate, type FileHandle } from 'node:fs/promises';
import type { RowFormat } from '../src/formats/sweep/rows.js';
import { InputError } from '../src/inputError.js';
import type { Row } from '../src/sweep/row.js';
import { pointAt, pointsIn, type DesignSpace, type Shard } from '../src/sweep/space.js';
import { checkWritable } from './writeResult.js';

export interface SweepFile {
  /** Points that need no work any more. */
  readonly done: ReadonlySet<number>;
  append(rows: readonly Row[]): Promise<void>;
  close(): Promise<void>;
}

/** @throws InputError for a file that cannot be written, or holds rows of another space or shard */
export async function openSweepFile(
  path: string,
  format: RowFormat,
  space: DesignSpace,
  shard: Shard,
): Promise<SweepFile> {
  await checkWritable(path);
  const axes = space.axes.map((axis) => axis.path);
  const rows = existsSync(path) ? await rowsSoFar(path, format, axes) : [];
  for (const row of rows) checkRow(row, space, path, shard);
  const fresh = !existsSync(path) || (await readFile(path)).length === 0;
  const file = await opened(path);
  if (fresh && format.header(axes) !== '') await file.appendFile(format.header(axes));
  return {
    done: new Set(rows.map(({ point }) => point)),
    append: (more) => file.appendFile(more.map((row) => format.line(row, axes)).join('')),
    close: () => file.close(),
  };
}

/** Whole rows; what follows the last line break was being written when the process ended. */
async function rowsSoFar(path: string, format: RowFormat, axes: readonly string[]): Promise<readonly Row[]> {
  const text = await readFile(path, 'utf8');
  const whole = text.slice(0, text.lastIndexOf('\n') + 1);
  // Read before anything is cut: a file of something else is left as it is.
  const rows = format.read(whole, path, axes);
  if (whole === '' && text !== '' && !format.begins(text, axes))
    throw new InputError(`${path}: holds something else than rows of a sweep; name another file`);
  if (whole.length < text.length) await truncate(path, Buffer.byteLength(whole));
  return rows;
}

/** @param shard where a row must also be of this shard */
export function checkRow(row: Row, space: DesignSpace, path: string, shard?: Shard): void {
  const other = (reason: string): InputError =>
    new InputError(`${path}: point ${row.point} ${reason}: these are rows of another sweep; name another file`);
  if (!(row.point >= 0 && row.point < pointsIn(space))) throw other('is not in this space');
  if (shard && row.point % shard.n !== shard.i - 1) throw other(`is not in shard ${shard.i}/${shard.n}`);
  const { values, batch } = pointAt(space, row.point);
  if (JSON.stringify(row.values) !== JSON.stringify(values) || row.n !== batch) throw other('has other values there');
}

async function opened(path: string): Promise<FileHandle> {
  try {
    return await open(path, 'a');
  } catch (error) {
    throw new InputError(
      `${path}: cannot be written (${(error as NodeJS.ErrnoException).code ?? 'unknown error'}); choose another path`,
    );
  }
}
