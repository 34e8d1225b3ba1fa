// What do the ops count that other files bring: orders, slices, products, reductions and functions of any side?

import { of } from './case.js';
import { moved, pointwise, transposed, visits } from './counting.js';

const image = [2, 3, 5, 7];

export const transposedInGroups = [
  of(
    'convTranspose',
    'groups, dilation and rows added at the end',
    [[1, 4, 3, 5]],
    { channels: 6, kernel: [3, 2], stride: 2, padding: 1, dilation: [1, 2], groups: 2, extra: [1, 0] },
    transposed(
      [1, 4, 3, 5],
      6,
      false,
      { kernel: [3, 2], stride: [2, 2], padding: [1, 1, 1, 1], dilation: [1, 2] },
      2,
      [1, 0],
    ),
  ),
];

export const products = [
  of(
    'matmul',
    'every element of the result meets every inner one',
    [
      [2, 3, 4, 5],
      [3, 5, 6],
    ],
    {},
    { outShape: [2, 3, 4, 6], params: 0, multAdds: visits(2, 3, 4, 6, 5), elementwise: 0 },
  ),
];

export const layouts = [
  of('transpose', 'sides change their places', [image], { order: [0, 2, 3, 1] }, moved(2, 5, 7, 3)),
  of('view', 'the batch is regrouped too', [image], { shape: [6, -1] }, moved(6, 35)),
  of(
    'slice',
    'a part of each side',
    [image],
    { begin: [0, 1, 0, 1], size: [2, 2, 3, 3], step: [1, 1, 2, 2] },
    moved(2, 2, 3, 3),
  ),
  of('expand', 'sides of 1 are repeated', [[2, 3, 1, 1]], { shape: [2, 3, 5, 7] }, moved(2, 3, 5, 7)),
  of(
    'concat',
    'along the rows',
    [
      [1, 2, 5, 3],
      [1, 2, 4, 3],
    ],
    { axis: 2 },
    moved(1, 2, 9, 3),
  ),
  of('resize', 'nearest copies', [image], { size: [8, 9] }, moved(2, 3, 8, 9)),
  of(
    'resize',
    'bilinear weighs four neighbours',
    [image],
    { size: [8, 9], mode: 'bilinear' },
    { ...moved(2, 3, 8, 9), elementwise: visits(2, 3, 8, 9, 4) },
  ),
  of(
    'resize',
    'bicubic weighs sixteen',
    [image],
    { size: [3, 2], mode: 'bicubic' },
    { ...moved(2, 3, 3, 2), elementwise: visits(2, 3, 3, 2, 16) },
  ),
];

const read = { params: 0, multAdds: 0, elementwise: visits(2, 3, 5, 7) };
export const reductions = [
  of('reduce', 'every element is read, sides stay', [image], { axes: [1, 3] }, { ...read, outShape: [2, 1, 5, 1] }),
  of('reduce', 'sides go', [image], { axes: [2], mode: 'max', keep: false }, { ...read, outShape: [2, 3, 7] }),
  of('globalMaxPool', 'every element is read', [image], {}, { ...read, outShape: [2, 3, 1, 1] }),
];

export const constants = [
  of(
    'parameter',
    'it reads nothing, and is all parameters',
    [],
    { shape: [1, 5, 7] },
    { outShape: [1, 5, 7], params: 35, multAdds: 0, elementwise: 0 },
  ),
  of('scaleBy', 'a parameter per channel', [image], { shape: [3, 1, 1] }, pointwise(image, 3)),
  of('scaleBy', 'a number that is not learnt', [image], { shape: [1], learnt: false }, pointwise(image)),
  of('shiftBy', 'a parameter per position', [image], { shape: [5, 7] }, pointwise(image, 35)),
  of('shiftBy', 'the result may be larger', [[2, 1, 5, 7]], { shape: [3, 1, 1] }, pointwise(image, 3)),
  of('prelu', 'a slope per channel', [image], { shape: [3, 1, 1] }, pointwise(image, 3)),
  of('layerNorm', 'over the last side', [[2, 5, 7, 3]], { axes: [3] }, pointwise([2, 5, 7, 3], 6)),
  of(
    'localResponseNorm',
    'one operation per neighbour',
    [image],
    { size: 5 },
    { ...pointwise(image), elementwise: visits(2, 3, 5, 7, 5) },
  ),
];

export const moreCombinations = (['subtract', 'divide', 'maximum', 'minimum'] as const).map((op) =>
  of(op, 'one operation per element of the larger', [image, [3, 1, 1]], {}, pointwise(image)),
);

const names = [
  ...(['tanh', 'elu', 'softplus', 'mish', 'clip', 'erf', 'exponential', 'logarithm', 'squareRoot'] as const),
  ...(['reciprocal', 'absolute', 'negate', 'power'] as const),
];
export const functions = names.map((op) =>
  of(op, 'one operation per element, whatever the formula', [image], {}, pointwise(image)),
);
