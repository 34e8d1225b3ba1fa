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
    '[2, 3] and [4, 5] are no matrices',
  ),
  of('matmul', 'no matrix', [[2], [2]], {}, '[2] and [2] are no matrices'),
  of('transpose', 'no order', [image], { order: [0, 1, 1, 3] }, '[0, 1, 1, 3] is no order of the sides'),
  of('view', 'other elements', [image], { shape: [5, 43] }, 'does not have the elements of [5, 43]'),
  of('slice', 'past the end', [[4, 6]], { begin: [0, 3], size: [4, 4], step: [1, 1] }, 'passes the side 1 of [4, 6]'),
  of('slice', 'too few sides', [image], { begin: [0], size: [1], step: [1] }, 'says where each of its 4 sides begins'),
  of('expand', 'a side that is not 1', [[2, 3]], { shape: [2, 6] }, 'the shapes [2, 3] and [2, 6] do not fit'),
  of('expand', 'fewer sides', [[2, 3]], { shape: [1, 3] }, '[2, 3] cannot be repeated to [1, 3]'),
  of('reduce', 'no such side', [[2, 3]], { axes: [2] }, 'there is no side 2 in [2, 3]'),
  of('layerNorm', 'no such side', [[2, 3]], { axes: [2] }, 'there is no side 2 in [2, 3]'),
  of('scaleBy', 'a constant of other channels', [image], { shape: [5, 1, 1] }, 'do not fit together'),
  of('resize', 'rank', [[1, 6]], { size: [2, 2] }, 'got [1, 6]'),
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
