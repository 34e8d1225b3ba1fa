// A polynomial in symbols, with exact coefficients and its terms in one canonical order.

import { samePromise, type Promised } from './promise.js';
import { isZero, negate, ONE, over, plus, rational, showRational, times, toNumber, type Rational } from './rational.js';
import { InputError } from '../inputError.js';

/** A symbol: a positive number that keeps a promise. */
export interface SizeSymbol extends Promised {
  readonly name: string;
  /** The promised unit as a number. */
  readonly multipleOf: number;
}

export interface Power {
  readonly symbol: SizeSymbol;
  readonly exponent: number;
}

export interface Term {
  readonly coefficient: Rational;
  /** Sorted by symbol; empty for the constant term. */
  readonly powers: readonly Power[];
}

/** No zero terms; highest degree first, then by the symbols: equal polynomials are equal data. */
export interface Poly {
  readonly terms: readonly Term[];
}

export const constant = (value: Rational): Poly => frozen(isZero(value) ? [] : [{ coefficient: value, powers: [] }]);

export const integer = (value: number): Poly => constant(rational(BigInt(value)));

export const symbol = (name: string, promised: Promised): Poly =>
  frozen([
    {
      coefficient: ONE,
      powers: [{ symbol: { name, multipleOf: toNumber(promised.unit), ...promised }, exponent: 1 }],
    },
  ]);

export const sum = (a: Poly, b: Poly): Poly => collect([...a.terms, ...b.terms]);

export const scale = (a: Poly, by: Rational): Poly =>
  collect(a.terms.map((term) => ({ ...term, coefficient: times(term.coefficient, by) })));

export const difference = (a: Poly, b: Poly): Poly => sum(a, scale(b, negate(ONE)));

export const product = (a: Poly, b: Poly): Poly =>
  collect(a.terms.flatMap((s) => b.terms.map((t) => multiplyTerms(s, t))));

/** The exact quotient by long division on leading terms, undefined when a remainder is left. */
export function quotient(a: Poly, b: Poly): Poly | undefined {
  const [divisor] = b.terms;
  if (!divisor) return undefined;
  let rest = a;
  const found: Term[] = [];
  for (let leading = rest.terms[0]; leading; leading = rest.terms[0]) {
    const step = divideTerms(leading, divisor);
    if (!step) return undefined;
    found.push(step);
    rest = difference(rest, product({ terms: [step] }, b));
  }
  return collect(found);
}

export const symbols = (a: Poly): SizeSymbol[] => {
  const byName = new Map<string, SizeSymbol>();
  for (const { powers } of a.terms) for (const power of powers) byName.set(power.symbol.name, power.symbol);
  return [...byName.values()].sort((s, t) => compareText(s.name, t.name));
};

/** The constant term, 0 when there is none. */
export const constantTerm = (a: Poly): Rational =>
  a.terms.find((term) => term.powers.length === 0)?.coefficient ?? rational(0n);

/** The value of a polynomial without symbols. */
export function withoutSymbols({ terms }: Poly): Rational | undefined {
  const [first, ...more] = terms;
  if (!first) return rational(0n);
  return more.length === 0 && first.powers.length === 0 ? first.coefficient : undefined;
}

/** A term with each symbol at its unit. It is an integer exactly when the term always is one. */
export const promisedCoefficient = ({ coefficient, powers }: Term): Rational =>
  powers.reduce(
    (value, { symbol: { unit }, exponent }) =>
      times(value, rational(unit.numerator ** BigInt(exponent), unit.denominator ** BigInt(exponent))),
    coefficient,
  );

const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
const degree = ({ powers }: Term): number => powers.reduce((total, power) => total + power.exponent, 0);
const monomial = ({ powers }: Term): string =>
  powers.map(({ symbol, exponent }) => `${symbol.name}^${exponent}`).join(' ');

/**
 * Degree first, then the alphabetically first symbol's exponent, and so on (graded lexicographic
 * order).
 */
function compareTerms(a: Term, b: Term): number {
  const byDegree = degree(b) - degree(a);
  if (byDegree !== 0) return byDegree;
  for (let i = 0; i < Math.min(a.powers.length, b.powers.length); i++) {
    const [p, q] = [a.powers[i]!, b.powers[i]!];
    if (p.symbol.name !== q.symbol.name) return compareText(p.symbol.name, q.symbol.name);
    if (p.exponent !== q.exponent) return q.exponent - p.exponent;
  }
  return 0;
}

/** Adds equal monomials, drops zeros and sorts. Every polynomial is built by this function. */
function collect(terms: readonly Term[]): Poly {
  const byMonomial = new Map<string, Term>();
  const promises = new Map<string, SizeSymbol>();
  for (const term of terms) {
    for (const { symbol } of term.powers) {
      demandOnePromise(promises.get(symbol.name), symbol);
      promises.set(symbol.name, symbol);
    }
    const key = monomial(term);
    const same = byMonomial.get(key);
    byMonomial.set(key, same ? { ...same, coefficient: plus(same.coefficient, term.coefficient) } : term);
  }
  return frozen([...byMonomial.values()].filter((term) => !isZero(term.coefficient)).sort(compareTerms));
}

/** Freezes all parts, because graphs with the same size share it. */
function frozen(terms: readonly Term[]): Poly {
  for (const term of terms) {
    if (Object.isFrozen(term)) continue;
    for (const part of [term, term.coefficient, term.powers]) Object.freeze(part);
    for (const power of term.powers) Object.freeze(Object.freeze(power).symbol);
  }
  return Object.freeze({ terms: Object.freeze(terms) });
}

function demandOnePromise(known: SizeSymbol | undefined, symbol: SizeSymbol): void {
  if (known === undefined || known === symbol || samePromise(known, symbol)) return;
  const both = [known, symbol].map(({ unit }) => showRational(unit)).join(' and ');
  throw new InputError(
    `the symbol ${symbol.name} carries two promises, ${both}: give each promise a symbol of its own`,
  );
}

function multiplyTerms(a: Term, b: Term): Term {
  const powers = new Map<string, Power>(a.powers.map((power) => [power.symbol.name, power]));
  for (const power of b.powers) {
    const known = powers.get(power.symbol.name);
    demandOnePromise(known?.symbol, power.symbol);
    powers.set(power.symbol.name, known ? { ...known, exponent: known.exponent + power.exponent } : power);
  }
  return {
    coefficient: times(a.coefficient, b.coefficient),
    powers: [...powers.values()].sort((s, t) => compareText(s.symbol.name, t.symbol.name)),
  };
}

function divideTerms(a: Term, b: Term): Term | undefined {
  const powers = new Map<string, Power>(a.powers.map((power) => [power.symbol.name, power]));
  for (const { symbol, exponent } of b.powers) {
    const left = (powers.get(symbol.name)?.exponent ?? 0) - exponent;
    if (left < 0) return undefined;
    if (left === 0) powers.delete(symbol.name);
    else powers.set(symbol.name, { symbol, exponent: left });
  }
  return { coefficient: over(a.coefficient, b.coefficient), powers: [...powers.values()] };
}
