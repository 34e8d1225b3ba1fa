// Totals: every count of the table, joined over layers.

import type { AtCounts, CountName } from './countNames.js';
import type { COUNTS } from './counts.js';

/** Joined over layers. Counts in elements or operations, exact integers. */
export interface Totals extends AtCounts<number> {
  /** Those of `params` that are not trained; only where a file says so of any. */
  readonly frozenParams?: number;
  readonly convLayers: number;
  /** Sum over convolutions of `2 sqrt(in x out) + weights`, in elements; not an integer. */
  readonly memoryAccessBound: { readonly conv: number };
}

/** Counts that records of earlier versions do not have. */
type Later =
  'frozenParams' | { [K in CountName]: (typeof COUNTS)[K] extends { readonly later: true } ? K : never }[CountName];

/** Totals as a record keeps them. */
export type RecordedTotals = Omit<Totals, Later> & { readonly [K in Later]?: number | undefined };
