// Maps a side of the graph (channels second) to a side of the engine (channels last).

import {
  channelsFirst,
  channelsLast,
  permuted,
  type KernelCall,
  type HostTensor,
  type Tensor,
  type Tf,
} from './kernel.js';

/** The index, inside the engine, of a side of the graph. */
export const insideSide = (side: number, rank: number): number =>
  rank < 3 || side === 0 ? side : side === 1 ? rank - 1 : side - 1;

/** For each side inside the engine, the side of the graph. */
export const sidesInside = (rank: number): readonly number[] =>
  rank < 3 ? Array.from({ length: rank }, (_, i) => i) : [0, ...Array.from({ length: rank - 2 }, (_, i) => i + 2), 1];

/** A list with one item for each side of the graph, in the engine's order. */
export const inInsideOrder = <T>(items: readonly T[]): T[] => sidesInside(items.length).map((side) => items[side]!);

/** A constant of the graph as it is broadcast inside to a tensor of `rank` sides. */
export function constantInside(values: Float32Array, shape: readonly number[], rank: number): HostTensor {
  const sides = [...new Array<number>(Math.max(0, rank - shape.length)).fill(1), ...shape];
  return permuted(values, sides, sidesInside(sides.length));
}

/**
 * Sides of 1 are put in front, as broadcasting in the graph's order would: [F] meets the last side,
 * not the channels.
 */
export function aligned(tf: Tf, x: Tensor, rank: number): Tensor {
  if (x.rank === rank) return x;
  const ordered = x.rank > 2 ? channelsFirst(tf, x) : x;
  return channelsLast(tf, tf.reshape(ordered, [...new Array<number>(rank - x.rank).fill(1), ...ordered.shape]));
}

/**
 * The graph regroups elements in the order [N, C, H, W], so channels have to come second while it
 * does.
 */
export const regroup = ({ tf, x, out }: KernelCall): Tensor => {
  const ordered = x.rank > 2 ? channelsFirst(tf, x) : x;
  const regrouped = tf.reshape(ordered, [...out]);
  return out.length > 2 ? channelsLast(tf, regrouped) : regrouped;
};
