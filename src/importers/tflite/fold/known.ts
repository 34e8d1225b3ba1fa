// Constants whose items are all known, for what is worked out before the network runs.

import { isNumber } from '../../../dim/dim.js';
import type { Results } from '../../kit/conversion.js';
import { constant, MOST_ITEMS, type Constant, type Item } from '../../kit/operand.js';
import { count, fill } from '../../kit/fold/arrays.js';
import type { Call } from '../sides.js';

/** Undefined where what is needed is not known: the operator is then the network's own. */
export type Fold = (call: Call) => Results | undefined;

/** A constant whose sides and items are all known. */
export interface Known {
  readonly type: Constant['type'];
  readonly sides: readonly number[];
  readonly items: readonly Item[];
}

export function known(call: Call, i: number): Known | undefined {
  const found = call.constant(i);
  if (!found?.items || !found.shape.every(isNumber)) return undefined;
  return { type: found.type, sides: found.shape, items: found.items };
}

/** Another order of the same items, or some of them: `from` says where each comes from. */
export function moved(
  a: Known,
  sides: readonly number[],
  from: (at: readonly number[]) => number,
): Constant | undefined {
  if (!(count(sides) <= MOST_ITEMS)) return undefined;
  const items = fill(sides, (at): Item | undefined => a.items[from(at)]);
  return items.includes(undefined) ? undefined : constant(a.type, sides, items as readonly Item[]);
}

export const indexOf = (at: readonly number[], steps: readonly number[]): number =>
  at.reduce((sum, place, i) => sum + place * steps[i]!, 0);

/** Sides that are stored or computed, as numbers. */
export const sidesAt = (call: Call, i: number): readonly number[] | undefined => {
  const items = call.items(i);
  return items?.every((side) => isNumber(side) && side >= 0) ? (items as readonly number[]) : undefined;
};
