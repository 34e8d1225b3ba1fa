// Applies a function to every element, by tfjs's own op where there is one.

import { unary } from './activation.js';
import { kernel, scalar } from './kernel.js';
import { constantInside } from './sides.js';

export const tanh = unary((tf, x) => tf.tanh(x));
export const softplus = unary((tf, x) => tf.softplus(x));
export const mish = unary((tf, x) => tf.mul(x, tf.tanh(tf.softplus(x))));
export const erf = unary((tf, x) => tf.erf(x));
export const exponential = unary((tf, x) => tf.exp(x));
export const logarithm = unary((tf, x) => tf.log(x));
export const squareRoot = unary((tf, x) => tf.sqrt(x));
export const absolute = unary((tf, x) => tf.abs(x));
export const negate = unary((tf, x) => tf.neg(x));
export const reciprocal = kernel<'reciprocal'>({
  prepare: () => ({ one: scalar(1) }),
  run: ({ tf, x, prepared: { one } }) => tf.div(one!, x),
});
export const elu = kernel<'elu'>({ run: ({ tf, x, values: { selu } }) => (selu ? tf.selu(x) : tf.elu(x)) });
export const clip = kernel<'clip'>({
  run: ({ tf, x, values: { least, most } }) => tf.clipByValue(x, least, most),
});
export const power = kernel<'power'>({
  prepare: ({ values: { exponent } }) => ({ exponent: scalar(exponent) }),
  run: ({ tf, x, prepared, values: { exponent } }) =>
    exponent === 2 ? tf.square(x) : tf.pow(x, prepared['exponent']!),
});
export const prelu = kernel<'prelu'>({
  prepare: ({ values: { shape }, out }, weights) => ({
    slope: constantInside(weights['slope']!, shape, out.length),
  }),
  run: ({ tf, x, prepared: { slope } }) => tf.prelu(x, slope!),
});
