// The additive counts of a training step, for each layer and in all, as numbers or closed forms.

import { countsOf } from '../cost.js';
import { add, mul, total, type Dim } from '../dim/dim.js';
import { keeping, type Segment } from './checkpoint.js';
import { backwardOf, gradientSums } from './gradient.js';
import { OPTIMIZERS, type OptimizerName } from './optimizer.js';
import { countedBytes, SINGLE, storedTensors, type ForwardStep, type Tape } from './tape.js';

/** Counts that add up from layer to layer. N is a number or a Dim. */
export interface TrainingCounts<N> {
  /** Multiply-adds of the gradients of layers' inputs, and of their weights. */
  readonly inputMultAdds: N;
  readonly weightMultAdds: N;
  /**
   * Multiply-adds of the forward pass that run a second time: by checkpoints, and inside attention.
   */
  readonly recomputedMultAdds: N;
  /** Elements that the backward pass reads and writes, and those of what runs again. */
  readonly memoryAccess: N;
  readonly recomputedMemoryAccess: N;
  /** Bytes that autograd keeps for the backward pass: neither images nor parameters. */
  readonly keptBytes: N;
  /** Half-precision copies of weights that autocast makes and autograd keeps. */
  readonly weightCopyBytes: N;
  /**
   * Parameters that are trained; their gradients and what the optimiser holds for them in bytes.
   */
  readonly trainedParams: N;
  readonly gradientBytes: N;
  readonly optimizerBytes: N;
}

export const TRAINING_COUNTS = [
  ...(['inputMultAdds', 'weightMultAdds', 'recomputedMultAdds', 'memoryAccess', 'recomputedMemoryAccess'] as const),
  ...(['keptBytes', 'weightCopyBytes', 'trainedParams', 'gradientBytes', 'optimizerBytes'] as const),
];

/** The counts of every step, in order. A storage counts at the first step that keeps it. */
export function countsOfSteps(
  tape: Tape,
  segments: readonly Segment[],
  optimizer: OptimizerName,
): readonly TrainingCounts<Dim>[] {
  const { keepers, recomputed } = keeping(tape, segments);
  const sums = gradientSums(tape);
  const counted = new Set<string>();
  const kept = new Map<number, Dim>();
  for (const [storage, { step }] of keepers)
    kept.set(step, add(kept.get(step) ?? 0, countedBytes(tape.storages[storage]!)));
  return tape.steps.map((step, i): TrainingCounts<Dim> => {
    const backward = backwardOf(step, sums.get(step.name) ?? 0);
    const forward = recomputed.has(step) && step.op !== 'dropout' ? countsOf(step.shapedNode) : undefined;
    const trainedParams = newlyTrained(step, counted);
    return {
      inputMultAdds: backward.inputMultAdds,
      weightMultAdds: backward.weightMultAdds,
      recomputedMultAdds: add(forward?.multAdds ?? 0, backward.recomputedMultAdds),
      memoryAccess: backward.memoryAccess,
      recomputedMemoryAccess: forward?.memoryAccess.unfused ?? 0,
      keptBytes: kept.get(i) ?? 0,
      weightCopyBytes: step.weightCopies,
      trainedParams,
      gradientBytes: mul(trainedParams, SINGLE),
      optimizerBytes: mul(trainedParams, SINGLE * OPTIMIZERS[optimizer].tensors),
    };
  });
}

/**
 * Learnt numbers of a step that no earlier step trains. A tensor that several layers read counts at
 * the first of them.
 */
function newlyTrained({ gradients, shapedNode: { node, params } }: ForwardStep, counted: Set<string>): Dim {
  if (!gradients.weights) return 0;
  let sum: Dim = 0;
  for (const [parameter, shape] of Object.entries(params))
    for (const tensor of storedTensors(node, parameter, shape)) {
      if (tensor.frozen || counted.has(tensor.id)) continue;
      counted.add(tensor.id);
      sum = add(sum, tensor.elements);
    }
  return sum;
}

/** Applies a change to every count. */
export const mapTraining = <A, B>(
  counts: TrainingCounts<A>,
  change: (value: A, pick: (from: TrainingCounts<A>) => A) => B,
): TrainingCounts<B> =>
  Object.fromEntries(
    TRAINING_COUNTS.map((name) => [name, change(counts[name], (from) => from[name])]),
  ) as unknown as TrainingCounts<B>;

export const sumOf = (counts: readonly TrainingCounts<Dim>[]): TrainingCounts<Dim> =>
  Object.fromEntries(
    TRAINING_COUNTS.map((name) => [name, total(counts.map((count) => count[name]))]),
  ) as unknown as TrainingCounts<Dim>;
