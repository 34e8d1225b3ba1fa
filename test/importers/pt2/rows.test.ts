// Ops of PyTorch, one by one: the shape that comes out, the multiply-adds, and the parameters, worked out by hand.

import { describe, expect, it } from 'vitest';
import { bytesSource } from '../../../src/importers/modelFile.js';
import { readPt2 } from '../../../src/importers/pt2/readPt2.js';
import { graphOf } from '../../../src/model.js';
import { profile } from '../../../src/profile.js';
import { reconcile } from '../../../src/counters/reconcile.js';
import { archiveOf, key, p, programOf, x, type Given } from './programOf.js';

type Shape = readonly number[];

interface Case {
  readonly op: string;
  readonly given: Readonly<Record<string, Given>>;
  /** Of the image and of further inputs. */
  readonly inputs: Readonly<Record<string, Shape>>;
  readonly parameters?: Readonly<Record<string, Shape>>;
  readonly out: Shape;
  readonly multAdds?: number;
  readonly params?: number;
}

const i = x('i');
const image = { i: [2, 6, 8, 8] };

const CASES: readonly Case[] = [
  {
    op: 'conv1d.default',
    given: { input: i, weight: p('w'), stride: [2], padding: [1] },
    inputs: { i: [2, 4, 10] },
    parameters: { w: [8, 4, 3] },
    out: [2, 8, 5],
    multAdds: 2 * 8 * 5 * 12,
    params: 96,
  },
  {
    op: 'conv2d.padding',
    given: { input: i, weight: p('w'), bias: p('b'), padding: { text: 'same' }, groups: 3 },
    inputs: image,
    parameters: { w: [9, 2, 4, 4], b: [9] },
    out: [2, 9, 8, 8],
    multAdds: 2 * 9 * 64 * 32,
    params: 9 * 32 + 9,
  },
  {
    op: 'conv3d.default',
    given: { input: i, weight: p('w') },
    inputs: { i: [1, 3, 4, 6, 6] },
    parameters: { w: [5, 3, 2, 3, 3] },
    out: [1, 5, 3, 4, 4],
    multAdds: 5 * 48 * 54,
    params: 270,
  },
  {
    op: 'conv_transpose2d.input',
    given: { input: i, weight: p('w'), stride: [2, 2], padding: [1, 1], output_padding: [1, 1], groups: 2 },
    inputs: image,
    parameters: { w: [6, 2, 3, 3] },
    out: [2, 4, 16, 16],
    multAdds: 2 * 6 * 64 * 2 * 9,
    params: 108,
  },
  {
    op: 'conv2d.default',
    given: { input: i, weight: x('k') },
    inputs: { i: [1, 4, 8, 8], k: [6, 4, 3, 3] },
    out: [1, 6, 6, 6],
    multAdds: 6 * 36 * 36,
  },
  {
    op: 'matmul.default',
    given: { self: i, other: x('j') },
    inputs: { i: [2, 4, 5, 7], j: [7] },
    out: [2, 4, 5],
    multAdds: 2 * 4 * 5 * 7,
  },
  {
    op: 'matmul.default',
    given: { self: i, other: p('w') },
    inputs: { i: [2, 5, 7] },
    parameters: { w: [7, 3] },
    out: [2, 5, 3],
    multAdds: 2 * 5 * 7 * 3,
    params: 21,
  },
  {
    op: 'baddbmm.default',
    given: { self: x('k'), batch1: i, batch2: x('j') },
    inputs: { i: [2, 4, 5], j: [2, 5, 3], k: [4, 3] },
    out: [2, 4, 3],
    multAdds: 120,
  },
  {
    op: 'einsum.default',
    given: { equation: { text: 'b...qd,b...kd->b...qk' }, tensors: { tensors: ['i', 'j'] } },
    inputs: { i: [2, 3, 5, 4], j: [2, 3, 7, 4] },
    out: [2, 3, 5, 7],
    multAdds: 2 * 3 * 5 * 7 * 4,
  },
  {
    op: 'einsum.default',
    given: { equation: { text: 'bnc,hcd->bnhd' }, tensors: { tensors: ['i', 'p_w'] } },
    inputs: { i: [2, 5, 8] },
    parameters: { w: [2, 8, 4] },
    out: [2, 5, 2, 4],
    multAdds: 2 * 5 * 8 * 8,
    params: 64,
  },
  {
    // b x i x r and then b x r x o, as torch.einsum goes from left to right.
    op: 'einsum.default',
    given: { equation: { text: 'bi,ir,or->bo' }, tensors: { tensors: ['i', 'p_u', 'p_v'] } },
    inputs: { i: [4, 6] },
    parameters: { u: [6, 5], v: [8, 5] },
    out: [4, 8],
    multAdds: 4 * 6 * 5 + 4 * 5 * 8,
    params: 30 + 40,
  },
  {
    // The second product first: 2 x 3 x 5 + 40 x 2 x 5 and not 40 x 2 x 3 + 40 x 3 x 5.
    op: 'linalg_multi_dot.default',
    given: { tensors: { tensors: ['i', 'j', 'k'] } },
    inputs: { i: [40, 2], j: [2, 3], k: [3, 5] },
    out: [40, 5],
    multAdds: 2 * 3 * 5 + 40 * 2 * 5,
  },
  {
    op: 'kron.default',
    given: { self: i, other: x('j') },
    inputs: { i: [2, 3], j: [4, 5] },
    out: [8, 15],
    multAdds: 0,
  },
  {
    op: 'scaled_dot_product_attention.default',
    given: { query: i, key: x('k'), value: x('v'), attn_mask: p('m'), enable_gqa: true },
    inputs: { i: [1, 4, 5, 8], k: [1, 2, 7, 8], v: [1, 2, 7, 6] },
    parameters: { m: [4, 5, 7] },
    out: [1, 4, 5, 6],
    multAdds: 4 * 5 * 7 * 8 + 4 * 5 * 7 * 6,
    params: 140,
  },
  {
    op: 'lstm.input',
    given: {
      input: i,
      hx: { tensors: ['h', 'c'] },
      params: { tensors: ['p_a', 'p_b', 'p_c', 'p_d'] },
      has_biases: true,
      num_layers: 1,
      dropout: 0,
      train: false,
      bidirectional: false,
      batch_first: true,
    },
    inputs: { i: [2, 10, 6], h: [1, 2, 5], c: [1, 2, 5] },
    parameters: { a: [20, 6], b: [20, 5], c: [20], d: [20] },
    out: [2, 10, 5],
    multAdds: 2 * 10 * 20 * 11,
    params: 20 * 13,
  },
  { op: 'adaptive_avg_pool2d.default', given: { self: i, output_size: [4, 2] }, inputs: image, out: [2, 6, 4, 2] },
  { op: 'max_pool2d.default', given: { self: i, kernel_size: [3], ceil_mode: true }, inputs: image, out: [2, 6, 3, 3] },
  { op: 'amax.default', given: { self: i, dim: [-1, 1], keepdim: false }, inputs: image, out: [2, 8] },
  { op: 'hardtanh_.default', given: { self: i, min_val: 0, max_val: 6 }, inputs: image, out: [2, 6, 8, 8] },
  {
    op: 'mul.Tensor',
    given: { self: i, other: p('g') },
    inputs: image,
    parameters: { g: [6, 1, 1] },
    out: [2, 6, 8, 8],
    params: 6,
  },
  { op: 'add.Tensor', given: { self: i, other: 3 }, inputs: image, out: [2, 6, 8, 8] },
  { op: 'rsub.Scalar', given: { self: i, other: 1 }, inputs: image, out: [2, 6, 8, 8] },
  {
    op: 'where.self',
    given: { condition: i, self: x('j'), other: x('i') },
    inputs: { ...image, j: [8] },
    out: [2, 6, 8, 8],
  },
  {
    op: 'group_norm.default',
    given: { input: i, num_groups: 3, weight: p('g') },
    inputs: image,
    parameters: { g: [6] },
    out: [2, 6, 8, 8],
    params: 6,
  },
  { op: 'instance_norm.default', given: { input: i, use_input_stats: true }, inputs: image, out: [2, 6, 8, 8] },
  {
    op: 'prelu.default',
    given: { self: i, weight: p('g') },
    inputs: image,
    parameters: { g: [6] },
    out: [2, 6, 8, 8],
    params: 6,
  },
  { op: 'glu.default', given: { self: i, dim: 1 }, inputs: image, out: [2, 3, 8, 8] },
  {
    op: 'slice.Tensor',
    given: { self: i, dim: 3, start: -5, end: 9223372036854775807, step: 2 },
    inputs: image,
    out: [2, 6, 8, 3],
  },
  { op: 'select.int', given: { self: i, dim: 1, index: -1 }, inputs: image, out: [2, 8, 8] },
  { op: 'stack.default', given: { tensors: { tensors: ['i', 'i'] }, dim: -1 }, inputs: image, out: [2, 6, 8, 8, 2] },
  { op: 'unflatten.int', given: { self: i, dim: 1, sizes: [2, -1] }, inputs: image, out: [2, 2, 3, 8, 8] },
  { op: 'movedim.int', given: { self: i, source: [1], destination: [-1] }, inputs: image, out: [2, 8, 8, 6] },
  { op: 'expand.default', given: { self: i, size: [3, -1, 4] }, inputs: { i: [2, 1] }, out: [3, 2, 4] },
  { op: 'repeat.default', given: { self: i, repeats: [2, 1, 3] }, inputs: { i: [2, 4] }, out: [2, 2, 12] },
  { op: 'roll.default', given: { self: i, shifts: [-3, -3], dims: [2, 3] }, inputs: image, out: [2, 6, 8, 8] },
  { op: 'constant_pad_nd.default', given: { self: i, pad: [1, 2, 0, 3] }, inputs: image, out: [2, 6, 11, 11] },
  {
    op: 'pad.default',
    given: { self: i, pad: [1, 1], mode: { text: 'reflect' } },
    inputs: { i: [2, 6, 8] },
    out: [2, 6, 10],
  },
  {
    op: 'upsample_bilinear2d.vec',
    given: { input: i, output_size: [20, 12], align_corners: false },
    inputs: image,
    out: [2, 6, 20, 12],
  },
  {
    op: 'upsample_nearest2d.vec',
    given: { input: i, output_size: null, scale_factors: { raw: { as_floats: [2.0, 2.0] } } },
    inputs: image,
    out: [2, 6, 16, 16],
  },
  {
    op: 'pixel_shuffle.default',
    given: { self: i, upscale_factor: 2 },
    inputs: { i: [2, 8, 4, 4] },
    out: [2, 2, 8, 8],
  },
  {
    op: 'im2col.default',
    given: { self: i, kernel_size: [3, 3], dilation: [1, 1], padding: [1, 1], stride: [2, 2] },
    inputs: image,
    out: [2, 54, 16],
  },
  { op: 'unfold.default', given: { self: i, dimension: 2, size: 4, step: 4 }, inputs: image, out: [2, 6, 2, 8, 4] },
  { op: 'unfold.default', given: { self: i, dimension: 2, size: 4, step: 2 }, inputs: image, out: [2, 6, 3, 8, 4] },
  {
    op: 'grid_sampler.default',
    given: { input: i, grid: x('j'), interpolation_mode: 0, padding_mode: 0 },
    inputs: { ...image, j: [2, 5, 7, 2] },
    out: [2, 6, 5, 7],
  },
  {
    op: 'index.Tensor',
    given: { self: i, indices: { tensors: [null, null, 'j'] } },
    inputs: { ...image, j: [5] },
    out: [2, 6, 5, 8],
  },
  {
    op: 'index.Tensor',
    given: { self: i, indices: { tensors: [null, null, 'j', 'k'] } },
    inputs: { ...image, j: [5, 1], k: [4] },
    out: [2, 6, 5, 4],
  },
  {
    op: 'embedding.default',
    given: { weight: p('w'), indices: i },
    inputs: { i: [2, 7] },
    parameters: { w: [100, 16] },
    out: [2, 7, 16],
    params: 1600,
  },
  { op: 'cumsum.default', given: { self: i, dim: 1 }, inputs: image, out: [2, 6, 8, 8] },
  {
    op: 'linalg_vector_norm.default',
    given: { self: i, ord: 2, dim: [-1], keepdim: true },
    inputs: image,
    out: [2, 6, 8, 1],
  },
];

