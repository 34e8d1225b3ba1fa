// How a network is trained, as audits of training look at it.

import type { Implementation } from '../counters/implementation.js';
import type { Graph } from '../graph.js';
import { InputError } from '../inputError.js';
import type { Segment } from '../training/checkpoint.js';
import type { Tape } from '../training/tape.js';
import { tapeFrom, type TrainingOptions } from '../training/training.js';

export interface Trained {
  readonly tape: Tape;
  /** The segments under a checkpoint. */
  readonly segments: readonly Segment[];
  readonly implementation: Implementation;
  readonly options: TrainingOptions;
}

/**
 * The same training of a changed graph; its checkpoints begin and end at the same layers.
 * @throws InputError where a layer that is frozen, or at an end of a checkpoint, is no more
 */
export function trainedAs(
  { tape, segments, implementation, options }: Trained,
  graph: Graph,
): Pick<Trained, 'tape' | 'segments'> {
  const changed = tapeFrom(graph, implementation, options);
  const places = new Map(changed.steps.map(({ name }, i) => [name, i]));
  const place = (step: number): number => {
    const { name } = tape.steps[step]!;
    const found = places.get(name);
    if (found === undefined)
      throw new InputError(`the changed network does not have the layer "${name}", which begins or ends a checkpoint`);
    return found;
  };
  return {
    tape: changed,
    segments: segments.map(({ name, first, last }) => ({ name, first: place(first), last: place(last) })),
  };
}
