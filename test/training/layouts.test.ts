// Tests of tensors in another order of memory, in files of PyTorch: its own bytes (2.13, CPU, saved_tensors_hooks).

import { describe, expect, test } from 'vitest';
import { bytesSource } from '../../src/importers/modelFile.js';
import { readPt2 } from '../../src/importers/pt2/readPt2.js';
import { training } from '../../src/training/training.js';
import { archiveOf, p, programOf, x, type Call, type Given, type Network } from '../importers/pt2/programOf.js';

/** @param types numbers of element types by the name of the tensor: 5 is int64, 12 is bool */
function kept(net: Network, types: Readonly<Record<string, number>> = {}): number {
  const program = programOf(net) as { graph_module: { graph: { tensor_values: Record<string, { dtype: number }> } } };
  for (const [name, type] of Object.entries(types)) program.graph_module.graph.tensor_values[name]!.dtype = type;
  return training(readPt2(bytesSource(archiveOf(program)), 'net.pt2', {})).totals.keptBytes;
}

const call = (
  op: string,
  given: Readonly<Record<string, Given>>,
  makes: Call['makes'],
  overload = 'default',
): Call => ({
  op: `aten.${op}.${overload}`,
  given,
  makes,
});

const [TOKENS, HEADS, SIZE, FEATURES] = [6, 4, 8, 32];

/** Attention that a network spells out: q, k and v are views of one product, turned to heads. */
function attention(batch: number, joined: boolean): number {
  const heads = [batch, HEADS, TOKENS, SIZE];
  const scores = [batch, HEADS, TOKENS, TOKENS];
  const tokens = [batch, TOKENS, FEATURES];
  return kept({
    inputs: { x: [batch, TOKENS, 12] },
    parameters: { 'p.weight': [FEATURES, 12], 'q.weight': [3 * FEATURES, FEATURES], 'o.weight': [FEATURES, FEATURES] },
    calls: [
      call('linear', { input: x('x'), weight: p('p.weight') }, { a: tokens }),
      call('linear', { input: x('a'), weight: p('q.weight') }, { qkv: [batch, TOKENS, 3 * FEATURES] }),
      call(
        'reshape',
        { self: x('qkv'), shape: [batch, TOKENS, 3, HEADS, SIZE] },
        { parts: [batch, TOKENS, 3, HEADS, SIZE] },
      ),
      call('permute', { self: x('parts'), dims: [2, 0, 3, 1, 4] }, { turned: [3, ...heads] }),
      call('unbind', { self: x('turned') }, { q: heads, k: heads, v: heads }, 'int'),
      call('mul', { self: x('q'), other: 0.35 }, { qs: heads }, 'Tensor'),
      call('transpose', { self: x('k'), dim0: -2, dim1: -1 }, { kt: [batch, HEADS, SIZE, TOKENS] }, 'int'),
      call('matmul', { self: x('qs'), other: x('kt') }, { s: scores }),
      call('softmax', { self: x('s'), dim: -1 }, { w: scores }, 'int'),
      call('dropout', { input: x('w'), p: 0.1, train: true }, { d: scores }),
      call('matmul', { self: x('d'), other: x('v') }, { y: heads }),
      ...(joined
        ? [
            call('transpose', { self: x('y'), dim0: 1, dim1: 2 }, { back: [batch, TOKENS, HEADS, SIZE] }, 'int'),
            call('reshape', { self: x('back'), shape: tokens }, { flat: tokens }),
            call('linear', { input: x('flat'), weight: p('o.weight') }, { z: tokens }),
          ]
        : []),
    ],
    outputs: [joined ? 'z' : 'y'],
  });
}

describe('matrices of a batch', () => {
  const [scores, tensor] = [4 * 6 * 6 * 4, 6 * 32 * 4];
  test('of several images are copied where batch and heads do not merge', () => {
    expect(attention(2, true)).toBe(11_136);
    // a, q, k, v; the softmax, the noise, what is left; the joined heads.
    expect(attention(2, true)).toBe(2 * (5 * tensor + 3 * scores));
  });
  test('of one image are views of the product that all three come from', () => {
    // a, the scaled q, the product; the softmax, the noise, what is left; the joined heads.
    expect(attention(1, true)).toBe(tensor * (1 + 1 + 3 + 1) + 3 * scores);
    expect(attention(1, false)).toBe(tensor * (1 + 1 + 3) + 3 * scores);
  });
});

