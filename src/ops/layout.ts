// Permute, reshape, slice, expand and resize. A new order is a copy, reshapes and slices are views.

import { equal, isNumber, mul, product, div } from '../dim/dim.js';
import { choice, list, shape, size, whole } from '../fields.js';
import { InputError } from '../inputError.js';
import { elements, showShape, type Shape } from '../shape.js';
import { broadcast } from './arithmetic.js';
import { only, op, withPlaces } from './op.js';

const numbers = (about: string, least: number) => list(about, whole(about, undefined, least));

/** As PyTorch's permute followed by contiguous. */
export const transpose = op({
  about: 'sides in another order (a copy)',
  traffic: 'compute',
  arity: [1, 1],
  fields: { order: numbers('which side of the input each side is, from 0', 0) },
  orderOf: ({ order }) => order,
  outShape(inputs, { order }) {
    const sides = only(inputs);
    if ([...order].sort((a, b) => a - b).some((side, i) => side !== i) || order.length !== sides.length)
      throw new InputError(`[${order.join(', ')}] is not a permutation of the sides of ${showShape(sides)}`);
    return order.map((side) => sides[side]!);
  },
});

/** As `reshape`, but the batch is regrouped too. */
export const view = op({
  about: 'other sides for the same elements, the batch included, without a copy',
  traffic: 'view',
  arity: [1, 1],
  fields: { shape: shape('all sides; one may be -1 and takes what is left') },
  outShape(inputs, { shape: wanted }) {
    const sides = only(inputs);
    const known = product(wanted.filter((side) => side !== -1));
    const result = wanted.map((side) => (side === -1 ? div(elements(sides), known) : side));
    if (!equal(product(result), elements(sides)))
      throw new InputError(`${showShape(sides)} does not have the elements of ${showShape(result)}`);
    return result;
  },
});

export const slice = op({
  about: 'a part of each side, without a copy',
  traffic: 'view',
  arity: [1, 1],
  fields: {
    begin: list('first element of each side', size('first element', 0)),
    size: list('elements of each side', size('elements')),
    step: numbers('from one element to the next, of each side', 1),
  },
  outShape(inputs, { begin, size: sides, step }) {
    const input = only(inputs);
    if ([begin, sides, step].some(({ length }) => length !== input.length))
      throw new InputError(
        `a slice of ${showShape(input)} says where each of its ${input.length} sides begins and ends`,
      );
    input.forEach((side, i) => {
      const [first, length] = [begin[i]!, sides[i]!];
      if (isNumber(side) && isNumber(first) && isNumber(length) && first + (length - 1) * step[i]! >= side)
        throw new InputError(
          `a slice to element ${first + (length - 1) * step[i]!} passes the side ${i} of ${showShape(input)}`,
        );
    });
    return sides;
  },
});

/** Repeats sides of 1, as NumPy's broadcasting. It stores nothing. */
export const expand = op({
  about: 'sides of 1 repeated, without a copy',
  traffic: 'view',
  arity: [1, 1],
  fields: { shape: shape('sides to broadcast to') },
  outShape(inputs, { shape: wanted }): Shape {
    const result = broadcast(only(inputs), wanted);
    if (result.length !== wanted.length || result.some((side, i) => !equal(side, wanted[i]!)))
      throw new InputError(`${showShape(only(inputs))} cannot be repeated to ${showShape(wanted)}`);
    return result;
  },
});

/** Input elements per output element, and the number of sides after the channels for each mode. */
const NEIGHBOURS = { nearest: 0, linear: 2, bilinear: 4, trilinear: 8, bicubic: 16 } as const;
const SIDES: Readonly<Record<string, number>> = { linear: 1, bilinear: 2, trilinear: 3, bicubic: 2 };

/** Resizes any number of sides to any size. `upsample` has whole factors of an image. */
export const resize = op({
  about: 'other sides after the channels by interpolation, such as another height and width',
  traffic: 'compute',
  arity: [1, 1],
  fields: {
    size: list('output elements of each side after the channels', size('elements')),
    mode: choice('how new elements are made', ['nearest', 'linear', 'bilinear', 'trilinear', 'bicubic'], 'nearest'),
  },
  ownSides: () => true,
  outShape(inputs, { size: wanted, mode }) {
    const { n, c, sides } = withPlaces(only(inputs));
    const count = SIDES[mode] ?? sides.length;
    if (wanted.length !== sides.length || count !== sides.length)
      throw new InputError(
        `a ${mode} resize to ${wanted.length} sides does not fit the ${sides.length} of ${showShape(only(inputs))}`,
        'size',
      );
    return [n, c, ...wanted];
  },
  elementwise: (_, out, { mode }) => mul(elements(out), NEIGHBOURS[mode]),
});
