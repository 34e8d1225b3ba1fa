// What does a constant cost that is added to a tensor, or multiplied with it? One operation per element; it is learnt unless it says otherwise.

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

export const scaleBy = withConstant('times a constant, such as a layer scale', 'scale');
export const shiftBy = withConstant('plus a constant, such as a position', 'shift');
