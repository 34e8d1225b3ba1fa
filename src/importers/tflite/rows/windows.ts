// The windows of TFLite's convolutions and pools: strides, dilations, kinds of padding.

import type { Dim } from '../../../dim/dim.js';
import type { Pair, Padding } from '../../../fields.js';
import { InputError } from '../../../inputError.js';
import { samePadding } from '../../kit/samePadding.js';

/** For each side after the channels. */
export interface Windows {
  readonly kernel: readonly number[];
  readonly stride: readonly number[];
  readonly dilation: readonly number[];
}

const SAME = 0;
const VALID = 1;

/** @param padding 0 for SAME, 1 for VALID @returns elements before each side, then after each */
export function paddingOf(
  sides: readonly Dim[],
  { kernel, stride, dilation }: Windows,
  padding: number,
): readonly number[] {
  for (const [what, all] of Object.entries({ kernel, stride, dilation }))
    if (all.some((one) => !(one >= 1))) throw new InputError(`its ${what} is ${all.join('x')}, and 1 is the least`);
  if (padding === VALID) return sides.flatMap(() => [0, 0]);
  if (padding !== SAME) throw new InputError(`its padding is ${padding}, and 0 (SAME) and 1 (VALID) are known`);
  const ends = sides.map((side, i) =>
    samePadding(side, { kernel: kernel[i]!, stride: stride[i]!, dilation: dilation[i]! }),
  );
  return [...ends.map(([before]) => before), ...ends.map(([, after]) => after)];
}

/** Of an image: kernel, stride and dilation as pairs, padding as [top, left, bottom, right]. */
export function imageWindows(sides: readonly Dim[], windows: Windows, padding: number) {
  return {
    kernel: windows.kernel as unknown as Pair,
    stride: windows.stride as unknown as Pair,
    dilation: windows.dilation as unknown as Pair,
    padding: paddingOf(sides, windows, padding) as unknown as Padding,
  };
}
