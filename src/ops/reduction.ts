// Reductions along some sides: one operation per input element.

import { choice, flag, list, whole } from '../fields.js';
import { elements } from '../shape.js';
import { demandSides, only, op } from './op.js';

const MODES = [
  ...(['mean', 'sum', 'max', 'min', 'product', 'norm', 'l1', 'squareSum', 'logSum', 'logSumExp'] as const),
  ...(['variance', 'deviation', 'any', 'all'] as const),
] as const;

/** The mean over a whole image is the op `globalAvgPool`. */
export const reduce = op({
  about: 'mean, sum, maximum, ... along some sides',
  traffic: 'compute',
  arity: [1, 1],
  fields: {
    axes: list('sides that are reduced, from 0', whole('side', undefined, 0)),
    mode: choice('what is made of the elements; norm is the length, l1 the sum without signs', MODES, 'mean'),
    keep: flag('reduced sides stay, as 1', true),
  },
  ownSides: () => true,
  outShape(inputs, { axes, keep }) {
    const sides = only(inputs);
    demandSides(sides, axes);
    const kept = sides.map((side, i) => (axes.includes(i) ? 1 : side));
    return keep ? kept : kept.filter((_, i) => !axes.includes(i));
  },
  elementwise: (inputs) => elements(only(inputs)),
});
