// A network in training as the subject of audits, and what a change saves of a training step.

import { implementationOf } from '../counters/implementation.js';
import type { Model } from '../model.js';
import { profile } from '../profile.js';
import type { Segment } from '../training/checkpoint.js';
import type { StepCost } from '../training/stepCost.js';
import type { Tape } from '../training/tape.js';
import type { TrainingOptions } from '../training/training.js';
import type { Saving, Subject } from './finding.js';

/** @throws InputError where a size is not a number, or a count passes 2^53 */
export const trainedSubject = (
  model: Model,
  tape: Tape,
  segments: readonly Segment[],
  options: TrainingOptions,
): Subject => ({
  graph: tape.graph,
  profile: profile(tape.graph, { source: model.source }),
  training: { tape, segments, implementation: implementationOf(model), options },
});

/** Only the quantities that differ. */
export function savedOfStep(before: StepCost, after: StepCost): Saving {
  const all: Saving = {
    keptBytes: before.keptBytes - after.keptBytes,
    peakBytes: before.peakBytes - after.peakBytes,
    stepMultAdds: before.stepMultAdds - after.stepMultAdds,
    recomputedMemoryAccess: before.recomputedMemoryAccess - after.recomputedMemoryAccess,
  };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== 0));
}
