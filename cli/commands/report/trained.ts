// Counts the training step of each network of a report, and what audits find in it.

import type { Trainings } from '../../../reports/report/networks.js';
import { builtIn, isBuiltIn } from '../../../src/builtIn.js';
import { findingsOf, TRAINING_AUDITS } from '../../../src/diagnosis/audits.js';
import type { Model } from '../../../src/model.js';
import type { Profile } from '../../../src/profile.js';
import type { TrainingOptions } from '../../../src/training/training.js';
import { trainingAt } from '../../input/training.js';

/**
 * @param profiles of these models, and of built-in ones that run files hold
 * @throws InputError where a name of the options means no layer of one of them
 */
export function trainingsOf(
  models: readonly Model[],
  profiles: readonly Profile[],
  options: TrainingOptions,
  memoryBudget?: number,
): Trainings {
  return new Map(
    profiles.flatMap((profile) => {
      const { input, model: name, source } = profile;
      const model =
        models.find((one) => one.name === name && one.source === source) ??
        (source === 'built-in' && isBuiltIn(name) ? builtIn(name) : undefined);
      if (!model) return [];
      const at = {
        ...{ batch: input.n, input: `${input.c}x${input.h}x${input.w}` },
        ...(memoryBudget === undefined ? {} : { memoryBudget }),
      };
      const { result, subject } = trainingAt(model, options, at);
      return [[profile, { training: result.training, findings: findingsOf(subject(), TRAINING_AUDITS) }] as const];
    }),
  );
}
