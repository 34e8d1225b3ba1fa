// Is the rank correlation Spearman's? Against values that can be worked out by hand.

import { expect, it } from 'vitest';
import { correlationInterval, rankCorrelation } from '../../src/explain/rank.js';

const pairs = (a: readonly number[], b: readonly number[]) => a.map((x, i) => [x, b[i]!] as const);

it('is 1 for the same order, however the values are spaced', () => {
  expect(rankCorrelation(pairs([1, 2, 3], [10, 11, 9000]))).toBeCloseTo(1, 12);
});

it('is -1 for the reversed order', () => {
  expect(rankCorrelation(pairs([1, 2, 3, 4], [4, 3, 2, 1]))).toBeCloseTo(-1, 12);
});

it('is 1 - 6 sum d^2 / n (n^2 - 1) without ties: d = 1, -1, 0, 0 gives 0.8', () => {
  expect(rankCorrelation(pairs([1, 2, 3, 4], [2, 1, 3, 4]))).toBeCloseTo(0.8, 12);
});

it('shares the mean rank among ties: ranks 1.5, 1.5, 3 against 1, 2, 3 give 0.866', () => {
  expect(rankCorrelation(pairs([5, 5, 7], [1, 2, 3]))).toBeCloseTo(Math.sqrt(3) / 2, 12);
});

it('is unknown for two pairs, and where a side is constant', () => {
  expect(rankCorrelation(pairs([1, 2], [1, 2]))).toBeNull();
  expect(rankCorrelation(pairs([1, 1, 1], [1, 2, 3]))).toBeNull();
});

it('has an interval by Fisher: 0.8 over 28 pairs lies between 0.60 and 0.91', () => {
  const [low, high] = correlationInterval(0.8, 28)!;
  expect(low).toBeCloseTo(Math.tanh(Math.atanh(0.8) - (1.96 * 1.03) / 5), 12);
  expect([low.toFixed(2), high.toFixed(2)]).toEqual(['0.60', '0.91']);
  expect(correlationInterval(0.8, 9)).toBeNull();
});
