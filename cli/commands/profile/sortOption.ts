// The flag --sort of flopscope profile: a column by its key, or by its heading in the table.

import { InvalidArgumentError, Option } from 'commander';
import { SORT_KEYS, SORT_TITLES, TRAINING_SORT_KEYS, type SortKey } from '../../../reports/sheets/profileView.js';
import { near, spelledAs } from '../../../src/nearest.js';

const KEYS: readonly string[] = [...new Set<string>([...SORT_KEYS, ...TRAINING_SORT_KEYS])];
const KEY_OF = new Map<string, SortKey>(SORT_KEYS.map((key) => [SORT_TITLES[key], key]));
const MOST_MEANT = 4;

export function sortOption(): Option {
  const about = 'order the rows by this column, the largest first';
  return new Option('--sort <column>', about).choices(KEYS).argParser(keyOf);
}

/**
 * `memoryAccess` is what earlier versions called the unfused reading; of a training step it is that
 * of the backward pass.
 */
function keyOf(text: string): string {
  if (text === 'memoryAccess') return 'memoryAccessUnfused';
  const key = spelledAs(text, KEYS) ?? KEY_OF.get(spelledAs(text, [...KEY_OF.keys()]) ?? '');
  if (key !== undefined) return key;
  const own = near(text, [...new Set<string>([...SORT_KEYS, ...KEY_OF.keys()])]).map(
    (name) => KEY_OF.get(name) ?? name,
  );
  const meant = [...new Set(own.length > 0 ? own : near(text, TRAINING_SORT_KEYS))].slice(0, MOST_MEANT).map(withTitle);
  const training = KEYS.filter((one) => !(SORT_KEYS as readonly string[]).includes(one));
  throw new InvalidArgumentError(
    [
      ...(meant.length > 0 ? [`Did you mean ${meant.join(' or ')}?`] : []),
      `Allowed choices are ${SORT_KEYS.map(withTitle).join(', ')};`,
      own.length > 0 ? '--help lists those of --training.' : `with --training ${training.join(', ')}.`,
    ].join(' '),
  );
}

/** "memoryAccessUnfused (unfused)": both are taken. */
function withTitle(key: string): string {
  const title = (SORT_TITLES as Readonly<Record<string, string>>)[key];
  return title === undefined || title.toLowerCase() === key.toLowerCase() ? key : `${key} (${title})`;
}
