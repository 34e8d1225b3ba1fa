// Arithmetic on sizes in a file's graph: as runtimes do it for numbers, exact for symbols.

import { add, div, equal, floorDiv, floorScaled, isNumber, mul, sub } from '../../../dim/dim.js';
import type { Item } from '../operand.js';

/** Undefined where a symbol leaves the answer open. */
export type Binary = (a: Item, b: Item, whole: boolean) => Item | undefined;
export type Unary = (a: Item) => Item | undefined;

/**
 * The first function where both are numbers, else the second; a fraction beside a symbol is no
 * size.
 */
const either =
  (
    numbers: (a: number, b: number, whole: boolean) => number,
    sizes: (a: Item, b: Item, whole: boolean) => Item | undefined,
  ): Binary =>
  (a, b, whole) => {
    if (isNumber(a) && isNumber(b)) return numbers(a, b, whole);
    return sizes(a, b, whole);
  };

const integral = (a: Item): boolean => !isNumber(a) || Number.isSafeInteger(a);
const exactly =
  (combine: (a: Item, b: Item) => Item) =>
  (a: Item, b: Item): Item | undefined =>
    integral(a) && integral(b) ? combine(a, b) : undefined;
const unknown = (): undefined => undefined;
const truth = (value: boolean): number => (value ? 1 : 0);

/**
 * A size times a factor such as 0.5 is rounded down where it is made a size again, so it may be
 * here.
 */
function scaled(a: Item, b: Item): Item | undefined {
  if (integral(a) && integral(b)) return mul(a, b);
  if (isNumber(a)) return a > 0 && !isNumber(b) ? floorScaled(b, a) : undefined;
  return isNumber(b) && b > 0 ? floorScaled(a, b) : undefined;
}

function divided(a: Item, b: Item, whole: boolean): Item | undefined {
  if (isNumber(b)) return Number.isSafeInteger(b) && b > 0 ? (whole ? floorDiv(a, b) : div(a, b)) : scaled(a, 1 / b);
  return equal(a, b) ? 1 : div(a, b);
}

export const BINARY = {
  add: either((a, b) => a + b, exactly(add)),
  subtract: either((a, b) => a - b, exactly(sub)),
  multiply: either((a, b) => a * b, scaled),
  divide: either((a, b, whole) => (whole ? Math.trunc(a / b) : a / b), divided),
  modulo: either((a, b) => a - b * Math.floor(a / b), unknown),
  power: either((a, b) => a ** b, unknown),
  minimum: either((a, b) => Math.min(a, b), unknown),
  maximum: either((a, b) => Math.max(a, b), unknown),
  // A symbol stands for any size, so it is neither -1 nor 1 nor another symbol.
  equal: either(
    (a, b) => truth(a === b),
    (a, b) => truth(equal(a, b)),
  ),
  less: either((a, b) => truth(a < b), unknown),
  lessOrEqual: either((a, b) => truth(a <= b), unknown),
  greater: either((a, b) => truth(a > b), unknown),
  greaterOrEqual: either((a, b) => truth(a >= b), unknown),
  and: either((a, b) => truth(a !== 0 && b !== 0), unknown),
  or: either((a, b) => truth(a !== 0 || b !== 0), unknown),
} as const satisfies Readonly<Record<string, Binary>>;

const ofNumber =
  (numbers: (a: number) => number, size: Unary = unknown): Unary =>
  (a) =>
    isNumber(a) ? numbers(a) : size(a);
const itself: Unary = (a) => a;

export const UNARY = {
  negate: ofNumber(
    (a) => -a,
    (a) => mul(a, -1),
  ),
  absolute: ofNumber(Math.abs, itself),
  floor: ofNumber(Math.floor, itself),
  ceil: ofNumber(Math.ceil, itself),
  round: ofNumber((a) => (Math.abs(a % 1) === 0.5 ? 2 * Math.round(a / 2) : Math.round(a)), itself),
  squareRoot: ofNumber(Math.sqrt),
  exponential: ofNumber(Math.exp),
  logarithm: ofNumber(Math.log),
  reciprocal: ofNumber((a) => 1 / a),
  not: ofNumber((a) => truth(a === 0)),
  sign: ofNumber(Math.sign, () => 1),
  sine: ofNumber(Math.sin),
  cosine: ofNumber(Math.cos),
} as const satisfies Readonly<Record<string, Unary>>;
