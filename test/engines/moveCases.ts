// Small graphs of rows and volumes, repeats, blocks, indices and orders.

import { chain, single, type OpCase } from './opCase.js';

const image = [2, 5, 4, 3];
const volume = [1, 4, 5, 6, 4];

const windows: readonly OpCase[] = [
  single('conv1d', 'a stride and padding, in groups', [2, 4, 9], {
    ...{ channels: 6, kernel: [3], stride: [2], padding: [1, 2], groups: 2, bias: true },
  }),
  single('conv1d', 'dilated', [1, 3, 9], { channels: 2, kernel: [3], dilation: [2] }),
  single('convTranspose1d', 'cut and grown', [2, 4, 5], {
    ...{ channels: 3, kernel: [3], stride: [2], padding: [1, 0], extra: [1], bias: true },
  }),
  single('conv3d', 'sides of their own, a bias', volume, {
    ...{ channels: 3, kernel: [2, 3, 1], stride: [1, 2, 1], padding: [0, 1, 0, 1, 1, 0], bias: true },
  }),
  single('conv3d', 'dilated with a stride, in groups', volume, {
    ...{ channels: 6, kernel: [2, 2, 2], stride: [2, 1, 1], dilation: [1, 3, 2], groups: 2 },
  }),
  single('convTranspose3d', 'cut and grown, in groups', [1, 4, 2, 3, 2], {
    channels: 2,
    kernel: [2, 3, 2],
    stride: [2, 2, 1],
    ...{ padding: [0, 1, 0, 1, 0, 0], extra: [0, 1, 0], groups: 2, bias: true },
  }),
  single('maxPool1d', 'ceil mode', [2, 3, 8], { kernel: [3], stride: [2], ceil: true }),
  single('maxPool3d', 'padded', volume, { kernel: [2, 3, 2], stride: [2, 2, 1], padding: [1, 1, 0, 0, 1, 1] }),
  single('maxPool3d', 'dilated', volume, { kernel: [2, 2, 3], stride: [1, 2, 1], dilation: [2, 3, 1] }),
  single('avgPool1d', 'padding does not count', [2, 3, 7], {
    ...{ kernel: [3], stride: [2], padding: [1, 1], countIncludePad: false },
  }),
  single('avgPool3d', 'padding counts, ceil mode', volume, {
    ...{ kernel: [2, 3, 2], stride: [2, 2, 2], padding: [1, 1, 0, 0, 1, 1], ceil: true },
  }),
  single('adaptiveAvgPool1d', 'uneven', [2, 3, 7], { size: [3] }),
  single('adaptiveAvgPool3d', 'uneven', volume, { size: [2, 4, 1] }),
  single('adaptiveMaxPool1d', 'uneven', [2, 3, 7], { size: [3] }),
  single('adaptiveMaxPool2d', 'uneven', [2, 3, 7, 5], { size: [3, 2] }),
  single('adaptiveMaxPool3d', 'uneven', volume, { size: [2, 4, 1] }),
  single('globalAvgPool', 'of a volume', volume),
  single('globalMaxPool', 'of a row', [2, 3, 7]),
  single('maxPool', 'padding of more than half a kernel, as Caffe', [1, 3, 6, 6], {
    ...{ kernel: 3, stride: 2, padding: 2, ceil: true, rule: 'caffe' },
  }),
];

const moves: readonly OpCase[] = [
  single('tile', 'channels and columns', image, { repeats: [1, 2, 1, 3] }),
  single('repeatElements', 'of channels', image, { axis: 1, repeats: 2 }),
  single('flip', 'channels and rows', image, { axes: [1, 2] }),
  single('roll', 'rows back, columns forth', image, { axes: [2, 3], shifts: [-1, 2] }),
  ...(['constant', 'reflect', 'symmetric', 'edge', 'wrap'] as const).map((mode) =>
    single('padSides', mode, image, { before: [0, 2, 1, 0], after: [0, 1, 0, 2], mode, value: 0.5 }),
  ),
  ...(['channelsFirst', 'blockFirst'] as const).flatMap((order) => [
    single('depthToSpace', order, [2, 12, 3, 2], { block: 2, order }),
    single('spaceToDepth', order, [2, 3, 4, 6], { block: 2, order }),
  ]),
  single('spaceToBatch', 'padded', [1, 3, 5, 4], { block: [2, 3], padding: [1, 0, 0, 2] }),
  single('batchToSpace', 'cropped', [6, 3, 3, 2], { block: [2, 3], crops: [1, 0, 0, 2] }),
];

const indexed: readonly OpCase[] = [
  single('gather', 'one stored index of the rows', image, { axis: 2, indices: [3] }),
  single('gather', 'stored indices of two sides', image, { axis: 1, shape: [2, 2], indices: [4, 0, 0, 2] }),
  chain('gather', 'computed indices', image, (net, x) => {
    const places = net.apply('argMax', 'places', net.apply('reshape', 'rows', x, { shape: [60] }), { axis: 0 });
    return net.apply('gather', 'node', [x, places], { axis: 3 });
  }),
  chain('embedding', 'of places', image, (net, x) =>
    net.apply('embedding', 'node', net.apply('argMax', 'places', x), { entries: 5, features: 3 }),
  ),
  chain('oneHot', 'of places, as channels', image, (net, x) =>
    net.apply('oneHot', 'node', net.apply('argMax', 'places', x), { depth: 5, axis: 1 }),
  ),
  single('topK', 'values of the channels', image, { k: 2 }),
  single('topK', 'places of the smallest', image, { k: 2, axis: 2, output: 'indices', largest: false }),
  single('sort', 'values of the rows', image, { axis: 2 }),
  single('sort', 'places, the largest first', image, { axis: 3, output: 'indices', descending: true }),
  single('argMax', 'of the channels, gone', image),
  single('argMin', 'of the rows, kept', image, { axis: 2, keep: true }),
  single('cumSum', 'of the channels', image),
  single('cumSum', 'exclusive, from the end', image, { axis: 3, exclusive: true, reverse: true }),
  single('cumSum', 'products', image, { axis: 2, mode: 'product' }),
];

export const MOVE_CASES: readonly OpCase[] = [...windows, ...moves, ...indexed];
