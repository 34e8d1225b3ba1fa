// How is a result written? Whole or not at all: beside its target first, then renamed over it.

import { constants } from 'node:fs';
import { access, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { InputError } from '../src/inputError.js';

/**
 * Asked before long work begins, so that its result is not lost at the end.
 * @throws InputError naming the path
 */
export async function checkWritable(path: string): Promise<void> {
  const folder = dirname(resolve(path));
  try {
    await access(folder, constants.W_OK);
  } catch {
    throw new InputError(
      `${path}: cannot be written (the folder ${folder} is not there or not writable); choose another path`,
    );
  }
  const existing = await stat(path).catch(() => undefined);
  if (existing?.isDirectory()) throw new InputError(`${path}: is a directory; name a file`);
}

export async function writeResult(path: string, text: string | Uint8Array): Promise<void> {
  const draft = `${path}.${process.pid}.part`;
  try {
    await writeFile(draft, text);
    await rename(draft, path);
  } catch (error) {
    await rm(draft, { force: true });
    throw new InputError(
      `${path}: cannot be written (${(error as NodeJS.ErrnoException).code ?? 'unknown error'}); choose another path`,
    );
  }
}
