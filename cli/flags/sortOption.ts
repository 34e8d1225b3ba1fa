// The flag --sort: a column by its key, or by its heading in the table.

import { InvalidArgumentError, Option } from 'commander';
import {
  COUNT_KEYS,
  SORT_KEYS,
  SORT_TITLES,
  TRAINING_SORT_KEYS,
  type SortKey,
} from '../../reports/sheets/profileView.js';
import { near, spelledAs } from '../../src/nearest.js';
import { showChoices } from './shownChoices.js';

const MOST_MEANT = 4;

/** Of profile: every column, and those of a training step. */
export const profileSortOption = (): Option =>
  sortOption('order the rows by this column, the largest first', SORT_KEYS, TRAINING_SORT_KEYS);

/** Of diff: every cost, whose change orders the rows. */
export const diffSortOption = (): Option => sortOption('the row whose cost moved most comes first', COUNT_KEYS);

function sortOption(about: string, own: readonly SortKey[], training: readonly string[] = []): Option {
  const keys = [...new Set<string>([...own, ...training])];
  const option = new Option('--sort <column>', about).choices(keys).argParser((text) => keyOf(text, own, training));
  const further = keys.filter((key) => !(own as readonly string[]).includes(key));
  showChoices(option, [...own.map(withTitle), ...further.map((key, i) => (i === 0 ? `with --training ${key}` : key))]);
  return option;
}

/**
 * `memoryAccess` is what earlier versions called the unfused reading; of a training step it is that
 * of the backward pass.
 */
function keyOf(text: string, own: readonly SortKey[], training: readonly string[]): string {
  if (text === 'memoryAccess') return 'memoryAccessUnfused';
  const keys = [...new Set<string>([...own, ...training])];
  const keyOfTitle = new Map<string, SortKey>(own.map((key) => [SORT_TITLES[key], key]));
  const key = spelledAs(text, keys) ?? keyOfTitle.get(spelledAs(text, [...keyOfTitle.keys()]) ?? '');
  if (key !== undefined) return key;
  const close = near(text, [...new Set<string>([...own, ...keyOfTitle.keys()])]).map(
    (name) => keyOfTitle.get(name) ?? name,
  );
  const meant = [...new Set(close.length > 0 ? close : near(text, training))].slice(0, MOST_MEANT).map(withTitle);
  const further = keys.filter((one) => !(own as readonly string[]).includes(one));
  const choices = `Allowed choices are ${own.map(withTitle).join(', ')}`;
  throw new InvalidArgumentError(
    [
      ...(meant.length > 0 ? [`Did you mean ${meant.join(' or ')}?`] : []),
      ...(further.length === 0
        ? [`${choices}.`]
        : [
            `${choices};`,
            close.length > 0 ? '--help lists those of --training.' : `with --training ${further.join(', ')}.`,
          ]),
    ].join(' '),
  );
}

/** "memoryAccessUnfused (unfused)": both are taken. */
function withTitle(key: string): string {
  const title = (SORT_TITLES as Readonly<Record<string, string>>)[key];
  return title === undefined || title.toLowerCase() === key.toLowerCase() ? key : `${key} (${title})`;
}
