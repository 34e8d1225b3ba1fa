// Checks before a run that an inference fits into memory. Some devices fail late, or return zeros.

import type { Graph } from '../graph.js';
import { batchOf } from '../inputSize.js';
import { product, sizesOf } from '../weights/weights.js';
import { DeviceFailure } from './engine.js';
import { BYTES, footprintOf, type Footprint } from './footprint.js';
import { roomBeside, type Heap } from './heap.js';
import { inside } from './kernels/kernel.js';
import type { PlanStep } from './plan.js';

export interface Limits {
  /** Of one tensor, in bytes. */
  readonly maxTensorBytes: number | null;
  /** Of all together. */
  readonly heap: Heap | null;
}

export interface Sized {
  readonly node: string;
  readonly bytes: number;
  /** Whether it grows with the batch, as weights do not. */
  readonly scales: boolean;
}

/**
 * @returns the largest tensor of the plan, in bytes
 * @throws DeviceFailure naming what does not fit, and the batch that does
 */
export function demandFits(graph: Graph, steps: readonly PlanStep[], limits: Limits): Sized {
  const tensors = tensorsOf(graph, steps);
  const largest = tensors.reduce((a, b) => (b.bytes > a.bytes ? b : a));
  const footprint = footprintOf(graph, steps, limits.heap?.fusionAllocates);
  const problem = tooLarge(largest, limits.maxTensorBytes) ?? tooMuch(footprint, limits.heap);
  if (problem !== null) {
    const batch = batchOf(graph);
    throw new DeviceFailure(`${problem}: ${advice(batchThatFits(batch, tensors, footprint, limits))}`);
  }
  return largest;
}

/**
 * @throws DeviceFailure for a tensor that is not in the plan, such as a filter in an engine's own
 * layout
 */
export function demandTensorFits(node: string, bytes: number, { maxTensorBytes }: Limits): void {
  const problem = tooLarge({ node, bytes, scales: false }, maxTensorBytes);
  if (problem !== null) throw new DeviceFailure(`${problem}: ${advice(0)}`);
}

export const advice = (batch: number): string =>
  batch > 0 ? `use --batch ${batch} or less` : 'use a smaller input, or another engine';

/** All tensors of a plan: inputs, outputs and scratch of steps, and parameters. */
const tensorsOf = (graph: Graph, steps: readonly PlanStep[]): readonly Sized[] => [
  ...graph.inputs.map(({ name, shape }) => sized(name, product(sizesOf(shape)))),
  ...steps.flatMap(({ kernel, place, nodes }) => {
    const { node, params } = nodes[0]!;
    return [
      sized(node.name, product(inside(place.out))),
      sized(node.name, kernel.scratch?.(place) ?? 0),
      ...Object.values(params).map((shape) => sized(node.name, product(sizesOf(shape)), false)),
    ];
  }),
];

const sized = (node: string, elements: number, scales = true): Sized => ({ node, bytes: elements * BYTES, scales });

const tooLarge = ({ node, bytes }: Sized, limit: number | null): string | null =>
  limit === null || bytes <= limit
    ? null
    : `node "${node}" needs a tensor of ${bytes} bytes, and this device takes at most ${limit}`;

function tooMuch({ weights, activations }: Footprint, heap: Heap | null): string | null {
  if (heap === null || activations <= roomBeside(heap, weights)) return null;
  const [needed, room] = [activations, Math.max(0, roomBeside(heap, weights))].map(
    (bytes) => `${(bytes / 2 ** 30).toPrecision(3)} GiB`,
  );
  return `beside its weights ${needed} of tensors are there at once, and ${heap.name} have room for ${room}`;
}

/** The largest batch that fits; 0 if none fits. */
function batchThatFits(
  batch: number,
  tensors: readonly Sized[],
  { weights, activations }: Footprint,
  { maxTensorBytes, heap }: Limits,
): number {
  const most = (room: number, bytes: number): number => Math.floor((room * batch) / bytes);
  const batches = tensors.map(({ bytes, scales }) => {
    if (maxTensorBytes === null || (!scales && bytes <= maxTensorBytes)) return Infinity;
    return scales ? most(maxTensorBytes, bytes) : 0;
  });
  return Math.max(0, Math.min(...batches, heap ? most(roomBeside(heap, weights), activations) : Infinity));
}
