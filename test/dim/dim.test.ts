// Is arithmetic on sizes exact, canonical and honest about what it cannot divide?

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { demandAtLeast, raiseToLeast } from '../../src/dim/atLeast.js';
import * as dim from '../../src/dim/dim.js';
import { add, div, equal, exact, floorDiv, floorScaled, mul, product, sub, symbol, total } from '../../src/dim/dim.js';
import type { Dim } from '../../src/dim/dim.js';
import { evaluate } from '../../src/dim/evaluate.js';
import { constant } from '../../src/dim/poly.js';
import { finestUnit, promise } from '../../src/dim/promise.js';
import { rational, toNumber, type Rational } from '../../src/dim/rational.js';
import { show } from '../../src/dim/text.js';
import { InputError } from '../../src/inputError.js';
import { NoClosedForm } from '../../src/dim/noClosedForm.js';
import { G, H, holds, nonZero, point, polynomial, PROMISES, W } from './polynomials.js';

const LIMIT = Number.MAX_SAFE_INTEGER;
const thrownBy = (run: () => unknown): unknown => {
  try {
    run();
  } catch (error) {
    return error;
  }
  return undefined;
};

describe('sums and products', () => {
  it('obey the laws of a commutative ring, as equal data', () => {
    holds(
      fc.property(polynomial, polynomial, polynomial, (a, b, c) => {
        expect(add(a, b)).toEqual(add(b, a));
        expect(mul(a, b)).toEqual(mul(b, a));
        expect(add(add(a, b), c)).toEqual(add(a, add(b, c)));
        expect(mul(mul(a, b), c)).toEqual(mul(a, mul(b, c)));
        expect(mul(a, add(b, c))).toEqual(add(mul(a, b), mul(a, c)));
        expect([add(a, 0), mul(a, 1), mul(a, 0), sub(a, a)]).toEqual([a, a, 0, 0]);
        expect(equal(a, b)).toBe(show(a) === show(b));
      }),
    );
  });

  it('give a number for numbers, and for symbols that cancel', () => {
    expect([add(2, 3), mul(2, 3), sub(2, 3), div(6, 3), total([]), product([])]).toEqual([5, 6, -1, 2, 0, 1]);
    expect(sub(add(H, 5), H)).toBe(5);
    expect(div(mul(H, 5), H)).toBe(5);
  });

  it('agree with the same sums of numbers wherever the promises are kept', () => {
    holds(
      fc.property(polynomial, polynomial, point, (a, b, at) => {
        const [x, y] = [evaluate(a, at), evaluate(b, at)];
        fc.pre(Math.abs(x * y) < 1e12);
        expect([evaluate(add(a, b), at), evaluate(sub(a, b), at)]).toEqual([x + y, x - y]);
      }),
    );
  });

  it('refuse one name with two promises', () => {
    const [two, four] = [symbol('h', 2), symbol('h', 4)];
    for (const join of [add, sub, mul, div, (a: Dim, b: Dim) => add(mul(a, a), b)])
      expect(() => join(two, four)).toThrow('the symbol h carries two promises, ');
  });

  it('list their symbols once, in alphabetical order, with promises', () => {
    expect(dim.symbolsOf([mul(W, H), 7, G, W])).toEqual(
      Object.entries(PROMISES).map(([name, multipleOf]): unknown => expect.objectContaining({ name, multipleOf })),
    );
  });
});

describe('the exact quotient', () => {
  it('undoes a product, by polynomials too', () => {
    const whole = fc.tuple(
      fc.integer({ min: -9, max: 9 }),
      fc.integer({ min: 1, max: 9 }),
      fc.integer({ min: -9, max: 9 }),
    );
    const linear = whole.map(([a, b, c]) => total([mul(a, G), mul(b, H), c]));
    holds(
      fc.property(linear, nonZero, (a, b) => {
        expect(div(mul(a, b), b)).toEqual(a);
      }),
    );
  });

  it('leans on promises: h / 12 is whole where h is a multiple of 12, h / 24 is not', () => {
    expect(show(div(H, 12))).toBe('1/12 h');
    const error = thrownBy(() => div(H, 24));
    expect(error).toBeInstanceOf(NoClosedForm);
    expect(error).toMatchObject({ choices: [{ symbol: 'h', needs: { unit: rational(24n) } }] });
  });

  it('refuses remainders and zero', () => {
    expect(() => div(7, 2)).toThrow(InputError);
    expect(() => div(7, 0)).toThrow(InputError);
    expect(() => div(H, 0)).toThrow(InputError);
    expect(() => div(add(mul(H, H), 1), add(H, 1))).toThrow(InputError);
    expect(() => div(1, H)).toThrow(InputError);
    expect(thrownBy(() => div(add(H, 1), 2))).toBeInstanceOf(InputError);
  });
});

