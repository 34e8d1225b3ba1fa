// Reads the few numbers of a model that say a shape from the files beside it.

import type { ModelFile } from './modelFile.js';

/**
 * Bytes of files that stand beside a model, one after the other; undefined where they are not
 * there.
 */
export type Companion = (paths: readonly string[], offset: number, length: number) => Uint8Array | undefined;

/** A file that leads out of the model's folder is none of its own. */
const OUTSIDE = /^[/\\]|\.\.|:/;

/**
 * Reads bytes of files beside a model, one after the other; undefined where any of them is not
 * there.
 */
export const bytesBeside =
  (file: Pick<ModelFile, 'beside'>): Companion =>
  (paths, offset, length) => {
    const bytes = new Uint8Array(length);
    let [done, start] = [0, offset];
    if (!Number.isSafeInteger(offset) || offset < 0 || paths.some((path) => OUTSIDE.test(path))) return undefined;
    for (const path of paths) {
      const source = file.beside?.(path);
      if (!source) return undefined;
      if (start < source.size && done < length) {
        const part = source.read(start, Math.min(length - done, source.size - start));
        bytes.set(part, done);
        done += part.length;
        start += part.length;
      }
      start -= source.size;
      if (done === length) return bytes;
    }
    return undefined;
  };
