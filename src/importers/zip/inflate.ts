// Inflates one member of a zip archive, and stops as soon as it is larger than its directory says.

import { Inflate } from 'fflate';
import { InputError } from '../../inputError.js';
import { damaged } from './damaged.js';

/**
 * Deflate packs at most about 1032 bytes into one, so one step inflates at most 17 MiB past the
 * size.
 */
const STEP = 16 * 1024;

/**
 * @param size the size that the directory states
 * @throws InputError for bytes that are no deflate stream, or that inflate to another size
 */
export function inflate(packed: Uint8Array, size: number, name: string): Uint8Array {
  const out = new Uint8Array(size);
  let filled = 0;
  const inflater = new Inflate((chunk) => {
    if (filled + chunk.length > size)
      throw new InputError(
        `"${name}" in the zip archive inflates past the ${size} bytes that it claims: the file was made to mislead`,
      );
    out.set(chunk, filled);
    filled += chunk.length;
  });
  try {
    for (let at = 0; at < packed.length || at === 0; at += STEP)
      inflater.push(packed.subarray(at, at + STEP), at + STEP >= packed.length);
  } catch (error) {
    if (error instanceof InputError) throw error;
    throw damaged(`"${name}" does not inflate`);
  }
  if (filled !== size) throw damaged(`"${name}" inflates to ${filled} bytes instead of ${size}`);
  return out;
}
