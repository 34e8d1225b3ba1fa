// The peak memory of an inference, from the sizes of its tensors. Nothing is computed.

import { tensorId, type Graph } from '../graph.js';
import { ownersIn, type OwnerOf } from '../weights/owners.js';
import { product, sizesOf } from '../weights/weights.js';
import type { PlanStep } from './plan.js';

/** Of a float32. */
export const BYTES = 4;

/** In bytes. */
export interface Footprint {
  readonly weights: number;
  /** Bytes of everything else that is alive at once; they scale with the batch. */
  readonly activations: number;
}

/**
 * @param fusionAllocates whether fused biases and activations make tensors of their own
 * (Heap.fusionAllocates)
 */
export function footprintOf(graph: Graph, steps: readonly PlanStep[], fusionAllocates = false): Footprint {
  const ownerOf = ownersIn(graph);
  const weights = new Map(steps.flatMap((step) => weightsOf(step, ownerOf)));
  return {
    weights: BYTES * [...weights.values()].reduce((all, elements) => all + elements, 0),
    activations: BYTES * mostAtOnce(graph, steps, fusionAllocates),
  };
}

/** Elements. A step's scratch and output are allocated before its inputs are freed. */
function mostAtOnce(graph: Graph, steps: readonly PlanStep[], fusionAllocates: boolean): number {
  const alive = new Map(graph.inputs.map(({ name, shape }) => [name, product(sizesOf(shape))]));
  let now = [...alive.values()].reduce((all, elements) => all + elements, 0);
  let most = now;
  for (const step of steps) {
    const { kernel, place, output, frees } = step;
    const made = product(place.out);
    alive.set(output, made);
    now += made;
    most = Math.max(most, now + (kernel.scratch?.(place) ?? 0) + (fusionAllocates ? fusedIn(step) * made : 0));
    for (const name of frees) now -= alive.get(name)!;
  }
  return most;
}

/** The number of fused ops: a bias, an activation, both or none. */
const fusedIn = ({ place, nodes: [shapedNode], norm }: PlanStep): number =>
  (norm || shapedNode!.params['bias'] ? 1 : 0) + (place.fused.activation === 'linear' ? 0 : 1);

/** Names and elements of a step's parameters; steps that share them have the same names. */
const weightsOf = (
  { nodes: [shapedNode], norm }: PlanStep,
  ownerOf: OwnerOf,
): readonly (readonly [string, number])[] => [
  ...Object.entries(shapedNode!.params).map(
    ([name, shape]) => [tensorId(ownerOf(shapedNode!.node, name), name), product(sizesOf(shape))] as const,
  ),
  ...(norm ? [[tensorId(ownerOf(norm.node, 'mean'), 'bias'), sizesOf(norm.node.shape)[1]!] as const] : []),
];
