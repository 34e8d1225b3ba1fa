// Reads run files: all runs in order, each with its file.

import type { Run } from '../measure/run.js';
import { readText } from './readText.js';
import { pathName } from './standardInput.js';

/** A run of 600 layers has about 0.1 MB. */
const MOST_MIB = 100;

export interface FiledRun {
  readonly run: Run;
  /** The path as given. */
  readonly file: string;
}

/** @throws InputError for a file that cannot be read or holds no run */
export async function readFiledRuns(paths: readonly string[]): Promise<readonly FiledRun[]> {
  const { readRuns } = await import('../records/run/readRun.js');
  const filed: FiledRun[] = [];
  for (const path of paths) {
    const file = pathName(path);
    for (const run of readRuns(await readText(path, MOST_MIB), file)) filed.push({ run, file });
  }
  return filed;
}

/** @throws InputError for a file that cannot be read or holds no run */
export const readRunFiles = async (paths: readonly string[]): Promise<readonly Run[]> =>
  (await readFiledRuns(paths)).map(({ run }) => run);
