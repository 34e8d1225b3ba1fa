// Checks that a coarse map is half of the next finer one. Other images must be padded.

import { equal, mul } from '../dim/dim.js';
import { show } from '../dim/text.js';
import type { Value } from '../graph.js';
import { InputError } from '../inputError.js';

/**
 * @param what doubles the coarse map
 * @param multiple of which both sides of the image must be
 * @throws InputError with what to give instead
 */
export function demandHalf(what: string, coarse: Value, fine: Value, multiple: number): void {
  const [, , h, w] = coarse.shape;
  const [, , height, width] = fine.shape;
  if (equal(mul(2, h!), height!) && equal(mul(2, w!), width!)) return;
  throw new InputError(
    `${what} doubles ${show(h!)}x${show(w!)} positions, and the next finer map has ${show(height!)}x${show(width!)}: give an input whose height and width are multiples of ${multiple}`,
  );
}
