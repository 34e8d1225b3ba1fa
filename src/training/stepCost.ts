// The figures of a training step that changes are compared by: bytes kept, peak, work.

import { countsOf } from '../cost.js';
import { total } from '../dim/dim.js';
import { numberOf } from '../dim/evaluate.js';
import type { Segment } from './checkpoint.js';
import { countsOfSteps, sumOf } from './counts.js';
import { peakOf } from './peak.js';
import type { ForwardStep, Tape } from './tape.js';

export interface StepCost {
  readonly keptBytes: number;
  readonly peakBytes: number;
  /** Multiply-adds of the forward pass, the backward pass, and what runs again. */
  readonly stepMultAdds: number;
  /** Elements that what runs again reads and writes. */
  readonly recomputedMemoryAccess: number;
}

/** Multiply-adds of the forward pass of some steps. */
export const workOf = (steps: readonly ForwardStep[]): number =>
  numberOf(total(steps.map(({ op, shapedNode }) => (op === 'dropout' ? 0 : countsOf(shapedNode).multAdds))));

/** @throws InputError where a size is not a number, or a count passes 2^53 */
export function stepCost(tape: Tape, segments: readonly Segment[]): StepCost {
  const counts = sumOf(countsOfSteps(tape, segments, 'sgd'));
  const { inputMultAdds, weightMultAdds, recomputedMultAdds } = counts;
  return {
    keptBytes: numberOf(counts.keptBytes),
    peakBytes: peakOf(tape, segments).bytes,
    stepMultAdds: numberOf(total([workOf(tape.steps), inputMultAdds, weightMultAdds, recomputedMultAdds])),
    recomputedMemoryAccess: numberOf(counts.recomputedMemoryAccess),
  };
}

/** @throws InputError when a symbol is left. */
