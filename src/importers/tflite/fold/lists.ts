// Folds of lists of sizes: slices, picks, packs, fills and reshapes.

import { isNumber } from '../../../dim/dim.js';
import { type Shape } from '../../../shape.js';
import { constant, list, MOST_ITEMS, type Constant, type Item } from '../../kit/operand.js';
import { broadcastAt, broadcastSides, count, indexAt, strides } from '../../kit/fold/arrays.js';
import { expanded, moved, range as numbersBetween, tiled, transposed, type Known } from '../../kit/fold/constants.js';
import { optionsOf } from '../network.js';
import { completed } from '../../kit/moves.js';
import { cutsOf } from '../rows/strided.js';
import { known, sidesAt, type Fold } from './known.js';

export const reshapedTo = (a: Known | undefined, sides: (a: Known) => Shape): Constant | undefined =>
  a && constant(a.type, sides(a), a.items);

export const reshape: Fold = (call) => {
  const wanted = call.has(1) ? call.items(1) : optionsOf(call.file, 'Reshape').shape;
  const found = call.constant(0);
  if (!wanted || !found) return undefined;
  const sides = completed(found.shape, wanted);
  return constant(found.type, sides, found.items, found.stored);
};

export const concatenation: Fold = (call) => {
  const parts = call.inputs.map((_, i) => known(call, i));
  if (parts.length === 0 || parts.includes(undefined)) return undefined;
  return joined(parts as readonly Known[], optionsOf(call.file, 'Concatenation').axis);
};

export function joined(parts: readonly Known[], axis: number): Constant | undefined {
  const [first] = parts;
  const at = axis < 0 ? axis + first!.sides.length : axis;
  // Lists, and the tables of two columns that paddings are.
  if (at !== 0 || parts.some(({ sides }) => sides.length !== first!.sides.length || sides.length === 0))
    return undefined;
  const length = parts.reduce((all, { sides }) => all + sides[0]!, 0);
  const sides = [length, ...first!.sides.slice(1)];
  const items = parts.flatMap((part) => part.items);
  return items.length === count(sides) && items.length <= MOST_ITEMS ? constant(first!.type, sides, items) : undefined;
}

export const pack: Fold = (call) => {
  const parts = call.inputs.map((_, i) => known(call, i));
  if (parts.length === 0 || parts.includes(undefined)) return undefined;
  const { axis } = optionsOf(call.file, 'Pack');
  const all = (parts as readonly Known[]).map(({ type, sides, items }): Known => ({
    type,
    sides: [1, ...sides],
    items,
  }));
  return axis === 0 || axis === -1 - parts[0]!.sides.length || parts[0]!.sides.length === 0
    ? joined(all, 0)
    : undefined;
};

export const unpack: Fold = (call) => {
  const a = known(call, 0);
  if (!a || a.sides.length === 0 || optionsOf(call.file, 'Unpack').axis !== 0) return undefined;
  const [length, ...rest] = a.sides as readonly [number, ...number[]];
  const each = count(rest);
  if (length !== call.file.outputs.length) return undefined;
  return call.file.outputs.map((_, i) => constant(a.type, rest, a.items.slice(i * each, (i + 1) * each)));
};

export const gather: Fold = (call) => {
  const [a, indices] = [known(call, 0), known(call, 1)];
  const { axis: given, batchDims } = optionsOf(call.file, 'Gather');
  if (!a || !indices?.items.every(isNumber) || batchDims !== 0 || a.sides.length === 0) return undefined;
  const axis = call.axis(given, a.sides.length);
  const steps = strides(a.sides);
  const sides = [...a.sides.slice(0, axis), ...indices.sides, ...a.sides.slice(axis + 1)];
  return moved(a, sides, (at) => {
    const places = at.slice(axis, axis + indices.sides.length);
    const index = broadcastAt(indices.items as readonly number[], indices.sides, places);
    const own = index < 0 ? index + a.sides[axis]! : index;
    return own < a.sides[axis]!
      ? indexAt([...at.slice(0, axis), own, ...at.slice(axis + indices.sides.length)], steps)
      : -1;
  });
};

