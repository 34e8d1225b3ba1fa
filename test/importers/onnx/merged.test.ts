// Do ops into which others were merged cost what those cost? Counts by the formulas of the ops that stood there before.

import { describe, expect, test } from 'vitest';
import { profile } from '../../../src/profile.js';
import { graphIn, opsIn, shapeOut, type Small } from './small.js';

const TOKENS = { x: [1, 16, 64] } as const;
const runtime = (small: Small): Small => ({ domain: 'com.microsoft', inputs: TOKENS, ...small });
const counts = (small: Small) => {
  const graph = graphIn(small);
  const { multAdds, params } = profile(graph).totals;
  return { shape: shapeOut(graph), multAdds, params };
};

describe('attention', () => {
  /** Scores and values of 16 queries and `keys` keys over 64 features. */
  const products = (keys: number): number => 2 * 16 * keys * 64;

  test('that makes queries, keys and values itself', () => {
    const small = runtime({
      weights: { w: [64, 192], b: [192] },
      nodes: [['Attention', 'x w b', 'y', { num_heads: 4 }]],
    });
    const expected = { multAdds: 16 * 64 * 192 + products(16), params: 64 * 192 + 192 };
    expect(counts(small)).toEqual({ shape: [1, 16, 64], ...expected });
  });

  test('of values with other features', () => {
    const small = runtime({
      weights: { w: [64, 160], b: [160] },
      nodes: [['Attention', 'x w b', 'y', { num_heads: 4, qkv_hidden_sizes: [64, 64, 32] }]],
    });
    expect(counts(small)).toMatchObject({ shape: [1, 16, 32], multAdds: 16 * 64 * 160 + 16 * 16 * (64 + 32) });
  });

  test('of given queries, keys and values', () => {
    const inputs = { q: [1, 16, 64], k: [1, 20, 64], v: [1, 20, 64] };
    const small = runtime({ inputs, nodes: [['MultiHeadAttention', 'q k v', 'y', { num_heads: 4 }]] });
    expect(counts(small)).toEqual({ shape: [1, 16, 64], multAdds: products(20), params: 0 });
    const biased = runtime({
      ...{ inputs, weights: { b: [192] } },
      nodes: [['MultiHeadAttention', 'q k v b', 'y', { num_heads: 4 }]],
    });
    expect(counts(biased)).toEqual({ shape: [1, 16, 64], multAdds: products(20), params: 192 });
  });

  test('where heads of queries share those of keys, behind what earlier steps kept', () => {
    const given = { num_heads: 4, kv_num_heads: 2, do_rotary: 1 };
    const apart = { q: [1, 16, 64], k: [1, 16, 32], v: [1, 16, 32], pk: [1, 2, 4, 16], pv: [1, 2, 4, 16] };
    const small = runtime({ inputs: apart, nodes: [['GroupQueryAttention', 'q k v pk pv', 'y k2 v2', given]] });
    expect(counts(small)).toEqual({ shape: [1, 16, 64], multAdds: products(20), params: 0 });
    const packed = runtime({ inputs: { x: [1, 16, 128] }, nodes: [['GroupQueryAttention', 'x', 'y', given]] });
    expect(counts(packed)).toEqual({ shape: [1, 16, 64], multAdds: products(16), params: 0 });
  });

  test('of all three in one tensor', () => {
    const inputs = { x: [1, 16, 4, 3, 16] };
    const small = runtime({ inputs, nodes: [['MultiHeadAttention', 'x', 'y', { num_heads: 4 }]] });
    expect(counts(small)).toMatchObject({ shape: [1, 16, 64], multAdds: products(16) });
  });

  test('of opset 23, in heads or not', () => {
    const flat = { q: [1, 16, 64], k: [1, 20, 64], v: [1, 20, 64] };
    const heads = { q: [1, 4, 16, 16], k: [1, 4, 20, 16], v: [1, 4, 20, 16] };
    const given = { q_num_heads: 4, kv_num_heads: 4 };
    expect(counts({ opset: 23, inputs: flat, nodes: [['Attention', 'q k v', 'y', given]] })).toEqual({
      ...{ shape: [1, 16, 64], multAdds: products(20), params: 0 },
    });
    expect(counts({ opset: 23, inputs: heads, nodes: [['Attention', 'q k v', 'y']] })).toEqual({
      ...{ shape: [1, 4, 16, 16], multAdds: products(20), params: 0 },
    });
  });

  test('whose queries share keys, behind those of earlier steps', () => {
    const inputs = { q: [1, 4, 16, 16], k: [1, 2, 20, 16], v: [1, 2, 20, 16], m: [1, 1, 16, 25] };
    const past = { pk: [1, 2, 5, 16], pv: [1, 2, 5, 16] };
    const small: Small = {
      ...{ opset: 23, inputs: { ...inputs, ...past } },
      nodes: [['Attention', 'q k v m pk pv', 'y']],
    };
    expect(counts(small)).toEqual({ shape: [1, 4, 16, 16], multAdds: products(25), params: 0 });
  });

  test('earlier steps of an unknown length are not counted', () => {
    const small = runtime({
      inputs: { x: [1, 16, 64], past: [2, 1, 4, 5, 16] },
      weights: { w: [64, 192], b: [192] },
      nodes: [['Attention', 'x w b - past', 'y', { num_heads: 4 }]],
    });
    expect(() => graphIn(small)).toThrow('it keeps what earlier steps computed');
  });
});

