// How does an engine run the ops with parameters that are no convolutions? Linear layers by matmul, norms per channel.

import { EPSILON, type Weights } from '../../weights/weights.js';
import { channelsFirst, channelsLast, kernel, permuted, scalar, type HostTensor, type Kernel } from './kernel.js';
import { biasOf } from './way.js';

export const linear = kernel<'linear'>({
  // The norm's channels are the second side; they are the linear layer's features only where there are two sides.
  absorbs: ({ out }) => out.length === 2,
  prepare: ({ inputs, values }, weights) => ({
    weight: permuted(weights['weight']!, [values.features, inputs[0]!.at(-1)!], [1, 0]),
    ...biasOf(weights),
  }),
  run({ tf, x, held, inputs, out, fused }) {
    const ordered = inputs[0]!.length === 2 ? x : channelsFirst(tf, x);
    const product = tf.fused.matMul({
      a: tf.reshape(ordered, [-1, inputs[0]!.at(-1)!]),
      b: held['weight']!,
      activation: fused.activation,
      ...(held['bias'] ? { bias: held['bias'] } : {}),
      ...(fused.alpha === undefined ? {} : { leakyreluAlpha: fused.alpha }),
    });
    return out.length === 2 ? product : channelsLast(tf, tf.reshape(product, [...out]));
  },
});

export const batchNorm = kernel<'batchNorm'>({
  prepare: (_, weights) => vectors(weights),
  run({ tf, x, held: { mean, variance, shift, scale } }) {
    // tfjs normalises at most four sides; the channels are the last one in any case.
    const flat = x.rank <= 4 ? x : tf.reshape(x, [-1, x.shape.at(-1)!]);
    const normed = tf.batchNorm(flat, mean as never, variance as never, shift, scale, EPSILON);
    return flat === x ? normed : tf.reshape(normed, x.shape);
  },
});

export const layerNorm: Kernel<object> = {
  prepare: (_, weights) => ({ ...vectors(weights), epsilon: scalar(EPSILON) }),
  run({ tf, x, held: { scale, shift, epsilon } }) {
    const centred = tf.sub(x, tf.mean(x, -1, true));
    const variance = tf.mean(tf.square(centred), -1, true);
    const normed = tf.mul(centred, tf.rsqrt(tf.add(variance, epsilon!)));
    return scale && shift ? tf.add(tf.mul(normed, scale), shift) : normed;
  },
};

/** Channels come last, so the groups are neighbours in the last side. */
export const groupNorm = kernel<'groupNorm'>({
  prepare: (_, weights) => ({ ...vectors(weights), epsilon: scalar(EPSILON) }),
  run({ tf, x, inputs, values: { groups }, held: { scale, shift, epsilon } }) {
    const [n, c] = inputs[0]!;
    const grouped = tf.reshape(x, [n!, -1, groups, c! / groups]);
    const centred = tf.sub(grouped, tf.mean(grouped, [1, 3], true));
    const variance = tf.mean(tf.square(centred), [1, 3], true);
    const normed = tf.reshape(tf.mul(centred, tf.rsqrt(tf.add(variance, epsilon!))), x.shape);
    return scale && shift ? tf.add(tf.mul(normed, scale), shift) : normed;
  },
});

/** Added to a length's square before its root, as Caffe's Normalize layer of SSD does. */
const LENGTH_EPSILON = 1e-10;

export const l2Norm: Kernel<object> = {
  prepare: (_, weights) => ({ ...vectors(weights), epsilon: scalar(LENGTH_EPSILON) }),
  run({ tf, x, held: { factor, epsilon } }) {
    const square = tf.sum(tf.square(x), -1, true);
    return tf.mul(tf.mul(x, tf.rsqrt(tf.add(square, epsilon!))), factor!);
  },
};

export const scale: Kernel<object> = {
  prepare: (_, weights) => vectors(weights),
  run: ({ tf, x, held: { factor } }) => tf.mul(x, factor!),
};

const vectors = (weights: Weights): Record<string, HostTensor> =>
  Object.fromEntries(Object.entries(weights).map(([name, values]) => [name, { shape: [values.length], values }]));
