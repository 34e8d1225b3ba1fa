// How fast can a closed form be evaluated? Compiled to a plain function of numbers, a million points take well under a second.

import { InputError } from '../inputError.js';
import { exact, symbolsOf, toPoly, type Dim } from './dim.js';
import { evaluate } from './evaluate.js';
import type { SizeSymbol, Term } from './poly.js';
import { greatestCommonDivisor, rational, times } from './rational.js';

type Compiled = (...values: number[]) => number;

/**
 * A function of the named symbols' values, in that order, that returns the exact count.
 * It does not check promises (the caller chooses the points), but a count past 2^53 still throws; where only a sum on
 * the way passes 2^53, the count is evaluated exactly, which takes longer.
 * @throws InputError when `dim` has a symbol that is not named, or coefficients too large for a number
 */
export function compile(dim: Dim, names: readonly string[]): Compiled {
  const terms = toPoly(dim).terms.map(inUnits);
  const variables = names.map((_, i) => `x${i}`).join(', ');
  const denominator = terms.reduce(
    (common, { coefficient }) => leastCommonMultiple(common, coefficient.denominator),
    1n,
  );
  const expression = (wanted: readonly Term[]): string =>
    wanted.map((term) => showTerm(term, denominator, names)).join(' + ') || '0';
  const positive = expression(terms.filter(({ coefficient }) => coefficient.numerator > 0n));
  const negative = expression(terms.filter(({ coefficient }) => coefficient.numerator < 0n));
  // Both sums hold whole numbers below 2^53 or are not used, so no rounding can hide in the subtraction.
  const body = `${symbolsOf([dim])
    .map((symbol) => unitsOf(symbol, names, variables))
    .join('')}const p = ${positive}, m = ${negative};
if (!(p <= ${Number.MAX_SAFE_INTEGER} && m <= ${Number.MAX_SAFE_INTEGER})) return exactly(${variables});
return (p - m) / ${exact(Number(denominator))};`;
  // eslint-disable-next-line @typescript-eslint/no-implied-eval -- the text is made of numbers and checked names only
  const make = new Function('exactly', `return (${variables}) => { ${body} }`) as (exactly: Compiled) => Compiled;
  return make((...values) => evaluate(dim, Object.fromEntries(names.map((name, i) => [name, values[i]!]))));
}

/** A ratio is counted in its unit: 3 of 1/4 for 0.75, so that all arithmetic is of whole numbers. */
const inUnits = (term: Term): Term => ({
  ...term,
  coefficient: term.powers.reduce(
    (value, { symbol: { unit }, exponent }) => times(value, rational(1n, unit.denominator ** BigInt(exponent))),
    term.coefficient,
  ),
});

/** Turns a ratio's value into units; one that is none of them is evaluated exactly, and refused there. */
function unitsOf({ name, unit }: SizeSymbol, names: readonly string[], variables: string): string {
  if (unit.denominator === 1n) return '';
  const variable = `x${placeOf(name, names)}`;
  const parts = exact(Number(unit.denominator));
  return `const u${variable} = Math.round(${variable} * ${parts});
if (u${variable} / ${parts} !== ${variable}) return exactly(${variables});
`;
}

function placeOf(name: string, names: readonly string[]): number {
  const place = names.indexOf(name);
  if (place < 0) throw new InputError(`the symbol ${name} is not among the variables ${names.join(', ')}`);
  return place;
}

function showTerm({ coefficient, powers }: Term, denominator: bigint, names: readonly string[]): string {
  const numerator = (coefficient.numerator * denominator) / coefficient.denominator;
  const factors = powers.flatMap(({ symbol, exponent }) => {
    const units = symbol.unit.denominator === 1n ? '' : 'u';
    return Array<string>(exponent).fill(`${units}x${placeOf(symbol.name, names)}`);
  });
  return [exact(Number(numerator < 0n ? -numerator : numerator)), ...factors].join(' * ');
}

const leastCommonMultiple = (a: bigint, b: bigint): bigint => (a / greatestCommonDivisor(a, b)) * b;
