// Tests of attention in training: which calls run as one kernel, what it keeps, and what it computes.

import { describe, expect, test } from 'vitest';
import { Builder } from '../../src/builder.js';
import { implementationOf } from '../../src/counters/implementation.js';
import { bytesSource } from '../../src/importers/modelFile.js';
import { readPt2 } from '../../src/importers/pt2/readPt2.js';
import { graphOf, type Model } from '../../src/model.js';
import { trainingCounters } from '../../src/training/counters.js';
import { tapeFrom, training, type TrainingOptions } from '../../src/training/training.js';
import { PLAIN } from './chain.js';
import { tapeOf } from '../../src/training/recordTape.js';
import { countsOfSteps, sumOf } from '../../src/training/counts.js';
import { archiveOf, p, programOf, x, type Call, type Given, type Network } from '../importers/pt2/programOf.js';

const [TOKENS, HEADS, SIZE] = [4, 2, 4];
const FEATURES = HEADS * SIZE;
/** Elements. */
const OUT = TOKENS * FEATURES;
const QKV = 3 * OUT;
const SUMS = HEADS * TOKENS;
const SCORES = HEADS * TOKENS * TOKENS;
const PRODUCT = SCORES * SIZE;
const tensor = [1, HEADS, TOKENS, SIZE];

const before: readonly Call[] = [
  {
    op: 'aten.linear.default',
    given: { input: x('tokens'), weight: p('qkv.weight') },
    makes: { qkv: [1, TOKENS, 3 * FEATURES] },
  },
  {
    op: 'aten.view.default',
    given: { self: x('qkv'), size: [1, TOKENS, 3, HEADS, SIZE] },
    makes: { parts: [1, TOKENS, 3, HEADS, SIZE] },
  },
  { op: 'aten.permute.default', given: { self: x('parts'), dims: [2, 0, 3, 1, 4] }, makes: { turned: [3, ...tensor] } },
  { op: 'aten.unbind.int', given: { self: x('turned') }, makes: { q: tensor, k: tensor, v: tensor } },
];
const after: readonly Call[] = [
  {
    op: 'aten.permute.default',
    given: { self: x('out'), dims: [0, 2, 1, 3] },
    makes: { back: [1, TOKENS, HEADS, SIZE] },
  },
  {
    op: 'aten.view.default',
    given: { self: x('back'), size: [1, TOKENS, FEATURES] },
    makes: { joined: [1, TOKENS, FEATURES] },
  },
  {
    op: 'aten.linear.default',
    given: { input: x('joined'), weight: p('projection.weight') },
    makes: { result: [1, TOKENS, FEATURES] },
  },
];

function network(middle: readonly Call[], held: Pick<Network, 'parameters' | 'buffers'> = {}): Network {
  return {
    inputs: { tokens: [1, TOKENS, FEATURES] },
    parameters: {
      'qkv.weight': [3 * FEATURES, FEATURES],
      'projection.weight': [FEATURES, FEATURES],
      ...held.parameters,
    },
    ...(held.buffers ? { buffers: held.buffers } : {}),
    calls: [...before, ...middle, ...after],
    outputs: ['result'],
  };
}

const call = (more: Readonly<Record<string, Given>> = {}, op = 'scaled_dot_product_attention'): Call => ({
  op: `aten.${op}.default`,
  given: { query: x('q'), key: x('k'), value: x('v'), ...more },
  makes: op.startsWith('_') ? { out: tensor, sums: [1, HEADS, TOKENS] } : { out: tensor },
  at: ['attention', 'tests.Attention'],
});

/** @param bool names of tensors of truth values */
function read(net: Network, bool: readonly string[] = []): Model {
  const program = programOf(net) as { graph_module: { graph: { tensor_values: Record<string, { dtype: number }> } } };
  for (const name of bool) program.graph_module.graph.tensor_values[name]!.dtype = 12;
  return readPt2(bytesSource(archiveOf(program)), 'net.pt2', {});
}

const kept = (model: Model, options: TrainingOptions = {}): number => training(model, options).totals.keptBytes;
const KERNEL = 4 * (QKV + OUT + SUMS);
/**
 * The scaled q and k, of all three the memory that v is a view of, the probabilities, and the copy that a transpose of
 * the result is for the projection.
 */
const MATH = 4 * (2 * OUT + QKV + SCORES + OUT);

