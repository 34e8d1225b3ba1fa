// How much does TensorFlow pad? So that a stride divides the size, and the odd element at the end.

import { isNumber, type Dim } from '../../dim/dim.js';
import type { Pair, Padding } from '../../fields.js';

export interface Window {
  readonly kernel: Pair;
  readonly stride: Pair;
  readonly dilation?: Pair;
}

/**
 * Padding "SAME" of an image with these sides: ceil(side / stride) windows. A side that is a symbol is taken to be a
 * multiple of the stride, which the windows then demand.
 * @returns [top, left, bottom, right]
 */
export function samePadding(sides: readonly [Dim, Dim], { kernel, stride, dilation = [1, 1] }: Window): Padding {
  const total = (i: 0 | 1): number => {
    const [side, reach] = [sides[i], dilation[i] * (kernel[i] - 1) + 1];
    const rest = isNumber(side) ? side % stride[i] : 0;
    return Math.max(0, reach - (rest === 0 ? stride[i] : rest));
  };
  const [rows, columns] = [total(0), total(1)];
  const [top, left] = [Math.floor(rows / 2), Math.floor(columns / 2)];
  return [top, left, rows - top, columns - left];
}
