// Appends rows to the file of a sweep. A resumed sweep first cuts off an incomplete last line.

import { existsSync } from 'node:fs';
import { open, readFile, truncate, type FileHandle } from 'node:fs/promises';
import type { RowFormat } from '../../../src/records/sweep/rows.js';
import { InputError } from '../../../src/inputError.js';
import type { SweepRow } from '../../../src/sweep/row.js';
import { SweepRows } from '../../../src/sweep/rows.js';
import type { Sweep } from '../../../src/sweep/sweep.js';
import { checkWritable, writeResult } from '../../output/writeResult.js';

export interface SweepFile {
  /** Points that are done. */
  readonly done: ReadonlySet<number>;
  append(rows: readonly SweepRow[]): Promise<void>;
  /** Keeps one row of each point: the one with more values. */
  finish(): Promise<void>;
  close(): Promise<void>;
}

/**
 * @param measured whether a row without a time needs work
 * @throws InputError for a file that cannot be written, or holds rows of another model, space or
 * shard
 */
export async function openSweepFile(
  path: string,
  format: RowFormat,
  sweep: Sweep,
  measured: boolean,
): Promise<SweepFile> {
  await checkWritable(path);
  const axes = sweep.space.axes.map((axis) => axis.path);
  const kept = new SweepRows(sweep);
  for (const row of existsSync(path) ? await rowsSoFar(path, format, axes) : []) kept.add(row, path);
  const done = kept.done(measured);
  let file: FileHandle | undefined;
  return {
    done,
    async append(rows) {
      if (!file) {
        const fresh = !existsSync(path) || (await readFile(path)).length === 0;
        file = await opened(path);
        if (fresh) await file.appendFile(format.header(axes));
      }
      await file.appendFile(rows.map((row) => format.line(row, axes)).join(''));
      for (const row of rows) kept.add(row, path);
    },
    async finish() {
      if (!kept.repeated) return;
      const lines = kept.sorted().map((row) => format.line(row, axes));
      await writeResult(path, format.header(axes) + lines.join(''));
    },
    close: async () => file?.close(),
  };
}

/** Reads complete rows. Text after the last line break was cut off when the process ended. */
async function rowsSoFar(path: string, format: RowFormat, axes: readonly string[]): Promise<readonly SweepRow[]> {
  const text = await readFile(path, 'utf8');
  const whole = text.slice(0, text.lastIndexOf('\n') + 1);
  // The file is read before it is cut, so that a file of another kind stays unchanged.
  const rows = format.read(whole, path, axes);
  if (whole === '' && text !== '' && !format.begins(text, axes))
    throw new InputError(`${path}: holds no rows of a sweep; name another file`);
  if (whole.length < text.length) await truncate(path, Buffer.byteLength(whole));
  return rows;
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
