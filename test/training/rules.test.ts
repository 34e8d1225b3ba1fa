// Does each call keep what PyTorch's autograd keeps for it? Every op alone, behind a convolution whose gradient it must pass on.

import { describe, expect, test } from 'vitest';
import { Builder } from '../../src/builder.js';
import type { Implementation } from '../../src/counters/implementation.js';
import { graphOf } from '../../src/model.js';
import { builtIn } from '../../src/builtIn.js';
import { implementationOf } from '../../src/counters/implementation.js';
import { OPS, type OpName } from '../../src/ops/table.js';
import { bytesOf, tapeOf, type TapeOptions } from '../../src/training/tape.js';

const PLAIN: Implementation = { name: 'plain', about: '', calls: {} };

/** [2, 4, 6, 6] in single precision: 288 elements. */
const X = 288 * 4;

/** What is kept for the node "x": ["input 1152", ...]. `op` reads the output of a convolution, twice where it takes two. */
function keptFor(
  op: OpName,
  given: object = {},
  implementation: Partial<Implementation> = {},
  options: TapeOptions = {},
): readonly string[] {
  const net = Builder.start();
  const before = net.apply('conv', 'before', net.input([2, 4, 6, 6]), { channels: 4, kernel: 1 });
  const wide = op === 'linear' ? net.apply('flatten', 'flat', before) : before;
  const second = OPS[op].arity[0] === 2 ? [net.apply('conv', 'second', before, { channels: 4, kernel: 1 })] : [];
  const inputs = OPS[op].arity[0] === 0 ? [] : [wide, ...second];
  const tape = tapeOf(net.finish('one', net.apply(op, 'x', inputs, given)), { ...PLAIN, ...implementation }, options);
  const step = tape.steps.find(({ name }) => name === 'x')!;
  return step.keeps.map(({ what, storage }) => `${what} ${Number(bytesOf(tape.storages[storage]!))}`);
}

