// Is a polynomial recovered from its values at 1, 2, 3, ..., and anything else refused?

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { add, floorDiv, mul, product, symbol, total, type Dim } from '../../src/dim/dim.js';
import { substitute } from '../../src/dim/evaluate.js';
import { interpolate } from '../../src/dim/interpolate.js';
import { show } from '../../src/dim/text.js';
import { InputError } from '../../src/inputError.js';
import { H, holds, polynomial } from './polynomials.js';

const L = symbol('L');

describe('interpolation', () => {
  it.each<[string, (count: number) => Dim]>([
    ['0', () => 0],
    ['5', () => 5],
    ['L', (count) => count],
    ['0.5 L^2 - 0.5 L', (count) => (count * (count - 1)) / 2],
    ['1/6 L^3 - 0.5 L^2 + 1/3 L', (count) => (count * (count - 1) * (count - 2)) / 6],
    ['L^8', (count) => count ** 8],
    ['-3 L + 2', (count) => 2 - 3 * count],
  ])('finds %s', (text, at) => {
    expect(show(interpolate('L', at))).toBe(text);
  });

  it('recovers any polynomial, with other symbols in its coefficients', () => {
    holds(
      fc.property(fc.array(polynomial, { maxLength: 5 }), (coefficients) => {
        const form = total(coefficients.map((a, k) => mul(a, product(Array<Dim>(k).fill(L)))));
        expect(interpolate('L', (count) => substitute(form, { L: count }))).toEqual(form);
      }),
    );
    const growing = interpolate('L', (count) => product([count, count - 1, add(H, 1)]));
    expect(show(growing)).toBe('L^2 h + L^2 - L h - L');
    const pairs = (count: number): Dim => mul((count * (count - 1)) / 2, H);
    expect(show(interpolate('L', pairs))).toBe('0.5 L^2 h - 0.5 L h');
  });

  it('asks for three values more than it needs and three far away, and for no count twice', () => {
    const asked: number[] = [];
    interpolate('L', (count) => (asked.push(count), 2 * count + 1));
    expect(asked).toEqual([1, 2, 3, 4, 5, 12, 40, 100]);
  });

  it('goes on where few values look simpler than they are', () => {
    const at = (count: number): number => (count - 1) * (count - 2) * (count - 3) * (count - 4);
    expect(show(interpolate('L', at))).toBe('L^4 - 10 L^3 + 35 L^2 - 50 L + 24');
  });

  it.each<[string, (count: number) => Dim]>([
    ['2^L', (count) => 2 ** count],
    ['2^L h', (count) => mul(2 ** count, H)],
    ['what depends on parity', (count) => count % 2],
    ['half of L, rounded down', (count) => floorDiv(count, 2)],
    ['a fifth of L, rounded down', (count) => Math.floor(count / 5)],
    ['a hundredth of L, rounded down', (count) => Math.floor(count / 100)],
    ['what changes past 30', (count) => Math.max(count, 30)],
    ['a degree above 8', (count) => count ** 9],
    ['a step within the values that it checks', (count) => (count < 4 ? 1 : 2)],
  ])('refuses %s', (_, at) => {
    expect(() => interpolate('L', at)).toThrow(InputError);
    expect(() => interpolate('L', at)).toThrow('no polynomial of degree 8 or less in L fits');
  });
});
