// flopscope diff: compares the costs of two versions of a network layer by layer.

import { diffSheet, sameSentence } from '../../../reports/sheets/diffSheet.js';
import type { DiffView } from '../../../reports/sheets/diffView.js';
import { runSheet } from '../../../reports/sheets/runSheet.js';
import { diff } from '../../../src/diff/diff.js';
import { areBounds } from '../../../src/diff/diff.js';
import { movedBy } from '../../../src/diff/groups.js';
import { trainingCompareSheet } from '../../../reports/sheets/trainingCompareSheet.js';
import { trainingDiffSheet } from '../../../reports/sheets/trainingDiffSheet.js';
import { trainingMoved } from '../../../src/diff/trainingDiff.js';
import { InputError } from '../../../src/inputError.js';
import type { Run } from '../../../src/measure/run.js';
import type { Profile } from '../../../src/profile.js';
import { refuseWithoutEffect, UNKNOWN_RUNS, UNMEASURED, type Given } from '../../flags/givenFlags.js';
import { RUN_FLAGS } from '../../flags/measureOptions.js';
import type { RunFlags } from '../../measuring/session.js';
import { trainingOf, type TrainingFlags } from '../../flags/trainingOptions.js';
import { trainingAt } from '../../input/training.js';
import { print, printSheets, type Format } from '../../output/format.js';
import { modelsNamed, profileAt } from '../../input/model.js';
import type { Screen } from '../../screen.js';

export interface DiffOptions extends DiffView, TrainingFlags, Omit<RunFlags, 'layers'> {
  readonly allowUnknown: boolean;
  readonly measure: boolean;
  readonly given: Given;
  readonly input?: string;
  readonly batch?: number;
  readonly format: Format;
}

export async function diffCommand(before: string, after: string, options: DiffOptions, screen: Screen): Promise<void> {
  const { input, batch, by, format } = options;
  const trained = trainingOf(options);
  if (options.training && options.measure)
    throw new InputError('--training counts a step and times nothing: leave out --measure');
  refuseWithoutEffect(options.given, [
    [!options.measure, RUN_FLAGS, UNMEASURED],
    [options.measure, ['--allow-unknown'], UNKNOWN_RUNS],
  ]);
  const models = await modelsNamed([before, after], options);
  const [first, second] = models.map((model) => profileAt(model, batch, input)) as [Profile, Profile];
  const steps = trained && models.map((model) => trainingAt(model, trained, options).result.training);
  const own = steps && trainingCompareSheet(steps);
  const matched = diff(first, second);
  const [older, newer] = steps ?? [];
  const movedRows = older && newer && trainingMoved(matched.rows, older, newer, by);
  const movedSheet = movedRows && trainingDiffSheet(movedRows, older, newer, options);
  const runs = options.measure ? await measured([before, after], options, screen) : undefined;
  const timed = runs && runSheet(runs);
  const same = sameSentence(matched.diff);
  if (same !== undefined && format !== 'json' && format !== 'csv') {
    screen.out(`${same}\n`);
    for (const sheet of [own, ...(movedRows && movedRows.length > 0 ? [movedSheet] : []), timed])
      if (sheet) await print(format, {}, () => sheet, screen);
    return;
  }
  const json =
    by === 'layer'
      ? matched.diff
      : { ...matched.diff, groups: movedBy(matched.rows, by, areBounds(matched.diff.before, matched.diff.after)) };
  const view = { ...options, renamed: format === 'csv' };
  const sheets = [
    diffSheet(matched, view),
    ...(movedSheet ? [movedSheet] : []),
    ...(own ? [own] : []),
    ...(timed ? [timed] : []),
  ];
  const record = {
    ...json,
    ...(steps ? { training: steps, trainingMoved: movedRows } : {}),
    ...(runs ? { runs } : {}),
  };
  await printSheets(format, record, sheets, screen, timed ?? movedSheet ?? sheets[0]!);
}

/** Both versions, in the order of the command. */
async function measured(
  names: readonly [string, string],
  options: DiffOptions,
  screen: Screen,
): Promise<readonly [Run, Run]> {
  const { measureModels } = await import('../../measuring/measureModels.js');
  const flags = { ...options, layers: false, batch: [options.batch] };
  return (await measureModels(names, flags, screen)) as readonly [Run, Run];
}
