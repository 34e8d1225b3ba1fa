// What does a constant cost? Added to a tensor or multiplied with it one operation per element; standing by itself what its readers read.

import { flag, shape } from '../fields.js';
import { elements, type Shape } from '../shape.js';
import { broadcast } from './arithmetic.js';
import { only, op } from './op.js';

const withConstant = (about: string, name: 'scale' | 'shift') =>
  op({
    about,
    traffic: 'elementwise',
    arity: [1, 1],
    fields: {
      shape: shape('sides of the constant, aligned at the last one; sides of 1 are broadcast'),
      learnt: flag('the constant is a parameter', true),
    },
    outShape: (inputs, values) => broadcast(only(inputs), values.shape),
    params: (_, values): Record<string, Shape> => (values.learnt ? { [name]: values.shape } : {}),
    elementwise: (_, out) => elements(out),
  });

/** It moves nothing itself: what reads it reads it. */
export const parameter = op({
  about: 'a learnt tensor that others read: a token, a table of positions, the second matrix of a batched product',
  traffic: 'view',
  arity: [0, 0],
  fields: { shape: shape('its sides') },
  outShape: (_, values) => values.shape,
  params: (_, values) => ({ value: values.shape }),
});

export const scaleBy = withConstant('times a constant, such as a layer scale', 'scale');
export const shiftBy = withConstant('plus a constant, such as a position', 'shift');
