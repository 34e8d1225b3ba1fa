// Which small graphs show that an op is run right? Odd sizes, every option, and the cases where backends are known to differ.

import { FURTHER_CASES } from './furtherCases.js';
import { MOVE_CASES } from './moveCases.js';
import { chain, single, type OpCase } from './opCase.js';

export type { OpCase };

const convolutions: readonly OpCase[] = [
  single('conv', '3x3, odd channels', [1, 5, 7, 9], { channels: 7, kernel: 3, padding: 1 }),
  single('conv', '3x3, four-wide channels, batch 2, bias', [2, 8, 6, 5], { channels: 12, kernel: 3, bias: true }),
  single('conv', '7x7 stride 2 padding 3 of an image', [1, 3, 19, 17], {
    channels: 8,
    kernel: 7,
    stride: 2,
    padding: 3,
  }),
  single('conv', '1x1', [2, 6, 5, 3], { channels: 9, kernel: 1 }),
  single('conv', '1x1 stride 2', [1, 8, 7, 6], { channels: 4, kernel: 1, stride: 2 }),
  single('conv', 'asymmetric kernel, stride and padding', [1, 4, 9, 8], {
    channels: 5,
    kernel: [3, 2],
    stride: [1, 2],
    padding: [0, 1, 2, 0],
  }),
  single('conv', 'dilation 2', [1, 4, 9, 9], { channels: 3, kernel: 3, padding: 2, dilation: 2 }),
  single('conv', 'stride and dilation together, which tfjs has not', [1, 4, 11, 10], {
    channels: 3,
    kernel: 3,
    stride: 2,
    padding: 2,
    dilation: 2,
  }),
  single('conv', 'kernel as large as the input', [2, 6, 5, 5], { channels: 7, kernel: 5 }),
  single('conv', 'depthwise 3x3 stride 2', [1, 8, 7, 7], { channels: 8, kernel: 3, stride: 2, padding: 1, groups: 8 }),
  single('conv', 'depthwise 5x5 of 5 channels, bias', [2, 5, 8, 7], {
    channels: 5,
    kernel: 5,
    padding: 2,
    groups: 5,
    bias: true,
  }),
  single('conv', 'depthwise with two outputs a channel', [1, 4, 6, 6], {
    channels: 8,
    kernel: 3,
    padding: 1,
    groups: 4,
  }),
  single('conv', 'depthwise, asymmetric padding', [1, 4, 6, 7], {
    channels: 4,
    kernel: 3,
    padding: [0, 2, 1, 0],
    groups: 4,
  }),
  single('conv', 'depthwise, different strides, which tfjs has not', [1, 4, 8, 9], {
    channels: 4,
    kernel: 3,
    stride: [1, 2],
    padding: 1,
    groups: 4,
  }),
  single('conv', '2 groups in one part', [2, 6, 7, 5], { channels: 4, kernel: 3, padding: 1, groups: 2, bias: true }),
  single('conv', '6 groups in 3 parts', [2, 48, 5, 4], { channels: 36, kernel: 3, padding: 1, groups: 6, bias: true }),
  single('conv', '3 groups, 1x1', [1, 51, 4, 3], { channels: 54, kernel: 1, groups: 3 }),
  single('conv', '10 groups stride 2, by one matmul on a GPU', [2, 110, 7, 6], {
    channels: 120,
    kernel: 3,
    stride: 2,
    padding: [1, 0, 1, 2],
    groups: 10,
    bias: true,
  }),
  single('conv', '12 groups dilated, by one matmul on a GPU', [1, 108, 9, 8], {
    channels: 120,
    kernel: 3,
    padding: 2,
    dilation: 2,
    groups: 12,
  }),
];

const activations = ['relu', 'relu6', 'sigmoid', 'hardSigmoid', 'hardSwish', 'silu', 'gelu', 'softmax'] as const;

