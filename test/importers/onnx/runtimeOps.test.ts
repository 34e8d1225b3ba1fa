// Do further ops of ONNX Runtime cost what the ops cost that stood there before? Shapes by its list of contrib operators.

import { describe, expect, test } from 'vitest';
import { profile } from '../../../src/profile.js';
import { graphIn, shapeOut, type Small } from './small.js';

const counts = (small: Small) => {
  const graph = graphIn({ domain: 'com.microsoft', ...small });
  const { multAdds, params } = profile(graph).totals;
  return { shape: shapeOut(graph), multAdds, params };
};

/** Scores and values of queries and keys of two sequences over 64 features. */
const products = (queries: number, keys: number, images = 2): number => 2 * images * queries * keys * 64;

describe('attention over packed tokens counts each sequence at its full length', () => {
  const heads = { num_heads: 4 };

  test('with layers of its own', () => {
    const small: Small = {
      inputs: { x: [20, 64], offsets: [2, 16], lengths: [3] },
      weights: { w: [64, 192], b: [192] },
      nodes: [['PackedAttention', 'x w b offsets lengths', 'y', heads]],
    };
    const params = 64 * 192 + 192;
    expect(counts(small)).toEqual({ shape: [20, 64], multAdds: 20 * 64 * 192 + products(16, 16), params });
  });

  test('of given queries, keys and values, apart or in one tensor', () => {
    const apart: Small = {
      inputs: { q: [20, 64], k: [20, 64], v: [20, 64], offsets: [2, 16], lengths: [3] },
      weights: { b: [192] },
      nodes: [['PackedMultiHeadAttention', 'q k v b offsets lengths', 'y', heads]],
    };
    expect(counts(apart)).toEqual({ shape: [20, 64], multAdds: products(16, 16), params: 192 });
    const together: Small = {
      inputs: { q: [20, 4, 3, 16], offsets: [2, 16], lengths: [3] },
      nodes: [['PackedMultiHeadAttention', 'q - - - offsets lengths', 'y', heads]],
    };
    expect(counts(together)).toEqual({ shape: [20, 64], multAdds: products(16, 16), params: 0 });
  });
});

test('one step of a decoder reads what earlier steps kept', () => {
  const inputs = { q: [2, 1, 64], k: [2, 1, 64], v: [2, 1, 64], pk: [2, 4, 9, 16], pv: [2, 4, 9, 16] };
  const nodes: Small['nodes'] = [['DecoderMaskedMultiHeadAttention', 'q k v - - pk pv', 'y k2 v2', { num_heads: 4 }]];
  expect(counts({ inputs, nodes })).toEqual({ shape: [2, 1, 64], multAdds: products(1, 10), params: 0 });
  const shared: Small['nodes'] = [
    [...nodes[0]!.slice(0, 3), { num_heads: 4, past_present_share_buffer: 1 }] as unknown as Small['nodes'][number],
  ];
  expect(() => counts({ inputs, nodes: shared })).toThrow('how many earlier steps its buffer holds is known when it');
  const several: Small = { inputs, nodes: [['MultiHeadAttention', 'q k v - - - pk pv', 'y', { num_heads: 4 }]] };
  expect(counts(several)).toMatchObject({ shape: [2, 1, 64], multAdds: products(1, 10) });
});

test('attention in eight bits has three layers', () => {
  const layers = Object.fromEntries(['wq', 'wk', 'wv'].map((name) => [name, [64, 64]]));
  const biases = Object.fromEntries(['bq', 'bk', 'bv'].map((name) => [name, [64]]));
  const floats = Object.fromEntries(Array.from({ length: 10 }, (_, i) => [`s${i}`, 1]));
  const small: Small = {
    ...{ inputs: { x: [1, 16, 64] }, weights: { ...layers, ...biases }, floats },
    nodes: [
      ['QOrderedAttention', 'x s0 s1 s2 s3 wq wk wv s4 s5 s6 bq bk bv s7 s8 s9', 'y', { num_heads: 4, order_input: 1 }],
    ],
  };
  const params = 3 * (64 * 64 + 64);
  expect(counts(small)).toEqual({ shape: [1, 16, 64], multAdds: 3 * 16 * 64 * 64 + products(16, 16, 1), params });
});

