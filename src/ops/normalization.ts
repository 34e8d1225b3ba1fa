// Normalisations: one operation per element. Scale and shift are params, statistics are not.

import { div, mul } from '../dim/dim.js';
import { choice, flag, list, size, whole } from '../fields.js';
import { locate } from '../inputError.js';
import { elements, type Shape } from '../shape.js';
import { demandSides, image, only, op, withPlaces } from './op.js';

const affine = flag('learnable scale and shift', true);
const parts = {
  affine,
  scale: flag('an affine one has a scale', true),
  shift: flag('an affine one has a shift', true),
};
const axesOf = (fallback: readonly number[]) =>
  list('sides over which it normalises, from 0; the channels are 1', whole('side', 1, 0), fallback);

function having(sides: Shape, axes: readonly number[]): Shape {
  demandSides(sides, axes);
  return sides;
}

/**
 * [N, C, ...]: one scale and one shift per channel. Running statistics are buffers and not counted
 * as params.
 */
export const batchNorm = op({
  about: 'batch normalisation over channels (running statistics are buffers, not params)',
  traffic: 'elementwise',
  arity: [1, 1],
  fields: parts,
  outShape: only,
  params: (inputs, values) => perElement([only(inputs)[1]!], values),
  elementwise: (_, out) => elements(out),
});

/**
 * Over the channels of [N, C, H, W] (as in ConvNeXt), the features of [N, F], or the sides that its
 * fields name, such as the last one of [N, H, W, C]. One scale and one shift per channel.
 */
export const layerNorm = op({
  about: 'layer normalisation over the channels of each position',
  traffic: 'elementwise',
  arity: [1, 1],
  fields: { ...parts, axes: axesOf([1]) },
  outShape: (inputs, { axes }) => having(only(inputs), axes),
  params: (inputs, values) =>
    perElement(
      values.axes.map((axis) => only(inputs)[axis]!),
      values,
    ),
  elementwise: (_, out) => elements(out),
});

/**
 * Group normalisation (arXiv 1803.08494). It needs a whole group first, so no producer absorbs it.
 */
export const groupNorm = op({
  about: 'normalisation over each group of channels of each image, with a scale and shift per channel',
  traffic: 'compute',
  arity: [1, 1],
  fields: { groups: size('groups of channels', 32), ...parts },
  outShape(inputs, { groups }) {
    try {
      div(only(inputs)[1]!, groups);
    } catch (error) {
      throw locate(error, 'the groups do not divide the channels');
    }
    return only(inputs);
  },
  params: (inputs, values) => perElement([only(inputs)[1]!], values),
  elementwise: (_, out) => elements(out),
});

/** Instance normalisation (arXiv 1607.08022): `groupNorm` with one channel in each group. */
export const instanceNorm = op({
  about: 'normalisation over the places of each channel of each image, with a scale and shift per channel',
  traffic: 'compute',
  arity: [1, 1],
  fields: parts,
  outShape(inputs) {
    withPlaces(only(inputs));
    return only(inputs);
  },
  params: (inputs, values) => perElement([only(inputs)[1]!], values),
  elementwise: (_, out) => elements(out),
});

/** RMS normalisation (arXiv 1910.07467) subtracts no mean and has no shift. */
export const rmsNorm = op({
  about: 'division by the root of the mean of squares over some sides, with a learnable scale',
  traffic: 'elementwise',
  arity: [1, 1],
  fields: { affine: flag('learnable scale', true), axes: axesOf([1]) },
  outShape: (inputs, { axes }) => having(only(inputs), axes),
  params: (inputs, values): Record<string, Shape> =>
    values.affine ? { scale: values.axes.map((axis) => only(inputs)[axis]!) } : {},
  elementwise: (_, out) => elements(out),
});

/**
 * MeanVarianceNormalization (ONNX), MVN (Caffe). It needs the whole input: no producer absorbs it.
 */
export const meanVarianceNorm = op({
  about: 'mean subtracted and divided by the deviation over some sides, without parameters',
  traffic: 'compute',
  arity: [1, 1],
  fields: { axes: axesOf([2, 3]), variance: flag('it divides by the deviation', true) },
  outShape: (inputs, { axes }) => having(only(inputs), axes),
  elementwise: (_, out) => elements(out),
});

/** L2 normalisation of ParseNet (arXiv 1506.04579). SSD scales its sources with it. */
export const l2Norm = op({
  about: 'each position divided by its length over the channels, times a learnable factor per channel',
  traffic: 'elementwise',
  arity: [1, 1],
  fields: {
    axes: axesOf([1]),
    factor: choice(
      'the learnable factor: one per channel, one for all, or none',
      ['channel', 'shared', 'none'],
      'channel',
    ),
  },
  outShape: (inputs, { axes }) => having(only(inputs), axes),
  params: (inputs, { factor }): Record<string, Shape> =>
    factor === 'none' ? {} : { factor: [factor === 'channel' ? only(inputs)[1]! : 1] },
  elementwise: (_, out) => elements(out),
});

/** AlexNet's local response normalisation: divides by a power of the neighbours' squares. */
export const localResponseNorm = op({
  about: 'local response normalisation across neighbouring channels, or within a square of each',
  traffic: 'elementwise',
  arity: [1, 1],
  fields: {
    size: whole('neighbouring channels, or rows and columns'),
    region: choice('where the neighbours are', ['across', 'within'], 'across'),
  },
  outShape: (inputs, { region }) => (region === 'within' ? image(only(inputs)) : only(inputs)),
  elementwise: (_, out, { size, region }) => mul(elements(out), region === 'across' ? size : size * size),
});

function perElement(
  sides: Shape,
  { affine, scale, shift }: { readonly affine: boolean; readonly scale: boolean; readonly shift: boolean },
): Record<string, Shape> {
  if (!affine) return {};
  if (scale && shift) return { scale: sides, shift: sides };
  return scale ? { scale: sides } : shift ? { shift: sides } : {};
}
