// flopscope diff: compares the costs of two versions of a network layer by layer.

import { diffSheet, sameSentence } from '../../../reports/sheets/diffSheet.js';
import type { DiffView } from '../../../reports/sheets/diffView.js';
import { diff } from '../../../src/diff/diff.js';
import { areBounds } from '../../../src/diff/diff.js';
import { movedBy } from '../../../src/diff/groups.js';
import { trainingCompareSheet } from '../../../reports/sheets/trainingCompareSheet.js';
import type { Profile } from '../../../src/profile.js';
import { trainingOf, type TrainingFlags } from '../../flags/trainingOptions.js';
import { trainingAt } from '../../input/training.js';
import { print, printSheets, type Format } from '../../output/format.js';
import { modelsNamed, profileAt } from '../../input/model.js';
import type { Screen } from '../../screen.js';

export interface DiffOptions extends DiffView, TrainingFlags {
  readonly allowUnknown: boolean;
  readonly input?: string;
  readonly batch?: number;
  readonly format: Format;
}

export async function diffCommand(before: string, after: string, options: DiffOptions, screen: Screen): Promise<void> {
  const { input, batch, by, format } = options;
  const trained = trainingOf(options);
  const models = await modelsNamed([before, after], options);
  const [first, second] = models.map((model) => profileAt(model, batch, input)) as [Profile, Profile];
  const steps = trained && models.map((model) => trainingAt(model, trained, options).result.training);
  const own = steps && trainingCompareSheet(steps);
  const matched = diff(first, second);
  const same = sameSentence(matched.diff);
  if (same !== undefined && format !== 'json' && format !== 'csv') {
    screen.out(`${same}\n`);
    if (own) await print(format, {}, () => own, screen);
    return;
  }
  const json =
    by === 'layer'
      ? matched.diff
      : { ...matched.diff, groups: movedBy(matched.rows, by, areBounds(matched.diff.before, matched.diff.after)) };
  const view = { ...options, renamed: format === 'csv' };
  const sheets = [diffSheet(matched, view), ...(own ? [own] : [])];
  await printSheets(format, steps ? { ...json, training: steps } : json, sheets, screen, own ?? sheets[0]!);
}
