// Are fractions exact, in lowest terms and written one way?

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decimal, floor, isZero, negate, over, plus, rational, showRational, times } from '../../src/dim/rational.js';

const fraction = fc
  .tuple(fc.bigInt({ min: -(10n ** 20n), max: 10n ** 20n }), fc.bigInt({ min: 1n, max: 10n ** 6n }))
  .map(([numerator, denominator]) => rational(numerator, denominator));
const holds = <T extends [unknown, ...unknown[]]>(property: fc.IProperty<T>): void => {
  fc.assert(property, { seed: 11 });
};

describe('a fraction', () => {
  it('is in lowest terms with a positive denominator, so equal values are equal data', () => {
    expect(rational(6n, -4n)).toEqual({ numerator: -3n, denominator: 2n });
    expect(rational(0n, -7n)).toEqual({ numerator: 0n, denominator: 1n });
    holds(
      fc.property(fraction, fc.bigInt({ min: 1n, max: 999n }), (a, k) => {
        expect(rational(a.numerator * -k, a.denominator * -k)).toEqual(a);
      }),
    );
  });

  it('is read from a number as it is written', () => {
    expect([0.29, 1.4, 3, -0.5, 1.5e-7, 2e21].map((value) => showRational(decimal(value)))).toEqual([
      '0.29',
      '1.4',
      '3',
      '-0.5',
      '0.00000015',
      '2000000000000000000000',
    ]);
  });

  it('refuses a zero denominator, given or divided by', () => {
    expect(() => rational(1n, 0n)).toThrow(RangeError);
    expect(() => over(rational(1n), rational(0n))).toThrow(RangeError);
  });

  it('obeys the laws of a field', () => {
    holds(
      fc.property(fraction, fraction, fraction, (a, b, c) => {
        expect(plus(a, b)).toEqual(plus(b, a));
        expect(times(a, plus(b, c))).toEqual(plus(times(a, b), times(a, c)));
        expect(plus(plus(a, b), c)).toEqual(plus(a, plus(b, c)));
        expect(isZero(plus(a, negate(a)))).toBe(true);
        if (!isZero(b)) expect(times(over(a, b), b)).toEqual(a);
      }),
    );
  });

  it('has as floor the greatest integer that is not above it, below zero too', () => {
    expect([7n, -7n, 8n, -8n].map((n) => floor(rational(n, 4n)))).toEqual([1n, -2n, 2n, -2n]);
    holds(
      fc.property(fraction, (a) => {
        const below = floor(a) * a.denominator;
        expect(below <= a.numerator && a.numerator < below + a.denominator).toBe(true);
      }),
    );
  });

  it.each([
    [3n, 1n, '3'],
    [-3n, 1n, '-3'],
    [0n, 5n, '0'],
    [1691n, 32n, '52.84375'],
    [-1n, 200n, '-0.005'],
    [1n, 3n, '1/3'],
    [-5n, 6n, '-5/6'],
  ])('%s/%s is written "%s": decimals where they end, a fraction where they do not', (n, d, text) => {
    expect(showRational(rational(n, d))).toBe(text);
  });
});