const fusions: readonly OpCase[] = [
  ...(['relu', 'relu6', 'sigmoid', 'leakyRelu', 'hardSwish'] as const).flatMap((activation) =>
    ([1, 8, 2, 4] as const).map((groups) =>
      chain(activation, `after a norm after a convolution of ${groups} groups`, [2, 8, 5, 4], (net, x) => {
        const y = net.apply('conv', 'conv', x, { channels: 8, kernel: 3, padding: 1, groups, bias: groups === 1 });
        return net.apply(activation, 'act', net.apply('batchNorm', 'norm', y));
      }),
    ),
  ),
  chain('relu', 'after a norm after ten groups', [1, 100, 5, 4], (net, x) => {
    const y = net.apply('conv', 'conv', x, { channels: 100, kernel: 3, padding: 1, groups: 10 });
    return net.apply('relu', 'act', net.apply('batchNorm', 'norm', y, { affine: false }));
  }),
  chain('linear', 'norm and leaky ReLU behind it', [3, 7], (net, x) =>
    net.apply('leakyRelu', 'act', net.apply('batchNorm', 'norm', net.apply('linear', 'fc', x, { features: 5 })), {
      slope: 0.2,
    }),
  ),
  chain('batchNorm', 'not folded where the convolution is read twice', [1, 3, 5, 5], (net, x) => {
    const y = net.apply('conv', 'conv', x, { channels: 4, kernel: 3 });
    return net.apply('add', 'add', [y, net.apply('batchNorm', 'norm', y)]);
  }),
  chain('batchNorm', 'not folded where the convolution is an output', [1, 3, 5, 5], (net, x) => {
    const y = net.apply('conv', 'conv', x, { channels: 4, kernel: 3 });
    return [y, net.apply('relu', 'act', net.apply('batchNorm', 'norm', y))];
  }),
  chain('relu', 'before the norm: only the activation is absorbed', [1, 3, 5, 5], (net, x) => {
    const y = net.apply('relu', 'act', net.apply('conv', 'conv', x, { channels: 4, kernel: 3 }));
    return net.apply('batchNorm', 'norm', y);
  }),
  chain('add', 'of a value to itself, and a node that nobody reads', [1, 3, 4, 4], (net, x) => {
    const y = net.apply('relu', 'act', x);
    net.apply('sigmoid', 'unread', y);
    return net.apply('add', 'add', [y, y]);
  }),
];

const transposed: readonly OpCase[] = [
  single('convTranspose', '2x2 stride 2, bias', [2, 5, 4, 3], { channels: 7, kernel: 2, stride: 2, bias: true }),
  single('convTranspose', 'kernels that overlap and are cut', [1, 4, 5, 4], {
    channels: 3,
    kernel: [4, 3],
    stride: [2, 1],
    padding: [1, 0, 1, 2],
  }),
];

const shared: readonly OpCase[] = [
  chain('conv', 'one head on two levels: the same weights, each norm folded', [1, 4, 8, 8], (net, x) => {
    const coarse = net.apply('maxPool', 'coarse', x, { kernel: 2, stride: 2 });
    const given = { channels: 4, kernel: 3, padding: 1 } as const;
    const first = net.apply('conv', 'conv8', x, given);
    const second = net.apply('conv', 'conv4', coarse, given, first);
    const norm = net.apply('batchNorm', 'norm8', first);
    return [
      net.apply('relu', 'relu8', norm),
      net.apply('relu', 'relu4', net.apply('batchNorm', 'norm4', second, {}, norm)),
    ];
  }),
  chain('linear', 'one layer before and after itself', [2, 6], (net, x) => {
    const once = net.apply('linear', 'once', x, { features: 6 });
    return net.apply('linear', 'twice', once, { features: 6 }, once);
  }),
];

