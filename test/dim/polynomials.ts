// Which polynomials do the tests draw? Random ones in three symbols, with whole coefficients or with promised fractions.

import fc from 'fast-check';
import { div, product, symbol, total, type Dim } from '../../src/dim/dim.js';

/** What each symbol promises. */
export const PROMISES = { g: 1, h: 12, w: 6 } as const;
export const G = symbol('g', PROMISES.g);
export const H = symbol('h', PROMISES.h);
export const W = symbol('w', PROMISES.w);

const power = (base: Dim, exponent: number): Dim => product(Array<Dim>(exponent).fill(base));
const exponent = fc.integer({ min: 0, max: 2 });

const whole = (coefficient: number, g: number, h: number, w: number): Dim =>
  product([coefficient, power(G, g), power(H, h), power(W, w)]);

const term = fc
  .tuple(fc.integer({ min: -50, max: 50 }), exponent, exponent, exponent, fc.constantFrom(1, 2, 3, 4, 12))
  .map(([coefficient, g, h, w, divisor]) =>
    h > 0 ? div(whole(coefficient, g, h, w), divisor) : whole(coefficient, g, h, w),
  );

/** A sum of up to five terms; often a number. */
export const polynomial: fc.Arbitrary<Dim> = fc.array(term, { maxLength: 5 }).map((terms) => total(terms));

export const nonZero = polynomial.filter((a) => a !== 0);

/** Values that keep the promises. */
export const point = fc
  .tuple(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 9 }))
  .map(([g, h, w]) => ({ g, h: h * PROMISES.h, w: w * PROMISES.w }));

export const holds = <T extends [unknown, ...unknown[]]>(property: fc.IProperty<T>): void => {
  fc.assert(property, { seed: 2019, numRuns: 200 });
};
