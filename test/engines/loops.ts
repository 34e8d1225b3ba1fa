// What do all references share? Arrays in the graph's order, and loops over their positions.

import type { Weights } from '../../src/weights/weights.js';

export interface Array4 {
  readonly shape: readonly number[];
  readonly values: Float64Array;
}

export interface Call {
  readonly inputs: readonly Array4[];
  readonly x: Array4;
  readonly shape: readonly number[];
  readonly weights: Weights;
  readonly attributes: Readonly<Record<string, unknown>>;
}

export type Reference = (call: Call) => Float64Array;

const size = (shape: readonly number[]): number => shape.reduce((all, side) => all * side, 1);

/** Calls back with every position of a shape, in order. */
export function* positions(shape: readonly number[]): Iterable<readonly number[]> {
  const at = shape.map(() => 0);
  for (let count = size(shape); count > 0; count--) {
    yield at;
    for (let side = shape.length - 1; side >= 0 && ++at[side]! === shape[side]; side--) at[side] = 0;
  }
}

/** Fills an output by a function of the position. */
export const fill = (shape: readonly number[], value: (at: readonly number[]) => number): Float64Array => {
  const result = new Float64Array(size(shape));
  let i = 0;
  for (const at of positions(shape)) result[i++] = value(at);
  return result;
};

/** The element at a position, or nothing outside. */
export function element({ shape, values }: Array4, at: readonly number[]): number | undefined {
  let index = 0;
  for (const [i, side] of shape.entries()) {
    if (at[i]! < 0 || at[i]! >= side) return undefined;
    index = index * side + at[i]!;
  }
  return values[index];
}

export const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;
