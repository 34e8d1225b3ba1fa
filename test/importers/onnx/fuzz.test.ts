// Can a spoilt file break the reader? Thousands of seeded mutations of real exports; npm run fuzz does as many as one likes.

import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { mutant } from './mutate.js';
import { outcomeOf } from './outcome.js';

const FOLDER = 'fixtures/golden/onnx';
const files = readdirSync(FOLDER)
  .filter((name) => name.endsWith('.onnx'))
  .map((name) => new Uint8Array(readFileSync(`${FOLDER}/${name}`)))
  .filter(({ length }) => length < 40_000);

const MUTATIONS = 2000;

test(`${MUTATIONS} mutations are counted or refused in one sentence`, { timeout: 300_000 }, () => {
  const outcomes = { counted: 0, refused: 0 };
  for (let seed = 1; seed <= MUTATIONS; seed++) {
    try {
      outcomes[outcomeOf(mutant(files, seed))]++;
    } catch (error) {
      throw new Error(`seed ${seed}`, { cause: error });
    }
  }
  // Both ways are gone often: mutations that broke every file would test the wire alone.
  expect(outcomes.counted).toBeGreaterThan(MUTATIONS / 5);
  expect(outcomes.refused).toBeGreaterThan(MUTATIONS / 5);
});