export const stridedSlice: Fold = (call) => {
  const a = known(call, 0);
  if (!a || ![1, 2, 3].every((i) => call.items(i))) return undefined;
  const { cuts, sides } = cutsOf(call, a.sides);
  if (!cuts.every(({ first, length }) => isNumber(first) && isNumber(length))) return undefined;
  const starts = cuts.map(({ first, step }, i) => (step > 0 ? (first as number) : a.sides[i]! - 1 - (first as number)));
  const steps = strides(a.sides);
  const lengths = cuts.map(({ length }) => length as number);
  const taken = moved(a, lengths, (at) =>
    indexAt(
      at.map((place, i) => starts[i]! + place * cuts[i]!.step),
      steps,
    ),
  );
  return taken && constant(taken.type, sides, taken.items);
};

export const slice: Fold = (call) => {
  const [a, begin, size] = [known(call, 0), known(call, 1), known(call, 2)];
  if (!a || !begin?.items.every(isNumber) || !size?.items.every(isNumber)) return undefined;
  const starts = begin.items;
  const sides = size.items.map((side, i) => (side === -1 ? a.sides[i]! - starts[i]! : side));
  if (starts.length !== a.sides.length || sides.length !== a.sides.length) return undefined;
  if (sides.some((side, i) => !(side >= 0 && starts[i]! >= 0 && starts[i]! + side <= a.sides[i]!))) return undefined;
  const steps = strides(a.sides);
  return moved(a, sides, (at) =>
    indexAt(
      at.map((place, i) => starts[i]! + place),
      steps,
    ),
  );
};

export const transpose: Fold = (call) => {
  const [a, given] = [known(call, 0), known(call, 1)];
  if (!a || !given?.items.every(isNumber)) return undefined;
  const order = call.axes(given.items, a.sides.length);
  if (order.length !== a.sides.length || new Set(order).size !== order.length) return undefined;
  return transposed(a, order);
};

export const filled: Fold = (call) => {
  const sides = call.items(0);
  const value = call.constant(1);
  if (!sides || !value) return undefined;
  const [item] = value.items ?? [];
  const numbers = sidesAt(call, 0);
  const few = numbers && item !== undefined && count(numbers) <= MOST_ITEMS;
  return constant(value.type, sides, few ? new Array<Item>(count(numbers)).fill(item) : undefined);
};

export const broadcast: Fold = (call) => {
  const [a, wanted] = [known(call, 0), sidesAt(call, 1)];
  return a && wanted && expanded(a, wanted);
};

export const tile: Fold = (call) => {
  const [a, times] = [known(call, 0), sidesAt(call, 1)];
  return a && times?.length === a.sides.length ? tiled(a, times) : undefined;
};

export const range: Fold = (call) => {
  const [start, limit, step] = [0, 1, 2].map((i) => call.items(i)?.[0]);
  if (![start, limit, step].every((one) => one !== undefined && isNumber(one))) return undefined;
  const [first, last, by] = [start, limit, step] as readonly number[] as [number, number, number];
  return numbersBetween(call.constant(0)!.type, first, last, by);
};

export const split: Fold = (call) => {
  const [a, axis] = [known(call, 1), known(call, 0)];
  const { length } = call.file.outputs;
  if (a?.sides.length !== 1 || axis?.items[0] !== 0 || a.items.length % length !== 0) return undefined;
  const each = a.items.length / length;
  return call.file.outputs.map((_, i) => constant(a.type, [each], a.items.slice(i * each, (i + 1) * each)));
};

/**
 * Weights may be stored in another type than they are used in. A cast of learnt numbers is learnt.
 */
export const itself: Fold = (call) => call.constant(0);

/** Sides of what several shapes broadcast to. */
export const broadcastArguments: Fold = (call) => {
  const [a, b] = [sidesAt(call, 0), sidesAt(call, 1)];
  const sides = a && b && broadcastSides(a, b);
  return sides && list(sides);
};
