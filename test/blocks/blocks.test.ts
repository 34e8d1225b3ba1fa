// What does each block build? Its output shape, and parameters that are added up by hand from its publication.

import { describe, expect, test } from 'vitest';
import { blockModel, blockModelNames } from '../../src/blockModels.js';
import { addBlock } from '../../src/blocks/block.js';
import { BLOCKS } from '../../src/blocks/table.js';
import { Builder } from '../../src/builder.js';
import { builtIn } from '../../src/builtIn.js';
import { sumCounts } from '../../src/formula/sums.js';
import { isNumber, symbol, type Dim } from '../../src/dim/dim.js';
import { evaluate } from '../../src/dim/evaluate.js';
import type { Graph } from '../../src/graph.js';
import { graphOf } from '../../src/model.js';
import { profile } from '../../src/profile.js';
import type { Shape } from '../../src/shape.js';

function build(name: string, input: Shape, config: object): Graph {
  const net = Builder.start();
  const definition = BLOCKS[name];
  if (!definition) throw new Error(`no block ${name}`);
  return net.finish(name, addBlock(definition, net, net.input(input), config));
}

const outShape = (graph: Graph): Shape => graph.nodes.at(-1)!.shape;
const opsOf = (graph: Graph): readonly string[] => graph.nodes.map(({ op }) => op);
const value = (dim: Dim, values: Record<string, number>): number => (isNumber(dim) ? dim : evaluate(dim, values));

interface Case {
  readonly input: Shape;
  readonly config: object;
  readonly out: Shape;
  readonly params: number;
}

/** A convolution of `weights` and a batch norm of `channels`. */
const normed = (weights: number, channels: number): number => weights + 2 * channels;
const sum = (...parts: number[]): number => parts.reduce((a, b) => a + b, 0);

/** Odd sides where the block takes a stride, so that rounding shows. */
const CASES: Readonly<Record<string, Case>> = {
  convNorm: {
    input: [2, 3, 15, 17],
    config: { channels: 8, stride: 2 },
    out: [2, 8, 8, 9],
    params: normed(9 * 3 * 8, 8),
  },
  dense: {
    input: [2, 16, 7, 9],
    config: { layers: 2, growth: 4 },
    out: [2, 24, 7, 9],
    params: sum(2 * 16, 16 * 16, 2 * 16, 9 * 16 * 4, 2 * 20, 20 * 16, 2 * 16, 9 * 16 * 4),
  },
  transition: {
    input: [2, 17, 7, 9],
    config: { compression: 0.5 },
    out: [2, 8, 3, 4],
    params: 2 * 17 + 17 * 8,
  },
  osa: {
    input: [2, 16, 7, 9],
    config: { layers: 3, growth: 8, channels: 16, attention: 'ese', identity: true },
    out: [2, 16, 7, 9],
    params: sum(normed(9 * 16 * 8, 8), normed(9 * 8 * 8, 8), normed(9 * 8 * 8, 8), normed(40 * 16, 16), 16 * 16 + 16),
  },
  basic: {
    input: [2, 8, 7, 9],
    config: { channels: 16, stride: 2 },
    out: [2, 16, 4, 5],
    params: sum(normed(9 * 8 * 16, 16), normed(9 * 16 * 16, 16), normed(8 * 16, 16)),
  },
  bottleneck: {
    input: [2, 16, 7, 9],
    config: { channels: 16 },
    out: [2, 16, 7, 9],
    params: sum(normed(16 * 4, 4), normed(9 * 4 * 4, 4), normed(4 * 16, 16)),
  },
  squeezeExcite: {
    input: [2, 32, 7, 9],
    config: { reduction: 16 },
    out: [2, 32, 7, 9],
    params: 32 * 2 + 2 + 2 * 32 + 32,
  },
  effectiveSqueezeExcite: { input: [2, 32, 7, 9], config: {}, out: [2, 32, 7, 9], params: 32 * 32 + 32 },
  depthwise: {
    input: [2, 8, 7, 9],
    config: { kernel: [5, 5], stride: 2 },
    out: [2, 8, 4, 5],
    params: normed(25 * 8, 8),
  },
  depthwiseSeparable: {
    input: [2, 8, 7, 9],
    config: { channels: 16 },
    out: [2, 16, 7, 9],
    params: sum(normed(9 * 8, 8), normed(8 * 16, 16)),
  },
  invertedResidual: {
    input: [2, 8, 7, 9],
    config: { channels: 8 },
    out: [2, 8, 7, 9],
    params: sum(normed(8 * 48, 48), normed(9 * 48, 48), normed(48 * 8, 8)),
  },
  shuffleUnit: {
    input: [2, 8, 7, 9],
    config: { channels: 12, stride: 2 },
    out: [2, 12, 4, 5],
    params: sum(...[normed(9 * 8, 8), normed(8 * 6, 6)], ...[normed(8 * 6, 6), normed(9 * 6, 6), normed(6 * 6, 6)]),
  },
  twoWayDense: {
    input: [2, 64, 7, 9],
    config: { layers: 1, growth: 32, bottleneckWidth: 2 },
    out: [2, 96, 7, 9],
    params: sum(
      ...[normed(64 * 32, 32), normed(9 * 32 * 16, 16)],
      ...[normed(64 * 32, 32), normed(9 * 32 * 16, 16), normed(9 * 16 * 16, 16)],
    ),
  },
  fire: {
    input: [2, 16, 7, 9],
    config: { squeeze: 4, expand: 8 },
    out: [2, 16, 7, 9],
    params: sum(16 * 4 + 4, 4 * 8 + 8, 9 * 4 * 8 + 8),
  },
  darknetUnit: {
    input: [2, 16, 7, 9],
    config: {},
    out: [2, 16, 7, 9],
    params: sum(normed(16 * 8, 8), normed(9 * 8 * 16, 16)),
  },
};

