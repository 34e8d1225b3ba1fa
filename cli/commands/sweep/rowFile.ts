// Appends rows to the file of a sweep. A resumed sweep first cuts off an incomplete last line.

import { existsSync } from 'node:fs';
import { open, readFile, truncate, type FileHandle } from 'node:fs/promises';
import { clipped } from '../../../src/document/problem.js';
import type { RowFormat } from '../../../src/records/sweep/rows.js';
import { InputError } from '../../../src/inputError.js';
import type { Model } from '../../../src/model.js';
import { better, isDone, type Row } from '../../../src/sweep/row.js';
import { pointAt, pointsIn, type DesignSpace, type Shard } from '../../../src/sweep/space.js';
import { checkWritable, writeResult } from '../../output/writeResult.js';

export interface SweepFile {
  /** Points that are done. */
  readonly done: ReadonlySet<number>;
  append(rows: readonly Row[]): Promise<void>;
  /** Keeps one row of each point: the one with more values. */
  finish(): Promise<void>;
  close(): Promise<void>;
}

/** The model and axes that the rows of a file must have. */
export interface Owner {
  readonly space: DesignSpace;
  readonly model: Model;
  readonly mark: string;
  readonly shard?: Shard;
}

/**
 * @param measured whether a row without a time needs work
 * @throws InputError for a file that cannot be written, or holds rows of another model, space or
 * shard
 */
export async function openSweepFile(
  path: string,
  format: RowFormat,
  owner: Owner,
  measured: boolean,
): Promise<SweepFile> {
  await checkWritable(path);
  const axes = owner.space.axes.map((axis) => axis.path);
  const best = new Map<number, Row>();
  let twice = false;
  const add = (row: Row): void => {
    const known = best.get(row.point);
    twice ||= known !== undefined;
    best.set(row.point, known ? better(known, row, [path, path]) : row);
  };
  for (const row of existsSync(path) ? await rowsSoFar(path, format, axes) : []) {
    checkRow(row, owner, path);
    add(row);
  }
  const done = new Set([...best.values()].filter((row) => isDone(row, measured)).map(({ point }) => point));
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
      rows.forEach(add);
    },
    async finish() {
      if (!twice) return;
      const sorted = [...best.values()].sort((a, b) => a.point - b.point);
      await writeResult(path, format.header(axes) + sorted.map((row) => format.line(row, axes)).join(''));
    },
    close: async () => file?.close(),
  };
}

/** Complete rows. Text after the last line break was incomplete when the process ended. */
async function rowsSoFar(path: string, format: RowFormat, axes: readonly string[]): Promise<readonly Row[]> {
  const text = await readFile(path, 'utf8');
  const whole = text.slice(0, text.lastIndexOf('\n') + 1);
  // The file is read before it is cut, so that a file of another kind stays unchanged.
  const rows = format.read(whole, path, axes);
  if (whole === '' && text !== '' && !format.begins(text, axes))
    throw new InputError(`${path}: holds something else than rows of a sweep; name another file`);
  if (whole.length < text.length) await truncate(path, Buffer.byteLength(whole));
  return rows;
}

/** @throws InputError for a row of another model, space, input or shard */
export function checkRow(row: Row, { space, model, mark, shard }: Owner, path: string): void {
  const other = (reason: string): InputError =>
    new InputError(`${path}: point ${row.point} ${reason}: these are rows of another sweep; name another file`);
  if (row.model !== mark) throw other(`is of ${clipped(row.model)}, not of ${mark}`);
  if (!(row.point >= 0 && row.point < pointsIn(space))) throw other('is not in this space');
  if (shard && row.point % shard.n !== shard.i - 1) throw other(`is not in shard ${shard.i}/${shard.n}`);
  const { values, batch, input } = pointAt(space, row.point);
  if (JSON.stringify(row.values) !== JSON.stringify(values)) throw other('has other values there');
  const [theirs, ours] = [[row.n, row.c, row.h, row.w].join('x'), [batch, ...(input ?? model.input)].join('x')];
  if (theirs !== ours) throw other(`has the input ${theirs}, not ${ours}`);
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
