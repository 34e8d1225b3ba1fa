// Reads the record that the user names, and checks that it is of the same experiment.

import type { Records } from '../../src/records/lab/readLab.js';
import { readText } from '../../src/files/readText.js';
import { pathName } from '../../src/files/standardInput.js';

/** A record of all experiments at three scales has about 0.15 MB. */
const MOST_MIB = 20;

/**
 * @throws InputError for a file that cannot be read, and for one that holds something else than
 * `schema`
 */
export async function labRecord<S extends keyof Records>(path: string, schema: S): Promise<Records[S]> {
  const { readLab } = await import('../../src/records/lab/readLab.js');
  return readLab(await readText(path, MOST_MIB), pathName(path), schema);
}
