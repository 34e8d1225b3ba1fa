// Pools along one or three sides: one operation for every element of every window.

import { mul, product, type Dim } from '../dim/dim.js';
import { flag, pair, padding, whole } from '../fields.js';
import { elements, type Shape } from '../shape.js';
import { image, only, op, spatial } from './op.js';
import { adaptiveReads, perSide, pooledSides, poolRule, sidePadding } from './windows.js';

const fieldsOf = (rank: number) => ({
  kernel: perSide(rank, 'window along each side'),
  stride: perSide(rank, 'stride along each side'),
  padding: sidePadding(rank, 'padding before each side, then after each'),
  ceil: flag('round up: a last window may hang over the edge', false),
  rule: poolRule,
});

const windowElements = (kernel: readonly number[]): number => kernel.reduce((all, side) => all * side, 1);

const maximum = (rank: number, about: string) =>
  op({
    about,
    traffic: 'compute',
    arity: [1, 1],
    fields: { ...fieldsOf(rank), dilation: perSide(rank, 'distance between window elements along each side', 1) },
    outShape(inputs, values) {
      const { n, c, sides } = spatial(only(inputs), rank);
      return [n, c, ...pooledSides(sides, values)];
    },
    elementwise: (_, out, { kernel }) => mul(elements(out), windowElements(kernel)),
  });

export const maxPool1d = maximum(1, 'maximum of each window along one side: [N, C, L]');
export const maxPool3d = maximum(3, 'maximum of each window of a volume: [N, C, D, H, W]');

const average = (rank: number, about: string) =>
  op({
    about,
    traffic: 'compute',
    arity: [1, 1],
    fields: { ...fieldsOf(rank), countIncludePad: flag('padding counts as zeros of the mean', true) },
    outShape(inputs, values) {
      const { n, c, sides } = spatial(only(inputs), rank);
      return [n, c, ...pooledSides(sides, { ...values, dilation: new Array<number>(rank).fill(1) })];
    },
    elementwise: (_, out, { kernel }) => mul(elements(out), windowElements(kernel)),
  });

export const avgPool1d = average(1, 'mean of each window along one side: [N, C, L]');
export const avgPool3d = average(3, 'mean of each window of a volume: [N, C, D, H, W]');

/**
 * PyTorch's adaptive windows, floor(i size / count) to ceil((i + 1) size / count); see
 * `adaptiveAvgPool`.
 */
const adaptive = (rank: number, about: string) =>
  op({
    about,
    traffic: 'compute',
    arity: [1, 1],
    fields: { size: perSide(rank, 'output elements along each side') },
    ownSides: () => true,
    outShape(inputs, { size }) {
      const { n, c } = spatial(only(inputs), rank);
      return [n, c, ...size];
    },
    elementwise: (inputs, _, { size }) => adaptiveElements(only(inputs), size),
  });

function adaptiveElements([n, c, ...sides]: Shape, size: readonly number[]): Dim {
  return product([n!, c!, ...sides.map((side, i) => adaptiveReads(side, size[i]!))]);
}

export const adaptiveAvgPool1d = adaptive(1, 'mean of the windows that divide [N, C, L] into a fixed size');
export const adaptiveAvgPool3d = adaptive(3, 'mean of the windows that divide [N, C, D, H, W] into a fixed size');
export const adaptiveMaxPool1d = adaptive(1, 'maximum of the windows that divide [N, C, L] into a fixed size');
export const adaptiveMaxPool2d = adaptive(2, 'maximum of the windows that divide [N, C, H, W] into a fixed size');
export const adaptiveMaxPool3d = adaptive(3, 'maximum of the windows that divide [N, C, D, H, W] into a fixed size');

/** Lp pool of ONNX and PyTorch; Caffe and others use p = 2. */
export const lpPool = op({
  about: 'the p-th root of the sum of p-th powers of each window (L2 pool where p is 2)',
  traffic: 'compute',
  arity: [1, 1],
  fields: {
    power: whole('p', 2),
    kernel: pair('window height and width'),
    stride: pair('stride of height and width'),
    padding: padding('padding: top, left, bottom, right'),
    ceil: flag('round up: a last window may hang over the edge', false),
    rule: poolRule,
  },
  outShape(inputs, values) {
    const [n, c, ...sides] = image(only(inputs));
    return [n, c, ...pooledSides(sides, { ...values, dilation: [1, 1] })];
  },
  elementwise: (_, out, { kernel }) => mul(elements(out), windowElements(kernel)),
});