const read = ({ op, given, inputs, parameters = {}, out }: Case) =>
  readPt2(
    bytesSource(
      archiveOf(
        programOf({ inputs, parameters, calls: [{ op: `aten.${op}`, given, makes: { out } }], outputs: ['out'] }),
      ),
    ),
    'net.pt2',
  );

/** Ops that few networks have, on one input or a list of it twice: the sides that PyTorch gives. */
const RARER: readonly (readonly [op: string, given: Readonly<Record<string, Given>>, input: Shape, out: Shape])[] = [
  ['hstack.default', { tensors: { tensors: ['i', 'i'] } }, [2, 3, 4], [2, 6, 4]],
  ['vstack.default', { tensors: { tensors: ['i', 'i'] } }, [2, 3, 4], [4, 3, 4]],
  ['dstack.default', { tensors: { tensors: ['i', 'i'] } }, [2, 3], [2, 3, 2]],
  ['column_stack.default', { tensors: { tensors: ['i', 'i'] } }, [5], [5, 2]],
  ['atleast_3d.default', { self: i }, [4, 6], [4, 6, 1]],
  ['rot90.default', { self: i, k: 1, dims: [1, 2] }, [2, 3, 5], [2, 5, 3]],
  ['diagonal.default', { self: i, offset: 1, dim1: 2, dim2: 3 }, [2, 8, 16, 16], [2, 8, 15]],
  ['diag_embed.default', { self: i }, [4, 6], [4, 6, 6]],
  ['cosine_similarity.default', { x1: i, x2: i, dim: 1 }, [2, 8, 4, 4], [2, 4, 4]],
  ['pairwise_distance.default', { x1: i, x2: i }, [4, 6], [4]],
  ['mse_loss.default', { self: i, target: i }, [4, 6], []],
  ['as_strided.default', { self: i, size: [2, 4, 4], stride: [8, 2, 1] }, [2, 8, 4], [2, 4, 4]],
  ['kthvalue.default', { self: i, k: 3, dim: 1 }, [2, 8, 4], [2, 4]],
  ['median.dim', { self: i, dim: 1, keepdim: true }, [2, 8, 4], [2, 1, 4]],
  ['quantile.scalar', { self: i, q: 0.5, dim: 1 }, [2, 8, 4], [2, 4]],
  ['cummax.default', { self: i, dim: 1 }, [2, 8, 4], [2, 8, 4]],
  ['diff.default', { self: i, n: 2, dim: 2 }, [2, 8, 16], [2, 8, 14]],
  ['take_along_dim.default', { self: i, indices: i, dim: 1 }, [2, 8], [2, 8]],
  ['one_hot.default', { self: i, num_classes: 9 }, [2, 8], [2, 8, 9]],
  ['tensor_split.indices', { self: i, indices: [5], dim: 1 }, [2, 8], [2, 5]],
  ['tensor_split.sections', { self: i, sections: 3, dim: 1 }, [2, 8], [2, 3]],
  ['unsqueeze_.default', { self: i, dim: 1 }, [2, 8], [2, 1, 8]],
  ['permute_copy.default', { self: i, dims: [1, 0] }, [2, 8], [8, 2]],
];

