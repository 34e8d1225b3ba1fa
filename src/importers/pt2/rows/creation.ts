// Rows of tensors that are made from numbers alone. They cost nothing themselves.

import { add, isNumber, sub, type Dim } from '../../../dim/dim.js';
import { ceil } from '../ceil.js';
import { constant, MOST_ITEMS, type Constant } from '../../kit/operand.js';
import { Uncounted } from '../../kit/uncounted.js';
import type { Aten, AtenRow, AtenRows } from '../aten.js';

const sized =
  (name: string): AtenRow =>
  (aten) =>
    constant('float', demandSides(aten.someSizes(name)));

function demandSides(sizes: readonly Dim[]): readonly Dim[] {
  if (sizes.some((side) => isNumber(side) && side < 0)) throw new Uncounted('it makes a tensor with a negative side');
  return sizes;
}

/** A tensor with the shape of another one. Its numbers do not matter. */
const sameShape: AtenRow = (aten) => {
  const other = aten.operand('self') ?? aten.operand('input');
  if (!other) throw aten.missing('self');
  return constant('float', other.shape);
};

/** ceil((end - start) / step) numbers. */
function arange(aten: Aten): Constant {
  const [start, end, step] = [aten.size('start', 0), aten.size('end'), aten.size('step', 1)];
  if (!isNumber(step) || step === 0) throw new Uncounted('its step is not known');
  const count = isNumber(start) && isNumber(end) ? Math.ceil((end - start) / step) : ceil(sub(end, start), step);
  const [length] = demandSides([count]);
  const items =
    isNumber(length!) && isNumber(start) && length <= MOST_ITEMS
      ? Array.from({ length }, (_, i) => start + i * step)
      : undefined;
  return constant('int', [length!], items);
}

const filled: AtenRow = (aten) => constant('float', demandSides(aten.someSizes('size')));

const single: AtenRow = (aten) => constant('float', [], [aten.size('s')]);

/** Each tensor is repeated along the sides of all others. */
const meshgrid: AtenRow = (aten) => {
  const sides = aten.operands('tensors').map((one) => one?.shape[0] ?? 1);
  const swapped = aten.text('indexing') === 'xy' && sides.length > 1;
  const shape = swapped ? [sides[1]!, sides[0]!, ...sides.slice(2)] : sides;
  return sides.map(() => constant('float', shape));
};

const square: AtenRow = (aten) => constant('float', [aten.size('n'), aten.size('m', aten.size('n'))]);
const line: AtenRow = (aten) => constant('float', demandSides([aten.size('steps')]));

export const CREATIONS: AtenRows = {
  full: filled,
  zeros: filled,
  ones: filled,
  empty: filled,
  rand: filled,
  randn: filled,
  new_zeros: sized('size'),
  new_ones: sized('size'),
  new_empty: sized('size'),
  new_full: sized('size'),
  empty_permuted: filled,
  empty_strided: filled,
  zeros_like: sameShape,
  ones_like: sameShape,
  empty_like: sameShape,
  full_like: sameShape,
  rand_like: sameShape,
  randn_like: sameShape,
  arange,
  linspace: line,
  logspace: line,
  eye: square,
  scalar_tensor: single,
  meshgrid,
  hann_window: (aten) => constant('float', [add(aten.size('window_length'), 0)]),
};
