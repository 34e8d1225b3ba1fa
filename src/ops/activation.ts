// Activations: one operation per element, whatever the formula; only PReLU has params.

import { flag, real, shape, whole } from '../fields.js';
import { elements } from '../shape.js';
import { elementFunction, only, op } from './op.js';

export const relu = elementFunction('max(x, 0)', {});
export const relu6 = elementFunction('min(max(x, 0), 6)', {});
export const leakyRelu = elementFunction('x where positive, slope x elsewhere', {
  slope: real('slope of the negative side', 0.01),
});
export const sigmoid = elementFunction('1 / (1 + exp(-x))', {});
export const hardSigmoid = elementFunction('relu6(x + 3) / 6', {});
export const hardSwish = elementFunction('x relu6(x + 3) / 6', {});
export const silu = elementFunction('x sigmoid(x)', {});
export const gelu = elementFunction('x times the normal distribution function of x', {});
export const softmax = elementFunction('exp(x) over its sum along the channels', {
  axis: whole('the side along which it sums, from 0; the channels are 1', 1, 0),
});
export const tanh = elementFunction('hyperbolic tangent', {});
export const elu = elementFunction('x where positive, exp(x) - 1 elsewhere, with a scale (SELU) or not', {
  selu: flag('scaled so that activations keep their variance', false),
});
export const softplus = elementFunction('log(1 + exp(x))', {});
export const mish = elementFunction('x tanh(log(1 + exp(x)))', {});
export const clip = elementFunction('no less than a least and no more than a most', {
  least: real('what smaller values become', 0),
  most: real('what larger values become', 1),
});
export const erf = elementFunction('error function', {});
export const exponential = elementFunction('exp(x)', {});
export const logarithm = elementFunction('log(x)', {});
export const squareRoot = elementFunction('square root', {});
export const reciprocal = elementFunction('1 / x', {});
export const absolute = elementFunction('x without its sign', {});
export const negate = elementFunction('-x', {});
export const power = elementFunction('x to a power', { exponent: real('the power', 2) });

/** PReLU (arXiv 1502.01852) learns one slope for all channels or one per channel. */
export const prelu = op({
  about: 'x where positive, a learnt slope times x elsewhere',
  traffic: 'elementwise',
  arity: [1, 1],
  fields: { shape: shape('sides of the slope, aligned at the last one; sides of 1 are broadcast') },
  outShape: only,
  params: (_, values) => ({ slope: values.shape }),
  elementwise: (_, out) => elements(out),
});