describe('rounding down', () => {
  it('equals floor(a / b) at every value that keeps the promises, or names the promise it lacks', () => {
    for (const promise of [1, 2, 3, 4, 6, 12])
      for (const factor of [1, 2, 3])
        for (const shift of [-7, -1, 0, 1, 5])
          for (const by of [1, 2, 3, 4, 6]) {
            const size = add(mul(factor, symbol('s', promise)), shift);
            if ((promise * factor) % by === 0) {
              for (let s = promise; s <= 10 * promise; s += promise)
                expect(evaluate(floorDiv(size, by), { s })).toBe(Math.floor((factor * s + shift) / by));
            } else {
              const error = thrownBy(() => floorDiv(size, by));
              expect(error).toBeInstanceOf(NoClosedForm);
              const needed = toNumber((error as NoClosedForm).choices[0].needs.unit!);
              expect(error).toMatchObject({ choices: [{ symbol: 's' }] });
              expect((needed * factor) % by).toBe(0);
              expect(needed % promise).toBe(0);
            }
          }
  });

  it('scales by a ratio as it is written, for numbers as for symbols', () => {
    expect([floorScaled(100, 0.29), floorScaled(100, 0.57), floorScaled(10, 1.1)]).toEqual([29, 57, 11]);
    for (let percent = 1; percent <= 100; percent++)
      expect(floorScaled(300, percent / 100)).toBe(evaluate(floorScaled(symbol('c', 100), percent / 100), { c: 300 }));
    expect(floorScaled(10_000_001, 1.5e-7)).toBe(1);
    expect(() => floorScaled(3, 1e21)).toThrow('passes 2^53');
    expect(floorScaled(7, 0.5)).toBe(3);
    expect(show(floorScaled(add(H, 1), 0.5))).toBe('0.5 h');
    expect(show(floorScaled(symbol('c', 4), 0.75))).toBe('0.75 c');
    expect(show(floorScaled(64, symbol('r') as never))).toBe('64 r');
    expect(floorScaled(100, constant(rational(1n, 3n)))).toBe(33);
    expect(() => floorScaled(3, 0.3)).toThrow('0.3 times 3 rounds down to nothing');
    expect(thrownBy(() => floorScaled(symbol('c'), 0.25))).toMatchObject({
      choices: [{ symbol: 'c', needs: { unit: rational(4n) } }],
    });
  });
});

describe('the least promise', () => {
  const needed = (act: () => unknown): unknown => {
    const error = thrownBy(act);
    expect(error).toBeInstanceOf(NoClosedForm);
    return (error as NoClosedForm).choices[0].needs;
  };
  const c = symbol('c');

  it('of a power is that of its root: c^2 / 4 needs 2, c^2 / 8 needs 4, c^3 / 24 needs 6', () => {
    expect(needed(() => div(mul(c, c), 4))).toEqual({ unit: rational(2n) });
    expect(needed(() => div(mul(c, c), 8))).toEqual({ unit: rational(4n) });
    expect(needed(() => div(product([c, c, c]), 24))).toEqual({ unit: rational(6n) });
    const even = symbol('c', 2);
    expect(show(div(mul(even, even), 4))).toBe('0.25 c^2');
  });

  it('of a ratio is the largest unit that every size is a multiple of the inverse of', () => {
    const free = (unit: Rational): Dim => symbol('r', promise(unit));
    const scaled = (sizes: readonly number[]): Rational => {
      for (let unit = finestUnit(); ;) {
        try {
          for (const size of sizes) floorScaled(size, free(unit));
          return unit;
        } catch (error) {
          unit = (error as NoClosedForm).choices[0].needs.unit!;
        }
      }
    };
    expect(scaled([32])).toEqual(rational(1n, 32n));
    expect(scaled([32, 24])).toEqual(rational(1n, 8n));
    expect(scaled([48, 36, 60])).toEqual(rational(1n, 12n));
    expect(scaled([7, 3])).toEqual(rational(1n));
  });

  it('of a size that shrinks is the least value that leaves something', () => {
    const least = (dim: Dim, limit: number): unknown => needed(() => raiseToLeast(dim, limit, 'a side'));
    expect(least(sub(c, 6), 1)).toEqual({ least: rational(7n) });
    expect(least(sub(div(symbol('c', 2), 2), 6), 1)).toEqual({ least: rational(14n) });
    expect(least(sub(mul(c, c), 26), 0)).toEqual({ least: rational(6n) });
    expect(least(sub(30, mul(4, c)), 1)).toEqual({ most: rational(7n) });
    expect(least(sub(0, c), 0)).toEqual({ most: rational(0n) });
    expect(raiseToLeast(add(c, 5), 6, 'a side')).toBe(true);
  });

  it('is none where two symbols must fit each other', () => {
    expect(raiseToLeast(sub(symbol('d'), c), 0, 'a side')).toBe(false);
    expect(() => {
      demandAtLeast(sub(symbol('d'), c), 0, 'a side');
    }).toThrow('there is no closed form in c and d together');
  });
});

describe('past 2^53', () => {
  it.each([
    ['add', () => add(LIMIT, 1)],
    ['sub', () => sub(-LIMIT, 1)],
    ['mul', () => mul(2 ** 27, 2 ** 27)],
    ['total', () => total([LIMIT - 1, 1, 1])],
    ['product', () => product([2 ** 20, 2 ** 20, 2 ** 13])],
    ['a polynomial that becomes a number', () => sub(add(add(H, LIMIT), 1), H)],
    ['exact', () => exact(Infinity)],
  ])('%s throws and never rounds', (_, run) => {
    expect(run).toThrow(InputError);
    expect(run).toThrow('passes 2^53');
  });

  it('the largest exact count is still given', () => {
    expect(add(LIMIT - 1, 1)).toBe(LIMIT);
    expect(() => exact(1.5)).toThrow('1.5 is not a whole number');
  });
});
