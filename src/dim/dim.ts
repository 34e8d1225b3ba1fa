// What is a size? A number, or a polynomial in symbols: numbers in, number out; any symbol in, canonical polynomial out.

import { InputError, NoClosedForm } from '../inputError.js';
import * as poly from './poly.js';
import { floor, isZero, over, rational } from './rational.js';

/** A safe integer, or a polynomial that takes integer values wherever its symbols keep their promises. */
export type Dim = number | poly.Poly;

/** A symbol for a positive integer that is a multiple of `multipleOf`: what makes `size / stride` exact. */
export const symbol = (name: string, multipleOf = 1): Dim => poly.letter(name, multipleOf);

export const isNumber = (dim: Dim): dim is number => typeof dim === 'number';

/** @throws InputError past 2^53: a count is exact or it is not given. */
export function add(a: Dim, b: Dim): Dim {
  return isNumber(a) && isNumber(b) ? exact(a + b) : settle(poly.sum(toPoly(a), toPoly(b)));
}

export function sub(a: Dim, b: Dim): Dim {
  return isNumber(a) && isNumber(b) ? exact(a - b) : settle(poly.difference(toPoly(a), toPoly(b)));
}

/** @throws InputError past 2^53. */
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
 * @throws InputError when a number is left over; NoClosedForm when a symbol would have to promise a larger multiple.
 */
export function div(a: Dim, b: Dim): Dim {
  if (isNumber(a) && isNumber(b)) {
    if (b === 0 || a % b !== 0) throw new InputError(`${a} is not divisible by ${b}`);
    return exact(a / b);
  }
  const result = poly.quotient(toPoly(a), toPoly(b));
  if (!result) throw new InputError('one polynomial size does not divide by the other');
  for (const term of result.terms) demandInteger(term, 'a division');
  return settle(result);
}

/**
 * floor(a / b) for a positive integer b. The constant term of a polynomial is rounded down, everything else must divide.
 * @throws NoClosedForm naming the symbol and the multiple that it would have to promise.
 */
export function floorDiv(a: Dim, b: number): Dim {
  if (isNumber(a)) return Math.floor(a / b);
  const [divisor, rest] = [rational(BigInt(b)), poly.constantTerm(a)];
  const variable = poly.difference(a, poly.constant(rest));
  const divided = poly.scale(variable, over(rational(1n), divisor));
  for (const term of divided.terms) demandInteger(term, `rounding down to a multiple of ${b}`);
  return settle(poly.sum(divided, poly.constant(rational(floor(over(rest, divisor))))));
}

/** Equal as data: both the same number, or the same canonical polynomial. */
export const equal = (a: Dim, b: Dim): boolean => (isNumber(a) || isNumber(b) ? a === b : isZeroDim(sub(a, b)));

/** The symbols of the given sizes with their promises, each once, in alphabetical order. */
export function symbolsOf(dims: Iterable<Dim>): readonly poly.Letter[] {
  const found = new Map<string, poly.Letter>();
  for (const dim of dims) if (!isNumber(dim)) for (const letter of poly.letters(dim)) found.set(letter.name, letter);
  return [...found.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** floor(size x ratio) for a real ratio such as DenseNet's compression; a symbolic ratio is multiplied as it is. */
export function floorScaled(size: Dim, ratio: number | poly.Poly): Dim {
  if (!isNumber(ratio)) return mul(size, ratio);
  if (isNumber(size)) return exact(Math.floor(size * ratio));
  const [whole = '0', decimals = ''] = String(ratio).split('.');
  return floorDiv(mul(size, exact(Number(whole + decimals))), 10 ** decimals.length);
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
export const fromBigInt = (value: bigint): number => exact(Number(value));

const isZeroDim = (dim: Dim): boolean => dim === 0 || (!isNumber(dim) && dim.terms.every((t) => isZero(t.coefficient)));

function demandInteger(term: poly.Term, where: string): void {
  const { denominator } = poly.promisedCoefficient(term);
  const first = term.powers[0];
  if (denominator === 1n) return;
  if (!first) throw new InputError(`${where} leaves a fraction that no promise of a symbol can clear`);
  const needs = first.letter.multipleOf * Number(denominator);
  throw new NoClosedForm(
    `${where} has no closed form unless ${first.letter.name} is a multiple of ${needs}`,
    first.letter.name,
    needs,
  );
}
