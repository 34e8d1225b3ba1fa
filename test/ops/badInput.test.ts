// What does an op say to inputs that do not fit? Every message names the values.

import { describe, expect, test } from 'vitest';
import { Builder, type OpGiven } from '../../src/builder.js';
import { InputError } from '../../src/inputError.js';
import { OPS, opOf, type OpName } from '../../src/ops/table.js';
import type { Shape } from '../../src/shape.js';

const of = <K extends OpName>(op: K, why: string, inputs: readonly Shape[], given: OpGiven<K>, says: string) => ({
  op: op,
  why,
  inputs,
  given: given as object,
  says,
});

const image = [1, 6, 5, 7];
const CASES = [
  of(
    'conv',
    'groups do not divide the input',
    [image],
    { channels: 8, kernel: 1, groups: 4 },
    'the groups do not divide the input channels',
  ),
  of(
    'conv',
    'groups do not divide the output',
    [image],
    { channels: 4, kernel: 1, groups: 3 },
    'the groups do not divide the output channels',
  ),
  of('conv', 'rank', [[3, 5]], { channels: 4, kernel: 1 }, 'needs an input of shape [N, C, H, W], got [3, 5]'),
  of(
    'conv',
    'no window fits',
    [image],
    { channels: 4, kernel: 7 },
    'a window of kernel 7, stride 1, padding 0+0 does not fit in a side of 5',
  ),
  of('conv', 'a field is missing', [image], { channels: 4 }, 'the field kernel (kernel height and width) is missing'),
  of('conv', 'a kernel of 0', [image], { channels: 4, kernel: 0 }, 'kernel holds 0: give whole numbers from 1 up'),
  of(
    'conv',
    'a stride of 0',
    [image],
    { channels: 4, kernel: 3, stride: [1, 0] },
    'stride holds 0: give whole numbers from 1 up',
  ),
  of(
    'conv',
    'padding below 0',
    [image],
    { channels: 4, kernel: 3, padding: [0, -1] },
    'padding holds -1: give whole numbers from 0 up',
  ),
  of(
    'conv',
    'a broken dilation',
    [image],
    { channels: 4, kernel: 3, dilation: 1.5 },
    'dilation holds 1.5: give whole numbers from 1 up',
  ),
  of(
    'conv',
    'groups below 1',
    [image],
    { channels: 4, kernel: 3, groups: -2 },
    'groups holds -2: give whole numbers from 1 up',
  ),
  of(
    'conv',
    'a field that does not exist',
    [image],
    { channels: 4, kernel: 3, strid: 2 } as OpGiven<'conv'>,
    'there is no field strid: channels, kernel, stride, padding, dilation, groups, bias can be given',
  ),
  of('relu', 'a field at all', [image], { slope: 1 } as object, 'there is no field slope: none can be given'),
  of('linear', 'no features', [image], { features: 0 }, 'features holds 0: give whole numbers from 1 up'),
  of('split', 'a part before the first', [image], { sizes: [3, 3], part: -1 }, 'part holds -1: give whole numbers'),
  of(
    'upsample',
    'an unknown mode',
    [image],
    { scale: 2, mode: 'cubic' as 'nearest' },
    'mode is "cubic": give one of nearest, bilinear',
  ),
  of('maxPool', 'no window fits', [image], { kernel: 6, stride: 2 }, 'does not fit in a side of 5'),
  of(
    'maxPool',
    'padding above half of the kernel, as PyTorch has it',
    [image],
    { kernel: [3, 4], stride: 1, padding: [2, 0] },
    'a padding of 2, 0, 2, 0 is more than half of the kernel, 3x4',
  ),
  of(
    'maxPool',
    'a window that is all padding, on one side alone',
    [image],
    { kernel: [3, 4], stride: 1, padding: [0, 0, 3, 0] },
    'a padding of 0, 0, 3, 0 is more than half of the kernel, 3x4',
  ),
  of('avgPool', 'rank', [[1, 6, 5]], { kernel: 2, stride: 2 }, 'needs an input of shape [N, C, H, W], got [1, 6, 5]'),
  of('globalAvgPool', 'rank', [[1, 6]], {}, 'got [1, 6]'),
  of('adaptiveAvgPool', 'rank', [[1, 6]], { size: 1 }, 'got [1, 6]'),
  of(
    'add',
    'unequal shapes',
    [image, [1, 6, 4, 7]],
    {},
    'the shapes [1, 6, 5, 7] and [1, 6, 4, 7] do not fit together',
  ),
  of(
    'multiply',
    'unequal shapes',
    [image, [1, 3, 1, 1]],
    {},
    'the shapes [1, 6, 5, 7] and [1, 3, 1, 1] do not fit together',
  ),
  of(
    'concat',
    'unequal heights',
    [image, [1, 2, 4, 7]],
    {},
    'the shapes [1, 6, 5, 7] and [1, 2, 4, 7] differ in more than their channels',
  ),
  of(
    'concat',
    'unequal ranks',
    [image, [1, 6]],
    {},
    'the shapes [1, 6, 5, 7] and [1, 6] differ in more than their channels',
  ),
  of(
    'split',
    'parts do not add up',
    [image],
    { sizes: [2, 3], part: 0 },
    'the parts [2, 3] do not add up to the 6 channels of [1, 6, 5, 7]',
  ),
  of(
    'split',
    'no such part',
    [image],
    { sizes: [2, 4], part: 2 },
    'there is no part 2 among 2: parts are counted from 0',
  ),
  of('subsample', 'rank', [[1, 6]], { step: 2 }, 'got [1, 6]'),
  of('channelShuffle', 'groups do not divide', [image], { groups: 4 }, 'the groups do not divide the channels'),
  of(
    'reshape',
    'other elements',
    [image],
    { shape: [6, 5, 8] },
    '[1, 6, 5, 7] does not have the elements of [1, 6, 5, 8]',
  ),
  of('reshape', 'nothing whole is left', [image], { shape: [4, -1] }, 'node "node" (reshape)'),
  of('reshape', 'two sides are -1', [image], { shape: [-1, -1] }, 'node "node" (reshape)'),
  of('upsample', 'rank', [[1, 6]], { scale: 2 }, 'got [1, 6]'),
  of('convTranspose', 'rank', [[1, 6]], { channels: 4, kernel: 2 }, 'got [1, 6]'),
  of('groupNorm', 'groups do not divide', [image], { groups: 4 }, 'the groups do not divide the channels'),
  of('channelPool', 'rank', [[1, 6]], { mode: 'max' }, 'got [1, 6]'),
  of('channelPool', 'an unknown mode', [image], { mode: 'min' as 'max' }, 'mode is "min": give one of mean, max'),
  of('roiAlign', 'no regions', [image], { regions: 0, size: 7 }, 'regions holds 0: give whole numbers from 1 up'),
  of(
    'roiAlign',
    'levels of other channels',
    [image, [1, 5, 3, 4]],
    { regions: 9, size: 7 },
    'the levels [1, 6, 5, 7] and [1, 5, 3, 4] differ in more than height and width',
  ),
  of('pad', 'rank', [[1, 6]], { padding: 1 }, 'got [1, 6]'),
  of('concat', 'no such side', [image], { axis: 4 }, 'there is no side 4 in [1, 6, 5, 7]'),
  of('concat', 'other channels along the rows', [image, [1, 5, 5, 7]], { axis: 2 }, 'differ in more than side 2'),
  of(
    'convTranspose',
    'groups do not divide',
    [image],
    { channels: 4, kernel: 2, groups: 4 },
    'do not divide the input',
  ),
  of(
    'matmul',
    'inner sides differ',
    [
      [2, 3],
      [4, 5],
    ],
    {},
    '[2, 3] and [4, 5] cannot be multiplied as matrices',
  ),
  of('matmul', 'no matrix', [[2], [2]], {}, '[2] and [2] cannot be multiplied as matrices'),
  of('transpose', 'no order', [image], { order: [0, 1, 1, 3] }, '[0, 1, 1, 3] is not a permutation of the sides'),
  of('view', 'other elements', [image], { shape: [5, 43] }, 'does not have the elements of [5, 43]'),
  of('slice', 'past the end', [[4, 6]], { begin: [0, 3], size: [4, 4], step: [1, 1] }, 'passes the side 1 of [4, 6]'),
  of('slice', 'too few sides', [image], { begin: [0], size: [1], step: [1] }, 'says where each of its 4 sides begins'),
  of('expand', 'a side that is not 1', [[2, 3]], { shape: [2, 6] }, 'the shapes [2, 3] and [2, 6] do not fit'),
  of('expand', 'fewer sides', [[2, 3]], { shape: [1, 3] }, '[2, 3] cannot be repeated to [1, 3]'),
  of('reduce', 'no such side', [[2, 3]], { axes: [2] }, 'there is no side 2 in [2, 3]'),
  of('layerNorm', 'no such side', [[2, 3]], { axes: [2] }, 'there is no side 2 in [2, 3]'),
  of('scaleBy', 'a constant of other channels', [image], { shape: [5, 1, 1] }, 'do not fit together'),
  of('resize', 'rank', [[1, 6]], { size: [2, 2] }, 'got [1, 6]'),
  of(
    'resize',
    'a mode for other sides',
    [image],
    { size: [2, 2], mode: 'trilinear' },
    'does not fit the 2 of [1, 6, 5, 7]',
  ),
  of('conv3d', 'rank', [image], { channels: 4, kernel: [1, 1, 1] }, 'needs an input of shape [N, C, D, H, W]'),
  of(
    'conv3d',
    'a kernel of two sides',
    [[1, 6, 5, 7, 9]],
    { channels: 4, kernel: [1, 1] },
    'kernel holds 2 items: give a list of 3',
  ),
  of('conv1d', 'groups do not divide', [[1, 6, 9]], { channels: 4, kernel: [3], groups: 4 }, 'do not divide the input'),
  of(
    'convTranspose1d',
    'groups do not divide',
    [[1, 6, 9]],
    { channels: 4, kernel: [3], groups: 3 },
    'do not divide the output',
  ),
  of('maxPool3d', 'rank', [image], { kernel: [1, 1, 1], stride: [1, 1, 1] }, 'got [1, 6, 5, 7]'),
  of('adaptiveMaxPool2d', 'rank', [[1, 6, 9]], { size: [1, 1] }, 'needs an input of shape [N, C, H, W], got [1, 6, 9]'),
  of(
    'maxPool',
    'a padding as large as the kernel, for Caffe too',
    [image],
    { kernel: 2, stride: 2, padding: 2, rule: 'caffe' },
    'not less than the kernel',
  ),
  of('dynamicConv', 'weights of other channels', [image, [4, 5, 3, 3]], {}, 'the weights [4, 5, 3, 3] do not fit'),
  of(
    'dynamicConv',
    'a bias of other channels',
    [image, [4, 6, 3, 3], [5]],
    {},
    'the bias [5] does not have one number',
  ),
  of(
    'deformConv',
    'offsets of another size',
    [image, [1, 18, 5, 7]],
    { channels: 4, kernel: 3 },
    'it must be [1, 18, 3, 5]',
  ),
  of(
    'deformConv',
    'a mask of another size',
    [image, [1, 18, 3, 5], [1, 18, 3, 5]],
    { channels: 4, kernel: 3 },
    'the shape of the mask is [1, 18, 3, 5]: it must be [1, 9, 3, 5]',
  ),
  of('localConv', 'no window fits', [image], { channels: 4, kernel: 8 }, 'does not fit in a side of 5'),
  of('einsum', 'no arrow', [image], { equation: 'abcd' }, '"abcd" is not an equation of letters'),
  of('einsum', 'dots', [image], { equation: 'a...->a' }, 'is not an equation of letters'),
  of('einsum', 'operands that are missing', [image], { equation: 'ab,bc->ac' }, 'has 2 operands and not 1'),
  of('einsum', 'letters that are missing', [image], { equation: 'abc->a' }, '"abc" does not name the sides'),
  of(
    'einsum',
    'a letter with two sides',
    [
      [2, 3],
      [4, 5],
    ],
    { equation: 'ab,bc->ac' },
    'the letter b of "ab,bc->ac" has two sides',
  ),
  of('einsum', 'a letter that is new', [[2, 3]], { equation: 'ab->ax' }, 'has a letter x that is new'),
  of(
    'einsumDense',
    'weights of another side',
    [[2, 3]],
    { equation: 'ab,bc->ac', weight: [4, 5] },
    'has two sides, [3, 4]',
  ),
  of('rnn', 'rank', [[2, 3]], { kind: 'gru', hidden: 4 }, 'needs an input of shape [N, steps, features], got [2, 3]'),
  of('rnn', 'three directions', [[2, 3, 4]], { kind: 'gru', hidden: 4, directions: 3 }, 'has one or two directions'),
  of('rnn', 'a projected GRU', [[2, 3, 4]], { kind: 'gru', hidden: 4, projection: 2 }, 'a gru has no projection'),
  of(
    'constant',
    'values that do not fill it',
    [],
    { shape: [2, 3], values: [1, 2] },
    '2 values do not fill the shape [2, 3]',
  ),
  of('maximumWith', 'a constant of other channels', [image], { shape: [5, 1, 1] }, 'do not fit together'),
  of('tile', 'too few repeats', [image], { repeats: [2] }, 'has 4 sides: repeats needs one item for each'),
  of('flip', 'no such side', [image], { axes: [4] }, 'there is no side 4 in [1, 6, 5, 7]'),
  of('roll', 'too few shifts', [image], { axes: [1, 2], shifts: [1] }, '2 sides need as many shifts, got 1'),
  of(
    'padSides',
    'a mirror past the edge',
    [image],
    { before: [0, 6, 0, 0], after: [0, 0, 0, 0], mode: 'reflect' },
    'a reflect padding of 6 passes the side 1',
  ),
  of(
    'depthToSpace',
    'channels that do not divide',
    [image],
    { block: 2 },
    'the number of channels 6 is not a multiple of 4',
  ),
  of('spaceToDepth', 'sides that do not divide', [image], { block: 2 }, 'the side 5 is not a multiple of 2'),
  of(
    'spaceToBatch',
    'a block of one side',
    [image],
    { block: [2], padding: [0, 0, 0, 0] },
    '2 sides need a block of 2 numbers',
  ),
  of(
    'batchToSpace',
    'a batch that does not divide',
    [image],
    { block: [2, 1], crops: [0, 0, 0, 0] },
    'the batch 1 is not a multiple of 2',
  ),
  of('fold', 'columns of other windows', [[1, 9, 5]], { kernel: 3, size: [5, 5] }, 'with the 9 windows of this size'),
  of('gather', 'no such side', [image], { axis: 4 }, 'there is no side 4 in [1, 6, 5, 7]'),
  of('gather', 'an index past the side', [image], { axis: 1, indices: [6] }, 'there is no index 6 in a side of 6'),
  of(
    'gather',
    'indices stored and computed',
    [image, [3]],
    { axis: 1, shape: [2] },
    'give no shape where they are an input',
  ),
  of('gatherElements', 'indices of another rank', [image, [3]], {}, 'need as many sides as [1, 6, 5, 7]'),
  of(
    'gatherNd',
    'places of too many sides',
    [
      [2, 3],
      [4, 3],
    ],
    {},
    'are not places in [2, 3]',
  ),
  of('oneHot', 'a side that stands too far', [[2, 3]], { depth: 4, axis: 3 }, 'stands at 2 at most'),
  of('topK', 'more than there are', [image], { k: 7 }, 'there are no 7 elements along side 1'),
  of('argMax', 'no such side', [[2, 3]], { axis: 2 }, 'there is no side 2 in [2, 3]'),
  of('gridSample', 'places of three numbers', [image, [1, 4, 4, 3]], {}, '[1, 4, 4, 3] is not a grid of places in'),
  of('psRoiPool', 'channels that do not divide', [image], { regions: 1, size: 2 }, 'not a multiple of 4 cells'),
];

