// Constants whose items are all known, for what is worked out before the network runs.

import { isNumber } from '../../../dim/dim.js';
import type { Results } from '../../kit/call.js';
import type { Known } from '../../kit/fold/constants.js';
import type { Call } from '../sides.js';

/** Undefined where what is needed is not known: the operator is then the network's own. */
export type Fold = (call: Call) => Results | undefined;

export function known(call: Call, i: number): Known | undefined {
  const found = call.constant(i);
  if (!found?.items || !found.shape.every(isNumber)) return undefined;
  return { type: found.type, sides: found.shape, items: found.items };
}

export const indexOf = (at: readonly number[], steps: readonly number[]): number =>
  at.reduce((sum, place, i) => sum + place * steps[i]!, 0);

/** Sides that are stored or computed, as numbers. */
export const sidesAt = (call: Call, i: number): readonly number[] | undefined => {
  const items = call.items(i);
  return items?.every((side) => isNumber(side) && side >= 0) ? (items as readonly number[]) : undefined;
};
