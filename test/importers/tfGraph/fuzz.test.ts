// A spoilt graph of TensorFlow is counted, or refused in one sentence.

import { expect, it } from 'vitest';
import { GRAPHS, mutant } from './mutate.js';
import { outcomeOf } from './outcome.js';

it('the graphs themselves are counted', () => {
  expect(GRAPHS.map(outcomeOf)).toEqual(GRAPHS.map(() => 'counted'));
});

it('600 mutations, some of them counted and some refused', () => {
  const outcomes = Array.from({ length: 600 }, (_, i) => outcomeOf(mutant(GRAPHS, i + 1)));
  expect(outcomes.filter((one) => one === 'counted').length).toBeGreaterThan(60);
  expect(outcomes.filter((one) => one === 'refused').length).toBeGreaterThan(60);
});
