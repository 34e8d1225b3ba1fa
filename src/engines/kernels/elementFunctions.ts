// Runs elementwise functions. Booleans are the numbers 1 and 0; any number but 0 is true.

import { unary } from './activation.js';
import { kernel, scalar, truth, type Tensor, type Tf } from './kernel.js';
import { insideSide } from './sides.js';

export const sine = unary((tf, x) => tf.sin(x));
export const cosine = unary((tf, x) => tf.cos(x));
export const tangent = unary((tf, x) => tf.tan(x));
export const arcSine = unary((tf, x) => tf.asin(x));
export const arcCosine = unary((tf, x) => tf.acos(x));
export const arcTangent = unary((tf, x) => tf.atan(x));
export const hyperbolicSine = unary((tf, x) => tf.sinh(x));
export const hyperbolicCosine = unary((tf, x) => tf.cosh(x));
export const inverseHyperbolicSine = unary((tf, x) => tf.asinh(x));
export const inverseHyperbolicCosine = unary((tf, x) => tf.acosh(x));
export const inverseHyperbolicTangent = unary((tf, x) => tf.atanh(x));
export const floor = unary((tf, x) => tf.floor(x));
export const ceil = unary((tf, x) => tf.ceil(x));
export const round = unary((tf, x) => tf.round(x));
export const truncate = unary((tf, x) => tf.mul(tf.sign(x), tf.floor(tf.abs(x))));
export const sign = unary((tf, x) => tf.sign(x));
export const square = unary((tf, x) => tf.square(x));
export const reciprocalSquareRoot = unary((tf, x) => tf.rsqrt(x));
export const exponentialMinusOne = unary((tf, x) => tf.expm1(x));
export const logarithmOnePlus = unary((tf, x) => tf.log1p(x));
export const logSigmoid = unary((tf, x) => tf.neg(tf.softplus(tf.neg(x))));
export const isNan = unary((tf, x) => tf.cast(tf.isNaN(x), 'float32'));
export const isInfinite = unary((tf, x) => tf.cast(tf.isInf(x), 'float32'));
/** The same elements: all are stored as float32 here. */
export const cast = unary((tf, x) => tf.clone(x));

const one = { prepare: () => ({ one: scalar(1) }) };
export const not = kernel<'not'>({ ...one, run: ({ tf, x, prepared }) => tf.sub(prepared['one']!, truth(tf, x)) });
export const softsign = kernel<'softsign'>({
  ...one,
  run: ({ tf, x, prepared }) => tf.div(x, tf.add(prepared['one']!, tf.abs(x))),
});
export const quickGelu = kernel<'quickGelu'>({
  prepare: () => ({ factor: scalar(1.702) }),
  run: ({ tf, x, prepared: { factor } }) => tf.mul(x, tf.sigmoid(tf.mul(x, factor!))),
});
export const celu = kernel<'celu'>({
  prepare: ({ values: { alpha } }) => ({ alpha: scalar(alpha) }),
  run: ({ tf, x, prepared: { alpha } }) =>
    tf.add(tf.relu(x), tf.mul(alpha!, tf.expm1(tf.neg(tf.div(tf.relu(tf.neg(x)), alpha!))))),
});
export const thresholdedRelu = kernel<'thresholdedRelu'>({
  prepare: ({ values: { threshold } }) => ({ threshold: scalar(threshold) }),
  run: ({ tf, x, prepared: { threshold } }) => tf.mul(x, tf.step(tf.sub(x, threshold!))),
});

type Shrink = (tf: Tf, x: Tensor, lambda: Tensor) => Tensor;
const SHRINK: Readonly<Record<'hard' | 'soft' | 'tanh', Shrink>> = {
  hard: (tf, x, lambda) => tf.mul(x, tf.step(tf.sub(tf.abs(x), lambda))),
  soft: (tf, x, lambda) => tf.mul(tf.sign(x), tf.relu(tf.sub(tf.abs(x), lambda))),
  tanh: (tf, x) => tf.sub(x, tf.tanh(x)),
};
export const shrink = kernel<'shrink'>({
  prepare: ({ values: { lambda } }) => ({ lambda: scalar(lambda) }),
  run: ({ tf, x, prepared: { lambda }, values: { mode } }) => SHRINK[mode](tf, x, lambda!),
});

/** tfjs sums along the last side. */
export const logSoftmax = kernel<'logSoftmax'>({
  run({ tf, x, values: { axis } }) {
    const [side, last] = [insideSide(axis, x.rank), x.rank - 1];
    if (side === last) return tf.logSoftmax(x);
    const order = x.shape.map((_, i) => (i === side ? last : i === last ? side : i));
    return tf.transpose(tf.logSoftmax(tf.transpose(x, order)), order);
  },
});
