// With which sides does a constant meet a tensor? As NumPy broadcasts in the file's order, and then in ours.

import { isNumber, type Dim } from '../../dim/dim.js';
import type { Value } from '../../graph.js';
import { InputError } from '../../inputError.js';
import { showShape } from '../../shape.js';
import type { Constant } from './constants.js';
import { asOurs } from './nodeCall.js';

/** Our sides of the constant, without the batch and what is 1 before it. */
export function against({ sides }: Constant, x: Value): readonly Dim[] {
  const rank = x.shape.length;
  if (sides.length > rank) throw new InputError(`its constant has more sides than ${showShape(x.shape)}`);
  const full = asOurs([...new Array<number>(rank - sides.length).fill(1), ...sides]);
  const first = full[0] === 1 ? full.slice(1) : full;
  return first.length === 0 ? [1] : first;
}

/** Elements of a constant. */
export const sizeOf = ({ sides }: Constant): number => sides.reduce((all, side) => all * side, 1);

/** Sides that two constants have together. */
export function broadcastSides(a: readonly number[], b: readonly number[]): readonly number[] {
  const rank = Math.max(a.length, b.length);
  return Array.from({ length: rank }, (_, i) => {
    const [p, q] = [a[a.length - rank + i] ?? 1, b[b.length - rank + i] ?? 1];
    if (p !== q && p !== 1 && q !== 1)
      throw new InputError(`its constants ${a.join('x')} and ${b.join('x')} do not fit`);
    return Math.max(p, q);
  });
}

export const numbersOf = (values: readonly Dim[] | undefined): readonly number[] | undefined =>
  values?.every(isNumber) ? values : undefined;
