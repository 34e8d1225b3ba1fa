import { describe, expect, it } from 'vitest';
import { drift, quantile, summarise } from '../../src/measure/statistics.js';

describe('quantile', () => {
  it('interpolates between order statistics as R and NumPy do', () => {
    expect([0, 0.25, 0.5, 0.75, 1].map((p) => quantile([6, 1, 5, 2, 4, 3], p))).toEqual([1, 2.25, 3.5, 4.75, 6]);
  });
  it('of one value is that value, and of none an error', () => {
    expect(quantile([7], 0.25)).toBe(7);
    expect(() => quantile([], 0.5)).toThrow(RangeError);
  });
});

describe('summarise', () => {
  it('gives median, quartiles, extremes and relative spread', () => {
    expect(summarise([10, 12, 11, 13, 9])).toEqual({
      median: 11,
      lowerQuartile: 10,
      upperQuartile: 12,
      least: 9,
      most: 13,
      spread: 2 / 11,
    });
  });
});

it.each([[[7]], [[7, 9]]])('%j have no spread: two windows lie wherever they lie', (windows) => {
  expect(summarise(windows).spread).toBeNull();
});

describe('drift', () => {
  it('is the later half over the earlier half, without the middle window', () => {
    expect(drift([10, 10, 99, 11, 11])).toBeCloseTo(1.1);
    expect(drift([10])).toBe(1);
  });
});
