// Are the factors those of non-negative least squares? Known answers, and the conditions that only the optimum meets.

import fc from 'fast-check';
import { expect, it } from 'vitest';
import { nonNegativeLeastSquares } from '../../src/explain/nnls.js';

it('is plain least squares where that is positive: y = 2 + 3 x', () => {
  const [a, b] = nonNegativeLeastSquares(
    [
      [1, 0],
      [1, 1],
      [1, 2],
    ],
    [2, 5, 8],
  );
  expect(a).toBeCloseTo(2, 12);
  expect(b).toBeCloseTo(3, 12);
});

it('puts a column that would be negative at 0 and fits the others alone', () => {
  // Plain least squares gives 4 - x; without the slope the best constant is 3.
  const factors = nonNegativeLeastSquares(
    [
      [1, 0],
      [1, 1],
      [1, 2],
    ],
    [4, 3, 2],
  );
  expect(factors[0]).toBeCloseTo(3, 12);
  expect(factors[1]).toBe(0);
});

it('is all 0 where every column points away, and where columns are 0', () => {
  expect(nonNegativeLeastSquares([[1], [1]], [-1, -2])).toEqual([0]);
  expect(nonNegativeLeastSquares([[0], [0]], [1, 2])).toEqual([0]);
});

it('uses one of two equal columns', () => {
  const factors = nonNegativeLeastSquares(
    [
      [1, 1],
      [2, 2],
    ],
    [3, 6],
  );
  expect(factors[0]! + factors[1]!).toBeCloseTo(3, 12);
});

it('meets the Karush-Kuhn-Tucker conditions: no gradient where positive, none that points below where 0', () => {
  const value = fc.double({ min: -10, max: 10, noNaN: true });
  fc.assert(
    fc.property(fc.array(fc.tuple(value, value, value, value), { minLength: 5, maxLength: 12 }), (data) => {
      const rows = data.map(([a, b, c]) => [a, b, c]);
      const wanted = data.map((row) => row[3]);
      const factors = nonNegativeLeastSquares(rows, wanted);
      const rests = rows.map((row, i) => row.reduce((sum, v, j) => sum + v * factors[j]!, 0) - wanted[i]!);
      for (const [j, factor] of factors.entries()) {
        const length = Math.hypot(...rows.map((row) => row[j]!));
        const gradient = rows.reduce((sum, row, i) => sum + row[j]! * rests[i]!, 0) / Math.max(length, 1e-9);
        expect(factor).toBeGreaterThanOrEqual(0);
        if (length < 1e-3) continue;
        if (factor > 0) expect(Math.abs(gradient)).toBeLessThan(1e-3);
        else expect(gradient).toBeGreaterThan(-1e-3);
      }
    }),
    { seed: 7 },
  );
});
