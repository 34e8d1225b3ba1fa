// The cost of a training step as the flags ask for it, within a memory budget where one is given.

import { trainedSubject } from '../../src/diagnosis/trainedSubject.js';
import type { Subject } from '../../src/diagnosis/finding.js';
import type { Model } from '../../src/model.js';
import { segmentsOf, type Segment } from '../../src/training/checkpoint.js';
import { trainingTape, trainingUnder, type Training, type TrainingOptions } from '../../src/training/training.js';
import { searchedStep, type TrainingFront } from '../../src/training/within.js';
import { imageSize } from './model.js';

export interface TrainingResult {
  readonly training: Training;
  /**
   * Only where a budget was given: sets that no other beats in bytes kept and multiply-adds paid
   * again.
   */
  readonly front?: TrainingFront;
}

/** The same as audits look at it. */
export interface TrainingStep {
  readonly result: TrainingResult;
  subject(): Subject;
}

export function trainingAt(
  model: Model,
  options: TrainingOptions,
  at: { readonly batch?: number | undefined; readonly input?: string | undefined; readonly memoryBudget?: number },
): TrainingStep {
  const tape = trainingTape(model, options, at.batch ?? model.batch ?? 1, imageSize(at.input, model));
  const step = (result: TrainingResult, segments: readonly Segment[]): TrainingStep => ({
    result,
    subject: () => trainedSubject(model, tape, segments, options),
  });
  if (at.memoryBudget !== undefined) {
    const { segments, ...result } = searchedStep(model, tape, at.memoryBudget, options);
    return step(result, segments);
  }
  const segments = segmentsOf(tape, options.checkpoint ?? []);
  return step({ training: trainingUnder(model, tape, segments, options) }, segments);
}