describe('products and layers', () => {
  test.each<readonly [what: string, small: Small, expected: ReturnType<typeof counts>]>([
    [
      'QOrderedMatMul',
      {
        inputs: { x: [1, 16, 64] },
        ...{ weights: { w: [64, 32], b: [32] }, floats: { s: 1 } },
        nodes: [['QOrderedMatMul', 'x s w s s b', 'y']],
      },
      { shape: [1, 16, 32], multAdds: 16 * 64 * 32, params: 64 * 32 + 32 },
    ],
    [
      'DynamicQuantizeLSTM: weights [directions, features, gates x hidden]',
      {
        inputs: { x: [5, 2, 8] },
        weights: { w: [1, 8, 24], r: [1, 6, 24], b: [1, 48] },
        nodes: [['DynamicQuantizeLSTM', 'x w r b', 'y', { hidden_size: 6 }]],
      },
      { shape: [5, 1, 2, 6], multAdds: 10 * 24 * 14, params: 24 * 14 + 48 },
    ],
    [
      'CDist',
      { inputs: { x: [7, 8] }, nodes: [['CDist', 'x x', 'y', { metric: 'euclidean' }]] },
      { shape: [7, 7], multAdds: 7 * 7 * 8, params: 0 },
    ],
    [
      'GemmFastGelu',
      {
        inputs: { x: [1, 16, 64] },
        weights: { w: [64, 32], b: [32] },
        nodes: [['GemmFastGelu', 'x w b', 'y']],
      },
      { shape: [1, 16, 32], multAdds: 16 * 64 * 32, params: 64 * 32 + 32 },
    ],
    [
      'a convolution in eight bits of [N, H, W, C]',
      {
        inputs: { x: [1, 8, 6, 3] },
        weights: { w: [4, 3, 3, 3] },
        floats: { s: 1 },
        nodes: [['QLinearConv', 'x s s w s s s s', 'y', { channels_last: 1, pads: [1, 1, 1, 1] }]],
      },
      { shape: [1, 8, 6, 4], multAdds: 48 * 4 * 27, params: 108 },
    ],
    [
      'a group norm of a sum',
      {
        inputs: { x: [1, 8, 6, 32], skip: [1, 32] },
        weights: { g: [32], b: [32] },
        nodes: [['SkipGroupNorm', 'x g b skip', 'y s', { groups: 8, activation: 1 }]],
      },
      { shape: [1, 8, 6, 32], multAdds: 0, params: 64 },
    ],
    [
      'rows of bytes that hold two numbers each',
      {
        inputs: { ids: [1, 5] },
        ...{ bytes: { table: [50, 64] }, weights: { s: [50, 1] } },
        nodes: [['GatherBlockQuantized', 'table ids s', 'y', { bits: 4, block_size: 128 }]],
      },
      { shape: [1, 5, 128], multAdds: 0, params: 50 * 128 },
    ],
    [
      'a gate of GELU',
      {
        inputs: { x: [1, 16, 64] },
        weights: { b: [64] },
        nodes: [['BiasSplitGelu', 'x b', 'y']],
      },
      { shape: [1, 16, 32], multAdds: 0, params: 64 },
    ],
  ])('%s', (_, small, expected) => {
    expect(counts(small)).toEqual(expected);
  });
});

