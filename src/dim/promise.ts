// The promise of a symbol: multiples of a unit within bounds. It makes divisions exact.

import { ceil, compare, greatestCommonDivisor, isWhole, over, rational, times, type Rational } from './rational.js';

/** What a symbol promises of its values. */
export interface Promised {
  /** Every value is a whole multiple of it: 32, for example, or 1/32 for a ratio. */
  readonly unit: Rational;
  /** The least value, itself a multiple of the unit. */
  readonly least: Rational;
  /** The greatest value; undefined where there is none. */
  readonly most: Rational | undefined;
}

/** The change that a promise needs: a coarser unit, a greater minimum or a smaller maximum. */
export type Needs = Partial<Promised>;

/** The promise whose least value is rounded up to a positive multiple of its unit. */
export function promise(unit: Rational, least: Rational = unit, most?: Rational): Promised {
  const units = ceil(over(least, unit));
  const parts = { unit, least: times(unit, rational(units < 1n ? 1n : units)), most };
  for (const part of Object.values(parts)) Object.freeze(part);
  return Object.freeze(parts);
}

/** A promise that implies both. */
export const strengthened = (old: Promised, { unit = old.unit, least = old.least, most = old.most }: Needs): Promised =>
  promise(unit, compare(least, old.least) > 0n ? least : old.least, lower(most, old.most));

const lower = (a: Rational | undefined, b: Rational | undefined): Rational | undefined =>
  a && b ? (compare(a, b) < 0n ? a : b) : (a ?? b);

export const samePromise = (a: Promised, b: Promised): boolean =>
  same(a.unit, b.unit) && same(a.least, b.least) && same(a.most, b.most);

const same = (a: Rational | undefined, b: Rational | undefined): boolean =>
  a === b || (a !== undefined && b !== undefined && compare(a, b) === 0n);

/** Whether a value fits a promise. */
export const keeps = ({ unit, least, most }: Promised, value: Rational): boolean =>
  isWhole(over(value, unit)) && compare(value, least) >= 0n && (most === undefined || compare(value, most) <= 0n);

/** Whether `a` implies `b`. */
export const implies = (a: Promised, b: Promised): boolean =>
  isWhole(over(a.unit, b.unit)) &&
  compare(a.least, b.least) >= 0n &&
  (b.most === undefined || (a.most !== undefined && compare(a.most, b.most) <= 0n));

/** The words after "h must be": "a multiple of 32 from 64 on". */
export function showPromise({ unit, least, most }: Promised): string {
  const any = unit.numerator === unit.denominator;
  const kind = any ? 'a positive integer' : `a multiple of ${fractionText(unit)}`;
  const from = compare(least, unit) > 0n ? ` from ${fractionText(least)} on` : '';
  return `${kind}${from}${most === undefined ? '' : ` up to ${fractionText(most)}`}`;
}

const fractionText = ({ numerator, denominator }: Rational): string =>
  denominator === 1n ? String(numerator) : `${numerator}/${denominator}`;

/** Larger prime factors are not searched: a multiple of one would exceed every bound. */
const LARGEST_FACTOR = 100_000n;

/** The least m for which `divisor` divides m^exponent: for a square, 2 where 4 must divide. */
export function rootOf(divisor: bigint, exponent: number): bigint {
  let [root, rest] = [1n, divisor];
  for (let factor = 2n; factor * factor <= rest && factor <= LARGEST_FACTOR; factor++) {
    let times = 0;
    for (; rest % factor === 0n; rest /= factor) times++;
    for (let i = 0; i < times; i += exponent) root *= factor;
  }
  return root * rest;
}

/** The first unit of a ratio. It is fine enough for all sizes up to 1000; sizes make it coarser. */
export function finestUnit(): Rational {
  let result = 1n;
  for (let i = 2n; i <= 1000n; i++) result = (result / greatestCommonDivisor(result, i)) * i;
  return rational(1n, result);
}