test('every block of the table has a case here', () => {
  expect(Object.keys(CASES).sort()).toEqual(Object.keys(BLOCKS).sort());
});

describe.each(Object.entries(CASES))('%s', (name, { input, config, out, params }) => {
  test('has the output shape and params of its publication', () => {
    const graph = build(name, input, config);
    expect(outShape(graph)).toEqual(out);
    expect(sumCounts(graph).params).toBe(params);
  });

  test('is worth the same as its closed form in n, h, w', () => {
    const [, channels] = input;
    const form = sumCounts(build(name, [symbol('n'), channels!, symbol('h', 2), symbol('w', 2)], config));
    const values = { n: 2, h: 8, w: 10 };
    const counted = sumCounts(build(name, [2, channels!, 8, 10], config));
    expect(value(form.multAdds, values)).toBe(counted.multAdds);
    expect(value(form.memoryAccess.unfused, values)).toBe(counted.memoryAccess.unfused);
    expect(value(form.memoryAccess.fused, values)).toBe(counted.memoryAccess.fused);
  });
});

describe('shortcuts of a basic block', () => {
  test('zeros (option A) have no params and, at odd sides, the shape of the strided convolution', () => {
    const graph = build('basic', [1, 8, 7, 9], { channels: 16, stride: 2, shortcut: 'zeros' });
    expect(outShape(graph)).toEqual([1, 16, 4, 5]);
    expect(sumCounts(graph).params).toBe(normed(9 * 8 * 16, 16) + normed(9 * 16 * 16, 16));
    expect(opsOf(graph).slice(-4)).toEqual(['subsample', 'pad', 'add', 'relu']);
  });
  test('zeros cannot lower the channels', () => {
    expect(() => build('basic', [1, 16, 8, 8], { channels: 8, shortcut: 'zeros' })).toThrow('use a projection');
  });
});

describe('the bottleneck of an OSA module', () => {
  test("is a 1x1 with half of its input's channels before each layer, as the paper's ablation has it", () => {
    const config = { layers: 2, growth: 8, channels: 16, bottleneck: true };
    const halves = [normed(16 * 8, 8), normed(8 * 4, 4)];
    const layers = [normed(9 * 8 * 8, 8), normed(9 * 4 * 8, 8)];
    expect(sumCounts(build('osa', [1, 16, 7, 9], config)).params).toBe(sum(...halves, ...layers, normed(32 * 16, 16)));
  });
});

describe('the bottleneck of an OSA module that halves its layers', () => {
  test('is as wide whatever its input, which gives the params of the ablation', () => {
    const config = { layers: 2, growth: 8, channels: 16, bottleneck: true, bottleneckOf: 'layer' };
    const halves = [normed(16 * 4, 4), normed(8 * 4, 4)];
    const layers = [normed(9 * 4 * 8, 8), normed(9 * 4 * 8, 8)];
    expect(sumCounts(build('osa', [1, 16, 7, 9], config)).params).toBe(sum(...halves, ...layers, normed(32 * 16, 16)));
  });
});

