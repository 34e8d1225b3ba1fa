// Moves of data that every format has: reshaping, reordering, cutting, padding, resizing.

import { add, div, equal, floorDiv, isNumber, mul, product, sub, total, type Dim } from '../../dim/dim.js';
import type { Value } from '../../graph.js';
import { InputError } from '../../inputError.js';
import { elements, sameShape, showShape, type Shape } from '../../shape.js';
import type { Call } from './call.js';
import type { Cut } from './slice.js';
import { Uncounted } from './uncounted.js';

/** All that a move needs of a call. */
type Applying = Pick<Call, 'apply'>;

/**
 * The same elements with these sides, by the op whose name says most; nothing where they are the
 * same.
 */
export function regrouped(call: Applying, x: Value, sides: Shape, part = ''): Value {
  if (sameShape(x.shape, sides)) return x;
  const batched = sides.length > 0 && x.shape.length > 0 && equal(sides[0]!, x.shape[0]!);
  if (batched && sides.length === 2) return call.apply('flatten', x, {}, {}, part);
  if (batched && sides.length > 2) return call.apply('reshape', x, { shape: sides.slice(1) }, {}, part);
  return call.apply('view', x, { shape: sides }, {}, part);
}

/**
 * The sides that are asked for, of which one may be -1: it takes what is left.
 * @throws InputError where they do not have the elements of the shape
 */
export function completed(shape: Shape, wanted: Shape): Shape {
  const open = wanted.filter((side) => side === -1).length;
  if (open > 1) throw new InputError(`it leaves ${open} sides of ${showShape(wanted)} open: one at most may be -1`);
  const isNegative = wanted.some((side) => isNumber(side) && side < -1);
  const [all, known] = [elements(shape), product(wanted.filter((side) => side !== -1))];
  const isDivided = !isNumber(known) || (known > 0 && (!isNumber(all) || all % known === 0));
  const sides = open === 0 || !isDivided ? wanted : wanted.map((side) => (side === -1 ? div(all, known) : side));
  if (!isNegative && equal(product(sides), all)) return sides;
  throw new InputError(`${showShape(shape)} does not have the elements of ${showShape(wanted)}`);
}

/** Sides in another order. @throws InputError for a list that is no order of them */
export function permuted(call: Applying, x: Value, order: readonly number[], part = ''): Value {
  if (order.length !== x.shape.length || new Set(order).size !== order.length)
    throw new InputError(`its perm [${order.join(', ')}] is not a permutation of the sides of ${showShape(x.shape)}`);
  if (order.every((side, i) => side === i)) return x;
  // Where only sides of 1 change their places, the elements stand as they stood.
  if (isKept(x.shape, order)) return call.apply('view', x, { shape: order.map((side) => x.shape[side]!) }, {}, part);
  return call.apply('transpose', x, { order }, {}, part);
}

/** Computes on [N, C, H, W] what a file has as [N, H, W, C], and turns the result back. */
export function inChannelsFirst(call: Applying, x: Value, compute: (image: Value) => Value): Value {
  const image = permuted(call, x, [0, 3, 1, 2], 'channelsFirst');
  return permuted(call, compute(image), [0, 2, 3, 1], 'channelsLast');
}

/** Whether all sides but those of 1 keep their order. */
const isKept = (sides: Shape, order: readonly number[]): boolean =>
  order.filter((side) => sides[side] !== 1).every((side, i, kept) => i === 0 || kept[i - 1]! < side);

/** With more parts each would hold thousands of sizes, and all of them the square of that. */
const MANY_PARTS = 64;

/** The fields of a split. Of many parts, those before and those behind are one part each. */
export function splitFields(sizes: readonly Dim[], part: number): { sizes: readonly Dim[]; part: number } {
  if (sizes.length <= MANY_PARTS) return { sizes, part };
  const before = part > 0 ? [total(sizes.slice(0, part))] : [];
  const behind = part < sizes.length - 1 ? [total(sizes.slice(part + 1))] : [];
  return { sizes: [...before, sizes[part]!, ...behind], part: before.length };
}

/**
 * One of the parts into which a side is divided: of the channels by `split`, of another side by
 * `slice`.
 */
export function partOf(call: Applying, x: Value, axis: number, sizes: readonly Dim[], index: number, part = ''): Value {
  if (sizes.length === 1) return x;
  if (axis === 1) return call.apply('split', x, splitFields(sizes, index), {}, part);
  const begin = x.shape.map((_, i) => (i === axis ? total(sizes.slice(0, index)) : 0));
  const size = x.shape.map((side, i) => (i === axis ? sizes[index]! : side));
  return call.apply('slice', x, { begin, size, step: x.shape.map(() => 1) }, {}, part);
}

