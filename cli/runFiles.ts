// Which measured runs did the user name? All runs of all files, in the order given.

import type { Run } from '../src/measure/run.js';
import { readText } from './readText.js';

/** A run of 600 layers has about 0.1 MB. */
const MOST_MIB = 100;

/** @throws InputError for a file that cannot be read or holds no run */
export async function readRunFiles(paths: readonly string[]): Promise<readonly Run[]> {
  const { readRuns } = await import('../src/formats/run/readRun.js');
  const runs: Run[] = [];
  for (const path of paths) runs.push(...readRuns(await readText(path, MOST_MIB), path));
  return runs;
}