describe('what moves data alone', () => {
  test.each<readonly [what: string, small: Small, shape: readonly number[]]>([
    [
      'NhwcMaxPool',
      { inputs: { x: [1, 8, 6, 3] }, nodes: [['NhwcMaxPool', 'x', 'y', { kernel_shape: [2, 2], strides: [2, 2] }]] },
      [1, 4, 3, 3],
    ],
    [
      'QLinearAveragePool of [N, H, W, C]',
      {
        inputs: { x: [1, 8, 6, 3] },
        floats: { s: 1 },
        nodes: [['QLinearAveragePool', 'x s s s s', 'y', { channels_last: 1, kernel_shape: [2, 2], strides: [2, 2] }]],
      },
      [1, 4, 3, 3],
    ],
    [
      'QLinearWhere',
      {
        inputs: { x: [1, 8], c: [1, 8], z: [1, 8] },
        floats: { s: 1 },
        nodes: [['QLinearWhere', 'c x s s z s s s s', 'y']],
      },
      [1, 8],
    ],
    ['Rfft', { inputs: { x: [1, 3, 8, 10] }, nodes: [['Rfft', 'x', 'y', { signal_ndim: 1 }]] }, [1, 3, 8, 6, 2]],
    ['Irfft', { inputs: { x: [1, 3, 6, 2] }, nodes: [['Irfft', 'x', 'y', { signal_ndim: 1 }]] }, [1, 3, 10]],
    ['ComplexMul', { inputs: { x: [1, 3, 6, 2], z: [1, 3, 6, 2] }, nodes: [['ComplexMul', 'x z', 'y']] }, [1, 3, 6, 2]],
    [
      'CropAndResize',
      {
        inputs: { x: [1, 3, 8, 8], boxes: [7, 4], of: [7] },
        ints: { size: [5, 6] },
        nodes: [['CropAndResize', 'x boxes of size', 'y']],
      },
      [7, 3, 5, 6],
    ],
    [
      'UnfoldTensor',
      { inputs: { x: [1, 16, 8] }, nodes: [['UnfoldTensor', 'x', 'y', { dim: 1, size: 4, step: 2 }]] },
      [1, 7, 8, 4],
    ],
    ['RestorePadding', { inputs: { x: [20, 8], o: [2, 16] }, nodes: [['RestorePadding', 'x o', 'y']] }, [2, 16, 8]],
  ])('%s', (_, small, shape) => {
    expect(counts(small)).toEqual({ shape, multAdds: 0, params: 0 });
  });

  test('how many tokens are no padding is data', () => {
    const nodes: Small['nodes'] = [
      ['QuickGelu', 'x', 'g'],
      ['RemovePadding', 'g n', 'y'],
    ];
    const small: Small = { domain: 'com.microsoft', inputs: { x: [2, 16, 8], n: [2] }, nodes };
    expect(profile(graphIn(small)).lowerBound?.ops.map(({ op }) => op)).toEqual(['RemovePadding']);
  });
});

test('MelWeightMatrix is a constant of frequencies and bins', () => {
  const small: Small = {
    ...{ opset: 17, domain: '', inputs: { x: [1, 26, 33] }, ints: { bins: 10, length: 64, rate: 8000 } },
    floats: { low: 20, high: 4000 },
    nodes: [
      ['MelWeightMatrix', 'bins length rate low high', 'm'],
      ['MatMul', 'x m', 'y'],
    ],
  };
  expect(counts(small)).toMatchObject({ shape: [1, 26, 10], multAdds: 26 * 33 * 10 });
});

describe('further ops of ONNX itself', () => {
  test.each<readonly [what: string, small: Small, shape: readonly number[]]>([
    ['Det', { inputs: { x: [2, 3, 4, 4] }, nodes: [['Det', 'x', 'y']] }, [2, 3]],
    ['Multinomial', { inputs: { x: [2, 9] }, nodes: [['Multinomial', 'x', 'y', { sample_size: 5 }]] }, [2, 5]],
    [
      'TfIdfVectorizer',
      { inputs: { x: [2, 9] }, nodes: [['TfIdfVectorizer', 'x', 'y', { ngram_indexes: [0, 6, 2] }]] },
      [2, 7],
    ],
    ['StringNormalizer', { inputs: { x: [2, 9] }, nodes: [['StringNormalizer', 'x', 'y']] }, [2, 9]],
    ['StringConcat', { inputs: { x: [2, 9], z: [2, 1] }, nodes: [['StringConcat', 'x z', 'y']] }, [2, 9]],
    ['SwiGLU', { inputs: { x: [2, 9], z: [2, 9] }, nodes: [['SwiGLU', 'x z', 'y']] }, [2, 9]],
  ])('%s', (_, small, shape) => {
    expect(counts({ domain: '', ...small })).toEqual({ shape, multAdds: 0, params: 0 });
  });
});
