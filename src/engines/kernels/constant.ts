// Adds a constant or multiplies by one. The engine stores it channels-last.

import { kernel, permuted, type HostTensor, type KernelNode } from './kernel.js';
import { aligned, constantInside } from './sides.js';
import type { Weights } from '../../weights/weights.js';

type ConstantNode = KernelNode<{ readonly shape: readonly number[]; readonly learnt: boolean }>;

const prepared =
  (name: 'scale' | 'shift', neutral: number) =>
  ({ values: { shape }, out }: ConstantNode, weights: Weights): Record<string, HostTensor> => {
    const count = shape.reduce((all, side) => all * side, 1);
    return { constant: constantInside(weights[name] ?? new Float32Array(count).fill(neutral), shape, out.length) };
  };

export const parameter = kernel<'parameter'>({
  prepare: ({ out }, weights) => ({ value: ordered(weights['value']!, out) }),
  run: ({ tf, prepared: { value } }) => tf.clone(value!),
});

/** Channels last, where it has more than two sides. */
const ordered = (values: Float32Array, shape: readonly number[]): HostTensor =>
  shape.length < 3
    ? { shape, values }
    : permuted(values, shape, [0, ...Array.from({ length: shape.length - 2 }, (_, i) => i + 2), 1]);

export const scaleBy = kernel<'scaleBy'>({
  prepare: prepared('scale', 1),
  run: ({ tf, x, out, prepared: { constant } }) => tf.mul(aligned(tf, x, out.length), constant!),
});
export const shiftBy = kernel<'shiftBy'>({
  prepare: prepared('shift', 0),
  run: ({ tf, x, out, prepared: { constant } }) => tf.add(aligned(tf, x, out.length), constant!),
});

type StoredNode = KernelNode<{ readonly shape: readonly number[]; readonly values: readonly number[] }>;

/** One value for all elements, or one for each, in the engine's order. */
function stored({ values: { shape, values } }: StoredNode, rank: number): HostTensor {
  const count = shape.reduce((all, side) => all * side, 1);
  const all = values.length === 1 ? new Float32Array(count).fill(values[0]!) : Float32Array.from(values);
  return constantInside(all, shape, rank);
}

export const constant = kernel<'constant'>({
  prepare: (place) => ({ value: stored(place, place.out.length) }),
  run: ({ tf, prepared: { value } }) => tf.clone(value!),
});
export const maximumWith = kernel<'maximumWith'>({
  prepare: (place) => ({ bound: stored(place, place.out.length) }),
  run: ({ tf, x, out, prepared: { bound } }) => tf.maximum(aligned(tf, x, out.length), bound!),
});
export const minimumWith = kernel<'minimumWith'>({
  prepare: (place) => ({ bound: stored(place, place.out.length) }),
  run: ({ tf, x, out, prepared: { bound } }) => tf.minimum(aligned(tf, x, out.length), bound!),
});
