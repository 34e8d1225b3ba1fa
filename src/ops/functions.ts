// Element-wise functions other than activations: one operation per element.

import { choice, real, whole } from '../fields.js';
import { elements } from '../shape.js';
import { demandSides, elementFunction, only, op } from './op.js';

export const sine = elementFunction('sin(x)', {});
export const cosine = elementFunction('cos(x)', {});
export const tangent = elementFunction('tan(x)', {});
export const arcSine = elementFunction('inverse of the sine', {});
export const arcCosine = elementFunction('inverse of the cosine', {});
export const arcTangent = elementFunction('inverse of the tangent', {});
export const hyperbolicSine = elementFunction('sinh(x)', {});
export const hyperbolicCosine = elementFunction('cosh(x)', {});
export const inverseHyperbolicSine = elementFunction('asinh(x)', {});
export const inverseHyperbolicCosine = elementFunction('acosh(x)', {});
export const inverseHyperbolicTangent = elementFunction('atanh(x)', {});
export const floor = elementFunction('the next whole number below', {});
export const ceil = elementFunction('the next whole number above', {});
export const round = elementFunction('the nearest whole number, halves to even ones', {});
export const truncate = elementFunction('x without its fraction', {});
export const sign = elementFunction('-1, 0 or 1', {});
export const square = elementFunction('x x', {});
export const reciprocalSquareRoot = elementFunction('1 / square root', {});
export const exponentialMinusOne = elementFunction('exp(x) - 1', {});
export const logarithmOnePlus = elementFunction('log(1 + x)', {});
export const softsign = elementFunction('x / (1 + |x|)', {});
export const logSigmoid = elementFunction('log(sigmoid(x))', {});
export const quickGelu = elementFunction('x sigmoid(1.702 x)', {});
export const celu = elementFunction('x where positive, alpha (exp(x / alpha) - 1) elsewhere', {
  alpha: real('alpha', 1),
});
export const thresholdedRelu = elementFunction('x where it passes a threshold, 0 elsewhere', {
  threshold: real('threshold', 1),
});
export const shrink = elementFunction('x moved towards 0, and 0 near it', {
  mode: choice('x stays (hard) or moves by lambda (soft), or less tanh(x)', ['hard', 'soft', 'tanh'], 'hard'),
  lambda: real('what is near 0', 0.5),
});
export const not = elementFunction('logical not', {});
export const isNan = elementFunction('1 where x is not a number', {});
export const isInfinite = elementFunction('1 where x is infinite', {});
export const quantize = elementFunction('x in steps of a scale, as a small integer', {});
export const dequantize = elementFunction('a small integer times its scale', {});

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
