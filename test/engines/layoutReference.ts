// What do the ops compute that rearrange, reduce and combine along any side? Loops over positions in the graph's order, no tfjs.

import type { OpName } from '../../src/ops/table.js';
import { element, fill, mean, positions, type Array4, type Reference } from './loops.js';

const transpose: Reference = ({ x, shape, attributes }) => {
  const order = attributes['order'] as readonly number[];
  return fill(shape, (at) => {
    const from: number[] = [];
    order.forEach((side, i) => (from[side] = at[i]!));
    return element(x, from)!;
  });
};

const slice: Reference = ({ x, shape, attributes }) => {
  const [begin, step] = [attributes['begin'] as number[], attributes['step'] as number[]];
  return fill(shape, (at) =>
    element(
      x,
      at.map((place, i) => begin[i]! + place * step[i]!),
    )!,
  );
};

/** The element that is broadcast to a position: sides of 1 are repeated, missing ones are in front. */
const broadcast = (x: Array4, at: readonly number[]): number =>
  element(
    x,
    at.slice(at.length - x.shape.length).map((place, i) => (x.shape[i] === 1 ? 0 : place)),
  )!;

const withConstant =
  (combine: (x: number, constant: number) => number, name: string, neutral: number): Reference =>
  ({ x, shape, weights, attributes }) => {
    const sides = attributes['shape'] as readonly number[];
    const count = sides.reduce((all, side) => all * side, 1);
    const constant = {
      shape: sides,
      values: Float64Array.from(weights[name] ?? new Float64Array(count).fill(neutral)),
    };
    return fill(shape, (at) => combine(broadcast(x, at), broadcast(constant, at)));
  };

const prelu: Reference = ({ x, shape, weights, attributes }) => {
  const slope = { shape: attributes['shape'] as readonly number[], values: Float64Array.from(weights['slope']!) };
  return fill(shape, (at) => {
    const value = element(x, at)!;
    return value > 0 ? value : value * broadcast(slope, at);
  });
};

const matmul: Reference = ({ inputs: [a, b], shape, attributes }) => {
  const [first, second] = [attributes['transposeFirst'] === true, attributes['transposeSecond'] === true];
  return fill(shape, (at) => {
    const [row, column] = at.slice(-2) as [number, number];
    const front = at.slice(0, -2);
    let sum = 0;
    for (let k = 0; k < a!.shape.at(first ? -2 : -1)!; k++)
      sum +=
        broadcast(a!, [...front, ...(first ? [k, row] : [row, k])]) *
        broadcast(b!, [...front, ...(second ? [column, k] : [k, column])]);
    return sum;
  });
};

type Combine = (elements: readonly number[]) => number;
const REDUCE: Readonly<Record<string, Combine>> = {
  mean,
  sum: (elements) => elements.reduce((a, b) => a + b, 0),
  max: (elements) => Math.max(...elements),
  min: (elements) => Math.min(...elements),
  product: (elements) => elements.reduce((a, b) => a * b, 1),
  norm: (elements) => Math.hypot(...elements),
  l1: (elements) => elements.reduce((a, b) => a + Math.abs(b), 0),
  squareSum: (elements) => elements.reduce((a, b) => a + b * b, 0),
  logSumExp: (elements) => Math.log(elements.reduce((a, b) => a + Math.exp(b), 0)),
  variance: (elements) => mean(elements.map((value) => (value - mean(elements)) ** 2)),
  deviation: (elements) => Math.sqrt(REDUCE['variance']!(elements)),
  any: (elements) => (elements.some((value) => value !== 0) ? 1 : 0),
  all: (elements) => (elements.every((value) => value !== 0) ? 1 : 0),
};

const reduce: Reference = ({ x, shape, attributes }) => {
  const axes = attributes['axes'] as readonly number[];
  return fill(shape, (at) => {
    const left = [...at];
    const kept = x.shape.map((_, side) =>
      axes.includes(side) ? (attributes['keep'] ? (left.shift(), 0) : 0) : left.shift()!,
    );
    const members = Array.from(positions(axes.map((axis) => x.shape[axis]!)), (inner) => {
      const own = [...kept];
      axes.forEach((axis, i) => (own[axis] = inner[i]!));
      return element(x, own)!;
    });
    return REDUCE[attributes['mode'] as string]!(members);
  });
};

const globalMaxPool: Reference = ({ x, shape }) =>
  fill(shape, ([n, c]) => Math.max(...Array.from(positions(x.shape.slice(2)), (at) => element(x, [n!, c!, ...at])!)));

/** Keys' cubic convolution with a = -0.75 at the centres of the new elements. */
const cubic = (x: number): number => {
  const [a, d] = [-0.75, Math.abs(x)];
  if (d <= 1) return (a + 2) * d ** 3 - (a + 3) * d ** 2 + 1;
  return d < 2 ? a * d ** 3 - 5 * a * d ** 2 + 8 * a * d - 4 * a : 0;
};
const WEIGHTS: Readonly<Record<string, (distance: number) => number>> = {
  bilinear: (distance) => Math.max(0, 1 - Math.abs(distance)),
  bicubic: cubic,
};

const resize: Reference = ({ x, shape, attributes }) => {
  const [, , h, w] = x.shape;
  const [, , height, width] = shape;
  if (attributes['mode'] === 'nearest')
    return fill(shape, ([n, c, y, z]) =>
      element(x, [n!, c!, Math.floor(((y! + 0.5) * h!) / height!), Math.floor(((z! + 0.5) * w!) / width!)])!,
    );
  const weigh = WEIGHTS[attributes['mode'] as string]!;
  const inside = (place: number, side: number): number => Math.min(Math.max(place, 0), side - 1);
  return fill(shape, ([n, c, y, z]) => {
    const [row, column] = [((y! + 0.5) * h!) / height! - 0.5, ((z! + 0.5) * w!) / width! - 0.5];
    let sum = 0;
    for (let i = Math.floor(row) - 1; i <= Math.floor(row) + 2; i++)
      for (let j = Math.floor(column) - 1; j <= Math.floor(column) + 2; j++)
        sum += weigh(row - i) * weigh(column - j) * element(x, [n!, c!, inside(i, h!), inside(j, w!)])!;
    return sum;
  });
};

const localResponseNorm: Reference = ({ x, shape, attributes }) => {
  const size = attributes['size'] as number;
  const across = attributes['region'] === 'across';
  const taps = Array.from({ length: size }, (_, i) => i - Math.floor((size - 1) / 2));
  return fill(shape, ([n, c, ...at]) => {
    const near = across
      ? taps.map((i) => [n!, c! + i, ...at])
      : taps.flatMap((i) => taps.map((j) => [n!, c!, at[0]! + i, at[1]! + j]));
    const squares = near.reduce((sum, place) => sum + (element(x, place) ?? 0) ** 2, 0);
    return element(x, [n!, c!, ...at])! / (1 + (1e-4 * squares) / near.length) ** 0.75;
  });
};

export const LAYOUT_REFERENCES = {
  transpose,
  view: ({ x }) => x.values,
  slice,
  expand: ({ x, shape }) => fill(shape, (at) => broadcast(x, at)),
  resize,
  scaleBy: withConstant((x, by) => x * by, 'scale', 1),
  shiftBy: withConstant((x, by) => x + by, 'shift', 0),
  parameter: ({ weights }) => Float64Array.from(weights['value']!),
  prelu,
  matmul,
  reduce,
  globalMaxPool,
  localResponseNorm,
} satisfies Partial<Record<OpName, Reference>>;
