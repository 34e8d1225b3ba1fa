// flopscope sweep: the cost of every design of a space, on one machine or on several.

import { InputError } from '../../../src/inputError.js';
import { ROW_FORMATS, type RowFormat } from '../../../src/records/sweep/rows.js';
import { checkAxes } from '../../../src/records/sweep/checkAxes.js';
import { mergeRows } from '../../../src/records/sweep/mergeRows.js';
import { readSpace } from '../../../src/records/sweep/readSpace.js';
import type { SweepRow } from '../../../src/sweep/row.js';
import { modelMark } from '../../../src/sweep/modelMark.js';
import { pointsIn, type Point } from '../../../src/sweep/space.js';
import { countedRows, pointsToCount, remainingPoints, type Sweep } from '../../../src/sweep/sweep.js';
import { RUN_FLAGS } from '../../flags/measureOptions.js';
import { refuseWithoutEffect, UNKNOWN_RUNS, UNMEASURED, type Given } from '../../flags/givenFlags.js';
import type { RunFlags } from '../../measuring/session.js';
import { graphOf } from '../../../src/model.js';
import { modelNamed } from '../../input/model.js';
import { warnOfLowerBound } from '../../output/warnOfLowerBound.js';
import { progressBar } from '../../output/progressBar.js';
import { pathBeside } from '../../../src/files/pathBeside.js';
import { readText } from '../../../src/files/readText.js';
import { pathName } from '../../../src/files/standardInput.js';
import type { Screen } from '../../screen.js';
import { openSweepFile, type SweepFile } from './rowFile.js';
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
  readonly allowUnknown: boolean;
}

/** Rows that are kept at once while counting. */
const TOGETHER = 200;
/** A shard of a million rows. */
const MOST_MIB = 2000;

export async function sweepCommand(path: string, options: SweepOptions, screen: Screen): Promise<void> {
  refuseWithoutEffect(options.given, [
    [
      options.merge !== undefined,
      [...RUN_FLAGS, '--measure', '--shard', '--shards'],
      'with --merge, which runs no point: leave it out',
    ],
    [!options.measure, RUN_FLAGS, UNMEASURED],
    [options.measure, ['--allow-unknown'], UNKNOWN_RUNS],
  ]);
  const space = readSpace(await readText(path), pathName(path));
  const model = await modelNamed(space.model ?? pathBeside(path, space.file!), options);
  checkAxes(space, model);
  const points = pointsIn(space);
  if (model.source !== 'built-in' && model.source !== 'config') warnOfLowerBound(model, graphOf(model), screen);
  const whole: Sweep = { space, model, mark: modelMark(model) };
  if (options.merge !== undefined) return merge(whole, options.merge, options, screen);

  const shard = shardOf(options.shard, options.shards, process.env);
  if (shard.from !== '' && shard.from !== '--shard')
    screen.err(`shard ${shard.i} of ${shard.n}, as ${shard.from} has it\n`);
  const sweep = { ...whole, shard };
  const file = await target(options, sweep, screen);
  const share = pointsToCount(sweep);
  const left = share - file.done.size;
  const rest = remainingPoints(sweep, file.done);
  try {
    if (!options.measure) await countPoints(sweep, rest, left, file, screen);
    else if (left > 0) await measurePoints(sweep, rest, left, file, options, screen);
    await file.finish();
  } finally {
    await file.close();
  }
  const skipped = file.done.size === 0 ? '' : `, ${file.done.size} of them from before`;
  screen.err(`${share} of ${points} points${skipped}${options.output === undefined ? '' : `: ${options.output}`}\n`);
}

async function countPoints(
  sweep: Sweep,
  points: Iterable<Point>,
  count: number,
  file: SweepFile,
  screen: Screen,
): Promise<void> {
  const bar = await progressBar(1, screen);
  const progress = bar.part('counting');
  try {
    let pending: SweepRow[] = [];
    let seen = 0;
    for (const row of countedRows(sweep, points)) {
      progress('points', ++seen, count);
      pending.push(row);
      if (pending.length < TOGETHER) continue;
      await file.append(pending);
      pending = [];
    }
    await file.append(pending);
  } finally {
    bar.stop();
  }
}

/** Each row is written as soon as it is measured. */
async function measurePoints(
  sweep: Sweep,
  points: Iterable<Point>,
  count: number,
  file: SweepFile,
  flags: RunFlags,
  screen: Screen,
): Promise<void> {
  const [{ withSession }, { measuredRows }] = await Promise.all([
    import('../../measuring/session.js'),
    import('../../../src/sweep/measuredRows.js'),
  ]);
  await withSession(flags, screen, count, async (session, bar) => {
    // The header is written as soon as the engine is open.
    await file.append([]);
    for await (const row of measuredRows(sweep, points, session)) {
      if (row.params === null) bar.part(`point ${row.point}`)('points', 1, 1);
      else if (row.refused !== null) screen.err(`point ${row.point}: ${row.refused}\n`);
      await file.append([row]);
    }
  });
}

function formatOf({ output, format }: SweepOptions): RowFormat {
  const ending = /\.(jsonl|csv)$/i.exec(output ?? '')?.[1]?.toLowerCase() as 'jsonl' | 'csv' | undefined;
  if (output !== undefined && ending === undefined && format === undefined)
    throw new InputError(`${output}: name a file that ends in .jsonl or .csv, or give --format`);
  return ROW_FORMATS[format ?? ending ?? 'jsonl'];
}

async function target(options: SweepOptions, sweep: Sweep, screen: Screen): Promise<SweepFile> {
  const format = formatOf(options);
  if (options.output !== undefined) return openSweepFile(options.output, format, sweep, options.measure);
  const axes = sweep.space.axes.map((axis) => axis.path);
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

async function merge(sweep: Sweep, files: readonly string[], options: SweepOptions, screen: Screen): Promise<void> {
  const axes = sweep.space.axes.map((axis) => axis.path);
  const texts: { readonly name: string; readonly text: string }[] = [];
  for (const name of files) texts.push({ name: pathName(name), text: await readText(name, MOST_MIB) });
  const { rows, missing } = mergeRows(sweep, texts);
  const format = formatOf(options);
  const text = format.header(axes) + rows.map((row) => format.line(row, axes)).join('');
  if (options.output === undefined) screen.out(text);
  else await writeResult(options.output, text);
  const rest =
    missing === 0
      ? ', all of the space'
      : `; ${missing} of the space are missing: run their shards again, each goes on where it ended`;
  screen.err(`${rows.length} points of ${files.length} files${rest}\n`);
}
