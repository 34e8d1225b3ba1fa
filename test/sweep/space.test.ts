// Is every point of a space reached once, whatever the shards?

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pointAt, pointsIn, pointsOf, type DesignSpace } from '../../src/sweep/space.js';

const space = (sizes: readonly number[], inputs = 1, batches = 1): DesignSpace => ({
  model: 'x',
  file: null,
  axes: sizes.map((size, i) => ({
    path: `field${i}`,
    values: Array.from({ length: size }, (_, k) => 10 * k),
    place: '',
    places: [],
  })),
  inputs: Array.from({ length: inputs }, (_, i) => [3, 32 + i, 32] as const),
  batches: Array.from({ length: batches }, (_, i) => i + 1),
  place: 'space.yaml:1:1',
});

describe('a design space', () => {
  it('numbers its points with the batch the fastest and the first field the slowest', () => {
    const two = space([2, 3], 1, 2);
    expect(pointsIn(two)).toBe(12);
    expect(pointAt(two, 0)).toEqual({ index: 0, values: { field0: 0, field1: 0 }, input: [3, 32, 32], batch: 1 });
    expect(pointAt(two, 1).batch).toBe(2);
    expect(pointAt(two, 2).values).toEqual({ field0: 0, field1: 10 });
    expect(pointAt(two, 6).values).toEqual({ field0: 10, field1: 0 });
  });

  it('gives every point to exactly one of n shards, and no two points the same design', () => {
    const size = fc.integer({ min: 1, max: 4 });
    fc.assert(
      fc.property(
        fc.array(size, { minLength: 1, maxLength: 3 }),
        size,
        size,
        fc.integer({ min: 1, max: 9 }),
        (sizes, inputs, batches, n) => {
          const own = space(sizes, inputs, batches);
          const points = Array.from({ length: n }, (_, i) => [...pointsOf(own, { i: i + 1, n })]).flat();
          expect(points.map(({ index }) => index).sort((a, b) => a - b)).toEqual(
            Array.from({ length: pointsIn(own) }, (_, i) => i),
          );
          expect(new Set(points.map(({ index: _, ...design }) => JSON.stringify(design))).size).toBe(points.length);
        },
      ),
      { seed: 2 },
    );
  });

  it('of more points than a fleet can count is refused', () => {
    expect(() => pointsIn(space([10_000, 10_000, 10_000]))).toThrow(
      /^space\.yaml:1:1: the space has 1000000000000 points/,
    );
  });
});
