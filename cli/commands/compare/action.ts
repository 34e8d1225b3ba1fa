// flopscope compare: the counts of several models side by side, and their times if measured.

import { compareSheet } from '../../../reports/sheets/compareSheet.js';
import { runSheet } from '../../../reports/sheets/runSheet.js';
import { compare, type Counted } from '../../../src/compare.js';
import { InputError, together } from '../../../src/inputError.js';
import type { Run } from '../../../src/measure/run.js';
import { RUN_FLAGS } from '../../flags/measureOptions.js';
import { print, printSheets, type Format } from '../../output/format.js';
import { trainingOf, type TrainingFlags } from '../../flags/trainingOptions.js';
import { trainingAt } from '../../input/training.js';
import { countsWithTraining, trainingCompareSheet } from '../../../reports/sheets/trainingCompareSheet.js';
import { NoSetFits } from '../../../src/training/search.js';
import type { Training, TrainingOptions } from '../../../src/training/training.js';
import { RECORDED, refuseWithoutEffect, UNKNOWN_RUNS, UNMEASURED, type Given } from '../../flags/givenFlags.js';
import type { Measured, MeasureFlags } from '../../measuring/measureModels.js';
import { modelsNamed, profileAt } from '../../input/model.js';
import { readFiledRuns, type FiledRun } from '../../../src/files/runFiles.js';
import { networksOfRuns } from '../../../src/files/runNetworks.js';
import type { Screen } from '../../screen.js';

export interface CompareOptions extends MeasureFlags, TrainingFlags {
  readonly allowUnknown: boolean;
  readonly measure: boolean;
  readonly runs?: readonly string[];
  /** Names of device records: predicted times stand below the counts. */
  readonly device?: string;
  readonly given: Given;
  readonly bytesPerElement?: number;
  readonly format: Format;
}

export async function compareCommand(names: readonly string[], options: CompareOptions, screen: Screen): Promise<void> {
  const { runs: files, measure } = options;
  if (options.training && (measure || files !== undefined))
    throw new InputError('--training counts a step and times nothing: leave out --measure and --runs');
  trainingOf(options);
  if (files !== undefined && (names.length > 0 || measure))
    throw new InputError('--runs compares what was measured before: name no models and no --measure beside it');
  if (files === undefined && names.length === 0)
    throw new InputError('there is nothing to compare: name models, or give --runs with files of flopscope measure -o');
  if (options.device !== undefined && (measure || files !== undefined || options.training))
    throw new InputError('--device predicts from counts: leave out --measure, --runs and --training');
  if (!measure && options.batch.length > 1)
    throw new InputError('several batches can only be measured: add --measure, or give one --batch');
  refuseWithoutEffect(options.given, [
    [files !== undefined, [...RUN_FLAGS, '--input', '--batch', '--allow-unknown'], RECORDED],
    [!measure, RUN_FLAGS, UNMEASURED],
    [measure, ['--allow-unknown'], UNKNOWN_RUNS],
    [
      options.format !== 'json',
      ['--layers'],
      'on what is compared in a table: use flopscope measure, or --format json',
    ],
  ]);
  if (files !== undefined) {
    const filed = await readFiledRuns(files);
    return show(networksOfRuns(filed), filed, options, screen);
  }
  const trained = trainingOf(options);
  if (trained !== undefined) return showTraining(names, trained, options, screen);
  if (options.device !== undefined) return showPredicted(names, options.device, options, screen);
  const { runs, failure } = await measured(names, options, screen);
  const unfiled = runs.map((run) => ({ run }));
  await show(await countedModels(names, options), unfiled, options, screen);
  if (failure) throw failure;
}

async function showPredicted(
  names: readonly string[],
  device: string,
  options: CompareOptions,
  screen: Screen,
): Promise<void> {
  const { predicted } = await import('../../input/predicted.js');
  const { predictSheets } = await import('../../../reports/sheets/predictSheets.js');
  const [batch] = options.batch;
  const models = await modelsNamed(names, options);
  const counted: readonly Counted[] = models.map((model) => profileAt(model, batch, options.input));
  const result = compare(counted as [Counted, ...Counted[]], options.bytesPerElement);
  const { predictions, devices } = await predicted(models, device, { batch, input: options.input });
  const sheets = [compareSheet(result), ...predictSheets(predictions, devices, 10)];
  await printSheets(options.format, { ...result, predictions, devices }, sheets, screen);
}

async function showTraining(
  names: readonly string[],
  trained: TrainingOptions,
  options: CompareOptions,
  screen: Screen,
): Promise<void> {
  const [counted, steps, misses]: [Counted[], Training[], NoSetFits[]] = [[], [], []];
  const [batch] = options.batch;
  for (const model of await modelsNamed(names, options)) {
    const counts = profileAt(model, batch, options.input);
    try {
      steps.push(trainingAt(model, trained, { ...options, batch }).result.training);
      counted.push(counts);
    } catch (error) {
      if (!(error instanceof NoSetFits)) throw error;
      misses.push(error);
    }
  }
  const missed = misses.length > 0 ? together(misses) : undefined;
  if (missed && steps.length === 0) throw missed;
  const result = compare(counted as [Counted, ...Counted[]], options.bytesPerElement);
  const sheets = [compareSheet(result), trainingCompareSheet(steps)] as const;
  const rows = countsWithTraining(...sheets);
  await printSheets(options.format, { ...result, training: steps }, sheets, screen, rows);
  // The other networks are printed, and the error names those without a fitting set.
  if (missed) throw missed;
}

async function show(
  counted: readonly Counted[],
  filed: readonly (FiledRun | { readonly run: Run })[],
  { bytesPerElement, format }: CompareOptions,
  screen: Screen,
): Promise<void> {
  const runs = filed.map(({ run }) => run);
  const files = filed.flatMap((one) => ('file' in one ? [one.file] : []));
  const result = compare(counted as [Counted, ...Counted[]], bytesPerElement);
  if (runs.length === 0) return print(format, result, () => compareSheet(result), screen);
  const sheets = [compareSheet(result), runSheet(runs as [Run, ...Run[]], files)] as const;
  if (format === 'json')
    return print(
      format,
      { ...result, runs: filed.map(({ run, ...origin }) => ({ ...origin, ...run })) },
      () => sheets[0],
      screen,
    );
  // A program reads one table from csv: that of the runs.
  if (format !== 'csv') {
    await print(format, result, () => sheets[0], screen);
    screen.out('\n');
  }
  await print(format, result, () => sheets[1], screen);
}

async function measured(names: readonly string[], options: CompareOptions, screen: Screen): Promise<Measured> {
  if (!options.measure) return { runs: [], failure: null };
  return (await import('../../measuring/measureModels.js')).measureWhatWorks(names, options, screen);
}

async function countedModels(names: readonly string[], options: CompareOptions): Promise<readonly Counted[]> {
  const models = await modelsNamed(names, options);
  return models.map((model) => profileAt(model, options.batch[0], options.input));
}
