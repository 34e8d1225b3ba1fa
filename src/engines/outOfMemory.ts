// Recognises from an engine's error that the device ran out of memory.

import { DeviceFailure } from './engine.js';
import { advice } from './fits.js';
import { firstLine } from './problem.js';

/** Thrown by our own allocator. */
export class OutOfMemory extends Error {
  override name = 'OutOfMemory';
}

/** TensorFlow, V8 and the C++ library. */
const WORDS = /out of memory|\bOOM\b|resource ?exhausted|allocation failed|bad_alloc|invalid typed array length/i;

/** Whether the error says so. WebAssembly traps instead, once it runs. */
export const isOutOfMemory = (error: unknown): boolean =>
  error instanceof OutOfMemory || (error instanceof Error && WORDS.test(error.message));

/** The remedy for an engine that had no memory when it was opened. */
export const GIVE_MEMORY =
  'give this process more memory: end other work, or raise its limit (ulimit -v, or that of the container)';

/**
 * After a trap WebAssembly must not be called again, not even to free its memory.
 */
export const isBroken = (error: unknown): boolean => error instanceof Error && error.name === 'RuntimeError';

/** The failure for a node's error, or the error itself if it is not about memory. */
export function failureAt(node: string, batch: number, error: unknown): unknown {
  if (!(error instanceof Error) || !(isOutOfMemory(error) || isBroken(error))) return error;
  const what = isBroken(error)
    ? `WebAssembly broke (${error.message}), most likely for lack of memory`
    : firstLine(error);
  return new DeviceFailure(`at node "${node}" ${what}: ${advice(Math.floor(batch / 2))}`);
}