describe('merged layers', () => {
  const image = { inputs: { x: [1, 3, 8, 8] } } as const;
  const conv = { kernel_shape: [3, 3], pads: [1, 1, 1, 1] };
  test.each<[string, Small, readonly string[], number, number]>([
    ['FastGelu', { weights: { b: [64] }, nodes: [['FastGelu', 'x b', 'y']] }, ['shiftBy', 'gelu'], 0, 64],
    ['BiasGelu', { weights: { b: [64] }, nodes: [['BiasGelu', 'x b', 'y']] }, ['shiftBy', 'gelu'], 0, 64],
    [
      'SkipLayerNormalization',
      { weights: { s: [64], o: [64], b: [64] }, nodes: [['SkipLayerNormalization', 'x x s o b', 'y']] },
      ...([['add', 'shiftBy', 'layerNorm'], 0, 192] as const),
    ],
    [
      'SkipSimplifiedLayerNormalization',
      { weights: { s: [64] }, nodes: [['SkipSimplifiedLayerNormalization', 'x x s', 'y']] },
      ...([['add', 'rmsNorm'], 0, 64] as const),
    ],
    [
      'FusedMatMul',
      { weights: { w: [32, 64] }, nodes: [['FusedMatMul', 'x w', 'y', { transB: 1, alpha: { float: 2 } }]] },
      ...([['linear', 'scaleBy'], 16 * 64 * 32, 2048] as const),
    ],
    [
      'FusedConv',
      {
        ...image,
        weights: { w: [3, 3, 3, 3], b: [3] },
        nodes: [['FusedConv', 'x w b x', 'y', { ...conv, activation: 'Relu' }]],
      },
      ...([['conv', 'add', 'relu'], 64 * 81, 84] as const),
    ],
    [
      'FusedGemm',
      {
        ...{ inputs: { x: [1, 16] }, weights: { w: [16, 8], b: [8] } },
        nodes: [['FusedGemm', 'x w b', 'y', { activation: 'LeakyRelu' }]],
      },
      ...([['linear', 'leakyRelu'], 128, 136] as const),
    ],
    [
      'MatMulNBits',
      {
        weights: { w: [32, 2, 16], s: [64] },
        nodes: [['MatMulNBits', 'x w s', 'y', { K: 64, N: 32, bits: 4, block_size: 32 }]],
      },
      ...([['linear'], 16 * 64 * 32, 2048] as const),
    ],
  ])('%s', (_, small, ops, multAdds, params) => {
    const graph = graphIn(runtime(small));
    expect(opsIn(graph)).toEqual(ops);
    expect(profile(graph).totals).toMatchObject({ multAdds, params });
  });

  test('the sum before a norm is its fourth output', () => {
    const small = runtime({
      weights: { s: [64], o: [64] },
      nodes: [
        ['SkipLayerNormalization', 'x x s o', 'n m v sum'],
        ['Add', 'n sum', 'y'],
      ],
    });
    expect(opsIn(graphIn(small))).toEqual(['add', 'layerNorm', 'add']);
  });

  test('an activation that is not known is named', () => {
    const small = runtime({
      ...image,
      weights: { w: [3, 3, 3, 3] },
      nodes: [['FusedConv', 'x w', 'y', { ...conv, activation: 'Sine' }]],
    });
    expect(() => graphIn(small)).toThrow('its activation Sine is not counted');
  });
});

