// flopscope measure: measures the speed of models on this device.

import { existsSync } from 'node:fs';
import { layerTimeSheet } from '../../../reports/sheets/layerTimeSheet.js';
import { runSheet } from '../../../reports/sheets/runSheet.js';
import { InputError } from '../../../src/inputError.js';
import type { Run, RunFile } from '../../../src/measure/run.js';
import type { Profile } from '../../../src/profile.js';
import { counted } from '../../../src/plural.js';
import { appendRuns } from '../../../src/records/run/appendRuns.js';
import { readRunFiles } from '../../../src/files/runFiles.js';
import { refuseWithoutEffect, type Given } from '../../flags/givenFlags.js';
import { print, type Format } from '../../output/format.js';
import { measureWhatWorks, type MeasureFlags } from '../../measuring/measureModels.js';
import type { Screen } from '../../screen.js';
import { checkWritable, writeResult } from '../../output/writeResult.js';

export interface MeasureOptions extends MeasureFlags {
  readonly output?: string;
  readonly given: Given;
  readonly format: Format;
}

/** Rows of the slowest layers that a person wants to see; the record holds all. */
const SLOWEST = 15;

export async function measureCommand(names: readonly string[], options: MeasureOptions, screen: Screen): Promise<void> {
  const { output, format } = options;
  if (names.length === 0)
    throw new InputError('there is nothing to measure: name models, or a detector and its backbone');
  refuseWithoutEffect(options.given, [
    [
      format === 'csv' && output === undefined,
      ['--layers'],
      'on csv, which has one row for a run: add -o run.json, or use another --format',
    ],
  ]);
  if (output !== undefined) await checkWritable(output);
  const kept = output === undefined ? [] : await keptRuns(output);
  const done = new Map<Profile, Run>();
  const save = async (run: Run, profile: Profile): Promise<void> => {
    done.set(profile, run);
    if (output !== undefined) await writeResult(output, textOf(appendRuns(kept, [...done.values()])));
  };
  const { runs, failure } = await measureWhatWorks(names, options, screen, save);
  await print(format, recordOf(runs), () => runSheet(runs as [Run, ...Run[]]), screen);
  if (options.layers && format !== 'json' && format !== 'csv')
    for (const [profile, run] of done) await printLayers(run, profile, format, screen);
  if (output !== undefined && kept.length > 0) screen.err(`${output}: ${addedWords(kept, runs)}\n`);
  if (failure) throw failure;
}

/**
 * The runs that a file has already; none where there is no file.
 * @throws InputError for a file that holds something else: it is not written over
 */
const keptRuns = async (path: string): Promise<readonly Run[]> => (existsSync(path) ? readRunFiles([path]) : []);

const textOf = (runs: readonly Run[]): string => `${JSON.stringify(recordOf(runs), null, 2)}\n`;

/** "2 runs have further sessions, 1 run is new". */
function addedWords(kept: readonly Run[], runs: readonly Run[]): string {
  const fresh = appendRuns(kept, runs).length - kept.length;
  const more = runs.length - fresh;
  const parts = [
    ...(more > 0 ? [`${counted(more, 'run')} ${more === 1 ? 'has' : 'have'} further sessions`] : []),
    ...(fresh > 0 ? [`${counted(fresh, 'run')} ${fresh === 1 ? 'is' : 'are'} new`] : []),
  ];
  return parts.join(', ');
}

/** One run stands alone; several share a file. */
export const recordOf = (runs: readonly Run[]): Run | RunFile =>
  runs.length === 1 ? runs[0]! : { schema: 'flopscope.runs/1', runs };

async function printLayers(run: Run, counted: Profile, format: Format, screen: Screen): Promise<void> {
  if (run.layers === null) {
    screen.err(`${run.model}: no times of layers, ${run.noLayers ?? 'the engine has none'}\n`);
    return;
  }
  screen.out('\n');
  await print(format, run, () => layerTimeSheet(run, counted, SLOWEST), screen);
}
