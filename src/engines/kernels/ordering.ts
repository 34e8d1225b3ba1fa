// Runs sorts and argmax along the last side, as tfjs does. Indices become float32 numbers.

import { channelsFirst, channelsLast, kernel, type KernelCall, type Tensor, type Tf } from './kernel.js';
import { insideSide } from './sides.js';

/** Puts a side of the graph last, and back again. */
function alongLast(tf: Tf, x: Tensor, axis: number, run: (x: Tensor) => Tensor): Tensor {
  const [side, last] = [insideSide(axis, x.rank), x.rank - 1];
  if (side === last) return run(x);
  const order = x.shape.map((_, i) => (i === side ? last : i === last ? side : i));
  return tf.transpose(run(tf.transpose(x, order)), order);
}

const asNumbers = (tf: Tf, x: Tensor): Tensor => tf.cast(x, 'float32');

/** The smallest values are the largest of the negated tensor. */
function top(tf: Tf, x: Tensor, k: number, largest: boolean, output: 'values' | 'indices'): Tensor {
  const { values, indices } = tf.topk(largest ? x : tf.neg(x), k, true);
  if (output === 'indices') return asNumbers(tf, indices);
  return largest ? values : tf.neg(values);
}

export const topK = kernel<'topK'>({
  run: ({ tf, x, values: { k, axis, output, largest } }) =>
    alongLast(tf, x, axis, (last) => top(tf, last, k, largest, output)),
});

export const sort = kernel<'sort'>({
  run: ({ tf, x, values: { axis, output, descending } }) =>
    alongLast(tf, x, axis, (last) => top(tf, last, last.shape.at(-1)!, descending, output)),
});

type AlongAxis = KernelCall<{ readonly axis: number; readonly keep: boolean }>;

/** In the graph's order: removing a side would change the position of the channels. */
const placing = (find: (tf: Tf, x: Tensor, side: number) => Tensor) => ({
  run({ tf, x, out, values: { axis } }: AlongAxis): Tensor {
    const ordered = x.rank > 2 ? channelsFirst(tf, x) : x;
    const places = tf.reshape(asNumbers(tf, find(tf, ordered, axis)), [...out]);
    return out.length > 2 ? channelsLast(tf, places) : places;
  },
});

export const argMax = placing((tf, x, side) => tf.argMax(x, side));
export const argMin = placing((tf, x, side) => tf.argMin(x, side));

export const cumSum = kernel<'cumSum'>({
  refuses: ({ values: { mode } }) => (mode === 'max' || mode === 'min' ? `a running ${mode}` : undefined),
  run({ tf, x, values: { axis, exclusive, reverse, mode } }) {
    const run = mode === 'product' ? tf.cumprod : tf.cumsum;
    return alongLast(tf, x, axis, (last) => run(last, last.rank - 1, exclusive, reverse));
  },
});

export const oneHot = kernel<'oneHot'>({
  run({ tf, x, values: { depth, axis } }) {
    const ordered = x.rank > 2 ? channelsFirst(tf, x) : x;
    const marks = asNumbers(tf, tf.oneHot(tf.cast(ordered, 'int32'), depth));
    const last = marks.rank - 1;
    const order = [...Array.from({ length: last }, (_, i) => i).toSpliced(axis, 0, last)];
    const placed = axis === last ? marks : tf.transpose(marks, order);
    return placed.rank > 2 ? channelsLast(tf, placed) : placed;
  },
});