describe('inverted residual', () => {
  test('expansion 1 leaves the widening convolution out', () => {
    const graph = build('invertedResidual', [1, 8, 8, 8], { channels: 4, expansion: 1 });
    expect(opsOf(graph)).toEqual(['conv', 'batchNorm', 'relu6', 'conv', 'batchNorm']);
  });
  test('the input is added at stride 1 between equal channels only', () => {
    const adds = (config: object): boolean => opsOf(build('invertedResidual', [1, 8, 8, 8], config)).includes('add');
    expect([{ channels: 8 }, { channels: 8, stride: 2 }, { channels: 16 }].map(adds)).toEqual([true, false, false]);
  });
});

describe('shuffle unit', () => {
  test('at stride 1 half of the channels pass: two views and one branch', () => {
    expect(opsOf(build('shuffleUnit', [1, 12, 8, 8], { channels: 12 })).filter((op) => op !== 'batchNorm')).toEqual([
      'split',
      'split',
      'conv',
      'relu',
      'conv',
      'conv',
      'relu',
      'concat',
      'channelShuffle',
    ]);
  });
  test('an odd number of channels has no halves', () => {
    expect(() => build('shuffleUnit', [1, 7, 8, 8], { channels: 7 })).toThrow('7 is not divisible by 2');
  });
  test('at stride 1 the channels stay', () => {
    expect(() => build('shuffleUnit', [1, 8, 8, 8], { channels: 12 })).toThrow('do not add up to the 8 channels');
  });
});

test('a two-way dense layer never widens past half of its input, as in the authors’ code', () => {
  const graph = build('twoWayDense', [1, 32, 8, 8], { layers: 1, growth: 32, bottleneckWidth: 4 });
  expect(graph.nodes.find(({ name }) => name === 'denselayer1.branch1a.conv')?.shape[1]).toBe(16);
});

test.each([
  ['transition', { pool: 'avgPool' }, 'avgPool'],
  ['transition', { pool: 'maxPool' }, 'maxPool'],
  ['transition', { pool: 'none' }, 'conv'],
  ['darknetUnit', { residual: true }, 'add'],
  ['darknetUnit', { residual: false }, 'leakyRelu'],
])('%s with %o ends with %s', (name, config, op) => {
  expect(opsOf(build(name, [1, 8, 8, 8], config)).at(-1)).toBe(op);
});

describe('each block by itself', () => {
  /** Where in a built-in network it stands; undefined where only some of the nodes of a block are it. */
  const PLACES: Readonly<Record<string, readonly [model: string, prefix: string]>> = {
    convNorm: ['resnet50', ''],
    dense: ['densenet121', 'features.denseblock1.'],
    transition: ['densenet121', 'features.transition1.'],
    osa: ['vovnet39', 'stage2.'],
    basic: ['resnet34', 'layer1.1.'],
    bottleneck: ['resnet50', 'layer1.1.'],
    squeezeExcite: ['seresnet50', 'layer1.1.se.'],
    effectiveSqueezeExcite: ['V-39-eSE', 'stage2.OSA2_1.ese.'],
    depthwise: ['mobilenet_v1', 'Conv2d_1_depthwise'],
    depthwiseSeparable: ['mobilenet_v1', 'Conv2d_1_'],
    invertedResidual: ['mobilenet_v2', 'features.3.'],
    shuffleUnit: ['shufflenet_v2_x1_0', 'stage2.1.'],
    twoWayDense: ['peleenet', 'features.denseblock1.'],
    fire: ['squeezenet1_1', 'features.3.'],
    darknetUnit: ['darknet53', 'stages.0.blocks.0.'],
  };
  const first = ['conv1', 'bn1', 'relu'];

  test.each(Object.entries(PLACES))('%s costs what it does in %s', (name, [model, prefix]) => {
    const whole = profile(graphOf(builtIn(model))).layers;
    const inside = whole.filter((layer) =>
      prefix === '' ? first.includes(layer.name) : layer.name.startsWith(prefix),
    );
    const { layers } = profile(graphOf(blockModel(name)!));
    const counts = (all: typeof layers) =>
      all.map(({ op, params, multAdds, memoryAccessUnfused }) => ({ op, params, multAdds, memoryAccessUnfused }));
    expect(counts(layers)).toEqual(counts(inside));
  });

  test('is every block that a config can name', () => {
    expect([...blockModelNames()].sort()).toEqual(Object.keys(BLOCKS).sort());
  });
});
