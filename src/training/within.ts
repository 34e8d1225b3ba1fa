// A training step under the checkpoints that a memory budget asks for, and the front of their sets.

import type { ImageSize } from '../families/family.js';
import { locate } from '../inputError.js';
import type { Model } from '../model.js';
import { abbreviate } from '../visible.js';
import type { Segment } from './checkpoint.js';
import { bestWithin, runnable, SEARCHED_KINDS, type Best } from './search.js';
import type { Tape } from './tape.js';
import { trainingTape, trainingUnder, type Training, type TrainingOptions } from './training.js';

/** Sets of checkpoints that no other beats in bytes kept and multiply-adds paid again. */
export interface TrainingFront {
  /** What their segments are. */
  readonly of: readonly string[];
  /** Whether it is the whole front: it is a sample where there are too many sets. */
  readonly exact: boolean;
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
 * The training step under the set of checkpoints that pays the least again and whose peak fits.
 * `training.search` says whether it is proved to be the cheapest.
 * @param budget bytes of activations and their gradients
 * @param options `checkpoint` names what may run again; by default blocks, concats or stages
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

/** The same of a tape that is there, with the segments. */
export function searchedStep(
  model: Model,
  tape: Tape,
  budget: number,
  options: TrainingOptions,
): TrainingWithin & { readonly segments: readonly Segment[] } {
  const kinds = options.checkpoint ? [options.checkpoint] : SEARCHED_KINDS;
  const best = searched(model, tape, kinds, budget);
  const { found, proved, of } = best;
  const checkpoint = again(tape, of, found.segments);
  return {
    segments: found.segments,
    training: {
      ...trainingUnder(model, tape, found.segments, options),
      search: { budget, kinds, of, proved, checkpoint },
    },
    front: frontWithPeaks(best),
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

/** A kind, where the set is all of it. Blocks are searched with what is outside of them. */
function again(tape: Tape, of: readonly string[], segments: readonly Segment[]): readonly string[] {
  const names = segments.map(({ name }) => name);
  const inside = of.includes('block') && segments.some(({ first }) => tape.steps[first]!.block === '');
  if (inside || segments.length === 0) return names;
  const all = runnable(tape, of) ?? [];
  return all.length === segments.length ? of : names;
}

/** The most sets whose peaks are worked out. */
const MOST_PEAKS = 256;

function frontWithPeaks({ of, front: { choices, exact }, peakOf }: Best): TrainingFront {
  const every = Math.max(1, (choices.length - 1) / (MOST_PEAKS - 1));
  const shown = choices.filter((_, i) => i === Math.round(Math.round(i / every) * every));
  return {
    of,
    exact: exact && shown.length === choices.length,
    choices: shown.map(({ segments, keptBytes, recomputedMultAdds }) => ({
      segments: segments.map(({ name }) => name),
      keptBytes,
      peakBytes: peakOf(segments).bytes,
      recomputedMultAdds,
    })),
  };
}
