// Strides of tensors: what a view of one is, and the order in which PyTorch lays out a new one.

import { equal, isNumber, mul, type Dim } from '../dim/dim.js';
import type { Shape } from '../shape.js';

/** Distance in elements between neighbours along each side. 0 for a side that is broadcast. */
export type Strides = readonly Dim[];

/** The shape and strides of a tensor. */
export interface StridedTensor {
  readonly shape: Shape;
  readonly strides: Strides;
}

/** Strides of a contiguous tensor. */
export function contiguous(shape: Shape): Strides {
  const strides: Dim[] = [];
  let step: Dim = 1;
  for (let i = shape.length - 1; i >= 0; i--) {
    strides[i] = step;
    step = mul(step, shape[i]!);
  }
  return strides;
}

/** Strides of sides of 1 do not matter. */
export function isContiguous({ shape, strides }: StridedTensor): boolean {
  const whole = contiguous(shape);
  return shape.every((side, i) => equal(side, 1) || equal(strides[i]!, whole[i]!));
}

/** The size that symbols are taken to have where strides are sorted. */
const LARGE = 5040;

/** The size of a stride among others. Only its order matters. */
function sizeOf(dim: Dim): number {
  if (isNumber(dim)) return dim;
  let sum = 0;
  for (const { coefficient, powers } of dim.terms) {
    let term = Number(coefficient.numerator) / Number(coefficient.denominator);
    for (const { symbol, exponent } of powers)
      term *= (Math.ceil(LARGE / symbol.multipleOf) * symbol.multipleOf) ** exponent;
    sum += term;
  }
  return sum;
}

/**
 * The strides of the same elements under other sides; undefined where they need a copy: PyTorch's
 * computeStride (aten/src/ATen/TensorUtils.cpp).
 */
export function viewed({ shape, strides }: StridedTensor, sides: Shape): Strides | undefined {
  const found: Dim[] = sides.map(() => 1);
  let at = sides.length - 1;
  let base: Dim = strides.at(-1) ?? 1;
  let [own, made] = [1 as Dim, 1 as Dim];
  for (let i = shape.length - 1; i >= 0; i--) {
    own = mul(own, shape[i]!);
    const joins = i > 0 && (equal(shape[i - 1]!, 1) || equal(strides[i - 1]!, mul(own, base)));
    if (joins) continue;
    while (at >= 0 && (equal(sides[at]!, 1) || sizeOf(made) < sizeOf(own))) {
      found[at] = mul(made, base);
      made = mul(made, sides[at]!);
      at--;
    }
    if (!equal(made, own)) return undefined;
    if (i > 0) {
      base = strides[i - 1]!;
      [own, made] = [1, 1];
    }
  }
  return found;
}

/** Sides that are repeated, or stand in front of all others. */
export function expanded({ shape, strides }: StridedTensor, sides: Shape): Strides {
  const missing = sides.length - shape.length;
  return sides.map((side, i) =>
    i < missing || (equal(shape[i - missing]!, 1) && !equal(side, 1)) ? 0 : strides[i - missing]!,
  );
}

/** Whether the tensor fills its memory: every element once, without gaps. */
function isDense({ shape, strides }: StridedTensor): boolean {
  const sides = shape
    .map((side, i) => ({ side, stride: strides[i]! }))
    .filter(({ side }) => !equal(side, 1))
    .sort((a, b) => sizeOf(a.stride) - sizeOf(b.stride));
  let step: Dim = 1;
  for (const { side, stride } of sides) {
    if (!equal(stride, step)) return false;
    step = mul(step, side);
  }
  return true;
}

/** Sides by descending strides. */
export const byStride = (strides: Strides): readonly number[] =>
  strides.map((_, i) => i).sort((a, b) => sizeOf(strides[b]!) - sizeOf(strides[a]!));

/** Dense strides in which the last side of `order` is contiguous. */
export function inOrder(shape: Shape, order: readonly number[]): Strides {
  const strides: Dim[] = [];
  let step: Dim = 1;
  for (const side of [...order].reverse()) {
    strides[side] = step;
    step = mul(step, shape[side]!);
  }
  return strides;
}

/**
 * How an elementwise op lays out its result: TensorIterator's fast setup and reorder_dimensions
 * (aten/src/ATen/TensorIterator.cpp).
 */
export function elementwise(operands: readonly StridedTensor[], shape: Shape): Strides {
  const whole = operands.filter((operand) => sameSides(operand.shape, shape));
  const [first] = whole;
  if (first && whole.length === operands.length) {
    if (whole.every(isContiguous)) return contiguous(shape);
    const alike = whole.every(({ strides }) => strides.every((stride, i) => equal(stride, first.strides[i]!)));
    if (alike && isDense(first)) return first.strides;
  }
  const laid = operands.map((operand) => expanded(operand, shape).map(sizeOf));
  const sides = shape.map(sizeOf);
  const order = shape.map((_, i) => shape.length - 1 - i);
  /** Positive where the stride of the first side is larger than that of the second. */
  const compare = (a: number, b: number): number => {
    for (const strides of laid) {
      const [one, other] = [strides[a]!, strides[b]!];
      if (one === 0 || other === 0) continue;
      if (one !== other) return one - other;
      if (sides[a]! > sides[b]!) return 1;
    }
    return 0;
  };
  for (let i = 1; i < order.length; i++)
    for (let low = i - 1, high = i; low >= 0; low--) {
      const difference = compare(order[low]!, order[high]!);
      if (difference < 0) break;
      if (difference === 0) continue;
      [order[low], order[high]] = [order[high]!, order[low]!];
      high = low;
    }
  return inOrder(shape, order.reverse());
}

const sameSides = (a: Shape, b: Shape): boolean => a.length === b.length && a.every((side, i) => equal(side, b[i]!));

/**
 * Whether the layout is channels-last: is_channels_last_strides_2d and _3d of
 * c10/core/MemoryFormat.h.
 */
export function isChannelsLast({ shape, strides }: StridedTensor): boolean {
  if (shape.length !== 4 && shape.length !== 5) return false;
  if (strides[1] === 0) return false;
  let least = 0;
  for (const side of [
    1,
    ...shape
      .map((_, i) => i)
      .slice(2)
      .reverse(),
    0,
  ]) {
    const stride = sizeOf(strides[side]!);
    if (stride < least || (side === 0 && least === sizeOf(strides[1]!))) return false;
    least = stride * sizeOf(shape[side]!);
  }
  return true;
}

/** [N, H, W, C] in memory. */
export const channelsLast = (shape: Shape): Strides => inOrder(shape, [0, ...shape.map((_, i) => i).slice(2), 1]);

/** Strides of an image: channels-last where `from` is, else contiguous. */
export const formattedAs = (from: readonly StridedTensor[], shape: Shape): Strides =>
  from.length > 0 && from.every((one) => one.shape.length === shape.length && isChannelsLast(one))
    ? channelsLast(shape)
    : contiguous(shape);
