// Tests of the rules of autograd: every op alone, and what is kept for whose gradient.

import { describe, expect, test } from 'vitest';
import { Builder } from '../../src/builder.js';
import type { Implementation } from '../../src/counters/implementation.js';
import { mul } from '../../src/dim/dim.js';
import type { Value } from '../../src/graph.js';
import { graphOf } from '../../src/model.js';
import { builtIn } from '../../src/builtIn.js';
import { implementationOf } from '../../src/counters/implementation.js';
import { OPS, type OpName } from '../../src/ops/table.js';
import { tapeOf } from '../../src/training/recordTape.js';
import { bytesOf, type TapeOptions } from '../../src/training/tape.js';

const PLAIN: Implementation = { name: 'plain', about: '', calls: {} };

/** [2, 4, 6, 6] in single precision: 288 elements. */
const X = 288 * 4;

/**
 * What is kept for the node "x": ["input 1152", ...]. It reads the outputs of convolutions, as many as it takes at least,
 * in these shapes where any are given.
 */
function keptFor(
  op: OpName,
  given: object = {},
  implementation: Partial<Implementation> = {},
  options: TapeOptions = {},
  shapes?: readonly (readonly number[])[],
): readonly string[] {
  const net = Builder.start();
  const before = net.apply('conv', 'before', net.input([2, 4, 6, 6]), { channels: 4, kernel: 1 });
  const operand = (shape: readonly number[] | undefined, i: number): Value => {
    const own = i === 0 ? before : net.apply('conv', `operand${i}`, before, { channels: 4, kernel: 1 });
    if (shape === undefined) return op === 'linear' ? net.apply('flatten', 'flat', own) : own;
    return net.apply('slice', `cut${i}`, net.apply('view', `flat${i}`, own, { shape: [288] }), {
      begin: [0],
      size: [shape.reduce((all, side) => all * side, 1)],
      step: [1],
    });
  };
  const wanted = shapes ?? Array.from({ length: OPS[op].arity[0] }, () => undefined);
  const inputs = wanted.map((shape, i) => {
    const value = operand(shape, i);
    return shape ? net.apply('view', `view${i}`, value, { shape }) : value;
  });
  const graph = net.finish('one', net.apply(op, 'x', inputs, given));
  const tape = tapeOf(graph, { ...PLAIN, ...implementation }, options);
  const step = tape.steps.find(({ name }) => name === 'x')!;
  // A view of a part keeps all of its storage: what counts here is what the step reads.
  return step.keeps.map(({ what, storage }) => {
    const index = Math.max(step.sources.indexOf(storage), step.reads.indexOf(storage));
    return `${what} ${Number(what === 'input' ? mul(step.shapedNode.reads[index]!, tape.storages[storage]!.bytes) : bytesOf(tape.storages[storage]!))}`;
  });
}

type Case = readonly [op: OpName, given: object, kept: readonly string[], shapes?: readonly (readonly number[])[]];

