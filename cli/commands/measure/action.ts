// flopscope measure: measures the speed of models on this device.

import { layerTimeSheet } from '../../../reports/sheets/layerTimeSheet.js';
import { runSheet } from '../../../reports/sheets/runSheet.js';
import { InputError } from '../../../src/inputError.js';
import type { Run, RunFile } from '../../../src/measure/run.js';
import type { Profile } from '../../../src/profile.js';
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
  const done: Run[] = [];
  const counts = new Map<Run, Profile>();
  const save = async (run: Run, counted: Profile): Promise<void> => {
    done.push(run);
    counts.set(run, counted);
    if (output !== undefined) await writeResult(output, `${JSON.stringify(recordOf(done), null, 2)}\n`);
  };
  const { failure } = await measureWhatWorks(names, options, screen, save);
  await print(format, recordOf(done), () => runSheet(done as [Run, ...Run[]]), screen);
  if (options.layers && format !== 'json' && format !== 'csv')
    for (const [run, counted] of counts) await printLayers(run, counted, format, screen);
  if (failure) throw failure;
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
