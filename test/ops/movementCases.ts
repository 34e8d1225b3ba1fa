// Known counts of moves by index, repeats, blocks, orders and sampled places.

import { of } from './case.js';
import { moved, visits, type Counted } from './counting.js';

const image = [2, 3, 5, 7];
const read = (...outShape: number[]): Counted => ({ ...moved(...outShape), elementwise: visits(...image) });

export const moves = [
  of('tile', 'each side as often as it says', [image], { repeats: [1, 2, 1, 3] }, moved(2, 6, 5, 21)),
  of('repeatElements', 'one side', [image], { axis: 2, repeats: 4 }, moved(2, 3, 20, 7)),
  of('flip', 'the shape stays', [image], { axes: [1, 3] }, moved(...image)),
  of('roll', 'the shape stays', [image], { axes: [2, 3], shifts: [-1, 3] }, moved(...image)),
  of('padSides', 'any side', [[2, 3]], { before: [1, 0], after: [0, 2], mode: 'reflect' }, moved(3, 5)),
  of('padSides', 'a batch too', [image], { before: [1, 1, 1, 1], after: [0, 2, 0, 2], value: -1 }, moved(3, 6, 6, 10)),
];

export const blocksOfPlaces = [
  of('depthToSpace', 'channels become places', [[2, 12, 5, 7]], { block: 2 }, moved(2, 3, 10, 14)),
  of('spaceToDepth', 'places become channels', [[2, 3, 4, 6]], { block: 2, order: 'blockFirst' }, moved(2, 12, 2, 3)),
  of('spaceToDepth', 'of a row', [[2, 3, 9]], { block: 3 }, moved(2, 9, 3)),
  of(
    'spaceToBatch',
    'places become images',
    [[2, 3, 5, 7]],
    { block: [2, 3], padding: [1, 0, 0, 2] },
    moved(12, 3, 3, 3),
  ),
  of(
    'batchToSpace',
    'images become places',
    [[12, 3, 3, 3]],
    { block: [2, 3], crops: [1, 0, 0, 2] },
    moved(2, 3, 5, 7),
  ),
  of(
    'unfold',
    'a column for each window',
    [image],
    { kernel: [3, 2], stride: [2, 1], padding: 1 },
    moved(2, 18, 3 * 8),
  ),
  of(
    'fold',
    'columns are added up',
    [[2, 18, 24]],
    { kernel: [3, 2], stride: [2, 1], padding: 1, size: [5, 7] },
    { ...moved(2, 3, 5, 7), elementwise: visits(2, 18, 24) },
  ),
];

export const byIndex = [
  of('gather', 'a stored index takes the side away', [image], { axis: 2 }, moved(2, 3, 7)),
  of('gather', 'stored indices of two sides', [image], { axis: 1, shape: [2, 4] }, moved(2, 2, 4, 5, 7)),
  of('gather', 'computed indices', [image, [9]], { axis: 3 }, moved(2, 3, 5, 9)),
  of('gatherElements', 'the sides of the indices', [image, [2, 3, 5, 4]], { axis: 3 }, moved(2, 3, 5, 4)),
  of('gatherNd', 'places of two numbers', [image, [4, 6, 2]], {}, moved(4, 6, 5, 7)),
  of('gatherNd', 'in each image, stored', [image], { batch: 1, shape: [2, 4, 1] }, moved(2, 4, 5, 7)),
  of('scatter', 'replaced elements are moved', [image, [4, 2], [4, 5, 7]], {}, moved(...image)),
  of(
    'scatter',
    'added ones are one operation each',
    [image, [4, 5, 7]],
    { mode: 'add' },
    { ...moved(...image), elementwise: visits(4, 5, 7) },
  ),
  of('oneHot', 'a new side at the end', [[2, 3]], { depth: 10, axis: 2 }, moved(2, 3, 10)),
  of('embedding', 'a row for each index', [[2, 9]], { entries: 50, features: 4 }, { ...moved(2, 9, 4), params: 200 }),
];

export const orders = [
  of('topK', 'every element is looked at', [image], { k: 4, axis: 3 }, read(2, 3, 5, 4)),
  of('topK', 'places, as a node of its own', [image], { k: 1, axis: 1, output: 'indices' }, read(2, 1, 5, 7)),
  of('sort', 'the shape stays', [image], { axis: 2 }, read(...image)),
  of('argMax', 'the side goes', [image], {}, read(2, 5, 7)),
  of('argMin', 'or stays as 1', [image], { axis: 2, keep: true }, read(2, 3, 1, 7)),
  of('cumSum', 'the shape stays', [image], { axis: 3, exclusive: true }, read(...image)),
  ...(['l1', 'squareSum', 'logSum', 'logSumExp', 'variance', 'deviation', 'any', 'all'] as const).map((mode) =>
    of('reduce', `${mode}: one operation per element that is read`, [image], { axes: [0, 2], mode }, read(1, 3, 1, 7)),
  ),
];

export const sampled = [
  of(
    'resize',
    'of a row, two neighbours',
    [[2, 3, 5]],
    { size: [8], mode: 'linear' },
    { ...moved(2, 3, 8), elementwise: visits(2, 3, 8, 2) },
  ),
  of(
    'resize',
    'of a volume, eight neighbours',
    [[1, 2, 3, 4, 5]],
    { size: [6, 8, 10], mode: 'trilinear' },
    { ...moved(1, 2, 6, 8, 10), elementwise: visits(1, 2, 6, 8, 10, 8) },
  ),
  of('resize', 'nearest copies of a volume', [[1, 2, 3, 4, 5]], { size: [3, 8, 10] }, moved(1, 2, 3, 8, 10)),
  of(
    'gridSample',
    'four neighbours',
    [image, [2, 4, 6, 2]],
    {},
    { ...moved(2, 3, 4, 6), elementwise: visits(2, 3, 4, 6, 4) },
  ),
  of('gridSample', 'nearest copies', [image, [2, 4, 6, 2]], { mode: 'nearest' }, moved(2, 3, 4, 6)),
  of(
    'gridSample',
    'eight neighbours in a volume',
    [
      [1, 2, 3, 4, 5],
      [1, 2, 2, 2, 3],
    ],
    {},
    { ...moved(1, 2, 2, 2, 2), elementwise: visits(1, 2, 2, 2, 2, 8) },
  ),
  of(
    'roiPool',
    'one operation for each result',
    [image, [9, 5]],
    { regions: 4, size: [2, 3] },
    { ...moved(8, 3, 2, 3), elementwise: visits(8, 3, 2, 3) },
  ),
  of(
    'psRoiPool',
    'each cell has channels of its own',
    [[1, 18, 5, 7]],
    { regions: 4, size: 3 },
    { ...moved(4, 2, 3, 3), elementwise: visits(4, 2, 3, 3) },
  ),
  of('priorBox', 'known beforehand', [image, [2, 3, 300, 300]], { boxes: 6 }, moved(1, 2, 4 * 6 * 5 * 7)),
];
