// Moves and combines tensors. Channels are the last side in the engine, the second in the graph.

import { inside, kernel, type KernelCall, type Tensor, type Tensor4D, type Tf } from './kernel.js';
import { aligned, insideSide, regroup } from './sides.js';

const combine = (run: (tf: Tf, a: Tensor, b: Tensor) => Tensor) => ({
  run({ tf, tensors: [a, b], out }: KernelCall): Tensor {
    return run(tf, aligned(tf, a!, out.length), aligned(tf, b!, out.length));
  },
});

export const add = combine((tf, a, b) => tf.add(a, b));
export const subtract = combine((tf, a, b) => tf.sub(a, b));
export const divide = combine((tf, a, b) => tf.div(a, b));
export const maximum = combine((tf, a, b) => tf.maximum(a, b));
export const minimum = combine((tf, a, b) => tf.minimum(a, b));
export const multiply = combine((tf, a, b) => tf.mul(a, b));

export const concat = kernel<'concat'>({
  run: ({ tf, tensors, x, values: { axis } }) => tf.concat([...tensors], insideSide(axis, x.rank)),
});

export const split = kernel<'split'>({
  run({ tf, x, values: { sizes, part } }) {
    const begin = x.shape.map((_, i) => (i === x.rank - 1 ? sizes.slice(0, part).reduce((a, b) => a + b, 0) : 0));
    return tf.slice(x, begin, [...x.shape.slice(0, -1), sizes[part]!]);
  },
});

export const subsample = kernel<'subsample'>({
  run: ({ tf, x, values: { step } }) => tf.stridedSlice(x, [0, 0, 0, 0], x.shape, [1, ...step, 1]),
});

export const channelShuffle = kernel<'channelShuffle'>({
  run({ tf, x, values: { groups } }) {
    const grouped = tf.reshape(x, [-1, groups, x.shape.at(-1)! / groups]);
    return tf.reshape(tf.transpose(grouped, [0, 2, 1]), x.shape);
  },
});

export const reshape = kernel<'reshape'>({ run: regroup });
export const flatten = kernel<'flatten'>({ run: regroup });

/** Half-pixel centres, as PyTorch without align_corners. */
export const upsample = kernel<'upsample'>({
  run({ tf, x, out, values: { mode } }) {
    const [, h, w] = inside(out);
    const resize = mode === 'bilinear' ? tf.image.resizeBilinear : tf.image.resizeNearestNeighbor;
    return resize(x as Tensor4D, [h!, w!], false, true);
  },
});

export const pad = kernel<'pad'>({
  run: ({ tf, x, values: { padding, channels } }) =>
    tf.pad(x as Tensor4D, [
      [0, 0],
      [padding[0], padding[2]],
      [padding[1], padding[3]],
      [channels[0]!, channels[1]!],
    ]),
});
