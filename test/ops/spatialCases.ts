// Known counts of convolutions and pools along one or three sides, and of other kinds.

import type { OpName } from '../../src/ops/table.js';
import { of } from './case.js';
import { each, moved, pointwise, starts, visits, type Counted } from './counting.js';

/** First elements of the windows along one side, by a walk; padding is what stands before and after. */
const firsts = (side: number, kernel: number, stride = 1, pad: readonly [number, number] = [0, 0], dilation = 1) =>
  starts(
    side,
    { kernel: [kernel, 1], stride: [stride, 1], padding: [pad[0], 0, pad[1], 0], dilation: [dilation, 1] },
    0,
  ).length;

/** Counts weights as the different (output, input, tap) that a loop meets. */
function convolved(n: number, from: number, to: number, groups: number, out: number[], kernel: number[]): Counted {
  let multAdds = 0;
  const weights = new Set<string>();
  for (let image = 0; image < n; image++)
    for (let o = 0; o < to; o++)
      for (let i = 0; i < from; i++) {
        if (Math.floor((o * groups) / to) !== Math.floor((i * groups) / from)) continue;
        let tap = 0;
        each(kernel, () => weights.add([o, i, tap++].join()));
        multAdds += visits(...out, ...kernel);
      }
  return { outShape: [n, to, ...out], params: weights.size, multAdds, elementwise: 0 };
}

export const convolutionsOfAnySide = [
  of(
    'conv1d',
    'a stride, padding on each side of its own, a dilation',
    [[2, 4, 17]],
    { channels: 6, kernel: [3], stride: [2], padding: [1, 2], dilation: [3], groups: 2 },
    convolved(2, 4, 6, 2, [firsts(17, 3, 2, [1, 2], 3)], [3]),
  ),
  of(
    'conv3d',
    'three sides, each with numbers of its own',
    [[1, 3, 5, 7, 9]],
    { channels: 4, kernel: [1, 3, 5], stride: [1, 2, 3], padding: [0, 1, 2, 0, 0, 1] },
    convolved(1, 3, 4, 1, [firsts(5, 1), firsts(7, 3, 2, [1, 0]), firsts(9, 5, 3, [2, 1])], [1, 3, 5]),
  ),
  of(
    'conv3d',
    'depthwise, with a bias',
    [[1, 3, 4, 4, 4]],
    { channels: 3, kernel: [2, 2, 2], groups: 3, bias: true },
    { ...convolved(1, 3, 3, 3, [3, 3, 3], [2, 2, 2]), params: 3 * 8 + 3 },
  ),
  of(
    'convTranspose1d',
    'doubles its side',
    [[2, 4, 5]],
    { channels: 6, kernel: [2], stride: [2], groups: 2, bias: true },
    { outShape: [2, 6, 10], params: visits(4, 3, 2) + 6, multAdds: visits(2, 4, 5, 3, 2), elementwise: 0 },
  ),
  of(
    'convTranspose3d',
    'cuts off and adds at the end',
    [[1, 2, 3, 4, 5]],
    { channels: 3, kernel: [2, 3, 4], stride: [2, 2, 2], padding: [0, 1, 1, 0, 1, 1], extra: [0, 1, 0] },
    {
      outShape: [1, 3, 2 * 2 + 2, 3 * 2 + 3 - 2 + 1, 4 * 2 + 4 - 2],
      params: visits(2, 3, 2, 3, 4),
      multAdds: visits(1, 2, 3, 4, 5, 3, 2, 3, 4),
      elementwise: 0,
    },
  ),
];

export const computedConvolutions = [
  of(
    'dynamicConv',
    'weights are an input, so no parameter',
    [[1, 6, 7, 8], [9, 2, 3, 1], [9]],
    { groups: 3, stride: [2, 1], padding: 1 },
    {
      ...convolved(1, 6, 9, 3, [firsts(7, 3, 2, [1, 1]), firsts(8, 1, 1, [1, 1])], [3, 1]),
      params: 0,
    },
  ),
  of(
    'deformConv',
    'four neighbours of each place that it reads',
    [
      [2, 4, 6, 5],
      [2, 18, 4, 3],
    ],
    { channels: 3, kernel: 3 },
    { ...convolved(2, 4, 3, 1, [4, 3], [3, 3]), elementwise: visits(2, 4, 4, 3, 9, 4) },
  ),
  of(
    'deformConv',
    'and a mask, for two groups of channels',
    [
      [1, 4, 5, 5],
      [1, 16, 2, 2],
      [1, 8, 2, 2],
    ],
    { channels: 6, kernel: 2, stride: 3, padding: [0, 0, 0, 0], groups: 2, offsetGroups: 2, bias: true },
    {
      ...convolved(1, 4, 6, 2, [2, 2], [2, 2]),
      params: visits(6, 2, 2, 2) + 6,
      elementwise: visits(1, 4, 2, 2, 4, 5),
    },
  ),
  of(
    'localConv',
    'own weights and biases at each place',
    [[2, 3, 6, 5]],
    { channels: 4, kernel: [3, 2], stride: 2, bias: true },
    {
      outShape: [2, 4, 2, 2],
      params: visits(2, 2, 4, 3, 3, 2) + visits(4, 2, 2),
      multAdds: visits(2, 4, 2, 2, 3, 3, 2),
      elementwise: 0,
    },
  ),
];

