// What does a normalisation cost? One operation per element; its scale and shift are learnable, its statistics are not.

import { div, mul } from '../dim/dim.js';
import { flag, list, size, whole } from '../fields.js';
import { InputError, locate } from '../inputError.js';
import { elements, showShape, type Shape } from '../shape.js';
import { only, op } from './op.js';

const affine = flag('learnable scale and shift', true);

/** [N, C, ...]: one scale and one shift per channel. Running statistics are buffers and not counted as params. */
export const batchNorm = op({
  about: 'batch normalisation over channels (running statistics are buffers, not params)',
  traffic: 'elementwise',
  arity: [1, 1],
  fields: {
    affine,
    scale: flag('an affine one has a scale', true),
    shift: flag('an affine one has a shift', true),
  },
  outShape: only,
  params(inputs, { affine, scale, shift }): Record<string, Shape> {
    const channels = [only(inputs)[1]!];
    if (!affine) return {};
    if (scale && shift) return { scale: channels, shift: channels };
    return scale ? { scale: channels } : shift ? { shift: channels } : {};
  },
  elementwise: (_, out) => elements(out),
});

/**
 * Over the channels of [N, C, H, W] (as ConvNeXt has it) or the features of [N, F]: one scale and one shift per channel.
 * Over other sides, such as the last one of [N, H, W, C], where it is told so.
 */
export const layerNorm = op({
  about: 'layer normalisation over the channels of each position',
  traffic: 'elementwise',
  arity: [1, 1],
  fields: {
    affine,
    axes: list('sides over which it normalises, from 0; the channels are 1', whole('side', 1, 0), [1]),
  },
  outShape(inputs, { axes }) {
    const sides = only(inputs);
    const odd = axes.find((axis) => axis >= sides.length);
    if (odd !== undefined)
      throw new InputError(`there is no side ${odd} in ${showShape(sides)}: sides are counted from 0`);
    return sides;
  },
  params: (inputs, values) =>
    perElement(
      values.axes.map((axis) => only(inputs)[axis]!),
      values.affine,
    ),
  elementwise: (_, out) => elements(out),
});

/** Group normalisation (arXiv 1803.08494): needs a whole group before its first output, so no producer absorbs it. */
export const groupNorm = op({
  about: 'normalisation over each group of channels of each image, with a scale and shift per channel',
  traffic: 'compute',
  arity: [1, 1],
  fields: { groups: size('groups of channels', 32), affine },
  outShape(inputs, { groups }) {
    try {
      div(only(inputs)[1]!, groups);
    } catch (error) {
      throw locate(error, 'the groups do not divide the channels');
    }
    return only(inputs);
  },
  params: (inputs, values) => perElement([only(inputs)[1]!], values.affine),
  elementwise: (_, out) => elements(out),
});

/** ParseNet's normalisation (arXiv 1506.04579), with which SSD and its successors scale their sources. */
export const l2Norm = op({
  about: 'each position divided by its length over the channels, times a learnable factor per channel',
  traffic: 'elementwise',
  arity: [1, 1],
  fields: {},
  outShape: only,
  params: (inputs) => ({ factor: [only(inputs)[1]!] }),
  elementwise: (_, out) => elements(out),
});

/** AlexNet's: each element over a power of the squares of its neighbouring channels. */
export const localResponseNorm = op({
  about: 'local response normalisation across neighbouring channels',
  traffic: 'elementwise',
  arity: [1, 1],
  fields: { size: whole('neighbouring channels') },
  outShape: only,
  elementwise: (_, out, values) => mul(elements(out), values.size),
});

const perElement = (shape: Shape, learnt: boolean): Record<string, Shape> =>
  learnt ? { scale: shape, shift: shape } : {};
