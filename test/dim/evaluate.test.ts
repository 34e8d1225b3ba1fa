// Is a closed form's value exact, and refused where it would not hold?

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Builder } from '../../src/builder.js';
import { add, div, mul, product, sub, symbol, total, type Dim } from '../../src/dim/dim.js';
import { evaluate, substitute } from '../../src/dim/evaluate.js';
import { constant } from '../../src/dim/poly.js';
import { promise } from '../../src/dim/promise.js';
import { rational } from '../../src/dim/rational.js';
import { parse, show } from '../../src/dim/text.js';
import { InputError } from '../../src/inputError.js';
import { G, H, holds, point, polynomial, W } from './polynomials.js';

describe('a value', () => {
  it('is exact where doubles would round on the way', () => {
    const third = div(symbol('s', 3), 3);
    expect(evaluate(third, { s: Number.MAX_SAFE_INTEGER - 1 })).toBe(3002399751580330);
    const x = symbol('x');
    expect(evaluate(div(mul(symbol('y', 7), x), 7), { x: 94906267, y: 7 })).toBe(94906267);
  });

  it('is the same whether all symbols get their values at once or one after the other', () => {
    holds(
      fc.property(polynomial, point, (a, { g, h, w }) => {
        const value = evaluate(a, { g, h, w });
        expect(substitute(substitute(substitute(a, { w }), { g }), { h })).toBe(value);
      }),
    );
  });

  it('is that of the arithmetic done with numbers', () => {
    holds(
      fc.property(point, ({ g, h, w }) => {
        const form = total([product([3, G, G, H]), div(mul(H, W), 72), mul(-5, W), 11]);
        expect(evaluate(form, { g, h, w })).toBe(3 * g * g * h + (h * w) / 72 - 5 * w + 11);
      }),
    );
  });

  it('of a sum of fractions is whole: L (L - 1) / 2', () => {
    const pairs = parse('0.5 L^2 - 0.5 L', { L: 1 });
    expect([1, 2, 3, 4, 5].map((L) => evaluate(pairs, { L }))).toEqual([0, 1, 3, 6, 10]);
  });

  it('that is a fraction after all is refused, not rounded', () => {
    const half = parse('0.5 L', { L: 1 });
    expect(evaluate(half, { L: 4 })).toBe(2);
    expect(() => evaluate(half, { L: 3 })).toThrow(InputError);
    expect(() => evaluate(half, { L: 3 })).toThrow('1.5 is not a whole number');
  });

  it.each([0, -12, 6, 18, 12.5, NaN, Infinity])('of %s breaks the promise of h to be a multiple of 12', (h) => {
    expect(() => evaluate(H, { h })).toThrow(`h = ${h} is not a positive multiple of 12`);
  });

  it('of a ratio is exact as it is written, and refused between its units', () => {
    const width = symbol('a', promise(rational(1n, 32n), undefined, rational(2n)));
    expect(evaluate(mul(32, width), { a: 0.75 })).toBe(24);
    expect(evaluate(product([1024, width, width]), { a: 1.03125 })).toBe(1089);
    const third = symbol('a', promise(rational(1n, 3n)));
    expect(substitute(mul(30, third), { a: constant(rational(2n, 3n)) })).toBe(20);
    expect(() => evaluate(mul(32, width), { a: 0.3 })).toThrow('a = 0.3 is not a positive multiple of 0.03125');
    expect(() => evaluate(mul(32, width), { a: 3 })).toThrow('a = 3 is above 2, as far as the closed form holds');
  });

  it('is refused where a side of the network would be gone: h - 6 at h = 5', () => {
    const build = (h: Dim): Dim => {
      const net = Builder.start();
      return net.apply('conv', 'conv', net.input([1, 3, h, 64]), { channels: 1, kernel: 7 }).shape[2]!;
    };
    expect(() => build(symbol('h'))).toThrow('a side has no closed form unless h is at least 7');
    const side = build(symbol('h', promise(rational(1n), rational(7n))));
    expect(evaluate(side, { h: 9 })).toBe(3);
    expect(() => evaluate(side, { h: 5 })).toThrow('h = 5 is below 7, as far as the closed form holds');
  });

  it('needs every symbol, and names the one that lacks', () => {
    expect(() => evaluate(mul(H, W), { h: 12 })).toThrow('the symbol w has no value: give one, as in w=6');
    expect(() => evaluate(symbol('toString'), {})).toThrow('the symbol toString has no value');
    expect(evaluate(7, {})).toBe(7);
  });

  it('past 2^53 is refused', () => {
    const cube = product([G, G, G]);
    expect(evaluate(cube, { g: 208063 })).toBe(208063 ** 3);
    expect(() => evaluate(cube, { g: 208064 })).toThrow('passes 2^53');
  });

  it('is exact where only a sum on the way passes 2^53', () => {
    const difference = sub(product([G, G, G]), mul(208063, mul(G, G)));
    expect(evaluate(difference, { g: 208064 })).toBe(208064 ** 2);
  });
});

describe('a partial substitution', () => {
  it('leaves the other symbols in place', () => {
    expect(show(substitute(add(mul(H, W), G), { h: 24 }))).toBe('g + 24 w');
    expect(substitute(add(H, 1), { q: 5 })).toEqual(add(H, 1));
  });

  it('takes other symbols and polynomials as values, all at once', () => {
    expect(show(substitute(mul(H, W), { w: H }))).toBe('h^2');
    expect(show(substitute(sub(mul(2, H), W), { h: W, w: H }))).toBe('-h + 2 w');
    expect(show(substitute(mul(G, G), { g: add(H, 1) }))).toBe('h^2 + 2 h + 1');
  });
});
