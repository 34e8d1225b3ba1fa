// Sort, top-k and running sums: one operation per input element, as for a reduction.

import { choice, flag, size, whole } from '../fields.js';
import { InputError } from '../inputError.js';
import { elements, showShape, type Shape } from '../shape.js';
import { isNumber } from '../dim/dim.js';
import { demandSides, only, op } from './op.js';

const axis = whole('the side along which it looks, from 0; the channels are 1', 1, 0);

function alongSide(inputs: readonly Shape[], side: number): Shape {
  demandSides(only(inputs), [side]);
  return only(inputs);
}

/** A node has one output. Values and indices are two nodes, and each reads its input. */
export const topK = op({
  about: 'the k largest or smallest elements along a side, or their places',
  traffic: 'compute',
  arity: [1, 1],
  fields: {
    k: size('elements that are kept'),
    axis,
    output: choice('what the node gives', ['values', 'indices'], 'values'),
    largest: flag('the largest ones, else the smallest', true),
  },
  outShape(inputs, { k, axis: side }) {
    const sides = alongSide(inputs, side);
    const all = sides[side]!;
    if (isNumber(all) && isNumber(k) && k > all)
      throw new InputError(`there are no ${k} elements along side ${side} of ${showShape(sides)}`, 'k');
    return sides.with(side, k);
  },
  elementwise: (inputs) => elements(only(inputs)),
});

export const sort = op({
  about: 'elements in order along a side, or their places',
  traffic: 'compute',
  arity: [1, 1],
  fields: {
    axis,
    output: choice('what the node gives', ['values', 'indices'], 'values'),
    descending: flag('the largest first', false),
  },
  outShape: (inputs, { axis: side }) => alongSide(inputs, side),
  elementwise: (inputs) => elements(only(inputs)),
});

const place = (about: string) =>
  op({
    about,
    traffic: 'compute',
    arity: [1, 1],
    fields: { axis, keep: flag('the side stays, as 1', false) },
    ownSides: () => true,
    outShape(inputs, { axis: side, keep }) {
      const sides = alongSide(inputs, side);
      return keep ? sides.with(side, 1) : sides.toSpliced(side, 1);
    },
    elementwise: (inputs) => elements(only(inputs)),
  });

export const argMax = place('the place of the largest element along a side');
export const argMin = place('the place of the smallest element along a side');

export const cumSum = op({
  about: 'running sum along a side',
  traffic: 'compute',
  arity: [1, 1],
  fields: {
    axis,
    exclusive: flag('an element does not count itself', false),
    reverse: flag('from the end', false),
    mode: choice('what runs', ['sum', 'product', 'max', 'min'], 'sum'),
  },
  outShape: (inputs, { axis: side }) => alongSide(inputs, side),
  elementwise: (inputs) => elements(only(inputs)),
});
