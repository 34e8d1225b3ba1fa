// Constants whose items are all known, for ops that are computed before the network runs.

import { isNumber } from '../../../dim/dim.js';
import type { Results } from '../../kit/call.js';
import { known as knownConstant, type Known } from '../../kit/fold/constants.js';
import type { Call } from '../sides.js';

/** Undefined where an operand is not known: the operator then runs with the network. */
export type Fold = (call: Call) => Results | undefined;

export const known = (call: Call, i: number): Known | undefined => knownConstant(call.constant(i));

/** Sides that are stored or computed, as numbers. */
export const sidesAt = (call: Call, i: number): readonly number[] | undefined => {
  const items = call.items(i);
  return items?.every((side) => isNumber(side) && side >= 0) ? (items as readonly number[]) : undefined;
};
