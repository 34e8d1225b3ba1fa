// A slice takes what a slice of a list takes, in either direction, and of a side with symbols.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { sub, symbol } from '../../../src/dim/dim.js';
import { show } from '../../../src/dim/text.js';
import { cutOf, numericCut, wholeSide } from '../../../src/importers/kit/slice.js';

describe('a slice', () => {
  test('has as many elements as one of a list, in either direction', () => {
    const bound = fc.integer({ min: -12, max: 12 });
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 9 }),
        bound,
        bound,
        fc.constantFrom(-3, -2, -1, 1, 2, 3),
        (side, a, b, step) => {
          const whole = Array.from({ length: side }, (_, i) => i);
          const expected = sliceOf(whole, a, b, step);
          const cut = numericCut(side, a, b, step);
          expect(cut.length).toBe(expected.length);
          if (expected.length === 0) {
            expect(() => cutOf(side, a, b, step)).toThrow('it takes nothing');
            return;
          }
          const { first, length } = cutOf(side, a, b, step);
          expect({ first, length }).toEqual({ first: expected[0], length: expected.length });
          expect(cut).toEqual({ first, length, step });
        },
      ),
      { seed: 11, numRuns: 300 },
    );
  });

  test('without bounds takes the whole side, in either direction', () => {
    expect(numericCut(5, undefined, undefined, 1)).toEqual(wholeSide(5));
    expect(numericCut(5, undefined, undefined, -2)).toEqual({ first: 4, length: 3, step: -2 });
  });

  test('in steps of 0 is refused', () => {
    expect(() => numericCut(5, 0, 1, 0)).toThrow('it slices in steps of 0');
    expect(() => cutOf(5, 0, 1, 0)).toThrow('it slices in steps of 0');
  });

  test('of a side that is open counts from its end', () => {
    const h = symbol('h');
    const { first, length } = cutOf(h, -1, -Infinity, -1);
    expect(show(sub(first, sub(h, 1)))).toBe('0');
    expect(show(length)).toBe('h');
  });
});

/** As Python slices a list. */
function sliceOf(list: readonly number[], start: number, end: number, step: number): readonly number[] {
  const { length } = list;
  const clipped = (at: number, low: number, high: number): number =>
    Math.max(low, Math.min(at < 0 ? at + length : at, high));
  const [low, high] = step > 0 ? [0, length] : [-1, length - 1];
  const found: number[] = [];
  for (
    let i = clipped(start, low, high);
    step > 0 ? i < clipped(end, low, high) : i > clipped(end, low, high);
    i += step
  )
    found.push(list[i]!);
  return found;
}
