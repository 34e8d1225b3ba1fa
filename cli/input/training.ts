// The cost of a training step as the flags ask for it, within a memory budget where one is given.

import { implementationOf } from '../../src/counters/implementation.js';
import type { Subject } from '../../src/diagnosis/finding.js';
import { trainedSubject } from '../../src/diagnosis/trainedSubject.js';
import { locate } from '../../src/inputError.js';
import { graphOf, type Model } from '../../src/model.js';
import { segmentsOf, type Segment } from '../../src/training/checkpoint.js';
import { bestWithin, type Best } from '../../src/training/search.js';
import { tapeFrom, trainingUnder, type Training, type TrainingOptions } from '../../src/training/training.js';
import type { TrainingFront } from '../../reports/sheets/trainingSheet.js';
import { abbreviate } from '../../src/visible.js';
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
  const [n, input] = [at.batch ?? model.batch ?? 1, imageSize(at.input, model)];
  const { memoryBudget } = at;
  const tape = tapeFrom(graphOf(model, n, input), implementationOf(model), options);
  const under = (segments: readonly Segment[], front?: TrainingResult['front']): TrainingStep => ({
    result: { training: trainingUnder(model, tape, segments, options), ...(front ? { front } : {}) },
    subject: () => trainedSubject(model, tape, segments, options),
  });
  if (memoryBudget === undefined) return under(segmentsOf(tape, options.checkpoint ?? []));
  const kinds = options.checkpoint ? [options.checkpoint] : [['block'], ['concat'], ['stage']];
  const { found, front, of } = within(model, tape, kinds, memoryBudget);
  const { segments } = found;
  const names = (chosen: typeof segments): readonly string[] => chosen.map(({ name }) => name);
  return under(segments, {
    of,
    exact: front.exact,
    choices: front.choices.map((choice) => ({ ...choice, segments: names(choice.segments) })),
  });
}

/** @throws InputError naming the network where no set fits */
function within(model: Model, ...search: Parameters<typeof bestWithin>): Best {
  try {
    return bestWithin(...search);
  } catch (error) {
    throw locate(error, abbreviate(model.name));
  }
}
