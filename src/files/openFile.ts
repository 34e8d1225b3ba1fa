// Opens a model's file: random access, files beside it, a directory, or standard input.

import { closeSync, fstatSync, openSync, readFileSync, readSync, statSync } from 'node:fs';
import { dirname, isAbsolute, join, relative } from 'node:path';
import type { ByteSource, ModelFile } from '../importers/modelFile.js';
import { bytesSource } from '../importers/modelFile.js';
import { InputError } from '../inputError.js';
import { pathName, STANDARD_INPUT, standardInput } from './standardInput.js';

/** The file of a TensorFlow SavedModel directory that holds the graph. */
export const SAVED_MODEL = 'saved_model.pb';

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EACCES: 'reading it is not permitted',
  EISDIR: 'it is a directory',
  'no file': 'it is a device and not a file',
};

/** A failure of the file system as a sentence for the user. */
export function unreadable(path: string, error: unknown): InputError {
  const { code = 'unknown error' } = error as NodeJS.ErrnoException;
  return new InputError(`${path}: cannot be read (${REASONS[code] ?? code}); check the path`);
}

/**
 * Runs one step on an open file. The source may only be read while the step runs; files beside it
 * at any time.
 * @throws InputError naming the file, where it cannot be opened or read
 */
export async function withModelFile<T>(path: string, step: (file: ModelFile) => Promise<T>): Promise<T> {
  if (path === STANDARD_INPUT) return step({ name: pathName(path), source: bytesSource(bytesOfStandardInput()) });
  const [file, folder] = isDirectory(path) ? [savedModelIn(path), path] : [path, dirname(path)];
  let descriptor: number | undefined;
  try {
    descriptor = openSync(file, 'r');
    return await step({ name: path, source: sourceOf(descriptor), beside: filesBeside(folder) });
  } catch (error) {
    throw error instanceof Error && 'syscall' in error ? unreadable(path, error) : error;
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}

function bytesOfStandardInput(): Uint8Array {
  try {
    return standardInput();
  } catch (error) {
    throw unreadable(pathName(STANDARD_INPUT), error);
  }
}

const isDirectory = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;

function savedModelIn(folder: string): string {
  const file = join(folder, SAVED_MODEL);
  if (statSync(file, { throwIfNoEntry: false })?.isFile()) return file;
  throw new InputError(`${folder}: it is a directory without ${SAVED_MODEL}: name a file in it, or a SavedModel`);
}

function sourceOf(descriptor: number): ByteSource {
  const status = fstatSync(descriptor);
  // A pipe, such as /dev/stdin, has no size before it has ended.
  if (status.isFIFO() || status.isSocket()) return bytesSource(readFileSync(descriptor));
  if (!status.isFile())
    throw Object.assign(new Error('no file'), { code: status.isDirectory() ? 'EISDIR' : 'no file', syscall: 'read' });
  return { size: status.size, read: (start, length) => readAt(descriptor, start, length) };
}

function readAt(descriptor: number, start: number, length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  for (let done = 0; done < length;) {
    const got = readSync(descriptor, bytes, done, length - done, start + done);
    if (got === 0) throw new InputError('it became shorter while it was read');
    done += got;
  }
  return bytes;
}

/**
 * Files in a folder and below it. Each is opened for each read, because a graph is built long after
 * its file was closed.
 */
export const filesBeside =
  (folder: string) =>
  (path: string): ByteSource | undefined =>
    besideSource(folder, path);

function besideSource(folder: string, path: string): ByteSource | undefined {
  const full = join(folder, path);
  const inside = relative(folder, full);
  // A model names its own files; what lies outside of its folder is none of them.
  if (isAbsolute(path) || isAbsolute(inside) || inside.split(/[\\/]/).includes('..')) return undefined;
  const status = statSync(full, { throwIfNoEntry: false });
  if (!status?.isFile()) return undefined;
  return {
    size: status.size,
    read(start, length) {
      const descriptor = openSync(full, 'r');
      try {
        return readAt(descriptor, start, length);
      } finally {
        closeSync(descriptor);
      }
    },
  };
}
