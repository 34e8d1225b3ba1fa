// What does a normalisation cost? One operation per element; its scale and shift are learnable, its statistics are not.

import { div } from '../dim/dim.js';
import { flag, size } from '../fields.js';
import { locate } from '../inputError.js';
import { elements, type Shape } from '../shape.js';
import { only, op } from './op.js';

const affine = flag('learnable scale and shift', true);

/** [N, C, ...]: one scale and one shift per channel. Running statistics are buffers and not counted as params. */
export const batchNorm = op({
  about: 'batch normalisation over channels (running statistics are buffers, not params)',
  traffic: 'elementwise',
  arity: [1, 1],
  fields: { affine },
  outShape: only,
  params: (inputs, values) => perElement([only(inputs)[1]!], values.affine),
  elementwise: (_, out) => elements(out),
});

/** Over the channels of [N, C, H, W] (as ConvNeXt has it) or the features of [N, F]: one scale and shift per channel. */
export const layerNorm = op({
  about: 'layer normalisation over the channels of each position',
  traffic: 'elementwise',
  arity: [1, 1],
  fields: { affine },
  outShape: only,
  params: (inputs, values) => perElement([only(inputs)[1]!], values.affine),
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

const perElement = (shape: Shape, learnt: boolean): Record<string, Shape> =>
  learnt ? { scale: shape, shift: shape } : {};
