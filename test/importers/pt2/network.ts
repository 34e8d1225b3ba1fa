// A small network as torch exports it, whole and with its ops decomposed: two convolutions, a norm, attention and a head.

import type { Call, Network } from './programOf.js';
import { p, x } from './programOf.js';

const CONV = 'torch.nn.modules.conv.Conv2d';
const LINEAR = 'torch.nn.modules.linear.Linear';

const parameters = {
  'stem.conv.weight': [8, 3, 3, 3],
  'stem.norm.weight': [8],
  'stem.norm.bias': [8],
  'blocks.0.qkv.weight': [24, 8],
  'blocks.0.qkv.bias': [24],
  'blocks.0.norm.weight': [8],
  'blocks.0.norm.bias': [8],
  'head.weight': [5, 8],
  'head.bias': [5],
  'aux.weight': [7, 8],
};
const buffers = { 'stem.norm.running_mean': [8], 'stem.norm.running_var': [8] };
const statistics = {
  weight: p('stem.norm.weight'),
  bias: p('stem.norm.bias'),
  running_mean: { tensor: 'b_stem_norm_running_mean' },
  running_var: { tensor: 'b_stem_norm_running_var' },
};

/** [1, 3, 8, 8] to [1, 5], through 16 tokens of 8 features in 2 heads. */
const ends = (stem: readonly Call[], middle: readonly Call[], head: readonly Call[]): Network => ({
  inputs: { image: [1, 3, 8, 8] },
  parameters,
  buffers,
  calls: [...stem, ...middle, ...head],
  outputs: ['logits'],
  modules: ['stem', 'blocks', 'blocks.0', 'aux'],
});

const tokens: readonly Call[] = [
  {
    op: 'aten.relu_.default',
    given: { self: x('normed') },
    makes: { relu_: [1, 8, 4, 4] },
    at: ['stem.act', 'torch.nn.modules.activation.ReLU'],
    called: 'relu_1;function.relu',
  },
  {
    op: 'aten.flatten.using_ints',
    given: { self: x('relu_'), start_dim: 2 },
    makes: { flatten: [1, 8, 16] },
    called: 'flatten_1;method_descriptor.flatten',
  },
  {
    op: 'aten.permute.default',
    given: { self: x('flatten'), dims: [0, 2, 1] },
    makes: { tokens: [1, 16, 8] },
    called: 'permute_1;method_descriptor.permute',
  },
];

const heads: readonly Call[] = [
  {
    op: 'aten.view.default',
    given: { self: x('qkv'), size: [1, 16, 3, 2, 4] },
    makes: { view: [1, 16, 3, 2, 4] },
    at: ['blocks.0', 'tests.Attention'],
    called: 'view_1;method_descriptor.view',
  },
  {
    op: 'aten.permute.default',
    given: { self: x('view'), dims: [2, 0, 3, 1, 4] },
    makes: { permuted: [3, 1, 2, 16, 4] },
    at: ['blocks.0', 'tests.Attention'],
    called: 'permute_2;method_descriptor.permute',
  },
  {
    op: 'aten.unbind.int',
    given: { self: x('permuted') },
    makes: { q: [1, 2, 16, 4], k: [1, 2, 16, 4], v: [1, 2, 16, 4] },
    at: ['blocks.0', 'tests.Attention'],
    called: 'unbind_1;method_descriptor.unbind',
  },
];

const norm = (op: string, makes: Call['makes'], more: Call['given'] = {}): Call => ({
  op,
  given: {
    input: x('tokens'),
    normalized_shape: [8],
    weight: p('blocks.0.norm.weight'),
    bias: p('blocks.0.norm.bias'),
    ...more,
  },
  makes,
  at: ['blocks.0.norm', 'timm.layers.norm.LayerNorm'],
  called: 'layer_norm_1;function.layer_norm',
});

const joined: readonly Call[] = [
  {
    op: 'aten.permute.default',
    given: { self: x('attended'), dims: [0, 2, 1, 3] },
    makes: { back: [1, 16, 2, 4] },
    at: ['blocks.0', 'tests.Attention'],
    called: 'permute_3;method_descriptor.permute',
  },
  {
    op: 'aten.view.default',
    given: { self: x('back'), size: [1, 16, 8] },
    makes: { joined: [1, 16, 8] },
    at: ['blocks.0', 'tests.Attention'],
    called: 'view_2;method_descriptor.view',
  },
  {
    op: 'aten.mean.dim',
    given: { self: x('joined'), dim: [1] },
    makes: { mean: [1, 8] },
    called: 'mean_1;method_descriptor.mean',
  },
];

const conv = 'conv2d_1;builtin_function_or_method.conv2d';
const linear = (i: number): string => `linear_${i};builtin_function_or_method.linear`;
const attention = 'scaled_dot_product_attention_1;builtin_function_or_method.scaled_dot_product_attention';

