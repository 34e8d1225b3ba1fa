// How is a large file read in parts? It is open while a reader asks for bytes, and only those are loaded.

import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { InputError } from '../../src/inputError.js';
import type { Source } from '../../src/importers/onnx/wire.js';
import { unreadable } from './readText.js';

/** @throws InputError naming the file, where it cannot be opened or read */
export function withFile<T>(path: string, step: (source: Source) => T): T {
  let file: number | undefined;
  try {
    file = openSync(path, 'r');
    return step(sourceOf(file));
  } catch (error) {
    throw error instanceof Error && 'syscall' in error ? unreadable(path, error) : error;
  } finally {
    if (file !== undefined) closeSync(file);
  }
}

function sourceOf(file: number): Source {
  const status = fstatSync(file);
  if (!status.isFile()) throw Object.assign(new Error('no file'), { code: 'EISDIR', syscall: 'read' });
  return {
    size: status.size,
    read(start, length) {
      const bytes = Buffer.alloc(length);
      for (let done = 0; done < length;) {
        const got = readSync(file, bytes, done, length - done, start + done);
        if (got === 0) throw new InputError('it became shorter while it was read');
        done += got;
      }
      return bytes;
    },
  };
}
