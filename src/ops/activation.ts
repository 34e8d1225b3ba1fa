// What does an activation cost? One operation per element, whatever its formula, and no parameters.

import { ratio } from '../fields.js';
import { elements } from '../shape.js';
import { only, op } from './op.js';
import type { Fields } from '../fields.js';

const activation = <F extends Fields>(about: string, fields: F) =>
  op<F>({
    about,
    traffic: 'elementwise',
    arity: [1, 1],
    fields,
    outShape: only,
    elementwise: (_, out) => elements(out),
  });

export const relu = activation('max(x, 0)', {});
export const relu6 = activation('min(max(x, 0), 6)', {});
export const leakyRelu = activation('x where positive, slope x elsewhere', {
  slope: ratio('slope of the negative side', 0.01),
});
export const sigmoid = activation('1 / (1 + exp(-x))', {});
export const hardSigmoid = activation('relu6(x + 3) / 6', {});
export const hardSwish = activation('x relu6(x + 3) / 6', {});
export const silu = activation('x sigmoid(x)', {});
export const gelu = activation('x times the normal distribution function of x', {});
export const softmax = activation('exp(x) over its sum along the channels', {});