export const WHOLE: Network = ends(
  [
    {
      op: 'aten.conv2d.default',
      given: { input: x('image'), weight: p('stem.conv.weight'), bias: null, stride: [2, 2], padding: [1, 1] },
      makes: { conv: [1, 8, 4, 4] },
      at: ['stem.conv', CONV],
      called: conv,
    },
    {
      op: 'aten.batch_norm.default',
      given: { input: x('conv'), ...statistics, training: false, momentum: 0.1, eps: 1e-5, cudnn_enabled: false },
      makes: { normed: [1, 8, 4, 4] },
      at: ['stem.norm', 'torch.nn.modules.batchnorm.BatchNorm2d'],
      called: 'batch_norm_1;function.batch_norm',
    },
    ...tokens,
  ],
  [
    norm('aten.layer_norm.default', { layer_norm: [1, 16, 8] }),
    {
      op: 'aten.linear.default',
      given: { input: x('layer_norm'), weight: p('blocks.0.qkv.weight'), bias: p('blocks.0.qkv.bias') },
      makes: { qkv: [1, 16, 24] },
      at: ['blocks.0.qkv', LINEAR],
      called: linear(1),
    },
    ...heads,
    {
      op: 'aten.scaled_dot_product_attention.default',
      given: { query: x('q'), key: x('k'), value: x('v') },
      makes: { attended: [1, 2, 16, 4] },
      at: ['blocks.0', 'tests.Attention'],
      called: attention,
    },
    ...joined,
  ],
  [
    {
      op: 'aten.linear.default',
      given: { input: x('mean'), weight: p('head.weight'), bias: p('head.bias') },
      makes: { logits: [1, 5] },
      at: ['head', LINEAR],
      called: linear(2),
    },
  ],
);

/** After run_decompositions(): core aten alone, whose norms have three outputs and whose layers are products. */
export const DECOMPOSED: Network = ends(
  [
    {
      op: 'aten.convolution.default',
      given: {
        ...{ input: x('image'), weight: p('stem.conv.weight'), bias: null, stride: [2, 2], padding: [1, 1] },
        ...{ dilation: [1, 1], transposed: false, output_padding: [0, 0], groups: 1 },
      },
      makes: { conv: [1, 8, 4, 4] },
      at: ['stem.conv', CONV],
      called: conv,
    },
    {
      op: 'aten._native_batch_norm_legit_no_training.default',
      given: { input: x('conv'), ...statistics, momentum: 0.1, eps: 1e-5 },
      makes: { normed: [1, 8, 4, 4], saved_mean: [0], saved_variance: [0] },
      at: ['stem.norm', 'torch.nn.modules.batchnorm.BatchNorm2d'],
      called: 'batch_norm_1;function.batch_norm',
    },
    ...tokens.map((call) => (call.op === 'aten.relu_.default' ? { ...call, op: 'aten.relu.default' } : call)),
  ],
  [
    norm(
      'aten.native_layer_norm.default',
      { layer_norm: [1, 16, 8], middle: [1, 16, 1], spread: [1, 16, 1] },
      { eps: 1e-5 },
    ),
    {
      op: 'aten.view.default',
      given: { self: x('layer_norm'), size: [16, 8] },
      makes: { rows: [16, 8] },
      at: ['blocks.0.qkv', LINEAR],
      called: linear(1),
    },
    {
      op: 'aten.permute.default',
      given: { self: p('blocks.0.qkv.weight'), dims: [1, 0] },
      makes: { turned: [8, 24] },
      at: ['blocks.0.qkv', LINEAR],
      called: linear(1),
    },
    {
      op: 'aten.addmm.default',
      given: { self: p('blocks.0.qkv.bias'), mat1: x('rows'), mat2: x('turned') },
      makes: { addmm: [16, 24] },
      at: ['blocks.0.qkv', LINEAR],
      called: linear(1),
    },
    {
      op: 'aten.view.default',
      given: { self: x('addmm'), size: [1, 16, 24] },
      makes: { qkv: [1, 16, 24] },
      at: ['blocks.0.qkv', LINEAR],
      called: linear(1),
    },
    ...heads,
    {
      op: 'aten._scaled_dot_product_flash_attention_for_cpu.default',
      given: { query: x('q'), key: x('k'), value: x('v') },
      makes: { attended: [1, 2, 16, 4], logsumexp: [1, 2, 16] },
      at: ['blocks.0', 'tests.Attention'],
      called: attention,
    },
    ...joined,
  ],
  [
    {
      op: 'aten.permute.default',
      given: { self: p('head.weight'), dims: [1, 0] },
      makes: { across: [8, 5] },
      at: ['head', LINEAR],
      called: linear(2),
    },
    {
      op: 'aten.addmm.default',
      given: { self: p('head.bias'), mat1: x('mean'), mat2: x('across') },
      makes: { logits: [1, 5] },
      at: ['head', LINEAR],
      called: linear(2),
    },
  ],
);
