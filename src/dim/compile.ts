// Turns a closed form into a plain function of numbers: a million points take under a second.

import { InputError } from '../inputError.js';
import { exact, toPoly, type Dim } from './dim.js';
import { evaluate } from './evaluate.js';
import type { Term } from './poly.js';
import { greatestCommonDivisor, rational, times } from './rational.js';

type Compiled = (...values: number[]) => number;

/**
 * A function of the named symbols' values, in that order, that returns the exact count. It does not
 * check promises: the caller chooses the points. A count above 2^53 throws. Where only an
 * intermediate sum exceeds 2^53, the count is evaluated exactly, which takes longer.
 * @throws InputError when `dim` has a symbol that is not named, or coefficients too large for a
 * number
 */
export function compile(dim: Dim, names: readonly string[]): Compiled {
  const terms = toPoly(dim).terms.map(inUnits);
  const denominator = terms.reduce(
    (common, { coefficient }) => leastCommonMultiple(common, coefficient.denominator),
    1n,
  );
  const divisor = exact(Number(denominator));
  const units = unitsOf(toPoly(dim).terms, names);
  const positive = sumOf(terms, denominator, names, 1n);
  const negative = sumOf(terms, denominator, names, -1n);
  const exactly = (values: readonly number[]): number =>
    evaluate(dim, Object.fromEntries(names.map((name, i) => [name, values[i]!])));
  return (...values) => {
    const counted = units.length === 0 ? values : inWholeUnits(values, units);
    if (!counted) return exactly(values);
    // Both sums are integers below 2^53, or they are not used. The subtraction is exact.
    const [plus, minus] = [positive(counted), negative(counted)];
    if (!(plus <= Number.MAX_SAFE_INTEGER && minus <= Number.MAX_SAFE_INTEGER)) return exactly(values);
    return (plus - minus) / divisor;
  };
}

/** A ratio is counted in its unit (0.75 is 3 of 1/4), so that all arithmetic is on integers. */
const inUnits = (term: Term): Term => ({
  ...term,
  coefficient: term.powers.reduce(
    (value, { symbol: { unit }, exponent }) => times(value, rational(1n, unit.denominator ** BigInt(exponent))),
    term.coefficient,
  ),
});

/** Variables that are counted in parts of 1, and how many parts. */
type Units = readonly (readonly [place: number, parts: number])[];

function unitsOf(terms: readonly Term[], names: readonly string[]): Units {
  const parts = new Map<number, number>();
  for (const { powers } of terms)
    for (const { symbol } of powers)
      if (symbol.unit.denominator !== 1n)
        parts.set(placeOf(symbol.name, names), exact(Number(symbol.unit.denominator)));
  return [...parts];
}

/** Undefined where a value is not a multiple of its unit; exact evaluation then refuses it. */
function inWholeUnits(values: readonly number[], units: Units): readonly number[] | undefined {
  const counted = [...values];
  for (const [place, parts] of units) {
    counted[place] = Math.round(values[place]! * parts);
    if (counted[place] / parts !== values[place]) return undefined;
  }
  return counted;
}

function placeOf(name: string, names: readonly string[]): number {
  const place = names.indexOf(name);
  if (place < 0) throw new InputError(`the symbol ${name} is not among the variables ${names.join(', ')}`);
  return place;
}

/** Sums the terms of one sign, times the common denominator. Flat lists hold all terms. */
function sumOf(
  terms: readonly Term[],
  denominator: bigint,
  names: readonly string[],
  sign: 1n | -1n,
): (values: readonly number[]) => number {
  const wanted = terms.filter(({ coefficient }) => coefficient.numerator * sign > 0n);
  const coefficients = wanted.map(({ coefficient }) =>
    exact(Number((sign * coefficient.numerator * denominator) / coefficient.denominator)),
  );
  const factors: number[] = [];
  const ends = wanted.map(({ powers }) => {
    for (const { symbol, exponent } of powers)
      for (let i = 0; i < exponent; i++) factors.push(placeOf(symbol.name, names));
    return factors.length;
  });
  const [places, stops] = [Int32Array.from(factors), Int32Array.from(ends)];
  return (values) => {
    let [sum, at] = [0, 0];
    for (let term = 0; term < coefficients.length; term++) {
      let product = coefficients[term]!;
      for (const stop = stops[term]!; at < stop; at++) product *= values[places[at]!]!;
      sum += product;
    }
    return sum;
  };
}

const leastCommonMultiple = (a: bigint, b: bigint): bigint => (a / greatestCommonDivisor(a, b)) * b;
