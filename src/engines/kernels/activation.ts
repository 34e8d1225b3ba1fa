// Runs activations by tfjs's own op where there is one, else by several ops.

import { kernel, scalar, type FusedActivation, type Kernel, type Tensor, type Tf } from './kernel.js';
import { insideSide } from './sides.js';

export const unary = (run: (tf: Tf, x: Tensor) => Tensor): Kernel<object> => ({ run: ({ tf, x }) => run(tf, x) });

export const relu = unary((tf, x) => tf.relu(x));
export const relu6 = unary((tf, x) => tf.relu6(x));
export const sigmoid = unary((tf, x) => tf.sigmoid(x));
export const silu = unary((tf, x) => tf.mul(x, tf.sigmoid(x)));
/** tfjs sums along the last side, which the channels are inside. */
export const softmax = kernel<'softmax'>({
  run({ tf, x, values: { axis } }) {
    const [side, last] = [insideSide(axis, x.rank), x.rank - 1];
    if (side === last) return tf.softmax(x);
    const order = x.shape.map((_, i) => (i === side ? last : i === last ? side : i));
    return tf.transpose(tf.softmax(tf.transpose(x, order)), order);
  },
});
export const leakyRelu = kernel<'leakyRelu'>({ run: ({ tf, x, values }) => tf.leakyRelu(x, values.slope) });

/** Constants are created once: one made in every run would be uploaded in every run. */
const hard = { prepare: () => ({ three: scalar(3), sixth: scalar(1 / 6) }) };
type Prepared = Readonly<Record<string, Tensor>>;
const gate = (tf: Tf, x: Tensor, { three, sixth }: Prepared): Tensor => tf.mul(tf.relu6(tf.add(x, three!)), sixth!);

export const hardSigmoid = kernel<'hardSigmoid'>({ ...hard, run: ({ tf, x, prepared }) => gate(tf, x, prepared) });
export const hardSwish = kernel<'hardSwish'>({
  ...hard,
  run: ({ tf, x, prepared }) => tf.mul(x, gate(tf, x, prepared)),
});

/** x (1 + erf(x / sqrt 2)) / 2 */
export const gelu = kernel<'gelu'>({
  prepare: () => ({ half: scalar(0.5), rootHalf: scalar(Math.SQRT1_2) }),
  run({ tf, x, prepared: { half, rootHalf } }) {
    return tf.mul(x, tf.add(tf.mul(tf.erf(tf.mul(x, rootHalf!)), half!), half!));
  },
});

/** What tfjs's fused convolution and matmul compute along with their own output. */
export const FUSED: Readonly<Record<string, (attributes: Readonly<Record<string, unknown>>) => FusedActivation>> = {
  relu: () => ({ activation: 'relu' }),
  relu6: () => ({ activation: 'relu6' }),
  sigmoid: () => ({ activation: 'sigmoid' }),
  leakyRelu: ({ slope }) => ({ activation: 'leakyrelu', alpha: slope as number }),
};

export const NOT_FUSED: FusedActivation = { activation: 'linear' };

const SEPARATE: Readonly<Record<FusedActivation['activation'], (tf: Tf, x: Tensor, alpha?: number) => Tensor>> = {
  linear: (_, x) => x,
  relu: (tf, x) => tf.relu(x),
  relu6: (tf, x) => tf.relu6(x),
  sigmoid: (tf, x) => tf.sigmoid(x),
  leakyrelu: (tf, x, alpha) => tf.leakyRelu(x, alpha),
};

/** The same as a kernel of its own, for an op without a fused form. */
export const activated = (tf: Tf, x: Tensor, { activation, alpha }: FusedActivation): Tensor =>
  SEPARATE[activation](tf, x, alpha);
