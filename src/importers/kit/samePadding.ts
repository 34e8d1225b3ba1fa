// TensorFlow's padding "SAME": ceil(side / stride) windows, with the odd element at the end.

import { isNumber, type Dim } from '../../dim/dim.js';

/** Of one side. */
export interface MovingWindow {
  readonly kernel: number;
  readonly stride: number;
  readonly dilation?: number;
}

/**
 * A side that is a symbol is taken to be a multiple of the stride, which the windows then demand.
 * @returns elements before and after
 */
export function samePadding(side: Dim, { kernel, stride, dilation = 1 }: MovingWindow): readonly [number, number] {
  const reach = dilation * (kernel - 1) + 1;
  const rest = isNumber(side) ? side % stride : 0;
  const total = Math.max(0, reach - (rest === 0 ? stride : rest));
  const before = Math.floor(total / 2);
  return [before, total - before];
}
