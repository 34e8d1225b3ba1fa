// One thread of the search. It reports each share as soon as the share is done.

import { parentPort, workerData } from 'node:worker_threads';
import { PriceList } from './design.js';
import { searchShare, type SearchResult, type Space } from './search.js';

export interface Work {
  readonly space: Space;
  readonly shares: readonly number[];
  /** Designs in each share but the last, and in all. */
  readonly size: number;
  readonly candidates: number;
}

export interface ShareDone {
  readonly share: number;
  readonly found: SearchResult;
}

const { space, shares, size, candidates } = workerData as Work;
const list = new PriceList(space.template);
for (const share of shares) {
  const done: ShareDone = { share, found: searchShare(space, list, share, Math.min(size, candidates - share * size)) };
  parentPort?.postMessage(done);
}
