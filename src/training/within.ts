// A training step under the checkpoints that fit a memory budget, and the Pareto front of sets.

import { total } from '../dim/dim.js';
import { numberOf } from '../dim/evaluate.js';
import type { ImageSize } from '../families/family.js';
import { locate } from '../inputError.js';
import type { Model } from '../model.js';
import { abbreviate } from '../visible.js';
import { keeping, type Segment } from './checkpoint.js';
import { bestWithin, type Best } from './search.js';
import { countedBytes, type Tape } from './tape.js';
import { trainingTape, trainingUnder, type Training, type TrainingOptions } from './training.js';

/** Sets of checkpoints that no other set beats in both peak and recomputed multiply-adds. */
export interface TrainingFront {
  /** The kinds or names of their segments. */
  readonly of: readonly string[];
  /** Whether it is the whole front: it is a sample where there are too many sets. */
  readonly exact: boolean;
  /** By their peaks, the highest first. */
  readonly choices: readonly {
    readonly segments: readonly string[];
    readonly keptBytes: number;
    readonly peakBytes: number;
    readonly recomputedMultAdds: number;
  }[];
}

export interface TrainingWithin {
  readonly training: Training;
  readonly front: TrainingFront;
}

/**
 * The training step under the set of checkpoints that recomputes the least among those that fit.
 * `training.search` says whether it is proved to be the cheapest.
 * @param budget bytes of activations and their gradients
 * @param options `checkpoint` names what may run again; by default stages, blocks, groups of layers
 * and concats
 * @param n images in a batch
 * @param input [C, H, W]
 * @throws InputError where no set fits, and as `training` does
 */
export function trainingWithin(
  model: Model,
  budget: number,
  options: TrainingOptions = {},
  n = model.batch ?? 1,
  input: ImageSize = model.input,
): TrainingWithin {
  const { training, front } = searchedStep(model, trainingTape(model, options, n, input), budget, options);
  return { training, front };
}

/** The same for a recorded tape, with the segments. */
export function searchedStep(
  model: Model,
  tape: Tape,
  budget: number,
  options: TrainingOptions,
): TrainingWithin & { readonly segments: readonly Segment[] } {
  const best = searched(model, tape, options.checkpoint, budget);
  const { segments, proved, recomputedMultAdds, atLeast, of, names } = best;
  return {
    segments,
    training: {
      ...trainingUnder(model, tape, segments, options),
      search: { budget, of, proved, recomputedMultAdds, leastMultAdds: atLeast ?? null, checkpoint: names },
    },
    front: named(tape, best),
  };
}

/** @throws InputError naming the network where no set fits */
function searched(model: Model, ...search: Parameters<typeof bestWithin>): Best {
  try {
    return bestWithin(...search);
  } catch (error) {
    throw locate(error, abbreviate(model.name));
  }
}

/** The most sets of a front that are returned. */
const MOST_SETS = 256;

function named(tape: Tape, { of, front: { choices, exact }, segmentsOf }: Best): TrainingFront {
  const every = Math.max(1, (choices.length - 1) / (MOST_SETS - 1));
  const shown = choices.filter((_, i) => i === Math.round(Math.round(i / every) * every)).reverse();
  return {
    of,
    exact: exact && shown.length === choices.length,
    choices: shown.map(({ spans, peakBytes, recomputedMultAdds }) => {
      const segments = segmentsOf(spans);
      const kept = [...keeping(tape, segments).keepers.keys()].map((storage) => countedBytes(tape.storages[storage]!));
      return {
        segments: segments.map(({ name }) => name),
        keptBytes: numberOf(total(kept)),
        ...{ peakBytes, recomputedMultAdds },
      };
    }),
  };
}
