// Ops on constants whose items are known, computed before the network runs.

import { isNumber } from '../../../dim/dim.js';
import { InputError } from '../../../inputError.js';
import { constant, MOST_ITEMS, type Constant, type Item } from '../operand.js';
import type { NumericCut } from '../slice.js';
import { broadcastAt, broadcastSides, count, fill, indexAt, strides } from './arrays.js';
import type { Binary, Unary } from './numbers.js';

/** A constant whose items are all known. Its sides are numbers then. */
export interface Known {
  readonly type: Constant['type'];
  readonly sides: readonly number[];
  readonly items: readonly Item[];
}

/** Undefined where the items are not known. */
export function known(found: Constant | undefined): Known | undefined {
  if (found?.items === undefined) return undefined;
  return { type: found.type, sides: found.shape as readonly number[], items: found.items };
}

/** @param type of the result; whole where both operands are, if it is not given */
export function combined(a: Known, b: Known, combine: Binary, type?: Constant['type']): Constant | undefined {
  const sides = broadcastSides(a.sides, b.sides);
  if (!sides || count(sides) > MOST_ITEMS) return undefined;
  const whole = a.type === 'int' && b.type === 'int';
  const items = fill(sides, (at) =>
    combine(broadcastAt(a.items, a.sides, at), broadcastAt(b.items, b.sides, at), whole),
  );
  return complete(items) && constant(type ?? (whole ? 'int' : 'float'), sides, items as readonly Item[]);
}

export function changed(a: Known, change: Unary): Constant | undefined {
  const items = a.items.map(change);
  return complete(items) && constant(a.type, a.sides, items as readonly Item[]);
}

const complete = (items: readonly (Item | undefined)[]): true | undefined => !items.includes(undefined) || undefined;

/** Of a list: exporters reduce lists of sizes, to the number of elements for example. */
export function reduced(
  a: Known,
  keep: boolean,
  combine: (a: Item, b: Item) => Item | undefined,
): Constant | undefined {
  if (a.sides.length !== 1) return undefined;
  const [first, ...rest] = a.items;
  const result = rest.reduce<Item | undefined>((all, item) => (all !== undefined ? combine(all, item) : all), first);
  return result === undefined ? undefined : constant(a.type, keep ? [1] : [], [result]);
}

/** Items in another order, or some of them. @param from where each comes from */
export function moved(
  a: Known,
  sides: readonly number[],
  from: (at: readonly number[]) => number,
): Constant | undefined {
  if (!(count(sides) <= MOST_ITEMS)) return undefined;
  const items = fill(sides, (at): Item | undefined => a.items[from(at)]);
  return complete(items) && constant(a.type, sides, items as readonly Item[]);
}

/** @throws InputError for an index outside of the side */
export function gathered(a: Known, indices: Known, axis: number): Constant | undefined {
  const side = a.sides[axis]!;
  const steps = strides(a.sides);
  const { length } = indices.sides;
  const sides = [...a.sides.slice(0, axis), ...indices.sides, ...a.sides.slice(axis + 1)];
  return moved(a, sides, (at) => {
    const index = broadcastAt(indices.items, indices.sides, at.slice(axis, axis + length));
    if (!isNumber(index) || !(index >= -side && index < side))
      throw new InputError(
        `the index ${isNumber(index) ? index : 'with a symbol'} is outside the ${side} along axis ${axis}`,
      );
    return indexAt([...at.slice(0, axis), index < 0 ? index + side : index, ...at.slice(axis + length)], steps);
  });
}

/** Undefined where the parts have no sides in common. */
export function concatenated(parts: readonly Known[], axis: number): Constant | undefined {
  const [first] = parts;
  if (!first || parts.some(({ sides }) => sides.length !== first.sides.length)) return undefined;
  const length = parts.reduce((sum, { sides }) => sum + sides[axis]!, 0);
  const sides = first.sides.map((side, i) => (i === axis ? length : side));
  if (count(sides) > MOST_ITEMS) return undefined;
  const items = fill(sides, (at) => {
    let place = at[axis]!;
    const part = parts.find((one) => place < one.sides[axis]! || ((place -= one.sides[axis]!), false))!;
    return part.items[
      indexAt(
        at.map((own, i) => (i === axis ? place : own)),
        strides(part.sides),
      )
    ]!;
  });
  return constant(first.type, sides, items);
}

/** A part of each side. */
export function cutOut(a: Known, cuts: readonly NumericCut[]): Constant | undefined {
  const own = strides(a.sides);
  return moved(
    a,
    cuts.map(({ length }) => length),
    (at) =>
      indexAt(
        at.map((place, i) => cuts[i]!.first + place * cuts[i]!.step),
        own,
      ),
  );
}

/** The same items with other sides. @throws InputError where they do not make them up */
export function withSides(a: Known, sides: readonly number[]): Constant {
  if (count(sides) === a.items.length) return constant(a.type, sides, a.items);
  throw new InputError(`${a.items.length} numbers do not make the shape [${sides.join(', ')}]`);
}

export function transposed(a: Known, order: readonly number[]): Constant | undefined {
  const steps = strides(a.sides);
  return moved(
    a,
    order.map((axis) => a.sides[axis]!),
    (at) =>
      indexAt(
        at,
        order.map((axis) => steps[axis]!),
      ),
  );
}

export function expanded(a: Known, wanted: readonly number[]): Constant | undefined {
  const sides = broadcastSides(a.sides, wanted);
  if (!sides || !(count(sides) <= MOST_ITEMS)) return undefined;
  return constant(
    a.type,
    sides,
    fill(sides, (at) => broadcastAt(a.items, a.sides, at)),
  );
}

export function tiled(a: Known, times: readonly number[]): Constant | undefined {
  const steps = strides(a.sides);
  return moved(
    a,
    a.sides.map((side, i) => side * (times[i] ?? 1)),
    (at) =>
      indexAt(
        at.map((place, i) => place % a.sides[i]!),
        steps,
      ),
  );
}

export function chosen(test: Known, a: Known, b: Known): Constant | undefined {
  const inner = broadcastSides(a.sides, b.sides);
  const sides = inner && broadcastSides(test.sides, inner);
  if (!sides || count(sides) > MOST_ITEMS) return undefined;
  return constant(
    a.type,
    sides,
    fill(sides, (at) => {
      const one = broadcastAt(test.items, test.sides, at) === 0 ? b : a;
      return broadcastAt(one.items, one.sides, at);
    }),
  );
}

/** From `start` on, below `limit`. Undefined past MOST_ITEMS. */
export function range(type: Constant['type'], start: number, limit: number, step: number): Constant | undefined {
  const length = Math.max(0, Math.ceil((limit - start) / step));
  if (!(length <= MOST_ITEMS)) return undefined;
  return constant(
    type,
    [length],
    Array.from({ length }, (_, i) => start + i * step),
  );
}

/** Truncated for a whole type, 0 or 1 for a logical one. */
export function castTo(a: Known, to: 'int' | 'float' | 'bool'): Constant {
  if (to === 'float') return constant('float', a.sides, a.items);
  const whole = (item: Item): Item => (isNumber(item) ? Math.trunc(item) : item);
  return constant('int', a.sides, to === 'bool' ? a.items.map((item) => (item === 0 ? 0 : 1)) : a.items.map(whole));
}
