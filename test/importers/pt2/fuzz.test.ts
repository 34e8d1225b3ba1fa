// Spoilt exported programs are counted or refused in one sentence, and never end otherwise.

import { expect, it } from 'vitest';
import { mutant } from './mutate.js';
import { DECOMPOSED, WHOLE } from './network.js';
import { outcomeOf } from './outcome.js';
import { programOf } from './programOf.js';

it('300 spoilt programs are counted or refused', () => {
  const programs = [WHOLE, DECOMPOSED].map((network) => JSON.stringify(programOf(network)));
  const outcomes = Array.from({ length: 300 }, (_, seed) => outcomeOf(mutant(programs, seed)));
  expect(new Set(outcomes)).toEqual(new Set(['counted', 'refused']));
});