test('nn.MultiheadAttention at batch 2: the result of the kernel lies as its query does, so no copy follows', () => {
  const [batch, joined, heads] = [2, 12, [2, HEADS, TOKENS, SIZE]];
  const select = (i: number, name: string): Call =>
    call('select', { self: x('packed'), dim: 0, index: i }, { [name]: [TOKENS, batch, FEATURES] }, 'int');
  const turned = (name: string): readonly Call[] => [
    call('view', { self: x(name), size: [TOKENS, batch * HEADS, SIZE] }, { [`${name}1`]: [TOKENS, 8, SIZE] }),
    call('transpose', { self: x(`${name}1`), dim0: 0, dim1: 1 }, { [`${name}2`]: [8, TOKENS, SIZE] }, 'int'),
    call('view', { self: x(`${name}2`), size: heads }, { [`${name}3`]: heads }),
  ];
  const net: Network = {
    inputs: { x: [batch, TOKENS, 12] },
    parameters: { 'p.weight': [FEATURES, 12], 'm.in': [96, FEATURES], 'm.out': [FEATURES, FEATURES] },
    calls: [
      call('linear', { input: x('x'), weight: p('p.weight') }, { a: [batch, TOKENS, FEATURES] }),
      call('transpose', { self: x('a'), dim0: 1, dim1: 0 }, { t: [TOKENS, batch, FEATURES] }, 'int'),
      call('linear', { input: x('t'), weight: p('m.in') }, { l: [TOKENS, batch, 96] }),
      call('unflatten', { self: x('l'), dim: -1, sizes: [3, FEATURES] }, { u: [TOKENS, batch, 3, FEATURES] }, 'int'),
      call('unsqueeze', { self: x('u'), dim: 0 }, { w: [1, TOKENS, batch, 3, FEATURES] }),
      call('transpose', { self: x('w'), dim0: 0, dim1: -2 }, { v: [3, TOKENS, batch, 1, FEATURES] }, 'int'),
      call('squeeze', { self: x('v'), dim: -2 }, { s: [3, TOKENS, batch, FEATURES] }, 'dim'),
      call('contiguous', { self: x('s') }, { packed: [3, TOKENS, batch, FEATURES] }),
      ...[select(0, 'q'), select(1, 'k'), select(2, 'v0')],
      ...[...turned('q'), ...turned('k'), ...turned('v0')],
      call('scaled_dot_product_attention', { query: x('q3'), key: x('k3'), value: x('v03') }, { y: heads }),
      call('permute', { self: x('y'), dims: [2, 0, 1, 3] }, { yp: [TOKENS, batch, HEADS, SIZE] }),
      call('reshape', { self: x('yp'), shape: [joined, FEATURES] }, { yr: [joined, FEATURES] }),
      call('linear', { input: x('yr'), weight: p('m.out') }, { z: [joined, FEATURES] }),
    ],
    outputs: ['z'],
  };
  expect(kept(net)).toBe(7872);
});

test('attention that runs op by op multiplies q and k by the root of the scale, and keeps both products', () => {
  const heads = [1, HEADS, TOKENS, SIZE];
  const bytes = kept({
    inputs: { x: [1, TOKENS, 12] },
    parameters: { 'p.weight': [FEATURES, 12], 'q.weight': [3 * FEATURES, FEATURES], 'o.weight': [FEATURES, FEATURES] },
    calls: [
      call('linear', { input: x('x'), weight: p('p.weight') }, { a: [1, TOKENS, FEATURES] }),
      call('linear', { input: x('a'), weight: p('q.weight') }, { qkv: [1, TOKENS, 3 * FEATURES] }),
      call('reshape', { self: x('qkv'), shape: [1, TOKENS, 3, HEADS, SIZE] }, { parts: [1, TOKENS, 3, HEADS, SIZE] }),
      call('permute', { self: x('parts'), dims: [2, 0, 3, 1, 4] }, { turned: [3, ...heads] }),
      call('unbind', { self: x('turned') }, { q: heads, k: heads, v: heads }, 'int'),
      call('scaled_dot_product_attention', { query: x('q'), key: x('k'), value: x('v'), dropout_p: 0.1 }, { y: heads }),
      call('transpose', { self: x('y'), dim0: 1, dim1: 2 }, { back: [1, TOKENS, HEADS, SIZE] }, 'int'),
      call('reshape', { self: x('back'), shape: [1, TOKENS, FEATURES] }, { flat: [1, TOKENS, FEATURES] }),
      call('linear', { input: x('flat'), weight: p('o.weight') }, { z: [1, TOKENS, FEATURES] }),
    ],
    outputs: ['z'],
  });
  expect(bytes).toBe(7104);
});

const IMAGE = [2, 4, 8, 8];
const BYTES = 2 * 4 * 8 * 8 * 4;
const conv = (from: string, to: string, weight: string): Call =>
  call('conv2d', { input: x(from), weight: p(weight), bias: null, stride: [1, 1], padding: [1, 1] }, { [to]: IMAGE });

/** A convolution, what stands between, and a convolution. */
const between = (calls: readonly Call[], last: string, more: Pick<Network, 'parameters'> = {}): Network => ({
  inputs: { image: [2, 4, 8, 8] },
  parameters: { a: [4, 4, 3, 3], b: [4, 4, 3, 3], ...more.parameters },
  calls: [conv('image', 'x1', 'a'), ...calls, conv(last, 'y', 'b')],
  outputs: ['y'],
});

