// Groups networks into turns, whose networks fit into the memory of the device together.

import type { Profile } from '../profile.js';

/** Assumed memory of a device that does not report it: GPUs of the last ten years have more. */
const UNKNOWN_BYTES = 2 * 2 ** 30;
/** A factor for holes of the allocator and scratch memory of kernels. */
const USABLE = 0.4;
/** Runtimes keep weights in their own layout beside ours, and ONNX Runtime a third copy. */
const [WEIGHT_COPIES, ACTIVATION_COPIES] = [3, 2];

const bytesOf = ({ totals: { params, peakActivationsOutOfPlace } }: Profile): number =>
  4 * (WEIGHT_COPIES * params + ACTIVATION_COPIES * peakActivationsOutOfPlace);

/**
 * Networks keep their order. A network that is too large to share a turn gets its own.
 * @param totalBytes of the device; null where it is not known
 */
export function turnsOf<T>(
  items: readonly T[],
  countedOf: (item: T) => Profile,
  totalBytes: number | null,
): readonly (readonly T[])[] {
  const room = USABLE * (totalBytes ?? UNKNOWN_BYTES);
  const turns: T[][] = [];
  let taken = Infinity;
  for (const item of items) {
    const bytes = bytesOf(countedOf(item));
    if (taken + bytes > room) {
      turns.push([]);
      taken = 0;
    }
    turns.at(-1)!.push(item);
    taken += bytes;
  }
  return turns;
}
