// Arithmetic on tensors: one operation per element of the result.

import { equal, type Dim } from '../dim/dim.js';
import { InputError } from '../inputError.js';
import { elements, showShape, type Shape } from '../shape.js';
import { only, op } from './op.js';

const combine = (about: string) =>
  op({
    about,
    traffic: 'elementwise',
    arity: [2, 2],
    fields: {},
    outShape: ([a, b]) => broadcast(a!, b!),
    elementwise: (_, out) => elements(out),
  });

export const add = combine('element-wise sum, sides of 1 are broadcast');
export const subtract = combine('element-wise difference, sides of 1 are broadcast');
export const divide = combine('element-wise quotient, sides of 1 are broadcast');
export const maximum = combine('element-wise maximum, sides of 1 are broadcast');
export const minimum = combine('element-wise minimum, sides of 1 are broadcast');
export const multiply = combine('element-wise product, sides of 1 are broadcast: [N, C, 1, 1] scales the channels');

/** A learnt factor. FCOS (arXiv 1904.01355) has one for the boxes of each level. */
export const scale = op({
  about: 'times one learnable factor',
  traffic: 'elementwise',
  arity: [1, 1],
  fields: {},
  outShape: only,
  params: () => ({ factor: [1] }),
  elementwise: (_, out) => elements(out),
});

/** NumPy's broadcasting: aligned at the last dimension, sides are equal or one of them is 1. */
export function broadcast(a: Shape, b: Shape): Shape {
  const rank = Math.max(a.length, b.length);
  return Array.from({ length: rank }, (_, i): Dim => {
    const [p, q] = [a[a.length - rank + i] ?? 1, b[b.length - rank + i] ?? 1];
    if (q === 1 || equal(p, q)) return p;
    if (p === 1) return q;
    throw new InputError(`the shapes ${showShape(a)} and ${showShape(b)} do not fit together`);
  });
}
