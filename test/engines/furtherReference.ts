// Functions, comparisons, constants and norms as loops, without tfjs.

import type { NotRun } from '../../src/engines/kernels/notRun.js';
import type { OpName } from '../../src/ops/table.js';
import { element, fill, mean, positions, type Array4, type Reference } from './loops.js';

const each =
  (f: (x: number, attributes: Readonly<Record<string, unknown>>) => number): Reference =>
  ({ x, attributes }) =>
    x.values.map((value) => f(value, attributes));

/** The element that is broadcast to a position. */
const broadcast = (x: Array4, at: readonly number[]): number =>
  element(
    x,
    at.slice(at.length - x.shape.length).map((place, i) => (x.shape[i] === 1 ? 0 : place)),
  )!;

const combine =
  (f: (...values: number[]) => number): Reference =>
  ({ inputs, shape }) =>
    fill(shape, (at) => f(...inputs.map((input) => broadcast(input, at))));

const holds = (x: number): boolean => x !== 0;
const one = (x: boolean): number => (x ? 1 : 0);
const logistic = (x: number): number => 1 / (1 + Math.exp(-x));
/** Halves to even ones. */
const rounded = (x: number): number => (Math.abs(x % 1) === 0.5 ? 2 * Math.round(x / 2) : Math.round(x));

const SHRINK: Readonly<Record<string, (x: number, lambda: number) => number>> = {
  hard: (x, lambda) => (Math.abs(x) > lambda ? x : 0),
  soft: (x, lambda) => Math.sign(x) * Math.max(0, Math.abs(x) - lambda),
  tanh: (x) => x - Math.tanh(x),
};

const along = (x: Array4, at: readonly number[], side: number): number[] =>
  Array.from({ length: x.shape[side]! }, (_, i) => element(x, at.with(side, i))!);

const FUNCTIONS = {
  sine: each(Math.sin),
  cosine: each(Math.cos),
  tangent: each(Math.tan),
  arcSine: each(Math.asin),
  arcCosine: each(Math.acos),
  arcTangent: each(Math.atan),
  hyperbolicSine: each(Math.sinh),
  hyperbolicCosine: each(Math.cosh),
  inverseHyperbolicSine: each(Math.asinh),
  inverseHyperbolicCosine: each(Math.acosh),
  inverseHyperbolicTangent: each(Math.atanh),
  floor: each(Math.floor),
  ceil: each(Math.ceil),
  round: each(rounded),
  truncate: each(Math.trunc),
  sign: each(Math.sign),
  square: each((x) => x * x),
  reciprocalSquareRoot: each((x) => 1 / Math.sqrt(x)),
  exponentialMinusOne: each(Math.expm1),
  logarithmOnePlus: each(Math.log1p),
  softsign: each((x) => x / (1 + Math.abs(x))),
  logSigmoid: each((x) => Math.log(logistic(x))),
  quickGelu: each((x) => x * logistic(1.702 * x)),
  celu: each((x, { alpha }) => (x > 0 ? x : (alpha as number) * Math.expm1(x / (alpha as number)))),
  thresholdedRelu: each((x, { threshold }) => (x > (threshold as number) ? x : 0)),
  shrink: each((x, { mode, lambda }) => SHRINK[mode as string]!(x, lambda as number)),
  not: each((x) => one(!holds(x))),
  isNan: each((x) => one(Number.isNaN(x))),
  isInfinite: each((x) => one(Math.abs(x) === Infinity)),
  cast: ({ x }) => x.values,
  logSoftmax: ({ x, shape, attributes }) =>
    fill(shape, (at) => {
      const all = along(x, at, attributes['axis'] as number);
      return element(x, at)! - Math.log(all.reduce((sum, value) => sum + Math.exp(value), 0));
    }),
} satisfies Partial<Record<OpName, Reference>>;

