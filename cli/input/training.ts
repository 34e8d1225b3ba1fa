// The cost of a training step as the flags ask for it, within a memory budget where one is given.

import { implementationOf } from '../../src/counters/implementation.js';
import { graphOf, type Model } from '../../src/model.js';
import { segmentsOf } from '../../src/training/checkpoint.js';
import { cheapestWithin, frontOf } from '../../src/training/search.js';
import { tapeFrom, training, trainingUnder, type Training, type TrainingOptions } from '../../src/training/training.js';
import { imageSize } from './model.js';

export interface TrainingResult {
  readonly training: Training;
  /**
   * Only where a budget was given: sets that no other beats in bytes kept and multiply-adds paid
   * again.
   */
  readonly front?: {
    readonly exact: boolean;
    readonly choices: readonly {
      readonly segments: readonly string[];
      readonly keptBytes: number;
      readonly recomputedMultAdds: number;
    }[];
  };
}

export function trainingAt(
  model: Model,
  options: TrainingOptions,
  at: { readonly batch?: number | undefined; readonly input?: string | undefined; readonly memoryBudget?: number },
): TrainingResult {
  const [n, input] = [at.batch ?? model.batch ?? 1, imageSize(at.input, model)];
  const { memoryBudget } = at;
  if (memoryBudget === undefined) return { training: training(model, options, n, input) };
  const tape = tapeFrom(graphOf(model, n, input), implementationOf(model), options);
  const front = frontOf(tape, segmentsOf(tape, options.checkpoint ?? ['block']));
  const { segments } = cheapestWithin(tape, front, memoryBudget);
  const names = (chosen: typeof segments): readonly string[] => chosen.map(({ name }) => name);
  return {
    training: trainingUnder(model, tape, segments, options),
    front: {
      exact: front.exact,
      choices: front.choices.map((choice) => ({ ...choice, segments: names(choice.segments) })),
    },
  };
}
