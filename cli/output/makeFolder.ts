// Makes a folder for results, one level at a time. mkdir's recursion hangs on some file systems.

import { mkdir, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { InputError } from '../../src/inputError.js';
import { checkWritable } from './writeResult.js';

/**
 * @param named what the user wrote, as a sentence begins: "--charts out"
 * @throws InputError where it cannot be made or written in
 */
export async function makeFolder(path: string, named: string): Promise<void> {
  const missing: string[] = [];
  for (let folder = resolve(path); !(await isThere(folder)) && folder !== dirname(folder); folder = dirname(folder))
    missing.unshift(folder);
  try {
    for (const folder of missing) await mkdir(folder);
    if (!(await stat(path)).isDirectory()) throw Object.assign(new Error(), { code: 'EEXIST' });
  } catch (error) {
    const { code = 'unknown error' } = error as NodeJS.ErrnoException;
    throw new InputError(`${named}: the folder cannot be made (${code}); choose another`);
  }
  await checkWritable(join(path, 'result'));
}

const isThere = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  );
