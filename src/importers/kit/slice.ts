// What a slice takes of a side, from bounds as NumPy reads them.

import { add, floorDiv, isNumber, sub, type Dim } from '../../dim/dim.js';
import { show } from '../../dim/text.js';
import { InputError } from '../../inputError.js';

/** What is taken of one side. A negative step runs backwards from the first element. */
export interface Cut {
  readonly first: Dim;
  readonly length: Dim;
  readonly step: number;
}

/** The same without symbols. */
export interface NumericCut extends Cut {
  readonly first: number;
  readonly length: number;
}

export const wholeSide = (side: Dim): Cut => ({ first: 0, length: side, step: 1 });

/**
 * Negative bounds count from the end, and all are clipped. The length is 0 where nothing is left.
 * @param start undefined for the first element in the direction of the step
 * @param end undefined for the last one
 */
export function numericCut(side: number, start: number | undefined, end: number | undefined, step: number): NumericCut {
  if (step === 0) throw new InputError(STANDS_STILL);
  // Backwards, the first possible element is the last one, and the end lies before the first.
  const [low, high] = step > 0 ? [0, side] : [-1, side - 1];
  const clipped = (bound: number): number => Math.min(Math.max(bound < 0 ? bound + side : bound, low), high);
  const [from, to] = step > 0 ? [low, high] : [high, low];
  const first = start === undefined ? from : clipped(start);
  const last = end === undefined ? to : clipped(end);
  return { first, length: Math.max(0, Math.ceil((last - first) / step)), step };
}

const STANDS_STILL = 'it slices in steps of 0: give a step that is not 0';

/** A bound past these means the end of a side, whatever its length. */
const PAST_ANY = 2 ** 31 - 1;

/**
 * The same for sizes with symbols, which are cut where the bounds leave no doubt. The length may be
 * below 1 where nothing is left.
 */
export function sliceOf(side: Dim, start: Dim, end: Dim, step: number): Cut {
  if (step === 0) throw new InputError(STANDS_STILL);
  const [low, high] = step > 0 ? [0, side] : [-1, sub(side, 1)];
  const at = (bound: Dim): Dim => {
    if (!isNumber(bound)) return bound;
    if (bound >= PAST_ANY) return high;
    if (bound <= -PAST_ANY) return low;
    const counted = bound >= 0 ? bound : add(side, bound);
    return isNumber(counted) && isNumber(high) ? Math.max(low, Math.min(counted, high)) : counted;
  };
  const [first, last] = [at(start), at(end)];
  const span = step > 0 ? sub(last, first) : sub(first, last);
  return { first, length: floorDiv(add(span, Math.abs(step) - 1), Math.abs(step)), step };
}

/** @throws InputError for an empty part */
export function cutOf(side: Dim, start: Dim, end: Dim, step: number): Cut {
  const cut = sliceOf(side, start, end, step);
  if (isNumber(cut.length) && cut.length < 1) throw new InputError(`it takes nothing of a side of ${show(side)}`);
  return cut;
}
