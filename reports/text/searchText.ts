// What a search for checkpoints found, in sentences.

import { flagOf } from '../../src/training/flagNames.js';
import type { Searched } from '../../src/training/training.js';
import { abbreviate } from '../../src/visible.js';
import { grouped } from './number.js';

/** Whether the set is the cheapest one, in a sentence. */
export function searchedText({ budget, kinds, proved }: Searched): string {
  const sets = `checkpoints of ${listed(kinds.map((of) => of.map((name) => abbreviate(name)).join(' and ')))}`;
  const alone = kinds.length > 1 ? ' Each set is of one kind; sets that mix kinds are not searched.' : '';
  return proved
    ? `It is the cheapest set: of all sets of ${sets} that pay less again, no peak fits in ${grouped(budget)} bytes.${alone}`
    : `Its peak fits in ${grouped(budget)} bytes. It is the cheapest set that was found, which does not prove that none is cheaper: there are too many sets of ${sets} to try each.${alone}`;
}

/** "block, concat or stage" */
const listed = (names: readonly string[]): string =>
  names.length < 2 ? names.join() : `${names.slice(0, -1).join(', ')} or ${names.at(-1)!}`;

/** Both sentences; the second has names as a command line takes them. */
export const searchTexts = (search: Searched): readonly string[] => [
  searchedText(search),
  ...(search.checkpoint.length > 0
    ? [`The same set again: --checkpoint ${search.checkpoint.map(flagOf).join(' ')}`]
    : []),
];
