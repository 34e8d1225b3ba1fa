// Does every tensor fit in one binding of the device? Asked before anything runs, because a device answers with silence and zeros.

import type { Graph } from '../graph.js';
import { DeviceFailure } from './engine.js';
import { inside } from './kernels/kernel.js';
import type { Step } from './plan.js';
import { product, sizesOf } from '../weights/weights.js';

/** Of a float32. */
export const BYTES = 4;

export interface Largest {
  readonly node: string;
  readonly bytes: number;
  /** The largest batch that a limit in bytes allows; null where the batch has no part in it, as for weights. */
  readonly fits: ((limit: number) => number) | null;
}

/** Of a graph's input, outputs of steps, and what a step makes on the way. */
export function largestOf(graph: Graph, steps: readonly Step[]): Largest {
  const batch = sizesOf(graph.inputs[0]!.shape)[0]!;
  const fits = (bytes: number) => (limit: number) => Math.floor((limit * batch) / bytes);
  const sized = (node: string, elements: number): Largest => ({
    node,
    bytes: elements * BYTES,
    fits: fits(elements * BYTES),
  });
  return [
    ...graph.inputs.map(({ name, shape }) => sized(name, product(sizesOf(shape)))),
    ...steps.flatMap(({ kernel, place, sites }) => {
      const { name } = sites[0]!.node;
      return [sized(name, product(inside(place.out))), sized(name, kernel.scratch?.(place) ?? 0)];
    }),
  ].reduce((a, b) => (b.bytes > a.bytes ? b : a));
}

/** @throws DeviceFailure naming the node and the batch: a device that binds too little drops the work without a word. */
export function demandFits({ node, bytes, fits }: Largest, limit: number | null): void {
  if (limit === null || bytes <= limit) return;
  const batch = fits?.(limit) ?? 0;
  throw new DeviceFailure(
    `node "${node}" needs a tensor of ${bytes} bytes, and this device binds at most ${limit}: ` +
      (batch > 0 ? `use --batch ${batch} or less` : 'use a smaller input, or another engine'),
  );
}
