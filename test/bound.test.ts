// Is the bound the papers' bound, and is it reached exactly where a convolution is balanced?

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { balance, memoryAccessBound } from '../src/bound.js';

const seeded = { seed: 20260801, numRuns: 500 };
const size = fc.integer({ min: 1, max: 4096 });

describe('memoryAccessBound', () => {
  test('at equal resolution it is 2 sqrt(hwB / k^2) + B / hw (VoVNet section 3.1)', () => {
    const side = fc.integer({ min: 1, max: 256 });
    fc.assert(
      fc.property(side, side, size, size, fc.constantFrom(1, 3, 5, 7), (h, w, from, to, k) => {
        const work = k * k * h * w * from * to;
        const papers = 2 * Math.sqrt((h * w * work) / (k * k)) + work / (h * w);
        const ours = memoryAccessBound(h * w * from, h * w * to, k * k * from * to);
        expect(Math.abs(ours / papers - 1)).toBeLessThan(1e-12);
      }),
      seeded,
    );
  });

  test('by hand: 4 in, 9 out, 5 weights', () => {
    expect(memoryAccessBound(4, 9, 5)).toBe(2 * 6 + 5);
  });
});

describe('balance', () => {
  test('is at least 1, and 1 iff in = out', () => {
    fc.assert(
      fc.property(size, size, size, (input, output, weights) => {
        const value = balance(input, output, weights);
        expect(value).toBeGreaterThanOrEqual(1);
        expect(value === 1).toBe(input === output);
      }),
      seeded,
    );
  });

  test('does not depend on which side is the larger', () => {
    fc.assert(
      fc.property(size, size, size, (a, b, weights) => {
        expect(balance(a, b, weights)).toBe(balance(b, a, weights));
      }),
      seeded,
    );
  });

  test('of 4 in, 9 out, 5 weights is 18 / 17', () => {
    expect(balance(4, 9, 5)).toBe(18 / 17);
    expect(balance(9, 9, 5)).toBe(1);
  });

  test('stays exactly 1 for sides whose square root is not exact', () => {
    for (const side of [2, 3, 7 * 7 * 2048, 1e15 + 1]) expect(balance(side, side, 12345)).toBe(1);
  });
});
