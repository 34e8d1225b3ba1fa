// Where a closed form does not hold: values that make two assumed distinct sizes equal.

import { isNumber, settle, type Dim } from '../dim/dim.js';
import * as poly from '../dim/poly.js';
import { keeps } from '../dim/promise.js';
import { compare, negate, ONE, over, type Rational } from '../dim/rational.js';
import { show } from '../dim/text.js';

/** A symbol, and its value that makes two sizes equal. */
export interface Coincidence {
  readonly symbol: poly.SizeSymbol;
  readonly value: Dim;
}

/**
 * Solves "difference of sizes = 0" for one symbol.
 * @returns undefined if the promises exclude 0, or if no symbol can be isolated
 */
function coincidence(difference: Dim): Coincidence | undefined {
  if (isNumber(difference) || ofOneSign(difference)) return undefined;
  const [first] = difference.terms.filter((term) => standsAlone(term, difference)).sort(bySimplicity);
  if (!first) return undefined;
  const { symbol } = first.powers[0]!;
  const rest = poly.difference(difference, { terms: [first] });
  const value = poly.scale(rest, negate(over(ONE, first.coefficient)));
  const exactly = poly.withoutSymbols(value);
  return exactly === undefined || keeps(symbol, exactly) ? { symbol, value: settle(value) } : undefined;
}

/** Symbols are positive. */
const ofOneSign = ({ terms: [first, ...others] }: poly.Poly): boolean =>
  others.every(({ coefficient }) => coefficient.numerator > 0n === first!.coefficient.numerator > 0n);

/** A term "number x symbol" whose symbol is in no other term. */
function standsAlone({ powers: [power, ...others] }: poly.Term, { terms }: poly.Poly): boolean {
  if (!power || power.exponent !== 1 || others.length > 0) return false;
  const holds = ({ powers }: poly.Term): boolean => powers.some(({ symbol }) => symbol.name === power.symbol.name);
  return terms.filter(holds).length === 1;
}

/** The smallest coefficient first: s = 4 c rather than c = s / 4. */
const bySimplicity = (a: poly.Term, b: poly.Term): number =>
  Number(compare(magnitude(a.coefficient), magnitude(b.coefficient)));

const magnitude = (value: Rational): Rational => (value.numerator < 0n ? negate(value) : value);

/** "c = 64", "s = 4 c". */
export const showCoincidence = ({ symbol, value }: Coincidence): string => `${symbol.name} = ${show(value)}`;

/** Without duplicates, in the order of the network. */
export function meetings(assumedDistinct: Iterable<Dim>): readonly Coincidence[] {
  const found = new Map<string, Coincidence>();
  for (const difference of assumedDistinct) {
    const met = coincidence(difference);
    if (met) found.set(showCoincidence(met), met);
  }
  return [...found.values()];
}
