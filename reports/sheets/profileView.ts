// The view of a profile: rows, order, and how many rows.

import type { Grouping } from '../../src/profile.js';

/** The metrics that rows can be sorted by, largest first. */
export const SORT_KEYS = [
  'params',
  'multAdds',
  'flops',
  'activations',
  'memoryAccess',
  'memoryAccessFused',
  'balance',
  'intensity',
] as const;
export type SortKey = (typeof SORT_KEYS)[number];

export const PARTS = ['layer', 'stage', 'block', 'op'] as const satisfies readonly ('layer' | Grouping)[];

export interface ProfileView {
  readonly by: (typeof PARTS)[number];
  readonly sort?: SortKey | undefined;
  readonly top?: number | undefined;
}
