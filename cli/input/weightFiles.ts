// Where are the few numbers of a graph model that say a shape? In files beside it, of which only those bytes are read.

import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** @returns bytes of files beside `model`, one after the other, or undefined where any of them is not there */
export const weightFilesOf =
  (model: string) =>
  (paths: readonly string[], offset: number, length: number): Uint8Array | undefined => {
    const bytes = Buffer.alloc(length);
    let [done, start] = [0, offset];
    // A file that leads out of the model's folder is none of its own.
    if (!Number.isSafeInteger(offset) || paths.some((path) => /^[/\\]|\.\.|:/.test(path))) return undefined;
    for (const path of paths) {
      const file = opened(join(dirname(model), path));
      if (file === undefined) return undefined;
      try {
        const { size } = fstatSync(file);
        while (start < size && done < length) {
          const got = readSync(file, bytes, done, Math.min(length - done, size - start), start);
          if (got === 0) return undefined;
          done += got;
          start += got;
        }
        start -= size;
      } finally {
        closeSync(file);
      }
      if (done === length) return bytes;
    }
    return undefined;
  };

function opened(path: string): number | undefined {
  try {
    return openSync(path, 'r');
  } catch {
    return undefined;
  }
}