const pools: readonly OpCase[] = [
  single('maxPool', '3x3 stride 2 padding 1', [1, 5, 9, 8], { kernel: 3, stride: 2, padding: 1 }),
  single('maxPool', 'ceil mode', [2, 4, 8, 7], { kernel: 3, stride: 2, ceil: true }),
  single('maxPool', 'ceil mode drops a window that begins in the padding', [1, 3, 6, 6], {
    kernel: 2,
    stride: 2,
    padding: 1,
    ceil: true,
  }),
  single('maxPool', 'asymmetric', [1, 3, 7, 9], { kernel: [2, 3], stride: [2, 1], padding: [1, 0, 0, 1] }),
  single('maxPool', 'dilated, with a stride and padding', [2, 3, 11, 9], {
    kernel: [3, 2],
    stride: 2,
    padding: [2, 1, 1, 0],
    dilation: [2, 3],
  }),
  single('maxPool', 'dilated, ceil mode', [1, 3, 8, 8], { kernel: 3, stride: 3, dilation: 2, ceil: true }),
  chain('maxPool', 'of negative numbers: padding must not win', [1, 1, 5, 5], (net, x) => {
    const positive = net.apply('sigmoid', 'positive', x);
    // One weight a channel: about half of the channels are negative throughout.
    const signed = net.apply('conv', 'signed', positive, { channels: 8, kernel: 1 });
    return net.apply('maxPool', 'pool', signed, { kernel: 3, stride: 1, padding: 1 });
  }),
  single('avgPool', '2x2', [1, 5, 8, 6], { kernel: 2, stride: 2 }),
  single('avgPool', 'padding counts', [1, 4, 7, 7], { kernel: 3, stride: 2, padding: 1 }),
  single('avgPool', 'padding does not count', [1, 4, 7, 6], {
    kernel: 3,
    stride: 1,
    padding: 1,
    countIncludePad: false,
  }),
  single('avgPool', 'ceil mode: what hangs over is not counted', [1, 3, 8, 7], { kernel: 3, stride: 2, ceil: true }),
  single('avgPool', 'ceil mode with padding', [2, 3, 8, 8], { kernel: 3, stride: 2, padding: 1, ceil: true }),
  single('avgPool', 'ceil mode with padding that does not count', [1, 3, 8, 8], {
    kernel: 3,
    stride: 2,
    padding: 1,
    ceil: true,
    countIncludePad: false,
  }),
  single('channelPool', 'the mean', [2, 5, 4, 3], { mode: 'mean' }),
  single('channelPool', 'the maximum', [2, 5, 4, 3], { mode: 'max' }),
  single('roiAlign', 'on one level', [2, 5, 9, 7], { regions: 3, size: [2, 3] }),
  single(
    'roiAlign',
    'on three levels, one of them without a box',
    [
      [2, 4, 16, 12],
      [2, 4, 8, 6],
      [2, 4, 4, 3],
    ],
    { regions: 2, size: 2, samples: 3 },
  ),
  single('globalAvgPool', 'odd sides', [2, 7, 5, 3]),
  single('adaptiveAvgPool', 'windows that overlap', [2, 5, 7, 9], { size: [3, 4] }),
  single('adaptiveAvgPool', 'even windows', [1, 4, 6, 8], { size: [3, 2] }),
  single('adaptiveAvgPool', 'enlarges', [1, 3, 2, 1], { size: 3 }),
];

const arrangements: readonly OpCase[] = [
  single('add', 'same shapes', [
    [2, 5, 4, 3],
    [2, 5, 4, 3],
  ]),
  single('add', 'a shorter shape meets the last sides', [
    [2, 5, 4, 3],
    [4, 3],
  ]),
  single('multiply', 'a gate scales the channels', [
    [2, 6, 4, 3],
    [2, 6, 1, 1],
  ]),
  single('multiply', 'a spatial gate', [
    [2, 6, 4, 3],
    [2, 1, 4, 3],
  ]),
  single(
    'concat',
    'of 20 inputs',
    Array.from({ length: 20 }, (_, i) => [1, 1 + (i % 4), 3, 2]),
  ),
  single('concat', 'of one input', [2, 3, 4, 5]),
  single('concat', 'of features', [
    [2, 3],
    [2, 4],
  ]),
  single('split', 'the middle part', [2, 9, 3, 4], { sizes: [2, 4, 3], part: 1 }),
  single('subsample', 'odd sides', [1, 3, 7, 6], { step: [2, 3] }),
  single('channelShuffle', '3 groups', [2, 12, 3, 5], { groups: 3 }),
  single('reshape', '[N, C, H, W] to [N, C, H x W]', [2, 3, 4, 5], { shape: [3, 20] }),
  single('reshape', 'features to an image', [2, 24], { shape: [2, 3, -1] }),
  single('flatten', 'in the order of channels', [2, 3, 4, 5]),
  single('upsample', 'nearest', [1, 3, 4, 5], { scale: [2, 3] }),
  single('upsample', 'bilinear', [2, 3, 4, 5], { scale: [2, 3], mode: 'bilinear' }),
  single('pad', 'rows and columns', [1, 3, 4, 5], { padding: [1, 0, 2, 3] }),
  single('pad', 'channels', [2, 3, 4, 5], { channels: [2, 1] }),
];

