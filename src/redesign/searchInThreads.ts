// Runs the search in Node's worker threads, in equal shares with a seed each.

import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { mergedFront, MISSES, noMisses, type SearchResult, type Space } from './search.js';
import type { ShareDone, Work } from './searchWorker.js';

/** The worker is beside the chunks of a build. From source it is the one in the build folder. */
const WORKER = ['../redesignWorker.js', './redesignWorker.js', '../../dist/redesignWorker.js'].map((path) =>
  fileURLToPath(new URL(path, import.meta.url)),
);
/** The number of shares is fixed, so that the result does not depend on the number of threads. */
const SHARE = 10_000;

export interface SearchOptions {
  readonly candidates: number;
  /** As many as there are cores where it is absent. */
  readonly threads?: number;
  /** Called after each share of the designs. */
  readonly progress?: (done: number, all: number) => void;
}

/** @returns the front over all shares, the same for any number of threads */
export async function searchInThreads(
  space: Space,
  { candidates, threads, progress = () => undefined }: SearchOptions,
): Promise<SearchResult> {
  const script = WORKER.find(existsSync);
  if (script === undefined) throw new Error('the script of the worker threads is missing: npm run build makes it');
  const shares = Array.from({ length: Math.ceil(candidates / SHARE) }, (_, i) => i);
  const count = Math.min(threads ?? availableParallelism(), shares.length);
  const found = new Array<SearchResult>(shares.length);
  let done = 0;
  const workers: Worker[] = [];
  try {
    await Promise.all(
      Array.from({ length: count }, (_, t) => {
        const work: Work = {
          space,
          shares: shares.filter((share) => share % count === t),
          candidates,
          size: SHARE,
        };
        const worker = new Worker(script, { workerData: work });
        workers.push(worker);
        return new Promise<void>((resolve, reject) => {
          worker.on('message', ({ share, found: front }: ShareDone) => {
            found[share] = front;
            progress(++done, shares.length);
          });
          worker.on('error', reject);
          worker.on('exit', (code) => {
            if (code === 0) resolve();
            else reject(new Error(`a worker thread of the search ended with code ${code}`));
          });
        });
      }),
    );
  } finally {
    await Promise.all(workers.map((worker) => worker.terminate()));
  }
  const misses = noMisses();
  for (const share of found) for (const miss of MISSES) misses[miss] += share.misses[miss];
  return {
    front: mergedFront(
      found.map(({ front }) => front),
      space.reading,
    ),
    priced: found.reduce((sum, { priced }) => sum + priced, 0),
    misses,
  };
}
