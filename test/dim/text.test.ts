// Is a size written one way, and read back as the same size?

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { add, div, mul, product, symbol, total, type Dim } from '../../src/dim/dim.js';
import { parse, show } from '../../src/dim/text.js';
import { InputError } from '../../src/inputError.js';
import { G, H, holds, polynomial, PROMISES, W } from './polynomials.js';

const [h, w] = [symbol('h', 32), symbol('w', 32)];

const PINNED: readonly (readonly [string, Dim])[] = [
  ['52.84375 g^2 h w + 32000 g', total([div(product([1691, G, G, h, w]), 32), mul(32000, G)])],
  ['1/3 h', div(H, 3)],
  ['-1/3 h', mul(-1, div(H, 3))],
  ['h w - h + w - 7', total([mul(H, W), mul(-1, H), W, -7])],
  ['-h', mul(-1, H)],
  ['-h w + 1', add(mul(-1, mul(H, W)), 1)],
  ['h^2 + 2 h w + w^2', mul(add(H, W), add(H, W))],
  ['7', 7],
  ['-7', -7],
  ['0', 0],
];

describe('the text of a size', () => {
  it.each(PINNED)('is "%s"', (text, size) => {
    expect(show(size)).toBe(text);
  });

  it('does not depend on the order in which the terms came', () => {
    holds(
      fc.property(polynomial, polynomial, polynomial, (a, b, c) => {
        expect(show(total([a, b, c]))).toBe(show(total([c, a, b])));
      }),
    );
  });

  it('is read back as equal data', () => {
    holds(
      fc.property(polynomial, (a) => {
        expect(parse(show(a), PROMISES)).toEqual(a);
      }),
    );
  });

  it('is read whatever its spaces and order', () => {
    expect(show(parse(' -2 h+  h w+1 ', PROMISES))).toBe('h w - 2 h + 1');
  });

  it.each(['3 q', 'h^', '2.h', '1/0 h', 'h * w', '0x10', 'h^-1', 'toString', 'h -', 'h + - w', 'h ++ w'])(
    '"%s" is refused: its part is not a number and no known symbol',
    (text) => {
      expect(() => parse(text, PROMISES)).toThrow(InputError);
      expect(() => parse(text, PROMISES)).toThrow(`in the size "${text}" is neither a number nor a known symbol`);
    },
  );
});