/** A part of each side. Sides that run backwards are reversed after they were cut. */
export function cut(call: Applying, x: Value, cuts: readonly Cut[], part = ''): Value {
  const backwards = cuts.flatMap(({ step, length }, axis) => (step < 0 && length !== 1 ? [axis] : []));
  const forward = cuts.map((one) => (one.step < 0 ? forwards(one) : one));
  if (backwards.length === 0) return cutForwards(call, x, forward, part);
  const kept = cutForwards(call, x, forward, part === '' ? 'part' : `${part}.part`);
  return call.apply('flip', kept, { axes: backwards }, {}, part);
}

const forwards = ({ first, length, step }: Cut): Cut => ({
  first: add(first, mul(sub(length, 1), step)),
  length,
  step: -step,
});

function cutForwards(call: Applying, x: Value, cuts: readonly Cut[], part: string): Value {
  const real = cuts.flatMap(({ first, length, step }, axis) =>
    step === 1 && first === 0 && equal(length, x.shape[axis]!) ? [] : [axis],
  );
  if (real.length === 0) return x;
  const [axis] = real;
  const { first, length, step } = cuts[axis!]!;
  if (axis === 1 && real.length === 1 && step === 1) {
    const sizes = [first, length, sub(x.shape[1]!, add(first, length))];
    const given = { sizes: sizes.filter((size) => size !== 0), part: first === 0 ? 0 : 1 };
    return call.apply('split', x, given, {}, part);
  }
  if (x.shape.length === 4 && real.every((side) => side > 1 && isStride(cuts[side]!, x.shape[side]!)))
    return call.apply('subsample', x, { step: [cuts[2]!.step, cuts[3]!.step] }, {}, part);
  const given = {
    begin: cuts.map((one) => one.first),
    size: cuts.map((one) => one.length),
    step: cuts.map((one) => one.step),
  };
  return call.apply('slice', x, given, {}, part);
}

/** Every step-th element from the first to the end. */
const isStride = ({ first, length, step }: Cut, side: Dim): boolean =>
  first === 0 && equal(length, floorDiv(add(side, step - 1), step));

type PadMode = 'constant' | 'reflect' | 'symmetric' | 'edge' | 'wrap';

/** Elements before and after each side. Zeros around an image are `pad`. */
export function padded(
  call: Applying,
  x: Value,
  before: readonly Dim[],
  after: readonly Dim[],
  { mode = 'constant', value = 0 }: { readonly mode?: PadMode; readonly value?: number } = {},
  part = '',
): Value {
  if ([...before, ...after].every((side) => side === 0)) return x;
  const ends = [...before.slice(2), ...after.slice(2)];
  if (x.shape.length !== 4 || before[0] !== 0 || after[0] !== 0 || !ends.every(isNumber))
    return call.apply('padSides', x, { before, after, mode, value }, {}, part);
  const padding = ends as unknown as readonly [number, number, number, number];
  return call.apply('pad', x, { padding, channels: [before[1]!, after[1]!] }, {}, part);
}

export type ResizeMode = 'nearest' | 'bilinear' | 'bicubic';

/**
 * Height and width of an image, or the one side of a list, by interpolation.
 * @throws Uncounted for other sides
 */
export function resized(call: Applying, x: Value, sides: Shape, mode: ResizeMode): Value {
  if (sameShape(sides, x.shape)) return x;
  const { length } = sides;
  if (
    length < 3 ||
    length > 5 ||
    (length === 5 && mode === 'bicubic') ||
    !equal(sides[0]!, x.shape[0]!) ||
    !equal(sides[1]!, x.shape[1]!)
  )
    throw new Uncounted(
      `it resizes ${showShape(x.shape)} to ${showShape(sides)}, and only the sides of an image after its channels can be`,
    );
  if (length === 5) {
    const size = sides.slice(2);
    return call.apply('resize', x, { size, mode: mode === 'bilinear' ? 'trilinear' : 'nearest' });
  }
  if (length === 4) return resizedImage(call, x, sides, mode, '');
  const row = call.apply('reshape', x, { shape: [x.shape[1]!, 1, x.shape[2]!] }, {}, 'row');
  const made = resizedImage(call, row, [sides[0]!, sides[1]!, 1, sides[2]!], mode, '');
  return call.apply('reshape', made, { shape: sides.slice(1) }, {}, 'column');
}

function resizedImage(call: Applying, x: Value, [, , height, width]: Shape, mode: ResizeMode, part: string): Value {
  const factors = [wholeFactor(x.shape[2]!, height!), wholeFactor(x.shape[3]!, width!)] as const;
  if (mode !== 'bicubic' && factors[0] !== undefined && factors[1] !== undefined)
    return call.apply('upsample', x, { scale: [factors[0], factors[1]], mode }, {}, part);
  return call.apply('resize', x, { size: [height!, width!], mode }, {}, part);
}

/** By how much a side grows, where that is a whole number. */
export function wholeFactor(from: Dim, to: Dim): number | undefined {
  if (isNumber(from) && isNumber(to)) return to % from === 0 ? to / from : undefined;
  for (const factor of [1, 2, 3, 4, 8, 16, 32]) if (equal(to, mul(from, factor))) return factor;
  return undefined;
}