const PAIRS = {
  equal: combine((a, b) => one(a === b)),
  notEqual: combine((a, b) => one(a !== b)),
  greater: combine((a, b) => one(a > b)),
  greaterOrEqual: combine((a, b) => one(a >= b)),
  less: combine((a, b) => one(a < b)),
  lessOrEqual: combine((a, b) => one(a <= b)),
  and: combine((a, b) => one(holds(a) && holds(b))),
  or: combine((a, b) => one(holds(a) || holds(b))),
  exclusiveOr: combine((a, b) => one(holds(a) !== holds(b))),
  modulo: combine((a, b) => a - b * Math.floor(a / b)),
  floorDivide: combine((a, b) => Math.floor(a / b)),
  powerOf: combine((a, b) => a ** b),
  squaredDifference: combine((a, b) => (a - b) ** 2),
  arcTangent2: combine((a, b) => Math.atan2(a, b)),
  select: combine((condition, a, b) => (holds(condition) ? a : b)),
  maskedFill: ({ inputs: [x, mask], shape, attributes }) =>
    fill(shape, (at) => (holds(broadcast(mask!, at)) ? (attributes['value'] as number) : broadcast(x!, at))),
} satisfies Partial<Record<OpName, Reference>>;

/** A constant of the op: one value for all, or one for each. */
function stored(attributes: Readonly<Record<string, unknown>>): Array4 {
  const [shape, values] = [attributes['shape'] as number[], attributes['values'] as number[]];
  const count = shape.reduce((all, side) => all * side, 1);
  return { shape, values: Float64Array.from({ length: count }, (_, i) => values[values.length === 1 ? 0 : i]!) };
}

const bounded =
  (f: (a: number, b: number) => number): Reference =>
  ({ x, shape, attributes }) =>
    fill(shape, (at) => f(broadcast(x, at), broadcast(stored(attributes), at)));

/** Over some sides of an element: all members that differ from it along them. */
function members(x: Array4, at: readonly number[], axes: readonly number[]): number[] {
  return Array.from(positions(axes.map((axis) => x.shape[axis]!)), (inner) => {
    const own = [...at];
    axes.forEach((axis, i) => (own[axis] = inner[i]!));
    return element(x, own)!;
  });
}

const normed = (x: Array4, at: readonly number[], axes: readonly number[]): number => {
  const all = members(x, at, axes);
  const variance = mean(all.map((value) => (value - mean(all)) ** 2));
  return (element(x, at)! - mean(all)) / Math.sqrt(variance + 1e-5);
};

const NORMS = {
  instanceNorm: ({ x, shape, weights: { scale, shift } }) => {
    const places = x.shape.map((_, i) => i).slice(2);
    return fill(shape, (at) => normed(x, at, places) * (scale?.[at[1]!] ?? 1) + (shift?.[at[1]!] ?? 0));
  },
  meanVarianceNorm: ({ x, shape, attributes }) => {
    const axes = attributes['axes'] as readonly number[];
    if (attributes['variance'] === true) return fill(shape, (at) => normed(x, at, axes));
    return fill(shape, (at) => element(x, at)! - mean(members(x, at, axes)));
  },
  rmsNorm: ({ x, shape, weights: { scale }, attributes }) => {
    const axes = attributes['axes'] as readonly number[];
    return fill(shape, (at) => {
      const place = axes.reduce((index, axis) => index * shape[axis]! + at[axis]!, 0);
      const square = mean(members(x, at, axes).map((value) => value ** 2));
      return (element(x, at)! / Math.sqrt(square + 1e-5)) * (scale?.[place] ?? 1);
    });
  },
} satisfies Partial<Record<OpName, Reference>>;

export const FURTHER_REFERENCES = {
  ...FUNCTIONS,
  ...PAIRS,
  constant: ({ attributes }) => stored(attributes).values,
  maximumWith: bounded(Math.max),
  minimumWith: bounded(Math.min),
  ...NORMS,
} satisfies Partial<Record<Exclude<OpName, NotRun>, Reference>>;
