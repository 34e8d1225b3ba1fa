// flopscope sweep: what does every design of a space cost, on one machine or on a fleet?

import { dirname, isAbsolute, join } from 'node:path';
import { InputError } from '../../src/inputError.js';
import { ROW_FORMATS, type RowFormat } from '../../src/formats/sweep/rows.js';
import { readSpace } from '../../src/formats/sweep/readSpace.js';
import { rowOf, type Row } from '../../src/sweep/row.js';
import { pointsIn, pointsOf, type DesignSpace } from '../../src/sweep/space.js';
import { RUN_FLAGS } from '../declare/measureOptions.js';
import { refuseIdle, UNMEASURED, type Given } from '../givenFlags.js';
import type { RunFlags } from '../measureGraphs.js';
import { modelNamed } from '../model.js';
import { progressBar } from '../progressBar.js';
import { readText } from '../readText.js';
import type { Screen } from '../screen.js';
import { checkRow, openSweepFile, type SweepFile } from '../sweepFile.js';
import { checkAxes, isRow, jobAt, measurePoints, type PointJob } from '../sweepPoints.js';
import { shardOf } from '../sweepShard.js';
import { writeResult } from '../writeResult.js';

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
  if (options.merge !== undefined) return merge(space, options.merge, options, screen);

  const shard = shardOf(options.shard, options.shards, process.env);
  if (shard.from !== '' && shard.from !== '--shard')
    screen.err(`shard ${shard.i} of ${shard.n}, as ${shard.from} has it\n`);
  const file = await target(options, space, shard, screen);
  const share = Math.floor((points - shard.i) / shard.n) + 1;
  const bar = options.measure ? undefined : await progressBar(1, screen.progress);
  const progress = bar?.part('counting');
  try {
    let pending: Row[] = [];
    const jobs: PointJob[] = [];
    let seen = 0;
    for (const point of pointsOf(space, shard)) {
      progress?.('points', ++seen, share);
      if (file.done.has(point.index)) continue;
      const made = jobAt(model, point);
      if (!isRow(made) && options.measure) jobs.push(made);
      else pending.push(isRow(made) ? made : rowOf(made.point, made.counted));
      if (pending.length < TOGETHER) continue;
      await file.append(pending);
      pending = [];
    }
    await file.append(pending);
    if (options.measure) await measurePoints(jobs, options, screen, file.append);
  } finally {
    bar?.stop();
    await file.close();
  }
  const skipped = file.done.size === 0 ? '' : `, ${file.done.size} of them from before`;
  screen.err(`${share} of ${points} points${skipped}${options.output === undefined ? '' : `: ${options.output}`}\n`);
}

function formatOf({ output, format }: SweepOptions): RowFormat {
  const ending = /\.(jsonl|csv)$/i.exec(output ?? '')?.[1]?.toLowerCase() as 'jsonl' | 'csv' | undefined;
  if (output !== undefined && ending === undefined && format === undefined)
    throw new InputError(`${output}: name a file that ends in .jsonl or .csv, or give --format`);
  return ROW_FORMATS[format ?? ending ?? 'jsonl'];
}

async function target(
  options: SweepOptions,
  space: DesignSpace,
  shard: { readonly i: number; readonly n: number },
  screen: Screen,
): Promise<SweepFile> {
  const format = formatOf(options);
  if (options.output !== undefined) return openSweepFile(options.output, format, space, shard);
  const axes = space.axes.map((axis) => axis.path);
  screen.out(format.header(axes));
  return {
    done: new Set(),
    append: (rows) => {
      screen.out(rows.map((row) => format.line(row, axes)).join(''));
      return Promise.resolve();
    },
    close: () => Promise.resolve(),
  };
}

/** Puts the shards of a fleet together, in the order of the points. */
async function merge(
  space: DesignSpace,
  files: readonly string[],
  options: SweepOptions,
  screen: Screen,
): Promise<void> {
  const axes = space.axes.map((axis) => axis.path);
  const rows = new Map<number, Row>();
  for (const file of files) {
    const format = ROW_FORMATS[/\.csv$/i.test(file) ? 'csv' : 'jsonl'];
    for (const row of format.read(await readText(file, MOST_MIB), file, axes)) {
      checkRow(row, space, file);
      rows.set(row.point, row);
    }
  }
  const format = formatOf(options);
  const sorted = [...rows.values()].sort((a, b) => a.point - b.point);
  const text = format.header(axes) + sorted.map((row) => format.line(row, axes)).join('');
  if (options.output === undefined) screen.out(text);
  else await writeResult(options.output, text);
  const missing = pointsIn(space) - rows.size;
  screen.err(
    `${rows.size} points of ${files.length} files${missing === 0 ? ', all of the space' : `; ${missing} of the space are missing: run their shards again, each goes on where it ended`}\n`,
  );
}
