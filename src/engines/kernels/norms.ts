// Runs the norms that need a mean over positions, or no mean.

import { EPSILON } from '../../weights/weights.js';
import { kernel, scalar, type HostTensor, type KernelNode, type Tensor, type Tf } from './kernel.js';
import { constantInside, insideSide } from './sides.js';
import type { Weights } from '../../weights/weights.js';

/** (x - mean) / deviation over some sides inside. */
function normed(tf: Tf, x: Tensor, sides: number[], epsilon: Tensor): Tensor {
  const centred = tf.sub(x, tf.mean(x, sides, true));
  return tf.mul(centred, tf.rsqrt(tf.add(tf.mean(tf.square(centred), sides, true), epsilon)));
}

export const instanceNorm = kernel<'instanceNorm'>({
  prepare: (_, weights): Record<string, HostTensor> => ({
    ...Object.fromEntries(Object.entries(weights).map(([name, values]) => [name, { shape: [values.length], values }])),
    epsilon: scalar(EPSILON),
  }),
  run({ tf, x, prepared: { scale, shift, epsilon } }) {
    const places = Array.from({ length: x.rank - 2 }, (_, i) => i + 1);
    const result = normed(tf, x, places, epsilon!);
    return scale && shift ? tf.add(tf.mul(result, scale), shift) : result;
  },
});

export const meanVarianceNorm = kernel<'meanVarianceNorm'>({
  prepare: () => ({ epsilon: scalar(EPSILON) }),
  run({ tf, x, prepared: { epsilon }, values: { axes, variance } }) {
    const sides = axes.map((axis) => insideSide(axis, x.rank));
    return variance ? normed(tf, x, sides, epsilon!) : tf.sub(x, tf.mean(x, sides, true));
  },
});

type Axes = KernelNode<{ readonly axes: readonly number[] }>;

function scaleOf({ inputs, values: { axes } }: Axes, weights: Weights): Record<string, HostTensor> {
  const sides = inputs[0]!.map((side, i) => (axes.includes(i) ? side : 1));
  return weights['scale'] ? { scale: constantInside(weights['scale'], sides, sides.length) } : {};
}

export const rmsNorm = kernel<'rmsNorm'>({
  prepare: (place, weights) => ({ ...scaleOf(place, weights), epsilon: scalar(EPSILON) }),
  run({ tf, x, prepared: { scale, epsilon }, values: { axes } }) {
    const sides = axes.map((axis) => insideSide(axis, x.rank));
    const result = tf.mul(x, tf.rsqrt(tf.add(tf.mean(tf.square(x), sides, true), epsilon!)));
    return scale ? tf.mul(result, scale) : result;
  },
});