const KEPT: readonly Case[] = [
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

/** Ops of files, most of them on other shapes. */
const OTHERS: readonly Case[] = [
  ['conv1d', { channels: 3, kernel: [3] }, [`input ${X}`], [[2, 4, 36]]],
  ['conv3d', { channels: 3, kernel: [1, 3, 3] }, [`input ${X}`], [[2, 4, 1, 6, 6]]],
  ['convTranspose1d', { channels: 3, kernel: [3] }, [`input ${X}`], [[2, 4, 36]]],
  ['convTranspose3d', { channels: 3, kernel: [1, 3, 3] }, [`input ${X}`], [[2, 4, 1, 6, 6]]],
  [
    'dynamicConv',
    {},
    [`input ${X}`, `input ${3 * 4 * 9 * 4}`],
    [
      [2, 4, 6, 6],
      [3, 4, 3, 3],
    ],
  ],
  [
    'deformConv',
    { channels: 3, kernel: 2 },
    [`input ${2 * 2 * 4 * 4 * 4}`, `input ${2 * 8 * 9 * 4}`],
    [
      [2, 2, 4, 4],
      [2, 8, 3, 3],
    ],
  ],
  ['localConv', { channels: 3, kernel: 3 }, [`intermediate ${2 * 4 * 9 * 16 * 4}`]],
  [
    'einsum',
    { equation: 'nchw,nchw->nc' },
    [`input ${X}`, `input ${X}`],
    [
      [2, 4, 6, 6],
      [2, 4, 6, 6],
    ],
  ],
  ['einsum', { equation: 'nchw->nc' }, [], [[2, 4, 6, 6]]],
  ['einsumDense', { equation: 'nchw,cd->ndhw', weight: [4, 5] }, [`input ${X}`]],
  [
    'rnn',
    { kind: 'lstm', hidden: 3 },
    // The input is copied with its steps first; oneDNN's workspace is 15 pages (recurrent.test.ts).
    [
      ...[`input ${X}`, 'intermediate 24', 'intermediate 24', 'intermediate 48', `output ${2 * 36 * 3 * 4}`],
      `intermediate ${15 * 4096}`,
    ],
    [[2, 36, 4]],
  ],
  ['instanceNorm', {}, [`input ${X}`, `statistics ${2 * 8 * 4}`, `intermediate ${8 * 4}`]],
  ['instanceNorm', { affine: false }, [`input ${X}`, `statistics ${2 * 8 * 4}`]],
  ['rmsNorm', {}, [`input ${X}`, `statistics ${2 * 36 * 4}`, `intermediate ${X}`]],
  ['meanVarianceNorm', {}, [`input ${X}`, `intermediate ${X}`, `intermediate ${8 * 4}`]],
  ['meanVarianceNorm', { variance: false }, []],
  ['l2Norm', { factor: 'none' }, [`input ${X}`, `input ${X}`, `intermediate ${2 * 2 * 36 * 4}`]],
  [
    'localResponseNorm',
    { size: 3, region: 'within' },
    [`input ${X}`, `intermediate ${X}`, `intermediate ${X}`, `intermediate ${X}`],
  ],
  ...(
    [
      ...(['sine', 'cosine', 'arcSine', 'arcCosine', 'arcTangent', 'hyperbolicSine', 'hyperbolicCosine'] as const),
      ...(['inverseHyperbolicSine', 'inverseHyperbolicCosine', 'inverseHyperbolicTangent', 'square'] as const),
      ...(['logarithmOnePlus', 'celu', 'thresholdedRelu', 'shrink', 'maximumWith', 'minimumWith'] as const),
    ] as const
  ).map((op): Case => [op, {}, [`input ${X}`]]),
  ...(['tangent', 'reciprocalSquareRoot', 'exponentialMinusOne', 'logSoftmax'] as const).map((op): Case => [
    op,
    {},
    [`output ${X}`],
  ]),
  ...(['softsign', 'logSigmoid', 'quickGelu'] as const).map((op): Case => [
    op,
    {},
    [`input ${X}`, `intermediate ${X}`],
  ]),
  ['shrink', { mode: 'tanh' }, [`intermediate ${X}`]],
  ...(
    [
      ...(['floor', 'ceil', 'round', 'truncate', 'sign', 'not', 'isNan', 'isInfinite', 'quantize'] as const),
      ...(['dequantize', 'cast', 'equal', 'notEqual', 'greater', 'greaterOrEqual', 'less', 'lessOrEqual'] as const),
      ...(['and', 'or', 'exclusiveOr', 'floorDivide', 'argMax', 'argMin', 'constant'] as const),
    ] as const
  ).map((op): Case => [op, {}, []]),
  ['maxPool1d', { kernel: [2], stride: [2] }, [`input ${X}`, `indices ${2 * 4 * 18 * 8}`], [[2, 4, 36]]],
  ['maxPool3d', { kernel: [1, 2, 2], stride: [1, 2, 2] }, [`input ${X}`, `indices ${72 * 8}`], [[2, 4, 1, 6, 6]]],
  ['avgPool1d', { kernel: [2], stride: [2] }, [`input ${X}`], [[2, 4, 36]]],
  ['avgPool3d', { kernel: [1, 2, 2], stride: [1, 2, 2] }, [`input ${X}`], [[2, 4, 1, 6, 6]]],
  ['adaptiveAvgPool1d', { size: [3] }, [`input ${X}`], [[2, 4, 36]]],
  ['adaptiveAvgPool1d', { size: [1] }, [], [[2, 4, 36]]],
  ['adaptiveAvgPool3d', { size: [1, 2, 2] }, [`input ${X}`], [[2, 4, 1, 6, 6]]],
  ['adaptiveMaxPool1d', { size: [3] }, [`input ${X}`, `indices ${24 * 8}`], [[2, 4, 36]]],
  ['adaptiveMaxPool2d', { size: [3, 3] }, [`input ${X}`, `indices ${72 * 8}`]],
  ['adaptiveMaxPool3d', { size: [1, 3, 3] }, [`input ${X}`, `indices ${72 * 8}`], [[2, 4, 1, 6, 6]]],
  ['lpPool', { kernel: 2, stride: 2 }, [`input ${X}`, `intermediate ${X}`, `intermediate ${4 * 72 * 4}`]],
  ['modulo', {}, [`input ${X}`, `input ${X}`]],
  ['powerOf', {}, [`input ${X}`, `input ${X}`, `output ${X}`]],
  ['squaredDifference', {}, [`intermediate ${X}`]],
  ['arcTangent2', {}, [`input ${X}`, `input ${X}`]],
  ['select', {}, [`input ${X}`]],
  ['maskedFill', {}, [`input ${X}`]],
  ['tile', { repeats: [1, 2, 1, 1] }, []],
  ['repeatElements', { repeats: 2 }, []],
  ['flip', { axes: [3] }, []],
  ['roll', { axes: [3], shifts: [1] }, []],
  ['padSides', { before: [0, 0, 1, 1], after: [0, 0, 1, 1] }, []],
  ['padSides', { before: [0, 0, 1, 1], after: [0, 0, 1, 1], mode: 'reflect' }, [`input ${X}`]],
  ['depthToSpace', { block: 2 }, []],
  ['spaceToDepth', { block: 2 }, []],
  ['spaceToBatch', { block: [2, 2], padding: [0, 0, 0, 0] }, []],
  ['batchToSpace', { block: [1, 2], crops: [0, 0, 0, 0] }, []],
  ['unfold', { kernel: 3 }, []],
  ['fold', { kernel: 2, stride: 2, size: [6, 6] }, [], [[2, 16, 9]]],
  ['gather', { shape: [2], indices: [0, 1] }, []],
  ['gatherElements', {}, [`input ${X}`]],
  ['gatherNd', { shape: [3, 1] }, []],
  ['scatter', {}, []],
  ['oneHot', { depth: 3 }, []],
  ['embedding', { entries: 10, features: 3 }, [`input ${X}`]],
  ['topK', { k: 2 }, [`indices ${2 * 2 * 36 * 8}`]],
  ['topK', { k: 2, output: 'indices' }, []],
  ['sort', {}, [`indices ${288 * 8}`]],
  ['cumSum', {}, []],
  ['cumSum', { mode: 'product' }, [`input ${X}`, `output ${X}`]],
  ['cumSum', { mode: 'max' }, [`indices ${288 * 8}`]],
  ...(
    [
      ['l1', [`input ${X}`]],
      ['squareSum', [`input ${X}`]],
      ['logSum', [`intermediate ${72 * 4}`]],
      ['logSumExp', [`input ${X}`, `output ${72 * 4}`]],
      ['variance', [`input ${X}`]],
      ['deviation', [`input ${X}`, `output ${72 * 4}`]],
      ['any', []],
      ['all', []],
    ] as const
  ).map(([mode, kept]): Case => ['reduce', { axes: [1], mode }, kept]),
  ['roiPool', { regions: 3, size: 2 }, [`intermediate ${6 * 5 * 4}`, `indices ${6 * 4 * 4 * 4}`]],
  ['psRoiPool', { regions: 3, size: 2 }, [`intermediate ${6 * 5 * 4}`, `indices ${6 * 4 * 4}`]],
  ['priorBox', { boxes: 3 }, []],
  [
    'gridSample',
    {},
    [`input ${X}`, `input ${2 * 3 * 3 * 2 * 4}`],
    [
      [2, 4, 6, 6],
      [2, 3, 3, 2],
    ],
  ],
];

describe('what one call keeps', () => {
  const cases = [...KEPT, ...OTHERS].map(([op, given, kept, shapes]) => ({ op, given, kept, shapes }));
  test.each(cases)('$op $given', ({ op, given, kept, shapes }) => {
    expect(keptFor(op, given, {}, {}, shapes)).toEqual(kept);
  });

  test('the table has every op', () => {
    expect(Object.keys(OPS).filter((op) => ![...KEPT, ...OTHERS].some(([known]) => known === op))).toEqual([]);
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

  test('on CUDA one kernel makes an RMS norm, and log-sigmoid has no buffer', () => {
    expect(keptFor('rmsNorm', {}, {}, { device: 'cuda' })).toEqual([`input ${X}`, `statistics ${2 * 36 * 4}`]);
    expect(keptFor('logSigmoid', {}, {}, { device: 'cuda' })).toEqual([`input ${X}`]);
  });

  test('autocast gives a grid sampler the widest type of its inputs, and leaves what it keeps uncast', () => {
    const shapes = [
      [2, 4, 6, 6],
      [2, 3, 3, 2],
    ];
    // Both come from convolutions, in half precision.
    expect(keptFor('gridSample', {}, {}, { amp: true }, shapes)).toEqual([
      `input ${X / 2}`,
      `input ${2 * 3 * 3 * 2 * 2}`,
    ]);
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

describe('what has no gradient', () => {
  test('a choice keeps its condition, one byte an element, and passes no gradient to what it compares', () => {
    const net = Builder.start();
    const a = net.apply('conv', 'a', net.input([1, 2, 4, 4]), { channels: 2, kernel: 1 });
    const b = net.apply('conv', 'b', a, { channels: 2, kernel: 1 });
    const tape = tapeOf(net.finish('s', net.apply('select', 'x', [net.apply('less', 'if', [a, b]), a, b])), PLAIN);
    const [condition] = tape.steps.at(-1)!.keeps;
    expect(bytesOf(tape.storages[condition!.storage]!)).toBe(32);
    expect(tape.steps.find(({ name }) => name === 'if')!.gradients.inputs).toEqual([false, false]);
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

describe('types under autocast, by the lists of autocast_mode.h and torchvision', () => {
  const types = (build: (net: Builder, half: Value) => Value): readonly [result: number, ...kept: number[]] => {
    const net = Builder.start();
    const half = net.apply('conv', 'before', net.input([2, 4, 8, 8]), { channels: 4, kernel: 1 });
    const tape = tapeOf(net.finish('t', build(net, half)), PLAIN, { amp: true });
    const { writes, keeps } = tape.steps.at(-1)!;
    return [tape.storages[writes]!.bytes, ...keeps.map(({ storage }) => tape.storages[storage]!.bytes)];
  };

  test.each<[string, (net: Builder, half: Value) => Value, readonly number[]]>([
    ['an upsampling is in single precision', (net, x) => net.apply('upsample', 'x', x, { scale: 2 }), [4]],
    ['a learnt factor widens its result and keeps its input as it is', (net, x) => net.apply('scale', 'x', x), [4, 2]],
    ['a number does not widen', (net, x) => net.apply('scaleBy', 'x', x, { shape: [1], learnt: false }), [2]],
    ['a stored tensor does', (net, x) => net.apply('scaleBy', 'x', x, { shape: [4, 1, 1], learnt: false }), [4]],
    [
      'a deformable convolution computes in single precision and gives its type back',
      (net, x) =>
        net.apply('deformConv', 'x', [x, net.apply('conv', 'o', x, { channels: 18, kernel: 3, padding: 1 })], {
          channels: 4,
          kernel: 3,
          padding: 1,
        }),
      [2, 4, 4],
    ],
    [
      'a power pool is in single precision',
      (net, x) => net.apply('lpPool', 'x', x, { kernel: 2, stride: 2 }),
      [4, 4, 4, 4],
    ],
  ])('%s', (_, build, expected) => {
    expect(types(build)).toEqual(expected);
  });
});

test('an op of a PyTorch file whose name ends with _ overwrites what it reads', () => {
  const net = Builder.start();
  const conv = (name: string, input: Value): Value => net.apply('conv', name, input, { channels: 4, kernel: 1 });
  const graph = net.finish('file', conv('last', net.apply('leakyRelu', 'act', conv('first', net.input([2, 4, 6, 6])))));
  const keptWith = (aten: string): readonly string[] =>
    tapeOf({ ...graph, calls: new Map([['act', { aten: [aten] }]]) }, PLAIN)
      .steps.find(({ name }) => name === 'act')!
      .keeps.map(({ what }) => what);
  expect(keptWith('leaky_relu_')).toEqual(['output']);
  expect(keptWith('leaky_relu')).toEqual(['input']);
});
