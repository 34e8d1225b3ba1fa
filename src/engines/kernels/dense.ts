// Runs the other ops that have parameters: linear layers by matmul, norms by channel.

import { EPSILON, type Weights } from '../../weights/weights.js';
import {
  channelsFirst,
  channelsLast,
  kernel,
  permuted,
  scalar,
  type HostTensor,
  type Kernel,
  type Tensor,
  type Tensor4D,
  type Tf,
} from './kernel.js';
import { constantInside, insideSide } from './sides.js';
import { biasOf } from './convMethod.js';

export const linear = kernel<'linear'>({
  // The norm's channels are the second side; they are the linear layer's features only where there
  // are two sides.
  absorbs: ({ out }) => out.length === 2,
  prepare: ({ inputs, values }, weights) => ({
    weight: permuted(weights['weight']!, [values.features, inputs[0]!.at(-1)!], [1, 0]),
    ...biasOf(weights),
  }),
  run({ tf, x, prepared, inputs, out, fused }) {
    const ordered = inputs[0]!.length === 2 ? x : channelsFirst(tf, x);
    const product = tf.fused.matMul({
      a: tf.reshape(ordered, [-1, inputs[0]!.at(-1)!]),
      b: prepared['weight']!,
      activation: fused.activation,
      ...(prepared['bias'] ? { bias: prepared['bias'] } : {}),
      ...(fused.alpha === undefined ? {} : { leakyreluAlpha: fused.alpha }),
    });
    return out.length === 2 ? product : channelsLast(tf, tf.reshape(product, [...out]));
  },
});

export const batchNorm = kernel<'batchNorm'>({
  prepare: (_, weights) => vectors(weights),
  run({ tf, x, prepared: { mean, variance, shift, scale } }) {
    // tfjs normalises at most four sides; the channels are the last one in any case.
    const flat = x.rank <= 4 ? x : tf.reshape(x, [-1, x.shape.at(-1)!]);
    const normed = tf.batchNorm(flat, mean as never, variance as never, shift, scale, EPSILON);
    return flat === x ? normed : tf.reshape(normed, x.shape);
  },
});

export const layerNorm = kernel<'layerNorm'>({
  prepare: ({ inputs, values: { axes } }, weights) => ({
    ...Object.fromEntries(
      Object.entries(weights).map(([name, values]) => {
        const sides = inputs[0]!.map((side, i) => (axes.includes(i) ? side : 1));
        return [name, constantInside(values, sides, sides.length)];
      }),
    ),
    epsilon: scalar(EPSILON),
  }),
  run({ tf, x, prepared: { scale, shift, epsilon }, values: { axes } }) {
    const inside = axes.map((axis) => insideSide(axis, x.rank));
    const centred = tf.sub(x, tf.mean(x, inside, true));
    const variance = tf.mean(tf.square(centred), inside, true);
    const normed = tf.mul(centred, tf.rsqrt(tf.add(variance, epsilon!)));
    return affine(tf, normed, scale, shift);
  },
});

/** AlexNet's constants: 1 + 0.0001 times the mean of squares, to the power of 0.75. */
export const localResponseNorm = kernel<'localResponseNorm'>({
  prepare: () => ({ one: scalar(1), alpha: scalar(1e-4), beta: scalar(0.75) }),
  run({ tf, x, values: { size, region }, prepared: { one, alpha, beta } }) {
    const squares = tf.square(x);
    const mean = region === 'across' ? acrossMean(tf, squares, size) : withinMean(tf, squares as Tensor4D, size);
    return tf.div(x, tf.pow(tf.add(one!, tf.mul(mean, alpha!)), beta!));
  },
});

/** Elements outside count as 0, also in the divisor. */
const around = (size: number): [number, number] => [Math.floor((size - 1) / 2), size - 1 - Math.floor((size - 1) / 2)];
const NONE: [number, number] = [0, 0];

function acrossMean(tf: Tf, squares: Tensor, size: number): Tensor {
  const rows = tf.reshape(squares, [-1, squares.shape.at(-1)!, 1, 1]);
  const padded = tf.pad(rows, [NONE, around(size), NONE, NONE]);
  return tf.reshape(tf.avgPool(padded as Tensor4D, [size, 1], 1, 'valid'), squares.shape);
}

const withinMean = (tf: Tf, squares: Tensor4D, size: number): Tensor =>
  tf.avgPool(tf.pad(squares, [NONE, around(size), around(size), NONE]), [size, size], 1, 'valid');

function affine(tf: Tf, normed: Tensor, scale: Tensor | undefined, shift: Tensor | undefined): Tensor {
  const scaled = scale ? tf.mul(normed, scale) : normed;
  return shift ? tf.add(scaled, shift) : scaled;
}

/** The product is over the graph's last two sides. */
export const matmul = kernel<'matmul'>({
  run({ tf, tensors: [a, b], out, values: { transposeFirst, transposeSecond } }) {
    const ordered = (x: Tensor): Tensor => (x.rank > 2 ? channelsFirst(tf, x) : x);
    const product = tf.matMul(ordered(a!), ordered(b!), transposeFirst, transposeSecond);
    return out.length > 2 ? channelsLast(tf, product) : product;
  },
});

/** Channels come last, so the groups are neighbours in the last side. */
export const groupNorm = kernel<'groupNorm'>({
  prepare: (_, weights) => ({ ...vectors(weights), epsilon: scalar(EPSILON) }),
  run({ tf, x, inputs, values: { groups }, prepared: { scale, shift, epsilon } }) {
    const [n, c] = inputs[0]!;
    const grouped = tf.reshape(x, [n!, -1, groups, c! / groups]);
    const centred = tf.sub(grouped, tf.mean(grouped, [1, 3], true));
    const variance = tf.mean(tf.square(centred), [1, 3], true);
    const normed = tf.reshape(tf.mul(centred, tf.rsqrt(tf.add(variance, epsilon!))), x.shape);
    return affine(tf, normed, scale, shift);
  },
});

/** Added to a length's square before its root, as Caffe's Normalize layer of SSD does. */
const LENGTH_EPSILON = 1e-10;

export const l2Norm = kernel<'l2Norm'>({
  prepare: (_, weights) => ({ ...vectors(weights), epsilon: scalar(LENGTH_EPSILON) }),
  run({ tf, x, prepared: { factor, epsilon }, values: { axes } }) {
    const inside = axes.map((axis) => insideSide(axis, x.rank));
    const square = tf.sum(tf.square(x), inside, true);
    const normed = tf.mul(x, tf.rsqrt(tf.add(square, epsilon!)));
    return factor ? tf.mul(normed, factor) : normed;
  },
});

export const scale: Kernel<object> = {
  prepare: (_, weights) => vectors(weights),
  run: ({ tf, x, prepared: { factor } }) => tf.mul(x, factor!),
};

const vectors = (weights: Weights): Record<string, HostTensor> =>
  Object.fromEntries(Object.entries(weights).map(([name, values]) => [name, { shape: [values.length], values }]));