describe('a rarer op', () => {
  it.each(RARER)('%s', (op, given, input, out) => {
    const program = programOf({
      inputs: { i: input },
      calls: [{ op: `aten.${op}`, given, makes: { out, more: out } }],
      outputs: ['out'],
    });
    const model = readPt2(bytesSource(archiveOf(program)), 'net.pt2');
    const graph = graphOf(model, input[0], model.input);
    expect(graph.nodes.find(({ name }) => name === graph.outputs[0])!.shape).toEqual(out);
  });

  it('of one step of an LSTM is two products with learnt weights, which torch counts', () => {
    const program = programOf({
      inputs: { i: [4, 5], h: [4, 7], c: [4, 7] },
      parameters: { wi: [28, 5], wh: [28, 7], bi: [28], bh: [28] },
      calls: [
        {
          op: 'aten.lstm_cell.default',
          given: {
            input: i,
            hx: { tensors: ['h', 'c'] },
            ...{ w_ih: p('wi'), w_hh: p('wh'), b_ih: p('bi'), b_hh: p('bh') },
          },
          makes: { out: [4, 7], memory: [4, 7] },
        },
      ],
      outputs: ['out', 'memory'],
    });
    const model = readPt2(bytesSource(archiveOf(program)), 'net.pt2');
    const { totals } = profile(graphOf(model, 4, model.input));
    expect([totals.multAdds, totals.params]).toEqual([4 * 28 * 12, 28 * 12 + 56]);
    const torch = reconcile(model, 4, model.input).counters.find(({ counter }) => counter === 'torch');
    expect(torch!.total).toBe(2 * 4 * 28 * 12);
  });

  it('of a parameter and a number is a parameter still', () => {
    const program = programOf({
      inputs: { i: [2, 3, 8, 8] },
      parameters: { w: [4, 3, 3, 3], g: [4, 1, 1, 1] },
      calls: [
        { op: 'aten.mul.Tensor', given: { self: p('g'), other: 0.5 }, makes: { half: [4, 1, 1, 1] } },
        { op: 'aten.mul.Tensor', given: { self: p('w'), other: x('half') }, makes: { weight: [4, 3, 3, 3] } },
        { op: 'aten.conv2d.default', given: { input: i, weight: x('weight') }, makes: { out: [2, 4, 6, 6] } },
      ],
      outputs: ['out'],
    });
    const { totals } = profile(graphOf(readPt2(bytesSource(archiveOf(program)), 'net.pt2'), 2));
    expect([totals.multAdds, totals.params]).toEqual([2 * 4 * 36 * 27, 108 + 4]);
  });

  it('of a weight that is a buffer learns nothing', () => {
    const program = programOf({
      inputs: { i: [1, 3, 8, 8] },
      buffers: { filt: [3, 1, 3, 3] },
      calls: [
        {
          op: 'aten.conv2d.default',
          given: { input: i, weight: { tensor: key('filt', 'b') }, groups: 3 },
          makes: { out: [1, 3, 6, 6] },
        },
      ],
      outputs: ['out'],
    });
    const { totals } = profile(graphOf(readPt2(bytesSource(archiveOf(program)), 'net.pt2')));
    expect([totals.multAdds, totals.params]).toEqual([3 * 36 * 9, 0]);
  });

  it('joins nothing where a tensor has no elements', () => {
    const program = programOf({
      inputs: { i: [1, 3, 8, 8] },
      calls: [
        { op: 'aten.new_zeros.default', given: { self: i, size: [1, 0, 8, 8] }, makes: { none: [1, 0, 8, 8] } },
        { op: 'aten.relu.default', given: { self: i }, makes: { r: [1, 3, 8, 8] } },
        {
          op: 'aten.cat.default',
          given: { tensors: { tensors: ['none', 'r'] }, dim: 1 },
          makes: { out: [1, 3, 8, 8] },
        },
      ],
      outputs: ['out'],
    });
    const { layers } = profile(graphOf(readPt2(bytesSource(archiveOf(program)), 'net.pt2')));
    expect(layers.map(({ op }) => op)).toEqual(['relu']);
  });

  it('of nothing of a mask that is filled by parts is nothing', () => {
    const program = programOf({
      inputs: { i: [1, 3, 8, 8] },
      calls: [
        { op: 'aten.new_zeros.default', given: { self: i, size: [8, 8] }, makes: { mask: [8, 8] } },
        { op: 'aten.slice.Tensor', given: { self: x('mask'), dim: 0, start: 0, end: -8 }, makes: { none: [0, 8] } },
        { op: 'aten.slice.Tensor', given: { self: x('none'), dim: 1, start: 0, end: -7 }, makes: { less: [0, 1] } },
        { op: 'aten.fill_.Scalar', given: { self: x('less'), value: 1 }, makes: { filled: [0, 1] } },
        { op: 'aten.add.Tensor', given: { self: i, other: x('mask') }, makes: { out: [1, 3, 8, 8] } },
      ],
      outputs: ['out'],
    });
    const { layers } = profile(graphOf(readPt2(bytesSource(archiveOf(program)), 'net.pt2')));
    expect(layers.map(({ op }) => op)).toEqual(['shiftBy']);
  });
});

