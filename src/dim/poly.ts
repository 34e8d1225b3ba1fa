// What is a size with letters in it? A polynomial with exact coefficients, its terms in one canonical order.

import { samePromise, type Promised } from './promise.js';
import { isZero, negate, ONE, over, plus, rational, showRational, times, toNumber, type Rational } from './rational.js';
import { InputError } from '../inputError.js';

/** A letter that stands for a positive number and keeps a promise. */
export interface Letter extends Promised {
  readonly name: string;
  /** The promised unit as a number. */
  readonly multipleOf: number;
}

export interface Power {
  readonly letter: Letter;
  readonly exponent: number;
}

export interface Term {
  readonly coefficient: Rational;
  /** Sorted by letter; empty for the constant term. */
  readonly powers: readonly Power[];
}

/** No zero terms; highest degree first, then by the letters: equal polynomials are equal data. */
export interface Poly {
  readonly terms: readonly Term[];
}

export const constant = (value: Rational): Poly => frozen(isZero(value) ? [] : [{ coefficient: value, powers: [] }]);

export const integer = (value: number): Poly => constant(rational(BigInt(value)));

export const letter = (name: string, promised: Promised): Poly =>
  frozen([
    {
      coefficient: ONE,
      powers: [{ letter: { name, multipleOf: toNumber(promised.unit), ...promised }, exponent: 1 }],
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

export const letters = (a: Poly): Letter[] => {
  const byName = new Map<string, Letter>();
  for (const { powers } of a.terms) for (const power of powers) byName.set(power.letter.name, power.letter);
  return [...byName.values()].sort((s, t) => compareText(s.name, t.name));
};

/** The constant term, 0 when there is none. */
export const constantTerm = (a: Poly): Rational =>
  a.terms.find((term) => term.powers.length === 0)?.coefficient ?? rational(0n);

/** The fraction that a polynomial without letters is. */
export function withoutLetters({ terms }: Poly): Rational | undefined {
  const [first, ...more] = terms;
  if (!first) return rational(0n);
  return more.length === 0 && first.powers.length === 0 ? first.coefficient : undefined;
}

/** A monomial where each letter is its promised unit: an integer exactly when the term always is. */
export const promisedCoefficient = ({ coefficient, powers }: Term): Rational =>
  powers.reduce(
    (value, { letter: { unit }, exponent }) =>
      times(value, rational(unit.numerator ** BigInt(exponent), unit.denominator ** BigInt(exponent))),
    coefficient,
  );

const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
const degree = ({ powers }: Term): number => powers.reduce((total, power) => total + power.exponent, 0);
const monomial = ({ powers }: Term): string =>
  powers.map(({ letter, exponent }) => `${letter.name}^${exponent}`).join(' ');

/** Degree first, then the alphabetically first letter's exponent, and so on (graded lexicographic order). */
function compareTerms(a: Term, b: Term): number {
  const byDegree = degree(b) - degree(a);
  if (byDegree !== 0) return byDegree;
  for (let i = 0; i < Math.min(a.powers.length, b.powers.length); i++) {
    const [p, q] = [a.powers[i]!, b.powers[i]!];
    if (p.letter.name !== q.letter.name) return compareText(p.letter.name, q.letter.name);
    if (p.exponent !== q.exponent) return q.exponent - p.exponent;
  }
  return 0;
}

/** Adds up equal monomials, drops zeros and sorts: the one door through which every polynomial is made. */
function collect(terms: readonly Term[]): Poly {
  const byMonomial = new Map<string, Term>();
  const promises = new Map<string, Letter>();
  for (const term of terms) {
    for (const { letter } of term.powers) {
      demandOnePromise(promises.get(letter.name), letter);
      promises.set(letter.name, letter);
    }
    const key = monomial(term);
    const same = byMonomial.get(key);
    byMonomial.set(key, same ? { ...same, coefficient: plus(same.coefficient, term.coefficient) } : term);
  }
  return frozen([...byMonomial.values()].filter((term) => !isZero(term.coefficient)).sort(compareTerms));
}

/** To the last coefficient: graphs that hold the same size share it. */
function frozen(terms: readonly Term[]): Poly {
  for (const term of terms) {
    if (Object.isFrozen(term)) continue;
    for (const part of [term, term.coefficient, term.powers]) Object.freeze(part);
    for (const power of term.powers) Object.freeze(Object.freeze(power).letter);
  }
  return Object.freeze({ terms: Object.freeze(terms) });
}

function demandOnePromise(known: Letter | undefined, letter: Letter): void {
  if (known === undefined || known === letter || samePromise(known, letter)) return;
  const both = [known, letter].map(({ unit }) => showRational(unit)).join(' and ');
  throw new InputError(
    `the symbol ${letter.name} carries two promises, ${both}: give each promise a symbol of its own`,
  );
}

function multiplyTerms(a: Term, b: Term): Term {
  const powers = new Map<string, Power>(a.powers.map((power) => [power.letter.name, power]));
  for (const power of b.powers) {
    const known = powers.get(power.letter.name);
    demandOnePromise(known?.letter, power.letter);
    powers.set(power.letter.name, known ? { ...known, exponent: known.exponent + power.exponent } : power);
  }
  return {
    coefficient: times(a.coefficient, b.coefficient),
    powers: [...powers.values()].sort((s, t) => compareText(s.letter.name, t.letter.name)),
  };
}

function divideTerms(a: Term, b: Term): Term | undefined {
  const powers = new Map<string, Power>(a.powers.map((power) => [power.letter.name, power]));
  for (const { letter, exponent } of b.powers) {
    const left = (powers.get(letter.name)?.exponent ?? 0) - exponent;
    if (left < 0) return undefined;
    if (left === 0) powers.delete(letter.name);
    else powers.set(letter.name, { letter, exponent: left });
  }
  return { coefficient: over(a.coefficient, b.coefficient), powers: [...powers.values()] };
}