/** Of positive numbers, where a function is defined for those alone. */
const positive = (op: 'logarithm' | 'squareRoot' | 'reciprocal' | 'power', given: object): OpCase =>
  chain(op, `${op} of positive numbers`, [2, 5, 4, 3], (net, x) =>
    net.apply(op, 'node', net.apply('sigmoid', 'positive', x), given),
  );

const functions = ['tanh', 'elu', 'softplus', 'mish', 'erf', 'exponential', 'absolute', 'negate', 'clip'] as const;

const layouts: readonly OpCase[] = [
  single('convTranspose', 'of two groups, dilated, with rows added at the end', [2, 4, 3, 4], {
    channels: 6,
    kernel: 3,
    stride: 2,
    padding: 1,
    extra: [1, 1],
    dilation: [2, 1],
    groups: 2,
    bias: true,
  }),
  single('convTranspose', 'more rows added than cut off', [1, 3, 3, 2], {
    channels: 2,
    kernel: 1,
    stride: 3,
    extra: [2, 1],
    bias: true,
  }),
  single('matmul', 'of matrices', [
    [3, 5],
    [5, 4],
  ]),
  single('matmul', 'as attention has it, four sides', [
    [2, 3, 4, 5],
    [2, 3, 5, 6],
  ]),
  single('matmul', 'of three sides', [
    [2, 4, 5],
    [2, 5, 3],
  ]),
  single('transpose', 'an image with its channels last', [2, 3, 4, 5], { order: [0, 2, 3, 1] }),
  single('transpose', 'and back', [2, 4, 5, 3], { order: [0, 3, 1, 2] }),
  single('transpose', 'a matrix', [3, 5], { order: [1, 0] }),
  single('transpose', 'of five sides', [2, 3, 4, 2, 3], { order: [0, 2, 1, 4, 3] }),
  single('view', 'the batch is regrouped', [2, 6, 3, 4], { shape: [6, 2, 12] }),
  single('slice', 'of every side', [3, 5, 7, 6], { begin: [1, 1, 2, 0], size: [2, 3, 4, 5], step: [1, 1, 1, 1] }),
  single('slice', 'with steps', [2, 5, 7, 6], { begin: [0, 1, 1, 0], size: [2, 2, 3, 2], step: [1, 2, 2, 3] }),
  single('expand', 'to a larger image', [2, 3, 1, 4], { shape: [2, 3, 5, 4] }),
  single('expand', 'sides in front', [4, 3], { shape: [2, 3, 4, 3] }),
  single('resize', 'nearest, by a fraction', [1, 3, 4, 6], { size: [6, 9] }),
  single('resize', 'bilinear, by a fraction', [2, 3, 4, 6], { size: [6, 9], mode: 'bilinear' }),
  single('resize', 'bicubic', [2, 3, 4, 6], { size: [7, 5], mode: 'bicubic' }),
  single(
    'concat',
    'along the rows',
    [
      [2, 3, 4, 5],
      [2, 3, 2, 5],
    ],
    { axis: 2 },
  ),
  single(
    'concat',
    'along the batch',
    [
      [2, 3, 4],
      [1, 3, 4],
    ],
    { axis: 0 },
  ),
  single('softmax', 'along the last side', [2, 3, 4, 5], { axis: 3 }),
  single('softmax', 'along the rows', [2, 3, 4, 5], { axis: 2 }),
  single('layerNorm', 'of the last side, as with channels last', [2, 4, 5, 6], { axes: [3] }),
  single('layerNorm', 'of all sides but the batch', [2, 3, 4, 5], { axes: [1, 2, 3] }),
  single('localResponseNorm', 'of five channels', [2, 7, 3, 4], { size: 5 }),
  single('globalMaxPool', 'odd sides', [2, 7, 5, 3]),
  single('reduce', 'the mean of the channels, kept', [2, 5, 4, 3], { axes: [1] }),
  single('reduce', 'the sum of two sides, gone', [2, 5, 4, 3], { axes: [1, 3], mode: 'sum', keep: false }),
  single('reduce', 'the largest of a row', [2, 5, 4, 3], { axes: [3], mode: 'max' }),
  single('reduce', 'the smallest of an image, gone', [2, 5, 4, 3], { axes: [2, 3], mode: 'min', keep: false }),
  single('reduce', 'the product', [2, 5, 4], { axes: [2], mode: 'product', keep: false }),
  single('reduce', 'the length', [2, 5, 4, 3], { axes: [2, 3], mode: 'norm' }),
  single('scaleBy', 'one number per channel', [2, 5, 4, 3], { shape: [5, 1, 1] }),
  single('scaleBy', 'a number that is not learnt', [2, 5, 4, 3], { shape: [1], learnt: false }),
  single('shiftBy', 'a position', [2, 5, 4, 3], { shape: [1, 5, 4, 3] }),
  single('shiftBy', 'to a larger tensor', [2, 1, 4, 3], { shape: [5, 1, 1] }),
  single('shiftBy', 'of features', [2, 5], { shape: [5] }),
  chain('parameter', 'a token before the features, and the second matrix of a product', [2, 5, 6], (net, x) => {
    const token = net.apply('parameter', 'token', [], { shape: [1, 1, 6] });
    const all = net.apply('concat', 'all', [net.apply('expand', 'tokens', token, { shape: [2, 1, 6] }), x]);
    return net.apply('matmul', 'node', [all, net.apply('parameter', 'weight', [], { shape: [2, 6, 4] })]);
  }),
  single('prelu', 'one slope per channel', [2, 5, 4, 3], { shape: [5, 1, 1] }),
  single('prelu', 'one slope for all', [2, 5, 4, 3], { shape: [1] }),
  single('elu', 'scaled', [2, 5, 4, 3], { selu: true }),
  single('power', 'the square', [2, 5, 4, 3]),
  single('clip', 'between two numbers', [2, 5, 4, 3], { least: -0.5, most: 0.75 }),
  ...(['logarithm', 'squareRoot', 'reciprocal'] as const).map((op) => positive(op, {})),
  positive('power', { exponent: 1.5 }),
  ...(['subtract', 'maximum', 'minimum'] as const).map((op) =>
    single(op, 'a gate for the channels', [
      [2, 5, 4, 3],
      [2, 5, 1, 1],
    ]),
  ),
  chain('divide', 'by positive numbers', [2, 5, 4, 3], (net, x) =>
    net.apply('divide', 'node', [x, net.apply('sigmoid', 'by', x)]),
  ),
  ...functions.flatMap((op) => [single(op, 'of an image', [2, 5, 4, 3]), single(op, 'of features', [2, 7])]),
];

