// Reads standard input, which - names. It is kept, since it can be read only once.

import { readSync } from 'node:fs';
import { InputError } from '../inputError.js';

/** What names standard input on the command line. */
export const STANDARD_INPUT = '-';
/** Its name in messages. */
const NAME = 'standard input';
const MIB = 1024 * 1024;
const PART = 64 * 1024;
/** Milliseconds until a pipe that holds nothing yet is asked again. */
const PAUSE = 10;

let kept: Uint8Array | undefined;

/** A path as messages and places name it. */
export const pathName = (path: string): string => (path === STANDARD_INPUT ? NAME : path);

/**
 * All of it, the first time and later.
 * @param mostMib what no file of its kind passes
 * @throws InputError where there is more; an error with the code of the file system where it cannot
 * be read
 */
export function standardInput(mostMib = Infinity): Uint8Array {
  kept ??= readAll(mostMib * MIB);
  if (kept.length > mostMib * MIB)
    throw new InputError(`${NAME}: there are more than the ${mostMib} MB that such a file may have`);
  return kept;
}

/** Up to one part more than may be there. */
function readAll(most: number): Uint8Array {
  const parts: Uint8Array[] = [];
  let size = 0;
  for (let got = -1; got !== 0 && size <= most;) {
    const part = new Uint8Array(PART);
    got = readPart(part);
    parts.push(part.subarray(0, got));
    size += got;
  }
  return Buffer.concat(parts);
}

function readPart(part: Uint8Array): number {
  for (;;) {
    try {
      return readSync(0, part);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'EOF') return 0;
      if (code !== 'EAGAIN') throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, PAUSE);
    }
  }
}
