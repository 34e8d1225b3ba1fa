// The view of a profile: rows, order, and how many rows.

import { type ColumnKey, COUNT_NAMES, countOf, flatKey } from '../../src/metrics/countNames.js';
import type { Grouping } from '../../src/profile.js';
import { TRAINING_COUNTS } from '../../src/training/counts.js';

/** Every count, by the key of its column. */
export const COUNT_KEYS: readonly ColumnKey[] = COUNT_NAMES.map(flatKey);
/** What rows can be sorted by, largest first. */
export const SORT_KEYS = [...COUNT_KEYS, 'balance', 'intensity'] as const;
export type SortKey = (typeof SORT_KEYS)[number];
/** The headings of these columns in a table. */
export const SORT_TITLES = {
  ...(Object.fromEntries(COUNT_NAMES.map((name) => [flatKey(name), countOf(name).short])) as Record<ColumnKey, string>),
  // It stands among readings of memory access.
  memoryAccessConv: 'conv',
  balance: 'balance',
  intensity: 'FLOPs/byte',
} as const satisfies Readonly<Record<SortKey, string>>;
/** The same of a training step. */
export const TRAINING_SORT_KEYS = ['multAdds', ...TRAINING_COUNTS] as const;
export type TrainingSortKey = (typeof TRAINING_SORT_KEYS)[number];

export const PARTS = ['layer', 'stage', 'block', 'op'] as const satisfies readonly ('layer' | Grouping)[];

export interface ProfileView {
  readonly by: (typeof PARTS)[number];
  readonly sort?: SortKey | undefined;
  readonly top?: number | undefined;
}
