// Does a compiled closed form give the same exact numbers?

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compile } from '../../src/dim/compile.js';
import { mul, product, sub, symbol } from '../../src/dim/dim.js';
import { evaluate } from '../../src/dim/evaluate.js';
import { promise } from '../../src/dim/promise.js';
import { rational } from '../../src/dim/rational.js';
import { parse } from '../../src/dim/text.js';
import { InputError } from '../../src/inputError.js';
import { G, H, holds, point, polynomial } from './polynomials.js';

describe('a compiled size', () => {
  it('equals evaluate on random polynomials at random points', () => {
    holds(
      fc.property(polynomial, point, (a, { g, h, w }) => {
        expect(compile(a, ['w', 'g', 'h'])(w, g, h)).toBe(evaluate(a, { g, h, w }));
      }),
    );
  });

  it('subtracts: negative terms, negative values and zero', () => {
    expect(compile(sub(G, 5), ['g'])(3)).toBe(-2);
    expect(compile(parse('0.5 L^2 - 0.5 L', { L: 1 }), ['L'])(5)).toBe(10);
    expect(compile(parse('-1/3 h - 1', { h: 3 }), ['h'])(6)).toBe(-3);
    expect(compile(sub(G, 3), ['g'])(3)).toBe(0);
  });

  it('takes a ratio in its units, and refuses what lies between them', () => {
    const width = symbol('a', promise(rational(1n, 12n)));
    const squared = compile(product([144, width, width, G]), ['a', 'g']);
    expect([squared(0.25, 3), squared(1 / 3, 2), squared(7 / 12, 1), squared(2, 1)]).toEqual([27, 32, 49, 576]);
    expect(() => squared(0.3, 1)).toThrow('a = 0.3 is not a positive multiple of 1/12');
  });

  it('may be a number, and ignores names that it does not use', () => {
    expect(compile(7, [])()).toBe(7);
    expect(compile(0, ['g'])(1)).toBe(0);
    expect(compile(G, ['h', 'g'])(12, 2)).toBe(2);
  });

  it('throws past 2^53 on either side of a subtraction, and is exact up to it', () => {
    const cube = compile(product([G, G, G]), ['g']);
    expect(cube(208063)).toBe(208063 ** 3);
    expect(() => cube(208064)).toThrow(InputError);
    expect(() => cube(208064)).toThrow('passes 2^53');
    expect(() => compile(sub(1, product([G, G, G])), ['g'])(208064)).toThrow('passes 2^53');
    expect(() => cube(Infinity)).toThrow(InputError);
    expect(() => cube(NaN)).toThrow(InputError);
  });

  it('is exact where only a sum on the way passes 2^53: a common denominator, a difference', () => {
    const share = parse('1/1024 h^2 + 1/3 h', { h: 96 });
    const side = 96 * 2 ** 19;
    expect(compile(share, ['h'])(side)).toBe((96 * 96 * 2 ** 38) / 1024 + 32 * 2 ** 19);
    expect(compile(sub(product([G, G, G]), mul(208063, mul(G, G))), ['g'])(208064)).toBe(208064 ** 2);
  });

  it('refuses a symbol that is not among its variables, and a coefficient past 2^53', () => {
    expect(() => compile(H, ['g', 'w'])).toThrow('the symbol h is not among the variables g, w');
    const huge = parse('9007199254740993 s', { s: 1 });
    expect(() => compile(huge, ['s'])).toThrow(InputError);
    expect(compile(symbol('constructor'), ['constructor'])(4)).toBe(4);
  });
});