const tryOn = (op: OpName, inputs: readonly Shape[], given: object) => (): void => {
  const net = Builder.start();
  const values = inputs.map((shape, i) => net.input(shape, `input${i}`));
  net.apply(op, 'node', values, given);
};

describe('an op refuses what does not fit', () => {
  test.each(CASES)('$op: $why', ({ op, inputs, given, says }) => {
    expect(tryOn(op, inputs, given)).toThrow(InputError);
    expect(tryOn(op, inputs, given)).toThrow(says);
    expect(tryOn(op, inputs, given)).toThrow(`node "node" (${op}): `);
  });

  test.each(Object.keys(OPS) as OpName[])('%s: says how many inputs it takes', (op) => {
    const [least, most] = opOf(op).arity;
    const plural = (count: number): string => `${count} input${count === 1 ? '' : 's'}`;
    const exactly = most === least ? plural(least) : `${least} to ${plural(most)}`;
    const takes = most === Infinity ? `at least ${plural(least)}` : exactly;
    if (least > 0) expect(tryOn(op, [], {})).toThrow(`node "node" (${op}): takes ${takes}, got 0`);
    if (most < Infinity) {
      const inputs = Array.from({ length: most + 1 }, () => image);
      expect(tryOn(op, inputs, {})).toThrow(`node "node" (${op}): takes ${takes}, got ${inputs.length}`);
    }
  });
});
