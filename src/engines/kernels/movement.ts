// Runs repeats, flips, pads, regroupings and picks by index, channels-last where possible.

import { channelsFirst, channelsLast, kernel, type HostTensor, type Tensor, type Tensor4D, type Tf } from './kernel.js';
import { inInsideOrder, insideSide } from './sides.js';

export const tile = kernel<'tile'>({
  run: ({ tf, x, values: { repeats } }) => tf.tile(x, inInsideOrder(repeats)),
});

export const repeatElements = kernel<'repeatElements'>({
  run({ tf, x, values: { axis, repeats } }) {
    const side = insideSide(axis, x.rank);
    const [before, after] = [product(x.shape.slice(0, side + 1)), product(x.shape.slice(side + 1))];
    const repeated = tf.tile(tf.reshape(x, [before, 1, after]), [1, repeats, 1]);
    return tf.reshape(repeated, x.shape.with(side, x.shape[side]! * repeats));
  },
});

const product = (sides: readonly number[]): number => sides.reduce((all, side) => all * side, 1);

export const flip = kernel<'flip'>({
  run: ({ tf, x, values: { axes } }) =>
    tf.reverse(
      x,
      axes.map((axis) => insideSide(axis, x.rank)),
    ),
});

/** A part of one side. */
function part(tf: Tf, x: Tensor, side: number, begin: number, length: number): Tensor {
  const first = x.shape.map((_, i) => (i === side ? begin : 0));
  return tf.slice(x, first, x.shape.with(side, length));
}

/** Rolls a side: its end comes first. */
export const roll = kernel<'roll'>({
  run({ tf, x, values: { axes, shifts } }) {
    return axes.reduce<Tensor>((rolled, axis, i) => {
      const side = insideSide(axis, x.rank);
      const length = x.shape[side]!;
      const shift = ((shifts[i]! % length) + length) % length;
      if (shift === 0) return tf.clone(rolled);
      const cut = length - shift;
      return tf.concat([part(tf, rolled, side, cut, shift), part(tf, rolled, side, 0, cut)], side);
    }, x);
  },
});

export const padSides = kernel<'padSides'>({
  run({ tf, x, values: { before, after, mode, value } }) {
    const [first, last] = [inInsideOrder(before), inInsideOrder(after)];
    const widths = first.map((elements, i): [number, number] => [elements, last[i]!]);
    if (mode === 'constant') return tf.pad(x, widths, value);
    if (mode === 'reflect' || mode === 'symmetric') return tf.mirrorPad(x, widths, mode);
    return widths.reduce<Tensor>((grown, [more, behind], side) => {
      const length = grown.shape[side]!;
      const edge = (at: number, count: number): Tensor =>
        tf.tile(
          part(tf, grown, side, at, 1),
          grown.shape.map((_, i) => (i === side ? count : 1)),
        );
      const start = mode === 'wrap' ? part(tf, grown, side, length - more, more) : edge(0, more);
      const end = mode === 'wrap' ? part(tf, grown, side, 0, behind) : edge(length - 1, behind);
      return tf.concat([...(more > 0 ? [start] : []), grown, ...(behind > 0 ? [end] : [])], side);
    }, x);
  },
});

const images = (x: readonly number[]): string | undefined =>
  x.length === 4 ? undefined : 'blocks of an input that is no image';

/** tfjs has the block first, as TensorFlow: channels that come first are put behind it. */
export const depthToSpace = kernel<'depthToSpace'>({
  refuses: ({ inputs }) => images(inputs[0]!),
  run({ tf, x, values: { block, order } }) {
    const channels = x.shape[3]! / block ** 2;
    const ordered =
      order === 'blockFirst'
        ? x
        : tf.reshape(tf.transpose(tf.reshape(x, [-1, channels, block ** 2]), [0, 2, 1]), x.shape);
    return tf.depthToSpace(ordered as Tensor4D, block, 'NHWC');
  },
});

export const spaceToDepth = kernel<'spaceToDepth'>({
  refuses: ({ inputs }) => images(inputs[0]!),
  run({ tf, x, values: { block, order } }) {
    const [n, h, w, c] = x.shape as [number, number, number, number];
    const [rows, columns] = [h / block, w / block];
    const blocks = tf.transpose(tf.reshape(x, [n * rows, block, columns, block * c]), [0, 2, 1, 3]);
    const moved = tf.reshape(blocks, [-1, block ** 2, c]);
    const channels = order === 'blockFirst' ? moved : tf.transpose(moved, [0, 2, 1]);
    return tf.reshape(channels, [n, rows, columns, block ** 2 * c]);
  },
});

const pairs = (ends: readonly number[]): [number, number][] =>
  Array.from({ length: ends.length / 2 }, (_, i) => [ends[i]!, ends[ends.length / 2 + i]!]);
export const spaceToBatch = kernel<'spaceToBatch'>({
  run: ({ tf, x, values: { block, padding } }) => tf.spaceToBatchND(x, [...block], pairs(padding)),
});
export const batchToSpace = kernel<'batchToSpace'>({
  run: ({ tf, x, values: { block, crops } }) => tf.batchToSpaceND(x, [...block], pairs(crops)),
});

const inGraphOrder = (tf: Tf, x: Tensor): Tensor => (x.rank > 2 ? channelsFirst(tf, x) : x);
const backInside = (tf: Tf, x: Tensor): Tensor => (x.rank > 2 ? channelsLast(tf, x) : x);

/** Computed indices may exceed a side: they are clamped to its end. */
const asIndices = (tf: Tf, x: Tensor, side: number): Tensor => tf.cast(tf.clipByValue(x, 0, side - 1), 'int32');

/** Indices that are stored but not known are taken one after another. */
export const gather = kernel<'gather'>({
  prepare({ inputs, values: { axis, shape, indices } }): Record<string, HostTensor> {
    if (inputs.length > 1) return {};
    const side = inputs[0]![axis]!;
    const values = Float32Array.from({ length: product(shape) }, (_, i) => indices[i] ?? i % side);
    return { indices: { shape, values } };
  },
  run({ tf, x, tensors, prepared, inputs, values: { axis } }) {
    const indices = prepared['indices'] ?? inGraphOrder(tf, tensors[1]!);
    const picked = tf.gather(inGraphOrder(tf, x), asIndices(tf, indices, inputs[0]![axis]!), axis);
    return backInside(tf, picked);
  },
});

export const embedding = kernel<'embedding'>({
  prepare: ({ values: { entries, features } }, weights) => ({
    table: { shape: [entries, features], values: weights['weight']! },
  }),
  run({ tf, x, prepared: { table }, values: { entries } }) {
    return backInside(tf, tf.gather(table!, asIndices(tf, inGraphOrder(tf, x), entries), 0));
  },
});
