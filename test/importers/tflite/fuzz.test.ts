// Tests that spoilt TFLite files are counted or refused in one sentence. npm run fuzz spoils as many as one likes.

import { expect, test } from 'vitest';
import { fixtures } from './fixtures.js';
import { mutant } from './mutate.js';
import { outcomeOf } from './outcome.js';

const MUTATIONS = 2000;

test(`${MUTATIONS} mutations are counted or refused in one sentence`, { timeout: 300_000 }, () => {
  const files = fixtures();
  const outcomes = { counted: 0, refused: 0 };
  for (let seed = 1; seed <= MUTATIONS; seed++) {
    try {
      outcomes[outcomeOf(mutant(files, seed), seed % 2 === 0)]++;
    } catch (error) {
      throw new Error(`seed ${seed}`, { cause: error });
    }
  }
  // Both ways are gone often: mutations that broke every file would test the decoder alone.
  expect(outcomes.counted).toBeGreaterThan(MUTATIONS / 10);
  expect(outcomes.refused).toBeGreaterThan(MUTATIONS / 5);
});
