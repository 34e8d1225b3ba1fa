// What a search for checkpoints found, in sentences.

import { flagOf } from '../../src/training/flagNames.js';
import { counted, listed } from '../../src/plural.js';
import type { Searched } from '../../src/training/training.js';
import { abbreviate } from '../../src/visible.js';
import { grouped, percent } from './number.js';

/** The most names of segments in a sentence. */
const MOST_NAMES = 8;

/** "3 segments under a checkpoint (layer1, layer2, layer3)" */
export const underCheckpointText = (segments: readonly string[]): string =>
  `${counted(segments.length, 'segment')} under a checkpoint${
    segments.length > MOST_NAMES ? '' : ` (${segments.map((name) => abbreviate(name)).join(', ')})`
  }`;

/** Whether the set is the cheapest one, in a sentence. */
export function searchedText({ budget, of, proved, recomputedMultAdds: paid, leastMultAdds }: Searched): string {
  const sets = `set of ${listed(
    of.map((name) => abbreviate(name)),
    'or',
  )} checkpoints`;
  const size = `${grouped(budget)} bytes`;
  if (proved) return `It is the cheapest set: no ${sets} whose peak fits in ${size} recomputes fewer multiply-adds.`;
  const bound =
    leastMultAdds === null
      ? 'which does not prove that none is cheaper'
      : `and none recomputes less than ${grouped(leastMultAdds)} multiply-adds, ${percent(paid - leastMultAdds, paid)} less`;
  return `Its peak fits in ${size}. It is the cheapest ${sets} that was found, ${bound}: there are too many to follow each.`;
}

/** Both sentences; the second has names as a command line takes them. */
export const searchTexts = (search: Searched): readonly string[] => [
  searchedText(search),
  ...(search.checkpoint.length > 0
    ? [`The same set again: --checkpoint ${search.checkpoint.map(flagOf).join(' ')}`]
    : []),
];