const KEPT: readonly (readonly [op: OpName, given: object, kept: readonly string[]])[] = [
  ['conv', { channels: 3, kernel: 3 }, [`input ${X}`]],
  ['convTranspose', { channels: 3, kernel: 3 }, [`input ${X}`]],
  ['linear', { features: 5 }, [`input ${X}`]],
  ['matmul', {}, [`input ${X}`, `input ${X}`]],
  ['batchNorm', {}, [`input ${X}`, `statistics ${2 * 4 * 4}`]],
  ['layerNorm', {}, [`input ${X}`, `statistics ${2 * 2 * 36 * 4}`]],
  ['layerNorm', { axes: [1, 2, 3] }, [`input ${X}`, `statistics ${2 * 2 * 4}`]],
  ['groupNorm', { groups: 2 }, [`input ${X}`, `statistics ${2 * 2 * 2 * 4}`]],
  ['l2Norm', {}, [`input ${X}`, `input ${X}`, `intermediate ${2 * 2 * 36 * 4}`, `intermediate ${X}`]],
  [
    'localResponseNorm',
    { size: 5 },
    [`input ${X}`, `intermediate ${2 * 8 * 36 * 4}`, `intermediate ${X}`, `intermediate ${X}`],
  ],
  ...(['relu', 'sigmoid', 'tanh', 'softmax', 'exponential', 'squareRoot', 'reciprocal'] as const).map(
    (op) => [op, {}, [`output ${X}`]] as const,
  ),
  ...(
    [
      ...([
        'relu6',
        'leakyRelu',
        'elu',
        'hardSigmoid',
        'hardSwish',
        'silu',
        'mish',
        'gelu',
        'softplus',
        'clip',
      ] as const),
      ...(['erf', 'logarithm', 'absolute', 'power'] as const),
    ] as const
  ).map((op) => [op, {}, [`input ${X}`]] as const),
  ['prelu', { shape: [4, 1, 1] }, [`input ${X}`]],
  ['negate', {}, []],
  ['maxPool', { kernel: 2, stride: 2 }, [`input ${X}`, `indices ${2 * 4 * 9 * 8}`]],
  ['globalMaxPool', {}, [`input ${X}`, `indices ${2 * 4 * 8}`]],
  ['avgPool', { kernel: 2, stride: 2 }, [`input ${X}`]],
  ['globalAvgPool', {}, []],
  ['adaptiveAvgPool', { size: 3 }, [`input ${X}`]],
  ['adaptiveAvgPool', { size: 1 }, []],
  ['channelPool', { mode: 'mean' }, []],
  ['channelPool', { mode: 'max' }, [`indices ${2 * 36 * 8}`]],
  ['reduce', { axes: [1] }, []],
  ['reduce', { axes: [1], mode: 'sum' }, []],
  ['reduce', { axes: [1], mode: 'max' }, [`indices ${2 * 36 * 8}`]],
  ['reduce', { axes: [2, 3], mode: 'max' }, [`input ${X}`, `output ${8 * 4}`]],
  ['reduce', { axes: [1], mode: 'product' }, [`input ${X}`, `output ${2 * 36 * 4}`]],
  ['reduce', { axes: [1], mode: 'norm' }, [`input ${X}`, `output ${2 * 36 * 4}`]],
  ['add', {}, []],
  ['subtract', {}, []],
  ['multiply', {}, [`input ${X}`, `input ${X}`]],
  ['divide', {}, [`input ${X}`, `input ${X}`]],
  ['maximum', {}, [`input ${X}`, `input ${X}`]],
  ['minimum', {}, [`input ${X}`, `input ${X}`]],
  ['scale', {}, [`input ${X}`]],
  ['scaleBy', { shape: [4, 1, 1] }, [`input ${X}`]],
  ['scaleBy', { shape: [4, 1, 1], learnt: false }, []],
  ['shiftBy', { shape: [4, 1, 1] }, []],
  ['parameter', { shape: [3] }, []],
  ['concat', {}, []],
  ['split', { sizes: [2, 2] }, []],
  ['subsample', { step: 2 }, []],
  ['channelShuffle', { groups: 2 }, []],
  ['reshape', { shape: [-1] }, []],
  ['flatten', {}, []],
  ['view', { shape: [-1] }, []],
  ['slice', { begin: [0, 0, 0, 0], size: [2, 4, 3, 3], step: [1, 1, 1, 1] }, []],
  ['expand', { shape: [2, 4, 6, 6] }, []],
  ['transpose', { order: [0, 2, 3, 1] }, []],
  ['pad', { padding: 1 }, []],
  ['upsample', { scale: 2 }, []],
  ['upsample', { scale: 2, mode: 'bilinear' }, []],
  ['resize', { size: [3, 3] }, []],
  ['roiAlign', { regions: 3, size: 2 }, [`intermediate ${2 * 3 * 5 * 4}`]],
];

describe('what one call keeps', () => {
  test.each(KEPT)('%s %j', (op, given, kept) => {
    expect(keptFor(op, given)).toEqual(kept);
  });

  test('the table has every op', () => {
    expect(Object.keys(OPS).filter((op) => !KEPT.some(([known]) => known === op))).toEqual([]);
  });

  test('in place, an activation keeps its output; one without such a formula keeps a copy of its input', () => {
    const inPlace = { inPlace: true };
    expect(keptFor('relu', {}, {}, inPlace)).toEqual([`output ${X}`]);
    expect(keptFor('leakyRelu', {}, {}, inPlace)).toEqual([`output ${X}`]);
    expect(keptFor('relu6', {}, {}, inPlace)).toEqual([`intermediate ${X}`]);
    expect(keptFor('silu', {}, {}, inPlace)).toEqual([`intermediate ${X}`]);
    // PyTorch has no module that overwrites these.
    expect(keptFor('sigmoid', {}, {}, inPlace)).toEqual([`output ${X}`]);
    expect(keptFor('gelu', {}, {}, inPlace)).toEqual([`input ${X}`]);
  });

  test('F.avg_pool2d keeps its input where x.mean keeps nothing', () => {
    expect(keptFor('globalAvgPool', {}, { calls: { globalAvgPool: 'functionalAvgPool' } })).toEqual([`input ${X}`]);
    expect(keptFor('globalAvgPool', {}, { calls: { globalAvgPool: 'mean' } })).toEqual([]);
  });

  test('F.relu6(x + 3) / 6 keeps the clipped sum', () => {
    expect(keptFor('hardSigmoid', {}, { calls: { hardSigmoid: 'relu6Sixth' } })).toEqual([`intermediate ${X}`]);
  });

  test('dropout keeps noise as wide as its input on a CPU, a mask of bytes on CUDA', () => {
    const dropouts = [{ stage: '', before: 'linear' }] as const;
    const mask = (options: TapeOptions): readonly unknown[] => {
      const net = Builder.start();
      const flat = net.apply('flatten', 'flat', net.input([2, 3, 2, 2]));
      const hidden = net.apply('linear', 'a', flat, { features: 5 });
      const tape = tapeOf(
        net.finish('d', net.apply('linear', 'b', hidden, { features: 3 })),
        { ...PLAIN, dropouts },
        options,
      );
      return tape.steps.flatMap(({ op, keeps }) =>
        op === 'dropout' ? keeps.map(({ what, storage }) => [what, bytesOf(tape.storages[storage]!)]) : [],
      );
    };
    // Nothing is kept for the first one: the image has no gradient.
    expect(mask({})).toEqual([['mask', 2 * 5 * 4]]);
    expect(mask({ device: 'cuda' })).toEqual([['mask', 2 * 5]]);
  });
});

