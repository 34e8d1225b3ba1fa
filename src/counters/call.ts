// What PyTorch runs for a node: a module, a function or an operator. Counters hook one of these.

import type { FrameworkCall } from '../graph.js';
import { OP_CALLS } from './opCalls.js';

export type { FrameworkCall };

const called = <Name extends string>(
  calls: Readonly<Record<Name, FrameworkCall>>,
): Readonly<Record<Name, FrameworkCall>> => calls;

/**
 * Read in the sources of PyTorch 2.13 (torch/nn/modules, torch/nn/functional.py) and of the
 * implementations below. nn.ReLU6 runs hardtanh, not F.relu6; nn.Sigmoid runs torch.sigmoid.
 */
export const CALLS = called({
  conv: { module: 'nn.Conv2d', functional: 'F.conv2d', aten: ['_convolution'] },
  convTranspose: { module: 'nn.ConvTranspose2d', functional: 'F.conv_transpose2d', aten: ['_convolution'] },
  linear: { module: 'nn.Linear', functional: 'F.linear', aten: ['linear'] },
  batchNorm: { module: 'nn.BatchNorm2d', functional: 'F.batch_norm', aten: ['batch_norm'] },
  /** timm: a subclass that holds its activation as a child. */
  batchNormAct: { module: 'BatchNormAct2d', functional: 'F.batch_norm', aten: ['batch_norm'] },
  layerNorm: { module: 'nn.LayerNorm', functional: 'F.layer_norm', aten: ['layer_norm'] },
  groupNorm: { module: 'nn.GroupNorm', functional: 'F.group_norm', aten: ['group_norm'] },
  /** ssd.pytorch's class. */
  l2Norm: { module: 'L2Norm', aten: ['pow', 'sum', 'sqrt', 'add', 'div', 'mul'] },
  relu: { module: 'nn.ReLU', functional: 'F.relu', aten: ['relu_'] },
  functionalRelu: { functional: 'F.relu', aten: ['relu'] },
  relu6: { module: 'nn.ReLU6', functional: 'F.hardtanh', aten: ['hardtanh_'] },
  leakyRelu: { module: 'nn.LeakyReLU', functional: 'F.leaky_relu', aten: ['leaky_relu_'] },
  sigmoid: { module: 'nn.Sigmoid', aten: ['sigmoid'] },
  hardSigmoid: { module: 'nn.Hardsigmoid', functional: 'F.hardsigmoid', aten: ['hardsigmoid'] },
  /** vovnet-detectron2: F.relu6(x + 3) / 6 in a class of its own. */
  relu6Sixth: { module: 'Hsigmoid', functional: 'F.relu6', aten: ['add', 'relu6_', 'div'] },
  hardSwish: { module: 'nn.Hardswish', functional: 'F.hardswish', aten: ['hardswish_'] },
  silu: { module: 'nn.SiLU', functional: 'F.silu', aten: ['silu_'] },
  gelu: { module: 'nn.GELU', functional: 'F.gelu', aten: ['gelu'] },
  softmax: { module: 'nn.Softmax', functional: 'F.softmax', aten: ['softmax'] },
  maxPool: { module: 'nn.MaxPool2d', functional: 'F.max_pool2d', aten: ['max_pool2d'] },
  avgPool: { module: 'nn.AvgPool2d', functional: 'F.avg_pool2d', aten: ['avg_pool2d'] },
  functionalAvgPool: { functional: 'F.avg_pool2d', aten: ['avg_pool2d'] },
  adaptiveAvgPool: {
    module: 'nn.AdaptiveAvgPool2d',
    functional: 'F.adaptive_avg_pool2d',
    aten: ['adaptive_avg_pool2d'],
  },
  functionalAdaptiveAvgPool: { functional: 'F.adaptive_avg_pool2d', aten: ['adaptive_avg_pool2d'] },
  mean: { code: 'x.mean', aten: ['mean'] },
  channelMax: { code: 'x.max', aten: ['max'] },
  add: { code: 'x + y', aten: ['add'] },
  addInPlace: { code: 'x += y', aten: ['add_'] },
  multiply: { code: 'x * y', aten: ['mul'] },
  /** FCOS: a class that holds one factor. */
  scale: { module: 'Scale', aten: ['mul'] },
  concat: { code: 'torch.cat', aten: ['cat'] },
  split: { code: 'x.chunk', aten: ['chunk'] },
  subsample: { code: 'x[:, :, ::s, ::s]', aten: ['slice'] },
  channelShuffle: { code: 'x.view and transpose', aten: ['view', 'transpose', 'contiguous', 'view'] },
  reshape: { code: 'x.reshape', aten: ['reshape'] },
  flatten: { code: 'torch.flatten', aten: ['flatten'] },
  nearest: { module: 'nn.Upsample', functional: 'F.interpolate', aten: ['upsample_nearest2d'] },
  bilinear: { module: 'nn.Upsample', functional: 'F.interpolate', aten: ['upsample_bilinear2d'] },
  pad: { functional: 'F.pad', aten: ['pad'] },
  matmul: { code: 'x @ y', aten: ['matmul'] },
  subtract: { code: 'x - y', aten: ['sub'] },
  divide: { code: 'x / y', aten: ['div'] },
  maximum: { code: 'torch.maximum', aten: ['maximum'] },
  minimum: { code: 'torch.minimum', aten: ['minimum'] },
  /** A parameter beside the modules, as a layer scale is. */
  parameter: { code: 'nn.Parameter', aten: [] },
  scaleBy: { code: 'x * parameter', aten: ['mul'] },
  shiftBy: { code: 'x + parameter', aten: ['add'] },
  transpose: { code: 'x.permute', aten: ['permute'] },
  view: { code: 'x.view', aten: ['view'] },
  slice: { code: 'x[a:b]', aten: ['slice'] },
  expand: { code: 'x.expand', aten: ['expand'] },
  bicubic: { module: 'nn.Upsample', functional: 'F.interpolate', aten: ['upsample_bicubic2d'] },
  sum: { code: 'x.sum', aten: ['sum'] },
  minimumOf: { code: 'x.min', aten: ['min'] },
  productOf: { code: 'x.prod', aten: ['prod'] },
  norm: { code: 'x.norm', aten: ['linalg_vector_norm'] },
  adaptiveMaxPool: {
    module: 'nn.AdaptiveMaxPool2d',
    functional: 'F.adaptive_max_pool2d',
    aten: ['adaptive_max_pool2d'],
  },
  localResponseNorm: {
    module: 'nn.LocalResponseNorm',
    functional: 'F.local_response_norm',
    aten: ['avg_pool3d', 'pow', 'div'],
  },
  tanh: { module: 'nn.Tanh', aten: ['tanh'] },
  elu: { module: 'nn.ELU', functional: 'F.elu', aten: ['elu'] },
  softplus: { module: 'nn.Softplus', functional: 'F.softplus', aten: ['softplus'] },
  mish: { module: 'nn.Mish', functional: 'F.mish', aten: ['mish'] },
  prelu: { module: 'nn.PReLU', functional: 'F.prelu', aten: ['prelu'] },
  clip: { code: 'x.clamp', aten: ['clamp'] },
  erf: { code: 'torch.erf', aten: ['erf'] },
  exponential: { code: 'torch.exp', aten: ['exp'] },
  logarithm: { code: 'torch.log', aten: ['log'] },
  squareRoot: { code: 'torch.sqrt', aten: ['sqrt'] },
  reciprocal: { code: 'torch.reciprocal', aten: ['reciprocal'] },
  absolute: { code: 'torch.abs', aten: ['abs'] },
  negate: { code: '-x', aten: ['neg'] },
  power: { code: 'x ** p', aten: ['pow'] },
  l1Norm: { code: 'x.abs().sum', aten: ['abs', 'sum'] },
  squareSum: { code: '(x * x).sum', aten: ['mul', 'sum'] },
  logSum: { code: 'x.sum().log', aten: ['sum', 'log'] },
  logSumExp: { code: 'x.logsumexp', aten: ['logsumexp'] },
  variance: { code: 'x.var', aten: ['var'] },
  deviation: { code: 'x.std', aten: ['std'] },
  any: { code: 'x.any', aten: ['any'] },
  all: { code: 'x.all', aten: ['all'] },
  linearlyResized: { module: 'nn.Upsample', functional: 'F.interpolate', aten: ['upsample_linear1d'] },
  trilinear: { module: 'nn.Upsample', functional: 'F.interpolate', aten: ['upsample_trilinear3d'] },
  gru: { module: 'nn.GRU', aten: ['gru'] },
  simpleRnn: { module: 'nn.RNN', aten: ['rnn_tanh'] },
  softShrink: { module: 'nn.Softshrink', functional: 'F.softshrink', aten: ['softshrink'] },
  tanhShrink: { module: 'nn.Tanhshrink', functional: 'F.tanhshrink', aten: ['tanh', 'sub'] },
  ...OP_CALLS,
  roiAlign: { module: 'RoIAlign', aten: ['torchvision::roi_align'] },
});

export type CallName = keyof typeof CALLS;

/** "nn.ReLU", "F.relu", "x += y". */
export const shownCall = ({ module, functional, code, aten }: FrameworkCall): string =>
  module ?? functional ?? code ?? aten.join(', ');
