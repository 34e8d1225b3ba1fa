// flopscope sweep: the cost of every design of a space, on one machine or on several.

import { dirname, isAbsolute, join } from 'node:path';
import { InputError } from '../../../src/inputError.js';
import { ROW_FORMATS, type RowFormat } from '../../../src/records/sweep/rows.js';
import { checkAxes } from '../../../src/records/sweep/checkAxes.js';
import { readSpace } from '../../../src/records/sweep/readSpace.js';
import { better, type Row } from '../../../src/sweep/row.js';
import { pointsIn, pointsOf, type Point } from '../../../src/sweep/space.js';
import { RUN_FLAGS } from '../../flags/measureOptions.js';
import { refuseIdle, UNMEASURED, type Given } from '../../flags/givenFlags.js';
import type { RunFlags } from '../../measuring/session.js';
import { modelMark } from './modelMark.js';
import { modelNamed } from '../../input/model.js';
import { progressBar } from '../../output/progressBar.js';
import { readText } from '../../input/readText.js';
import type { Screen } from '../../screen.js';
import { checkRow, openSweepFile, type Owner, type SweepFile } from './rowFile.js';
import { measurePoints, rowAt } from './points.js';
import { shardOf } from './shard.js';
import { writeResult } from '../../output/writeResult.js';

export interface SweepOptions extends RunFlags {
  readonly shard?: string;
  readonly shards?: number;
  readonly output?: string;
  readonly format?: 'jsonl' | 'csv';
  readonly measure: boolean;
  readonly given: Given;
  readonly merge?: readonly string[];
}

/** Rows that are kept at once while counting. */
const TOGETHER = 200;
/** A shard of a million rows. */
const MOST_MIB = 2000;

export async function sweepCommand(path: string, options: SweepOptions, screen: Screen): Promise<void> {
  refuseIdle(options.given, [
    [
      options.merge !== undefined,
      [...RUN_FLAGS, '--measure', '--shard', '--shards'],
      'with --merge, which runs no point: leave it out',
    ],
    [!options.measure, RUN_FLAGS, UNMEASURED],
  ]);
  const space = readSpace(await readText(path), path);
  const model = await modelNamed(
    space.model ?? (isAbsolute(space.file!) ? space.file! : join(dirname(path), space.file!)),
  );
  checkAxes(space, model);
  const points = pointsIn(space);
  const owner: Owner = { space, model, mark: modelMark(model) };
  if (options.merge !== undefined) return merge(owner, options.merge, options, screen);

  const shard = shardOf(options.shard, options.shards, process.env);
  if (shard.from !== '' && shard.from !== '--shard')
    screen.err(`shard ${shard.i} of ${shard.n}, as ${shard.from} has it\n`);
  const file = await target(options, { ...owner, shard }, screen);
  const share = Math.floor((points - shard.i) / shard.n) + 1;
  const rest = undone(pointsOf(space, shard), file.done);
  try {
    const left = share - file.done.size;
    if (!options.measure) await countPoints(owner, rest, left, file.append, screen);
    else if (left > 0)
      await measurePoints(
        owner,
        rest,
        left,
        options,
        screen,
        () => file.append([]),
        (row) => file.append([row]),
      );
    await file.finish();
  } finally {
    await file.close();
  }
  const skipped = file.done.size === 0 ? '' : `, ${file.done.size} of them from before`;
  screen.err(`${share} of ${points} points${skipped}${options.output === undefined ? '' : `: ${options.output}`}\n`);
}

function* undone(points: Iterable<Point>, done: ReadonlySet<number>): Iterable<Point> {
  for (const point of points) if (!done.has(point.index)) yield point;
}

async function countPoints(
  owner: Owner,
  points: Iterable<Point>,
  count: number,
  keep: SweepFile['append'],
  screen: Screen,
): Promise<void> {
  const bar = await progressBar(1, screen.progress);
  const progress = bar.part('counting');
  try {
    let pending: Row[] = [];
    let seen = 0;
    for (const point of points) {
      progress('points', ++seen, count);
      pending.push(rowAt(owner, point));
      if (pending.length < TOGETHER) continue;
      await keep(pending);
      pending = [];
    }
    await keep(pending);
  } finally {
    bar.stop();
  }
}

function formatOf({ output, format }: SweepOptions): RowFormat {
  const ending = /\.(jsonl|csv)$/i.exec(output ?? '')?.[1]?.toLowerCase() as 'jsonl' | 'csv' | undefined;
  if (output !== undefined && ending === undefined && format === undefined)
    throw new InputError(`${output}: name a file that ends in .jsonl or .csv, or give --format`);
  return ROW_FORMATS[format ?? ending ?? 'jsonl'];
}

async function target(options: SweepOptions, owner: Owner, screen: Screen): Promise<SweepFile> {
  const format = formatOf(options);
  if (options.output !== undefined) return openSweepFile(options.output, format, owner, options.measure);
  const axes = owner.space.axes.map((axis) => axis.path);
  let header = format.header(axes);
  return {
    done: new Set(),
    append: (rows) => {
      screen.out(header + rows.map((row) => format.line(row, axes)).join(''));
      header = '';
      return Promise.resolve();
    },
    finish: () => Promise.resolve(),
    close: () => Promise.resolve(),
  };
}

/** Puts the shards of a fleet together, in the order of the points. */
async function merge(owner: Owner, files: readonly string[], options: SweepOptions, screen: Screen): Promise<void> {
  const axes = owner.space.axes.map((axis) => axis.path);
  const rows = new Map<number, { readonly row: Row; readonly file: string }>();
  for (const file of files) {
    const format = ROW_FORMATS[/\.csv$/i.test(file) ? 'csv' : 'jsonl'];
    for (const row of format.read(await readText(file, MOST_MIB), file, axes)) {
      checkRow(row, owner, file);
      const known = rows.get(row.point);
      const kept = known ? better(known.row, row, [known.file, file]) : row;
      rows.set(row.point, { row: kept, file: kept === row ? file : known!.file });
    }
  }
  const format = formatOf(options);
  const sorted = [...rows.values()].map(({ row }) => row).sort((a, b) => a.point - b.point);
  const text = format.header(axes) + sorted.map((row) => format.line(row, axes)).join('');
  if (options.output === undefined) screen.out(text);
  else await writeResult(options.output, text);
  const missing = pointsIn(owner.space) - rows.size;
  screen.err(
    `${rows.size} points of ${files.length} files${missing === 0 ? ', all of the space' : `; ${missing} of the space are missing: run their shards again, each goes on where it ended`}\n`,
  );
}