describe('what is kept follows from whose gradients are wanted', () => {
  const frozen = (...names: string[]) => ({ frozen: new Set(names) });

  test('a frozen convolution keeps its input where that has a gradient; a frozen linear layer does not', () => {
    expect(keptFor('conv', { channels: 3, kernel: 1 }, {}, frozen('x'))).toEqual([`input ${X}`]);
    expect(keptFor('linear', { features: 3 }, {}, frozen('x'))).toEqual([]);
  });

  test('nothing is kept where nothing before is trained', () => {
    expect(keptFor('conv', { channels: 3, kernel: 1 }, {}, frozen('before', 'x'))).toEqual([]);
    expect(keptFor('relu', {}, {}, frozen('before'))).toEqual([]);
    expect(keptFor('conv', { channels: 3, kernel: 1 }, {}, frozen('before'))).toEqual([`input ${X}`]);
  });

  test('a product keeps one factor where only the other has a gradient', () => {
    const net = Builder.start();
    const x = net.input([1, 2, 3, 3]);
    const y = net.apply('multiply', 'x', [x, net.apply('conv', 'c', x, { channels: 2, kernel: 1 })]);
    const tape = tapeOf(net.finish('p', y), PLAIN);
    const [only, ...others] = tape.steps.at(-1)!.keeps;
    expect([tape.storages[only!.storage]!.kind, others]).toEqual(['image', []]);
  });
});

describe('storages', () => {
  test('views and what is overwritten share one', () => {
    const net = Builder.start();
    const norm = net.apply(
      'batchNorm',
      'norm',
      net.apply('conv', 'c', net.input([1, 2, 4, 4]), { channels: 2, kernel: 1 }),
    );
    const flat = net.apply('flatten', 'flat', net.apply('relu', 'relu', norm));
    const tape = tapeOf(net.finish('s', net.apply('linear', 'fc', flat, { features: 2 })), {
      ...PLAIN,
      inPlace: ['relu'],
    });
    const writes = new Map(tape.steps.map(({ name, writes }) => [name, writes]));
    expect([writes.get('relu'), writes.get('flat')]).toEqual([writes.get('norm'), writes.get('norm')]);
  });

  test('what another step reads, or what its maker keeps, is not overwritten', () => {
    const net = Builder.start();
    const gate = net.apply(
      'sigmoid',
      'kept',
      net.apply('conv', 'c', net.input([1, 2, 4, 4]), { channels: 2, kernel: 1 }),
    );
    const first = net.apply('relu', 'relu', gate);
    const twice = net.apply('batchNorm', 'twice', first);
    const sum = net.apply('add', 'sum', [net.apply('relu', 'again', twice), twice]);
    const tape = tapeOf(net.finish('s', sum), { ...PLAIN, inPlace: ['relu'] });
    expect(tape.steps.filter(({ inPlace }) => inPlace)).toEqual([]);
  });

  test('an image is its own and no parameter counts', () => {
    const tape = tapeOf(graphOf(builtIn('resnet18'), 1, [3, 32, 32]), implementationOf(builtIn('resnet18')));
    const first = tape.steps[0]!;
    expect(tape.storages[first.keeps[0]!.storage]!.kind).toBe('image');
  });
});