const others: readonly OpCase[] = [
  single('linear', 'of features', [3, 11], { features: 7 }),
  single('linear', 'without bias, batch 1', [1, 160], { features: 130, bias: false }),
  single('linear', 'over the last of four sides', [2, 3, 4, 5], { features: 6 }),
  single('batchNorm', 'of an image', [2, 5, 4, 3]),
  single('batchNorm', 'of features, not affine', [3, 6], { affine: false }),
  single('layerNorm', 'of an image', [2, 9, 3, 4]),
  single('layerNorm', 'of features, not affine', [3, 6], { affine: false }),
  single('groupNorm', 'of 3 groups', [2, 6, 3, 5], { groups: 3 }),
  single('groupNorm', 'one group, not affine', [1, 6, 3, 2], { groups: 1, affine: false }),
  single('l2Norm', 'of an image', [2, 9, 3, 4]),
  single('scale', 'of an image', [2, 5, 3, 4]),
  single('leakyRelu', 'slope 0.3', [1, 3, 5, 4], { slope: 0.3 }),
  ...activations.flatMap((op) => [single(op, 'of an image', [2, 5, 4, 3]), single(op, 'of features', [2, 7])]),
];

export const OP_CASES: readonly OpCase[] = [
  ...FURTHER_CASES,
  ...MOVE_CASES,
  ...convolutions,
  ...transposed,
  ...shared,
  ...pools,
  ...arrangements,
  ...layouts,
  ...others,
  ...fusions,
];
