// Writes a result completely or not at all: to a temporary file that is renamed at the end.

import { constants, rmSync } from 'node:fs';
import { access, realpath, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { InputError } from '../../src/inputError.js';

/**
 * Checked before long work, so that its result is not lost at the end.
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
  await tryWriting(path, await targetOf(path));
}

/** Some writable folders take no files: /proc, a read-only mount, a full disk. */
async function tryWriting(path: string, target: string): Promise<void> {
  const draft = draftOf(target);
  try {
    await writeFile(draft, '');
  } catch (error) {
    throw new InputError(
      `${path}: cannot be written (${(error as NodeJS.ErrnoException).code ?? 'no file can be made there'}); choose another path`,
    );
  } finally {
    await rm(draft, { force: true });
  }
}

const draftOf = (target: string): string => `${target}.${process.pid}.part`;

/**
 * The target of a link: the new file must not replace the link.
 * @throws InputError for what no file can replace: a directory, or /dev/null, which would be a file
 * from then on
 */
async function targetOf(path: string): Promise<string> {
  if (path === '-') throw new InputError('-o -: a result is printed without -o; name a file, or leave it out');
  const existing = await stat(path).catch(() => undefined);
  if (existing === undefined) return path;
  if (existing.isDirectory()) throw new InputError(`${path}: is a directory; name a file`);
  if (!existing.isFile()) throw new InputError(`${path}: is a device or a pipe, not a file; name a file`);
  return realpath(path);
}

/** A text, bytes, or pieces that are made while they are written. */
export type Content = string | Uint8Array | Iterable<Uint8Array>;

export const writeResult = (path: string, content: Content): Promise<void> => writeResults([[path, content]]);

/**
 * Writes files that belong together: all are complete before the first is renamed. An interrupt
 * leaves no files behind.
 */
export async function writeResults(files: readonly (readonly [path: string, content: Content])[]): Promise<void> {
  const targets: string[] = [];
  for (const [path] of files) targets.push(await targetOf(path));
  const drafts = targets.map(draftOf);
  const interrupted = (signal: NodeJS.Signals): void => {
    for (const draft of drafts) rmSync(draft, { force: true });
    for (const name of SIGNALS) process.off(name, interrupted);
    process.kill(process.pid, signal);
  };
  for (const name of SIGNALS) process.on(name, interrupted);
  let at = 0;
  try {
    for (; at < files.length; at++) await writeFile(drafts[at]!, files[at]![1]);
    for (at = 0; at < files.length; at++) await rename(drafts[at]!, targets[at]!);
  } catch (error) {
    for (const draft of drafts) await rm(draft, { force: true });
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    throw new InputError(`${files[at]![0]}: cannot be written (${code}); choose another path`);
  } finally {
    for (const name of SIGNALS) process.off(name, interrupted);
  }
}

/** Signals that end a process. Temporary files are removed first. */
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