const window = (op: 'maxPool1d' | 'avgPool1d' | 'lpPool') =>
  op === 'lpPool'
    ? of(
        op,
        'one operation per window element',
        [[2, 3, 7, 9]],
        { kernel: 3, stride: 2, padding: 1 },
        { ...moved(2, 3, 4, 5), elementwise: visits(2, 3, 4, 5, 3, 3) },
      )
    : of(
        op,
        'one operation per window element; ceil mode lets the last one hang over',
        [[2, 3, 8]],
        { kernel: [3], stride: [2], ceil: true },
        { ...moved(2, 3, 4), elementwise: visits(2, 3, 4, 3) },
      );

const volume = (op: 'maxPool3d' | 'avgPool3d') =>
  of(
    op,
    'windows of three sides',
    [[1, 2, 5, 7, 8]],
    { kernel: [1, 3, 2], stride: [1, 2, 2], padding: [0, 1, 0, 0, 1, 0] },
    { ...moved(1, 2, 5, 4, 4), elementwise: visits(1, 2, 5, 4, 4, 1, 3, 2) },
  );

/** Elements that PyTorch's adaptive windows of one side read. */
function adaptive(side: number, count: number): number {
  let reads = 0;
  for (let i = 0; i < count; i++)
    for (let j = Math.floor((i * side) / count); j < Math.ceil(((i + 1) * side) / count); j++) reads++;
  return reads;
}

const ADAPTIVE = {
  adaptiveAvgPool1d: [[7], [3]],
  adaptiveMaxPool1d: [[7], [9]],
  adaptiveMaxPool2d: [
    [7, 10],
    [3, 4],
  ],
  adaptiveAvgPool3d: [
    [4, 7, 9],
    [2, 3, 3],
  ],
  adaptiveMaxPool3d: [
    [4, 7, 9],
    [1, 1, 1],
  ],
} as const satisfies Partial<Record<OpName, readonly [readonly number[], readonly number[]]>>;

export const poolsOfAnySide = [
  ...(['maxPool1d', 'avgPool1d', 'lpPool'] as const).map(window),
  ...(['maxPool3d', 'avgPool3d'] as const).map(volume),
  ...(Object.keys(ADAPTIVE) as (keyof typeof ADAPTIVE)[]).map((op) => {
    const [sides, size] = ADAPTIVE[op] as readonly [readonly number[], readonly number[]];
    const reads = sides.map((side, i) => adaptive(side, size[i]!));
    return of(
      op,
      'windows that divide the input',
      [[2, 3, ...sides]],
      { size },
      {
        ...moved(2, 3, ...size),
        elementwise: visits(2, 3, ...reads),
      },
    );
  }),
  of(
    'globalAvgPool',
    'of a volume',
    [[2, 3, 4, 5, 6]],
    {},
    { ...moved(2, 3, 1, 1, 1), elementwise: visits(2, 3, 4, 5, 6) },
  ),
  of('globalMaxPool', 'of a row', [[2, 3, 4]], {}, { ...moved(2, 3, 1), elementwise: visits(2, 3, 4) }),
  of(
    'maxPool',
    'Caffe keeps a last window behind the input where there is no padding: 1x1, stride 3, of 5',
    [[1, 2, 5, 5]],
    { kernel: 1, stride: 3, ceil: true, rule: 'caffe' },
    { ...moved(1, 2, 3, 3), elementwise: visits(2, 3, 3) },
  ),
  of(
    'maxPool',
    'PyTorch drops it',
    [[1, 2, 5, 5]],
    { kernel: 1, stride: 3, ceil: true },
    { ...moved(1, 2, 2, 2), elementwise: visits(2, 2, 2) },
  ),
  of(
    'avgPool',
    'Caffe pads by more than half of the kernel, and drops a last window in the padding',
    [[1, 2, 4, 4]],
    { kernel: 3, stride: 2, padding: 2, ceil: true, rule: 'caffe' },
    { ...moved(1, 2, 3, 3), elementwise: visits(2, 3, 3, 9) },
  ),
];

export const otherNorms = [
  of('instanceNorm', 'a scale and a shift per channel', [[2, 3, 5]], {}, pointwise([2, 3, 5], 6)),
  of('instanceNorm', 'without them, of a volume', [[2, 3, 4, 5, 6]], { affine: false }, pointwise([2, 3, 4, 5, 6])),
  of('batchNorm', 'of a volume', [[2, 3, 4, 5, 6]], {}, pointwise([2, 3, 4, 5, 6], 6)),
  of('groupNorm', 'of a volume', [[2, 6, 4, 5, 6]], { groups: 3 }, pointwise([2, 6, 4, 5, 6], 12)),
  of('rmsNorm', 'a scale alone', [[2, 5, 7]], { axes: [2] }, pointwise([2, 5, 7], 7)),
  of('rmsNorm', 'without it', [[2, 5, 7]], { affine: false }, pointwise([2, 5, 7])),
  of('meanVarianceNorm', 'no parameters', [[2, 3, 5, 7]], { axes: [0, 2, 3] }, pointwise([2, 3, 5, 7])),
  of('l2Norm', 'one factor for all', [[2, 3, 5, 7]], { factor: 'shared', axes: [1, 2, 3] }, pointwise([2, 3, 5, 7], 1)),
  of('l2Norm', 'no factor', [[2, 7]], { factor: 'none' }, pointwise([2, 7])),
  of(
    'localResponseNorm',
    'within a square',
    [[2, 3, 5, 7]],
    { size: 3, region: 'within' },
    { ...moved(2, 3, 5, 7), elementwise: visits(2, 3, 5, 7, 3, 3) },
  ),
];
