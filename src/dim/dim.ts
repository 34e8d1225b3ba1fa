// A size: a number, or a polynomial in symbols. Arithmetic on numbers returns numbers.

import { InputError } from '../inputError.js';
import { NoClosedForm, type Choice } from './noClosedForm.js';
import * as poly from './poly.js';
import { promise, rootOf, type Promised } from './promise.js';
import { decimal, floor, rational, showRational, times, type Rational } from './rational.js';

/**
 * A safe integer, or a polynomial that takes integer values wherever its symbols keep their
 * promises.
 */
export type Dim = number | poly.Poly;

/**
 * A symbol for a positive multiple of `promised` (or with a whole promise): size / stride is exact.
 */
export const symbol = (name: string, promised: number | Promised = 1): Dim =>
  poly.symbol(name, typeof promised === 'number' ? promise(rational(BigInt(promised))) : promised);

export const isNumber = (dim: Dim): dim is number => typeof dim === 'number';

/** @throws InputError above 2^53, since every count is exact. */
export function add(a: Dim, b: Dim): Dim {
  return isNumber(a) && isNumber(b) ? exact(a + b) : settle(poly.sum(toPoly(a), toPoly(b)));
}

export function sub(a: Dim, b: Dim): Dim {
  return isNumber(a) && isNumber(b) ? exact(a - b) : settle(poly.difference(toPoly(a), toPoly(b)));
}

/** @throws InputError above 2^53 */
export function mul(a: Dim, b: Dim): Dim {
  return isNumber(a) && isNumber(b) ? exact(a * b) : settle(poly.product(toPoly(a), toPoly(b)));
}

export const total = (dims: Iterable<Dim>): Dim => {
  let result: Dim = 0;
  for (const dim of dims) result = add(result, dim);
  return result;
};

export const product = (dims: Iterable<Dim>): Dim => {
  let result: Dim = 1;
  for (const dim of dims) result = mul(result, dim);
  return result;
};

/**
 * The exact quotient.
 * @throws InputError when a number is left over; NoClosedForm when a symbol would have to promise a
 * larger multiple.
 */
export function div(a: Dim, b: Dim): Dim {
  if (isNumber(a) && isNumber(b)) {
    if (b === 0 || a % b !== 0) throw new InputError(`${a} is not divisible by ${b}`);
    return exact(a / b);
  }
  const result = poly.quotient(toPoly(a), toPoly(b));
  if (!result)
    throw new InputError(
      isNumber(b)
        ? 'a size is divided by 0'
        : `${symbolNames(b)} divides a size of which it is no factor: give it a number`,
    );
  for (const term of result.terms) demandInteger(term, 'a division');
  return settle(result);
}

/**
 * floor(a / b) for a positive integer b. The constant term of a polynomial is rounded down,
 * everything else must divide.
 * @throws NoClosedForm naming the symbol and the multiple that it would have to promise.
 */
export const floorDiv = (a: Dim, b: number): Dim =>
  isNumber(a)
    ? Math.floor(a / b)
    : roundedDown(poly.scale(a, rational(1n, BigInt(b))), `rounding down to a multiple of ${b}`);

/** Equal as data: both the same number, or the same canonical polynomial. */
export const equal = (a: Dim, b: Dim): boolean =>
  a === b || (!isNumber(a) && !isNumber(b) && poly.difference(a, b).terms.length === 0);

/** The symbols of the given sizes with their promises, each once, in alphabetical order. */
export function symbolsOf(dims: Iterable<Dim>): readonly poly.SizeSymbol[] {
  const found = new Map<string, poly.SizeSymbol>();
  for (const dim of dims) if (!isNumber(dim)) for (const symbol of poly.symbols(dim)) found.set(symbol.name, symbol);
  return [...found.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** "h and w" */
export const symbolNames = (dim: Dim): string =>
  symbolsOf([dim])
    .map(({ name }) => name)
    .join(' and ');

/**
 * floor(size x ratio) for a ratio such as DenseNet's compression, exact as it is written: 100 x
 * 0.29 is 29, not the 28 that doubles make of it.
 * @throws InputError when the result is 0; NoClosedForm where a symbol would have to promise a
 * coarser unit, since a size with symbols is not rounded
 */
export function floorScaled(size: Dim, ratio: number | poly.Poly): Dim {
  const exactly = isNumber(ratio) ? poly.constant(decimal(ratio)) : ratio;
  const text = isNumber(ratio) ? String(ratio) : 'a ratio';
  const scaled = roundedDown(poly.product(toPoly(size), exactly), `rounding down ${text} times a size`);
  if (scaled !== 0) return scaled;
  throw new InputError(`${text} times ${isNumber(size) ? size : 'a size'} rounds down to nothing: give a larger ratio`);
}

function roundedDown(value: poly.Poly, where: string): Dim {
  const rest = poly.constantTerm(value);
  const variable = poly.difference(value, poly.constant(rest));
  for (const term of variable.terms) demandInteger(term, where);
  return settle(poly.sum(variable, poly.constant(rational(floor(rest)))));
}

/** The number itself when it is an integer of at most 2^53 - 1 in magnitude. */
export function exact(value: number): number {
  if (!Number.isSafeInteger(value))
    throw new InputError(
      Number.isInteger(value) || !Number.isFinite(value)
        ? 'a count passes 2^53 and could not be exact: use a smaller input, batch or width'
        : `${value} is not a whole number`,
    );
  return value + 0; // -0 becomes 0: equal sizes are equal data
}

export const toPoly = (dim: Dim): poly.Poly => (isNumber(dim) ? poly.integer(dim) : dim);

/** A polynomial without symbols becomes a number again. */
export function settle(value: poly.Poly): Dim {
  const [first] = value.terms;
  if (!first) return 0;
  return value.terms.length === 1 && first.powers.length === 0 && first.coefficient.denominator === 1n
    ? fromBigInt(first.coefficient.numerator)
    : value;
}

/** @throws InputError past 2^53. */
const fromBigInt = (value: bigint): number => exact(Number(value));

function demandInteger(term: poly.Term, where: string): void {
  const { denominator } = poly.promisedCoefficient(term);
  if (denominator === 1n) return;
  // A ratio starts with a fractional unit. The sizes that it multiplies make the unit coarser.
  const isFine = ({ symbol }: poly.Power): boolean => symbol.unit.denominator !== 1n;
  const [first, ...others] = [...term.powers].sort((a, b) => Number(isFine(b)) - Number(isFine(a)));
  if (!first) throw new InputError(`${where} leaves a fraction that no promise of a symbol can clear`);
  const coarser = ({ symbol, exponent }: poly.Power): Rational =>
    times(symbol.unit, rational(rootOf(denominator, exponent)));
  const choice = (power: poly.Power): Choice => ({ symbol: power.symbol.name, needs: { unit: coarser(power) } });
  const says = `${where} has no closed form unless ${first.symbol.name} is a multiple of ${showRational(coarser(first))}`;
  throw new NoClosedForm(says, [choice(first), ...others.map(choice)]);
}

/**
 * Checks that a size is an integer for all values that its symbols promise.
 * @param what the message's name of the size: "a side", "channels"
 * @throws NoClosedForm naming the symbol and what it would have to promise
 */
export function demandWhole(dim: Dim, what: string): void {
  if (!isNumber(dim)) for (const term of dim.terms) demandInteger(term, what);
}