describe('an op', () => {
  it.each(CASES.map((one) => [`${one.op} -> ${one.out.join('x')}`, one] as const))('%s', (_, one) => {
    const { layers, totals } = profile(graphOf(read(one)));
    expect(layers.at(-1)!.outShape).toEqual(one.out);
    expect([totals.multAdds, totals.params]).toEqual([one.multAdds ?? 0, one.params ?? 0]);
  });

  it('of torchvision is read by its own library', () => {
    const model = readPt2(
      bytesSource(
        archiveOf(
          programOf({
            inputs: { i: [1, 4, 8, 8], offset: [1, 18, 8, 8], mask: [1, 9, 8, 8] },
            parameters: { w: [6, 4, 3, 3], b: [6] },
            calls: [
              {
                op: 'torchvision.deform_conv2d.default',
                given: {
                  ...{ input: i, weight: p('w'), offset: x('offset'), mask: x('mask'), bias: p('b') },
                  ...{ stride_h: 1, stride_w: 1, pad_h: 1, pad_w: 1, dilation_h: 1, dilation_w: 1 },
                  ...{ groups: 1, offset_groups: 1, use_mask: true },
                },
                makes: { out: [1, 6, 8, 8] },
              },
            ],
            outputs: ['out'],
          }),
        ),
      ),
      'net.pt2',
    );
    const { totals } = profile(graphOf(model));
    expect([totals.multAdds, totals.params]).toEqual([64 * 6 * 36, 216 + 6]);
  });
});
