// The windows of a layer along one, two or three sides, and the padding that follows.

import type { Pair, Padding } from '../../fields.js';
import { InputError } from '../../inputError.js';
import type { Shape } from '../../shape.js';
import { samePadding } from '../kit/samePadding.js';
import { isCount, type Settings } from '../tfjs/settings.js';

export interface Windows {
  readonly kernel: readonly number[];
  readonly stride: readonly number[];
  readonly dilation: readonly number[];
}

/** One number for each side; a single one is for all. */
export function perSide(
  settings: Settings,
  key: string,
  sides: number,
  fallback?: number | readonly number[],
): readonly number[] {
  const value = settings.raw(key) ?? fallback;
  if (isCount(value)) return new Array<number>(sides).fill(value);
  if (Array.isArray(value) && value.length === sides && value.every((side) => isCount(side))) return value;
  return settings.refuse(key, sides === 1 ? 'a positive whole number' : `one or ${sides} positive whole numbers`);
}

/** [before, after] of each side, from a number, one for each side, or two for each side. */
export function endsOf(settings: Settings, key: string, sides: number): readonly (readonly [number, number])[] {
  const value = settings.raw(key) ?? 1;
  const list: readonly unknown[] = Array.isArray(value) ? value : new Array<unknown>(sides).fill(value);
  // Along one side two numbers are both of its ends.
  const each = sides === 1 && list.length === 2 && list.every((end) => isCount(end, 0)) ? [list] : list;
  const ends = each.map((side): readonly unknown[] => (Array.isArray(side) ? side : [side, side]));
  if (ends.length === sides && ends.every((pair) => pair.length === 2 && pair.every((end) => isCount(end, 0))))
    return ends as (readonly [number, number])[];
  return settings.refuse(key, 'whole numbers for both ends of each side');
}

/** Padding before each side, then after each. */
export function paddingOf(settings: Settings, sides: Shape, { kernel, stride, dilation }: Windows): readonly number[] {
  const kind = settings.choice('padding', ['valid', 'same', 'causal'], 'valid');
  if (kind === 'causal' && sides.length !== 1) throw new InputError('is causal along more than one side');
  const pairs = sides.map((side, i): readonly [number, number] => {
    const window = { kernel: kernel[i]!, stride: stride[i]!, dilation: dilation[i]! };
    if (kind === 'causal') return [window.dilation * (window.kernel - 1), 0];
    return kind === 'same' ? samePadding(side, window) : [0, 0];
  });
  return [...pairs.map(([before]) => before), ...pairs.map(([, after]) => after)];
}

export const pairOf = (numbers: readonly number[]): Pair => numbers as unknown as Pair;
export const imagePadding = (numbers: readonly number[]): Padding => numbers as unknown as Padding;
