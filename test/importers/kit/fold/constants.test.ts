// Constants are computed before a network runs: as arrays are, exact for symbols, and not where a symbol leaves it open.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { mul, symbol } from '../../../../src/dim/dim.js';
import { show } from '../../../../src/dim/text.js';
import * as fold from '../../../../src/importers/kit/fold/constants.js';
import { BINARY, UNARY } from '../../../../src/importers/kit/fold/numbers.js';
import { numericCut } from '../../../../src/importers/kit/slice.js';
import type { Constant } from '../../../../src/importers/kit/operand.js';

const int = (sides: readonly number[], items: fold.Known['items']): fold.Known => ({ type: 'int', sides, items });
const items = (found: Constant | undefined) =>
  found?.items?.map((item) => (typeof item === 'number' ? item : show(item)));
const h = symbol('h');

describe('a constant of known items', () => {
  const a = int([2, 3], [1, 2, 3, 4, 5, 6]);

  test('is combined with another by NumPy broadcasting', () => {
    expect(items(fold.combined(a, int([3], [10, 20, 30]), BINARY.add))).toEqual([11, 22, 33, 14, 25, 36]);
    expect(fold.combined(a, int([2], [1, 2]), BINARY.add)).toBeUndefined();
  });

  test('has symbols where sizes do, and none where their value decides', () => {
    expect(items(fold.combined(int([1], [h]), int([1], [2]), BINARY.multiply))).toEqual(['2 h']);
    expect(fold.combined(int([1], [h]), int([1], [2]), BINARY.minimum)).toBeUndefined();
    expect(fold.combined(int([1], [h]), int([1], [-1]), BINARY.equal)?.items).toEqual([0]);
    expect(items(fold.changed(int([1], [mul(h, 3)]), UNARY.negate))).toEqual(['-3 h']);
  });

  test('is picked from, cut, joined, turned and repeated', () => {
    expect(items(fold.gathered(a, int([2], [-1, 0]), 1))).toEqual([3, 1, 6, 4]);
    expect(() => fold.gathered(a, int([1], [3]), 1)).toThrow('the index 3 is outside the 3 along axis 1');
    const backwards = numericCut(3, -1, -Infinity, -1);
    expect(items(fold.cutOut(a, [numericCut(2, 1, 2, 1), backwards]))).toEqual([6, 5, 4]);
    expect(items(fold.concatenated([a, int([2, 1], [7, 8])], 1))).toEqual([1, 2, 3, 7, 4, 5, 6, 8]);
    expect(items(fold.transposed(a, [1, 0]))).toEqual([1, 4, 2, 5, 3, 6]);
    expect(items(fold.tiled(int([2], [1, 2]), [2]))).toEqual([1, 2, 1, 2]);
    expect(items(fold.expanded(int([1, 2], [1, 2]), [2, 2]))).toEqual([1, 2, 1, 2]);
    expect(items(fold.chosen(int([2], [0, 1]), int([2], [1, 2]), int([1], [9])))).toEqual([9, 2]);
  });

  test('is reduced as a list of sizes is, and its sides change', () => {
    expect(items(fold.reduced(int([3], [2, h, 3]), false, (x, y) => BINARY.multiply(x, y, true)))).toEqual(['6 h']);
    expect(fold.withSides(a, [3, 2]).shape).toEqual([3, 2]);
    expect(() => fold.withSides(a, [4])).toThrow('6 numbers do not make the shape [4]');
    expect(items(fold.castTo({ type: 'float', sides: [2], items: [1.7, -1.7] }, 'int'))).toEqual([1, -1]);
  });

  test('of a range has the numbers below its limit, and is not made past what is kept', () => {
    expect(items(fold.range('int', 2, 9, 3))).toEqual([2, 5, 8]);
    expect(fold.range('int', 0, 2 ** 30, 1)).toBeUndefined();
  });
});

test('two transpositions that undo each other change nothing', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 3, maxLength: 3 }), (sides) => {
      const count = sides.reduce((all, side) => all * side, 1);
      const a = int(
        sides,
        Array.from({ length: count }, (_, i) => i),
      );
      const back = fold.transposed(fold.known(fold.transposed(a, [2, 0, 1]))!, [1, 2, 0]);
      expect(back).toMatchObject({ shape: sides, items: a.items });
    }),
    { seed: 7, numRuns: 50 },
  );
});
