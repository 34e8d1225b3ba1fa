// Element-wise functions other than activations: one operation per element.

import { choice, real, whole } from '../fields.js';
import { elements } from '../shape.js';
import { demandSides, only, op } from './op.js';
import type { Fields } from '../fields.js';

const unary = <F extends Fields>(about: string, fields: F) =>
  op<F>({
    about,
    traffic: 'elementwise',
    arity: [1, 1],
    fields,
    outShape: only,
    elementwise: (_, out) => elements(out),
  });

export const sine = unary('sin(x)', {});
export const cosine = unary('cos(x)', {});
export const tangent = unary('tan(x)', {});
export const arcSine = unary('inverse of the sine', {});
export const arcCosine = unary('inverse of the cosine', {});
export const arcTangent = unary('inverse of the tangent', {});
export const hyperbolicSine = unary('sinh(x)', {});
export const hyperbolicCosine = unary('cosh(x)', {});
export const inverseHyperbolicSine = unary('asinh(x)', {});
export const inverseHyperbolicCosine = unary('acosh(x)', {});
export const inverseHyperbolicTangent = unary('atanh(x)', {});
export const floor = unary('the next whole number below', {});
export const ceil = unary('the next whole number above', {});
export const round = unary('the nearest whole number, halves to even ones', {});
export const truncate = unary('x without its fraction', {});
export const sign = unary('-1, 0 or 1', {});
export const square = unary('x x', {});
export const reciprocalSquareRoot = unary('1 / square root', {});
export const exponentialMinusOne = unary('exp(x) - 1', {});
export const logarithmOnePlus = unary('log(1 + x)', {});
export const softsign = unary('x / (1 + |x|)', {});
export const logSigmoid = unary('log(sigmoid(x))', {});
export const quickGelu = unary('x sigmoid(1.702 x)', {});
export const celu = unary('x where positive, alpha (exp(x / alpha) - 1) elsewhere', { alpha: real('alpha', 1) });
export const thresholdedRelu = unary('x where it passes a threshold, 0 elsewhere', { threshold: real('threshold', 1) });
export const shrink = unary('x moved towards 0, and 0 near it', {
  mode: choice('x stays (hard) or moves by lambda (soft), or less tanh(x)', ['hard', 'soft', 'tanh'], 'hard'),
  lambda: real('what is near 0', 0.5),
});
export const not = unary('logical not', {});
export const isNan = unary('1 where x is no number', {});
export const isInfinite = unary('1 where x is infinite', {});
export const quantize = unary('x in steps of a scale, as a small integer', {});
export const dequantize = unary('a small integer times its scale', {});

/** As `softmax`, which counts one operation per element too. */
export const logSoftmax = op({
  about: 'log of the softmax along one side',
  traffic: 'elementwise',
  arity: [1, 1],
  fields: { axis: whole('the side along which it sums, from 0; the channels are 1', 1, 0) },
  outShape(inputs, { axis }) {
    demandSides(only(inputs), [axis]);
    return only(inputs);
  },
  elementwise: (_, out) => elements(out),
});

/** A cast keeps the number of elements. Bytes are not counted. */
export const cast = op({
  about: 'the same elements as another type, without a cost',
  traffic: 'view',
  arity: [1, 1],
  fields: {},
  outShape: only,
});
