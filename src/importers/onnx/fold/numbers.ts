// What comes of two numbers, or of one, when an exporter computes with sizes? Exact for symbols, as the runtime does it for numbers.

import { add, div, equal, floorDiv, floorScaled, isNumber, mul, sub } from '../../../dim/dim.js';
import type { Item } from '../operand.js';

/** Undefined where a symbol leaves the answer open. */
export type Binary = (a: Item, b: Item, whole: boolean) => Item | undefined;
export type Unary = (a: Item) => Item | undefined;

/** The first function where both are numbers, else the second; a fraction beside a symbol is no size. */
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

/** A size times a factor such as 0.5 is rounded down where it is made a size again, so it may be here. */
function scaled(a: Item, b: Item): Item | undefined {
  if (integral(a) && integral(b)) return mul(a, b);
  if (isNumber(a)) return a > 0 && !isNumber(b) ? floorScaled(b, a) : undefined;
  return isNumber(b) && b > 0 ? floorScaled(a, b) : undefined;
}

function divided(a: Item, b: Item, whole: boolean): Item | undefined {
  if (isNumber(b)) return Number.isSafeInteger(b) && b > 0 ? (whole ? floorDiv(a, b) : div(a, b)) : scaled(a, 1 / b);
  return equal(a, b) ? 1 : div(a, b);
}

export const BINARY: Readonly<Record<string, Binary>> = {
  Add: either((a, b) => a + b, exactly(add)),
  Sub: either((a, b) => a - b, exactly(sub)),
  Mul: either((a, b) => a * b, scaled),
  Div: either((a, b, whole) => (whole ? Math.trunc(a / b) : a / b), divided),
  Mod: either((a, b) => a - b * Math.floor(a / b), unknown),
  Pow: either((a, b) => a ** b, unknown),
  Min: either((a, b) => Math.min(a, b), unknown),
  Max: either((a, b) => Math.max(a, b), unknown),
  // A symbol stands for any size, so it is neither -1 nor 1 nor another symbol.
  Equal: either(
    (a, b) => truth(a === b),
    (a, b) => truth(equal(a, b)),
  ),
  Less: either((a, b) => truth(a < b), unknown),
  LessOrEqual: either((a, b) => truth(a <= b), unknown),
  Greater: either((a, b) => truth(a > b), unknown),
  GreaterOrEqual: either((a, b) => truth(a >= b), unknown),
  And: either((a, b) => truth(a !== 0 && b !== 0), unknown),
  Or: either((a, b) => truth(a !== 0 || b !== 0), unknown),
};

const ofNumber =
  (numbers: (a: number) => number, size: Unary = unknown): Unary =>
  (a) =>
    isNumber(a) ? numbers(a) : size(a);
const itself: Unary = (a) => a;

export const UNARY: Readonly<Record<string, Unary>> = {
  Neg: ofNumber(
    (a) => -a,
    (a) => mul(a, -1),
  ),
  Abs: ofNumber(Math.abs, itself),
  Floor: ofNumber(Math.floor, itself),
  Ceil: ofNumber(Math.ceil, itself),
  Round: ofNumber((a) => (Math.abs(a % 1) === 0.5 ? 2 * Math.round(a / 2) : Math.round(a)), itself),
  Sqrt: ofNumber(Math.sqrt),
  Exp: ofNumber(Math.exp),
  Log: ofNumber(Math.log),
  Reciprocal: ofNumber((a) => 1 / a),
  Not: ofNumber((a) => truth(a === 0)),
  Sign: ofNumber(Math.sign, () => 1),
};