test('an affine instance norm keeps its scale, repeated for every image', () => {
  const norm = (affine: boolean): Network =>
    between(
      [
        call(
          'instance_norm',
          { input: x('x1'), weight: affine ? p('w') : null, bias: affine ? p('c') : null, use_input_stats: true },
          { n: IMAGE },
        ),
      ],
      'n',
      { parameters: affine ? { w: [4], c: [4] } : {} },
    );
  const statistics = 2 * 2 * 4 * 4;
  expect(kept(norm(false))).toBe(2 * BYTES + statistics);
  expect(kept(norm(true))).toBe(2 * BYTES + statistics + 2 * 4 * 4);
});

describe('tensors that a network makes of numbers in every pass', () => {
  const noise = [2, 1, 1, 1];
  const drop = (from: string, to: string): readonly Call[] => [
    call('new_empty', { self: x(from), size: noise }, { [`${to}0`]: noise }),
    call('bernoulli_', { self: x(`${to}0`), p: 0.9 }, { [`${to}1`]: noise }, 'float'),
    call('div_', { self: x(`${to}1`), other: 0.9 }, { [`${to}2`]: noise }, 'Scalar'),
    call('mul', { self: x(from), other: x(`${to}2`) }, { [to]: IMAGE }, 'Tensor'),
  ];

  test('stochastic depth keeps one number for each image', () => {
    expect(kept(between(drop('x1', 'd'), 'd'))).toBe(BYTES + 8);
  });
  test('each call makes its own, and a tensor that is read twice is kept once', () => {
    expect(kept(between([...drop('x1', 'd'), ...drop('d', 'e')], 'e'))).toBe(BYTES + 2 * 8);
    const twice = [...drop('x1', 'd'), call('mul', { self: x('d'), other: x('d2') }, { e: IMAGE }, 'Tensor')];
    expect(kept(between(twice, 'e'))).toBe(BYTES + 8);
  });
  test('a mask of truth values has one byte for each', () => {
    const calls = [
      call('ones', { size: [8, 8] }, { ones: [8, 8] }),
      call('eq', { self: x('ones'), other: 0 }, { mask: [8, 8] }, 'Scalar'),
      call('masked_fill', { self: x('x1'), mask: x('mask'), value: 0 }, { m: IMAGE }, 'Scalar'),
    ];
    expect(kept(between(calls, 'm'), { mask: 12 })).toBe(BYTES + 8 * 8);
  });
  test('a stored buffer is not counted', () => {
    const net = between([call('mul', { self: x('x1'), other: { tensor: 'b_s' } }, { m: IMAGE }, 'Tensor')], 'm');
    expect(kept({ ...net, buffers: { s: [2, 1, 1, 1] } })).toBe(BYTES);
  });
});

describe('copies that a network asks for', () => {
  const turned = call('permute', { self: x('x1'), dims: [0, 2, 3, 1] }, { t: [2, 8, 8, 4] });
  const norm = (from: string): Call =>
    call('layer_norm', { input: x(from), normalized_shape: [4] }, { n: [2, 8, 8, 4] });
  const back = call('permute', { self: x('n'), dims: [0, 3, 1, 2] }, { r: IMAGE });
  /** Of the norm: mean and deviation. */
  const statistics = 2 * 2 * 8 * 8 * 4;

  test('x.contiguous() copies what lies otherwise', () => {
    const both = call('add', { self: x('r'), other: x('sq') }, { o: IMAGE }, 'Tensor');
    const square = call('square', { self: x('x1') }, { sq: IMAGE });
    const plain = between([square, turned, norm('t'), back, both], 'o');
    const copied = between(
      [square, turned, call('contiguous', { self: x('t') }, { c: [2, 8, 8, 4] }), norm('c'), back, both],
      'o',
    );
    // The square, the norm and the last convolution keep their inputs: the first two are one tensor.
    expect(kept(plain)).toBe(2 * BYTES + statistics);
    expect(kept(copied)).toBe(3 * BYTES + statistics);
  });
  test('x.contiguous() of what lies in order is the same tensor, and x.clone() is another', () => {
    const square = (from: string, to: string): Call => call('square', { self: x(from) }, { [to]: IMAGE });
    const twice = (op: string): Network =>
      between(
        [
          call(op, { self: x('x1') }, { c: IMAGE }),
          square('x1', 's'),
          square('c', 'd'),
          call('add', { self: x('s'), other: x('d') }, { o: IMAGE }, 'Tensor'),
        ],
        'o',
      );
    expect(kept(twice('contiguous'))).toBe(2 * BYTES);
    expect(kept(twice('clone'))).toBe(3 * BYTES);
  });
});