describe('other ops whose shape follows', () => {
  test.each<[string, Small, readonly number[]]>([
    [
      'a centred crop and pad',
      { opset: 18, ints: { s: [5, 11] }, nodes: [['CenterCropPad', 'x s', 'y', { axes: [2, 3] }]] },
      [1, 3, 5, 11],
    ],
    ['hardmax', { nodes: [['Hardmax', 'x', 'y', { axis: 1 }]] }, [1, 3, 8, 8]],
    [
      'noise',
      {
        nodes: [
          ['RandomNormal', '', 'r', { shape: [1, 3, 8, 8] }],
          ['Add', 'x r', 'y'],
        ],
      },
      [1, 3, 8, 8],
    ],
    [
      'noise like an image',
      {
        nodes: [
          ['RandomUniformLike', 'x', 'r'],
          ['Mul', 'x r', 'y'],
        ],
      },
      [1, 3, 8, 8],
    ],
    ['a running product', { ints: { a: 1 }, nodes: [['CumProd', 'x a', 'y']] }, [1, 3, 8, 8]],
    [
      'a loss of classes, each of its own',
      {
        inputs: { x: [1, 3, 8, 8], labels: [1, 8, 8] },
        nodes: [['SoftmaxCrossEntropyLoss', 'x labels', 'y', { reduction: 'none' }]],
      },
      [1, 8, 8],
    ],
    ['a drawn mask', { nodes: [['Bernoulli', 'x', 'y']] }, [1, 3, 8, 8]],
  ])('%s', (_, small, shape) => {
    expect(counts(small)).toEqual({ shape, multAdds: 0, params: 0 });
  });
});

describe('what ONNX Runtime merges around layers', () => {
  test('a convolution of [N, H, W, C], with the weights of Conv, a sum and an activation', () => {
    const small = runtime({
      inputs: { x: [1, 8, 6, 3], z: [1, 8, 6, 4] },
      weights: { w: [4, 3, 3, 3], b: [4] },
      nodes: [['NhwcFusedConv', 'x w b z', 'y', { pads: [1, 1, 1, 1], activation: 'Relu' }]],
    });
    expect(counts(small)).toEqual({ shape: [1, 8, 6, 4], multAdds: 48 * 4 * 27, params: 4 * 27 + 4 });
  });

  test('rows for words, positions and segments, and their norm', () => {
    const small = runtime({
      inputs: { ids: [1, 16], kinds: [1, 16] },
      weights: { words: [100, 64], places: [32, 64], two: [2, 64], g: [64], b: [64] },
      nodes: [['EmbedLayerNormalization', 'ids kinds words places two g b', 'y']],
    });
    const params = (100 + 32 + 2) * 64 + 128;
    expect(counts(small)).toEqual({ shape: [1, 16, 64], multAdds: 0, params });
  });
});
