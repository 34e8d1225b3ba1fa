// What does reducing a tensor along some sides cost? One operation per element that is read.

import { choice, flag, list, whole } from '../fields.js';
import { InputError } from '../inputError.js';
import { elements, showShape } from '../shape.js';
import { only, op } from './op.js';

/** The mean of a whole image is `globalAvgPool`. */
export const reduce = op({
  about: 'mean, sum, maximum, ... along some sides',
  traffic: 'compute',
  arity: [1, 1],
  fields: {
    axes: list('sides that are reduced, from 0', whole('side', undefined, 0)),
    mode: choice('what is made of the elements', ['mean', 'sum', 'max', 'min', 'product', 'norm'], 'mean'),
    keep: flag('reduced sides stay, as 1', true),
  },
  ownSides: () => true,
  outShape(inputs, { axes, keep }) {
    const sides = only(inputs);
    const odd = axes.find((axis) => axis >= sides.length);
    if (odd !== undefined)
      throw new InputError(`there is no side ${odd} in ${showShape(sides)}: sides are counted from 0`);
    const kept = sides.map((side, i) => (axes.includes(i) ? 1 : side));
    return keep ? kept : kept.filter((_, i) => !axes.includes(i));
  },
  elementwise: (inputs) => elements(only(inputs)),
});
