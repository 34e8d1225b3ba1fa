// A spoilt model of Keras is counted, or refused in one sentence.

import { expect, it } from 'vitest';
import { mutant, TEXT } from './mutate.js';
import { outcomeOf } from './outcome.js';

it('the network itself is counted', () => {
  expect(outcomeOf(new TextEncoder().encode(TEXT))).toBe('counted');
});

it('300 mutations, some of them counted and some refused', () => {
  const outcomes = Array.from({ length: 300 }, (_, i) => outcomeOf(mutant([], i + 1)));
  expect(new Set(outcomes)).toEqual(new Set(['counted', 'refused']));
});