describe('a call of scaled_dot_product_attention on a CPU', () => {
  test('is one kernel: q, k, v, its result and one logarithm for each query are kept, and the projection reads a view', () => {
    const { totals, layers } = training(read(network([call()])));
    expect(totals.keptBytes).toBe(KERNEL);
    expect(totals.keptBytesOf).toEqual({ input: 4 * QKV, output: 4 * OUT, statistics: 4 * SUMS });
    expect(layers.filter(({ keeps }) => keeps.includes('statistics'))).toHaveLength(1);
  });

  test('makes four products of gradients and computes q k^T again', () => {
    const { totals, layers } = training(read(network([call()])));
    const linear = OUT * FEATURES;
    expect(totals.multAdds).toBe(2 * PRODUCT + 4 * linear);
    // The first layer makes no gradient of the tokens.
    expect([totals.inputMultAdds, totals.weightMultAdds]).toEqual([4 * PRODUCT + linear, 4 * linear]);
    expect(totals.recomputedMultAdds).toBe(PRODUCT);
    const [kernel] = layers.filter(({ keeps }) => keeps.includes('statistics'));
    // Its own gradient, what is kept, and three gradients.
    expect(kernel!.memoryAccess).toBe(OUT + QKV + OUT + SUMS + QKV);
  });

  test.each<[string, Model, number]>([
    [
      'as run_decompositions() writes it',
      read(network([call({}, '_scaled_dot_product_flash_attention_for_cpu')])),
      KERNEL,
    ],
    ['causal', read(network([call({ is_causal: true })])), KERNEL],
    [
      'a stored mask',
      read(network([call({ attn_mask: x('b_mask') })], { buffers: { mask: [TOKENS, TOKENS] } })),
      KERNEL,
    ],
    [
      'a stored mask of truth values, of which numbers are made',
      read(network([call({ attn_mask: x('b_mask') })], { buffers: { mask: [1, 1, TOKENS, TOKENS] } }), ['b_mask']),
      KERNEL + 4 * TOKENS * TOKENS,
    ],
    [
      'op by op where the mask is learnt',
      read(network([call({ attn_mask: p('mask') })], { parameters: { mask: [TOKENS, TOKENS] } })),
      MATH,
    ],
    [
      'op by op where the mask has three sides',
      read(network([call({ attn_mask: x('b_mask') })], { buffers: { mask: [HEADS, TOKENS, TOKENS] } })),
      MATH,
    ],
    ['op by op where the file says so', read(network([call({}, '_scaled_dot_product_attention_math')])), MATH],
    [
      'op by op with a dropout: its noise, and the probabilities that are left',
      read(network([call({ dropout_p: 0.5 })])),
      MATH + 2 * 4 * SCORES,
    ],
  ])('%s', (_, model, bytes) => {
    expect(kept(model)).toBe(bytes);
  });

  test('a frozen mask is one kernel', () => {
    const model = read(network([call({ attn_mask: p('mask') })], { parameters: { mask: [TOKENS, TOKENS] } }));
    const [mask] = graphOf(model).nodes.filter(({ op }) => op === 'shiftBy');
    expect(kept(model, { freeze: [mask!.name] })).toBe(KERNEL);
  });

  test('heads that share keys and values: the kernel keeps them once', () => {
    const shared = [1, 1, TOKENS, SIZE];
    const model = read({
      inputs: { q: tensor, k: shared, v: shared },
      parameters: { g: [SIZE] },
      calls: [
        ...['q', 'k', 'v'].map((name): Call => ({
          op: 'aten.mul.Tensor',
          given: { self: x(name), other: p('g') },
          makes: { [`${name}2`]: name === 'q' ? tensor : shared },
        })),
        {
          op: 'aten.scaled_dot_product_attention.default',
          given: { query: x('q2'), key: x('k2'), value: x('v2'), enable_gqa: true },
          makes: { out: tensor },
        },
      ],
      outputs: ['out'],
    });
    expect(kept(model)).toBe(4 * (OUT + 2 * TOKENS * SIZE + OUT + SUMS));
  });

  test('under autocast all of it is in half precision but the logarithms', () => {
    const { totals } = training(read(network([call()])), { amp: true });
    // The tokens are the image, whose copy in half precision is kept for the first layer.
    expect(totals.keptBytes).toBe(2 * (QKV + OUT) + 4 * SUMS + 2 * TOKENS * FEATURES);
  });

  test('a checkpoint around it drops all that it keeps and runs it once more', () => {
    const model = read(network([call()]));
    const { totals } = training(model, { checkpoint: ['attention'] });
    // q, k and v are what the segment reads; the projection keeps the result.
    expect(totals.keptBytes).toBe(4 * (QKV + OUT));
    expect(totals.recomputedMultAdds).toBe(2 * PRODUCT + PRODUCT);
  });
});

