// The windows of ops of any number of sides: their fields, and the rules of pools.

import { add, div, isNumber, mul, sub, type Dim } from '../dim/dim.js';
import { choice, list, whole } from '../fields.js';
import { InputError } from '../inputError.js';
import { windowCount, type Shape } from '../shape.js';

/** One number for each side. */
export const perSide = (sides: number, about: string, fallback?: number) =>
  list(about, whole(about), fallback === undefined ? undefined : new Array<number>(sides).fill(fallback), sides);

/** Padding before each side, then after each side. */
export const sidePadding = (sides: number, about: string) =>
  list(about, whole(about, undefined, 0), new Array<number>(2 * sides).fill(0), 2 * sides);

/**
 * PyTorch allows a padding of half the kernel and drops a last window that begins behind the input.
 * Caffe allows any padding below the kernel, and drops such a window only where there is padding.
 */
export const poolRule = choice('whose rule of padding and of the last window', ['pytorch', 'caffe'], 'pytorch');

/**
 * The window fields of a pool of any number of sides. Padding: before each side, then after each.
 */
export interface PoolWindows {
  readonly kernel: readonly number[];
  readonly stride: readonly number[];
  readonly padding: readonly number[];
  readonly dilation: readonly number[];
  readonly ceil: boolean;
  readonly rule: 'pytorch' | 'caffe';
}

export function pooledSides(sides: Shape, { kernel, stride, padding, dilation, ceil, rule }: PoolWindows): Shape {
  const caffe = rule === 'caffe';
  const padded = padding.some((elements) => elements > 0);
  return sides.map((side, i) => {
    const pad = [padding[i]!, padding[sides.length + i]!] as const;
    const reach = dilation[i]! * (kernel[i]! - 1) + 1;
    if (caffe ? Math.max(...pad) >= reach : tooWide(reach, ...pad))
      throw new InputError(
        `a padding of ${padding.join(', ')} is ${caffe ? 'not less than' : 'more than half of'} the kernel, ${kernel.join('x')}: pad less, or use pad`,
        'padding',
      );
    const keepsEmpty = caffe && !padded;
    return windowCount(side, { kernel: kernel[i]!, stride: stride[i]!, pad, dilation: dilation[i]!, ceil, keepsEmpty });
  });
}

/**
 * PyTorch pads both sides by the same amount, at most half of a kernel. One-sided padding may be
 * larger, but no window may hold padding only.
 */
const tooWide = (kernel: number, before: number, after: number): boolean =>
  2 * Math.min(before, after) > kernel || Math.max(before, after) >= kernel;

/**
 * Input elements that all windows of a side read. A symbolic side must be a multiple of windows.
 */
export function adaptiveReads(side: Dim, count: number): Dim {
  if (!isNumber(side)) return mul(div(side, count), count);
  // Neighbours share the element that contains a boundary i x side / count. gcd of the boundaries
  // fall between two elements.
  return sub(add(side, count), greatestCommonDivisor(side, count));
}

const greatestCommonDivisor = (a: number, b: number): number => (b === 0 ? a : greatestCommonDivisor(b, a % b));
