// What do pools, sums and rearrangements count at small odd shapes?

import { of } from './case.js';
import { adaptivePool, moved, pointwise, pool, visits } from './counting.js';

const square = { kernel: [3, 3], stride: [2, 2] } as const;
export const pools = (['maxPool', 'avgPool'] as const).flatMap((op) => [
  of(op, 'one operation per window element', [[2, 3, 7, 9]], { kernel: 3, stride: 2 }, pool([2, 3, 7, 9], square)),
  of(
    op,
    'a window that does not fit is left out',
    [[1, 3, 8, 6]],
    { kernel: 3, stride: 2 },
    pool([1, 3, 8, 6], square),
  ),
  of(
    op,
    'ceil mode lets it hang over the edge',
    [[1, 3, 8, 6]],
    { kernel: 3, stride: 2, ceil: true },
    pool([1, 3, 8, 6], { ...square, ceil: true }),
  ),
  of(
    op,
    'in ceil mode no window starts in the padding behind',
    [[1, 2, 5, 5]],
    { kernel: 2, stride: 3, padding: 1, ceil: true },
    pool([1, 2, 5, 5], { kernel: [2, 2], stride: [3, 3], padding: [1, 1, 1, 1], ceil: true }),
  ),
  of(
    op,
    'padding on each side of its own',
    [[1, 2, 6, 5]],
    { kernel: [2, 4], stride: [2, 1], padding: [1, 0, 0, 2] },
    pool([1, 2, 6, 5], { kernel: [2, 4], stride: [2, 1], padding: [1, 0, 0, 2] }),
  ),
]);

export const dilatedPools = [
  of(
    'maxPool',
    'dilated windows reach further and read as much',
    [[1, 2, 9, 11]],
    { kernel: [3, 2], stride: 2, padding: 1, dilation: [2, 3] },
    pool([1, 2, 9, 11], { kernel: [3, 2], stride: [2, 2], padding: [1, 1, 1, 1], dilation: [2, 3] }),
  ),
];

export const regions = [
  of(
    'roiAlign',
    'four neighbours of every sample point, on however many levels',
    [
      [2, 3, 8, 12],
      [2, 3, 4, 6],
    ],
    { regions: 5, size: [2, 3], samples: 2 },
    { ...moved(10, 3, 2, 3), elementwise: visits(2, 5, 3, 2, 3, 2, 2, 4) },
  ),
];

export const wholePools = [
  of(
    'channelPool',
    'one operation per input element',
    [[2, 3, 5, 7]],
    { mode: 'max' },
    {
      ...moved(2, 1, 5, 7),
      elementwise: visits(2, 3, 5, 7),
    },
  ),
  of('globalAvgPool', 'one operation per input element', [[2, 3, 5, 7]], {}, pool([2, 3, 5, 7], { kernel: [5, 7] })),
  of(
    'adaptiveAvgPool',
    'windows that divide the input',
    [[2, 3, 6, 9]],
    { size: [3, 3] },
    adaptivePool([2, 3, 6, 9], [3, 3]),
  ),
  of('adaptiveAvgPool', 'windows that overlap', [[1, 3, 7, 10]], { size: [3, 4] }, adaptivePool([1, 3, 7, 10], [3, 4])),
  of(
    'adaptiveAvgPool',
    'more windows than elements',
    [[1, 2, 3, 4]],
    { size: [7, 6] },
    adaptivePool([1, 2, 3, 4], [7, 6]),
  ),
];

export const combinations = (['add', 'multiply'] as const).flatMap((op) => [
  of(
    op,
    'one operation per element',
    [
      [2, 3, 5, 7],
      [2, 3, 5, 7],
    ],
    {},
    pointwise([2, 3, 5, 7]),
  ),
  of(
    op,
    '[N, C, 1, 1] is broadcast',
    [
      [2, 3, 5, 7],
      [2, 3, 1, 1],
    ],
    {},
    pointwise([2, 3, 5, 7]),
  ),
  of(
    op,
    'either side may be the smaller one, of a lower rank',
    [
      [5, 7],
      [2, 3, 1, 7],
    ],
    {},
    pointwise([2, 3, 5, 7]),
  ),
]);

export const arrangements = [
  of(
    'concat',
    'channels add up',
    [
      [1, 2, 5, 3],
      [1, 3, 5, 3],
      [1, 7, 5, 3],
    ],
    {},
    moved(1, 12, 5, 3),
  ),
  of('concat', 'of one input', [[1, 2, 5, 3]], {}, moved(1, 2, 5, 3)),
  of('split', 'one part of the channels', [[2, 7, 3, 5]], { sizes: [2, 5], part: 1 }, moved(2, 5, 3, 5)),
  of('subsample', 'every step-th row and column', [[1, 3, 7, 8]], { step: [2, 3] }, moved(1, 3, 4, 3)),
  of('channelShuffle', 'the shape stays', [[1, 6, 3, 5]], { groups: 3 }, moved(1, 6, 3, 5)),
  of('reshape', '-1 takes what is left', [[2, 6, 3, 5]], { shape: [9, -1] }, moved(2, 9, 10)),
  of('reshape', 'all sides given', [[2, 6, 3, 5]], { shape: [3, 5, 6] }, moved(2, 3, 5, 6)),
  of('flatten', 'all but the batch', [[2, 3, 5, 7]], {}, moved(2, 105)),
  of('upsample', 'nearest copies', [[1, 3, 5, 7]], { scale: [2, 3] }, moved(1, 3, 10, 21)),
  of(
    'upsample',
    'bilinear weighs four neighbours',
    [[1, 3, 5, 7]],
    { scale: 2, mode: 'bilinear' },
    { ...moved(1, 3, 10, 14), elementwise: visits(1, 3, 10, 14, 4) },
  ),
  of(
    'pad',
    'zeros on all sides and behind the channels',
    [[1, 3, 5, 7]],
    { padding: [1, 2, 3, 4], channels: [2, 5] },
    moved(1, 10, 9, 13),
  ),
];