test('products and a softmax that a file of PyTorch spells out run op by op', () => {
  const scaled = (name: string): Call => ({
    op: 'aten.mul.Scalar',
    given: { self: x(name), other: 0.5 },
    makes: { [`${name}s`]: tensor },
  });
  const model = read(
    network([
      scaled('q'),
      scaled('k'),
      { op: 'aten.transpose.int', given: { self: x('ks'), dim0: 2, dim1: 3 }, makes: { kt: [1, HEADS, SIZE, TOKENS] } },
      { op: 'aten.matmul.default', given: { self: x('qs'), other: x('kt') }, makes: { s: [1, HEADS, TOKENS, TOKENS] } },
      { op: 'aten.softmax.int', given: { self: x('s'), dim: -1 }, makes: { w: [1, HEADS, TOKENS, TOKENS] } },
      { op: 'aten.matmul.default', given: { self: x('w'), other: x('v') }, makes: { out: tensor } },
    ]),
  );
  expect(kept(model)).toBe(MATH);
});

test('what the exporter of ONNX writes for the call is one kernel, and what scales q alone is not', () => {
  const bytes = (scales: readonly string[]): number => {
    const x = ['q', 'k', 'v'];
    const net = Builder.start();
    const from = net.apply('linear', 'from', net.input(tensor), { features: SIZE });
    const [q, k, v] = x.map((name) =>
      scales.includes(name) ? net.apply('scaleBy', name, from, { shape: [1], learnt: false }) : from,
    );
    const scores = net.apply('matmul', 'scores', [q!, k!], { transposeSecond: true });
    const weights = net.apply('softmax', 'weights', scores, { axis: 3 });
    const tape = tapeOf(net.finish('attention', net.apply('matmul', 'out', [weights, v!])), PLAIN);
    return sumOf(countsOfSteps(tape, [], 'sgd')).keptBytes as number;
  };
  // q, k and v are one tensor here.
  expect(bytes(['q', 'k'])).toBe(4 * (OUT + OUT + SUMS));
  expect(bytes(['q'])).toBe(4 * (OUT + OUT + SCORES));
});

test("torch's counter takes five products on CUDA and knows none on a CPU, which it is told", () => {
  const model = read(network([call()]));
  const tape = tapeFrom(graphOf(model), implementationOf(model), {});
  const torch = trainingCounters(tape, implementationOf(model)).find(({ counter }) => counter === 'torch')!;
  expect(torch.difference).toBe(2 * PRODUCT);
  expect(torch.rule).toContain('five products');
  expect(torch.mistake).toContain('on a CPU it counts nothing for attention in one kernel');
});

describe('dropouts of a file', () => {
  const dropping = (op: string, more: Readonly<Record<string, Given>> = {}): Model =>
    read({
      inputs: { image: [2, 3, 4, 4] },
      parameters: { 'a.weight': [3, 3, 1, 1], 'b.weight': [3, 3, 1, 1] },
      calls: [
        { op: 'aten.conv2d.default', given: { input: x('image'), weight: p('a.weight') }, makes: { a: [2, 3, 4, 4] } },
        {
          op: `aten.${op}.default`,
          given: { [op.endsWith('_') ? 'self' : 'input']: x('a'), p: 0.5, train: false, ...more },
          makes: { d: [2, 3, 4, 4] },
        },
        { op: 'aten.conv2d.default', given: { input: x('d'), weight: p('b.weight') }, makes: { b: [2, 3, 4, 4] } },
      ],
      outputs: ['b'],
    });
  const IMAGE = 2 * 3 * 4 * 4;

  test.each<[string, Model, number]>([
    ['noise for each element, and what is left', dropping('dropout'), 2 * IMAGE],
    ['in place', dropping('dropout_'), 2 * IMAGE],
    ['one number for each channel', dropping('feature_dropout'), IMAGE + 2 * 3],
    ['nothing at probability 0', dropping('dropout', { p: 0 }), IMAGE],
  ])('%s', (_, model, elements) => {
    expect(kept(model)).toBe(4 * elements);
    expect(training(model).totals.multAdds).toBe(2 * 3 * IMAGE);
  });
});
