// The autograd table: what each call keeps, in which type, and how its gradients are made.

import type { CallName } from '../counters/call.js';
import type { ShapedNode } from '../cost.js';
import { add, div, mul, type Dim } from '../dim/dim.js';
import { OP_RULES } from './opRules.js';
import {
  adaptiveMean,
  another,
  bothOperands,
  boxes,
  eitherWay,
  extreme,
  firstRead,
  fromInput,
  fromResult,
  indices,
  input,
  inputFor,
  inside,
  keepsInput,
  keepsNothing,
  normalised,
  otherOperands,
  output,
  own,
  rule,
  single,
  statistics,
  widest,
  written,
  type Rule,
} from './rule.js';
import { recurrent } from './recurrentRule.js';

const channels = ({ inputs }: ShapedNode): Dim => inputs[0]![1]!;
const images = ({ inputs }: ShapedNode): Dim => inputs[0]![0]!;
const perPosition = (shapedNode: ShapedNode): Dim => div(firstRead(shapedNode), channels(shapedNode));

/**
 * F.local_response_norm pads the channels by size / 2 before and (size - 1) / 2 behind; within a
 * square, its pool does.
 */
const squares = (shapedNode: ShapedNode): Dim => {
  const { size, region } = shapedNode.node.attributes;
  return region === 'within'
    ? firstRead(shapedNode)
    : mul(perPosition(shapedNode), add(channels(shapedNode), (size as number) - 1));
};

const passes = { moves: 'pass' } as const;
const copies = { moves: 'copy' } as const;
const relu = rule([output], { inPlace: [output] });
const indexPool = rule([input, indices]);
const convolution = rule([input], { precision: 'half', moves: 'products' });

/**
 * Read in PyTorch 2.13: tools/autograd/derivatives.yaml says what each formula needs,
 * gen_variable_type.py (guard_for) when it is not saved, autocast_mode.h the types. Parameters and
 * buffers that are kept are not counted: they stay in memory whether they are kept or not.
 */
export const RULES: Readonly<Record<CallName, Rule>> = {
  ...OP_RULES,
  // One formula makes all three gradients, so the input is kept even where the weights are frozen
  // (guard_for: no guard).
  conv: convolution,
  convTranspose: convolution,
  // addmm has a formula for each factor: frozen weights keep no input.
  linear: rule([inputFor('weights')], { precision: 'half', moves: 'products' }),
  matmul: rule(otherOperands, { precision: 'half', moves: 'products' }),
  gru: recurrent,
  simpleRnn: recurrent,
  // One formula again: the input is kept for the input's gradient too. Running statistics are
  // buffers.
  batchNorm: rule([input, statistics(channels)]),
  batchNormAct: rule([input, statistics(channels)]),
  layerNorm: rule([input, statistics(normalised)], single),
  groupNorm: rule(
    [input, statistics((shapedNode) => mul(images(shapedNode), shapedNode.node.attributes['groups'] as Dim))],
    single,
  ),
  // x.pow(2).sum().sqrt() keeps x and the root; x / (root + eps) keeps x and the sum; times the
  // factor keeps the quotient.
  l2Norm: rule(
    [
      input,
      { ...input, uncast: true },
      own('intermediate', 'float', (shapedNode) => mul(2, normalised(shapedNode))),
      own('intermediate', 'float', written, 'weights'),
    ],
    single,
  ),
  // div = avg_pool3d(pad(x * x)) keeps x and the padded square, pow(k + alpha div) its base, and x
  // / pow its divisor.
  localResponseNorm: rule([
    input,
    own('intermediate', 'value', squares),
    own('intermediate', 'float', written),
    own('intermediate', 'float', written),
  ]),
  relu,
  functionalRelu: relu,
  // hardtanh_ has no formula with its result, unlike leaky_relu_: ReLU6(inplace=True) keeps a copy
  // of what it overwrites.
  relu6: fromInput,
  leakyRelu: eitherWay,
  elu: eitherWay,
  sigmoid: fromResult,
  tanh: fromResult,
  hardSigmoid: fromInput,
  // F.relu6(x + 3, inplace=True) keeps a copy of the sum that it overwrites; the division by 6
  // keeps nothing.
  relu6Sixth: rule([another]),
  hardSwish: fromInput,
  silu: fromInput,
  mish: fromInput,
  gelu: keepsInput,
  softmax: rule([output], single),
  softplus: rule([input], single),
  softShrink: keepsInput,
  // x - tanh(x): tanh keeps its result.
  tanhShrink: rule([another]),
  prelu: rule([input], { precision: 'half' }),
  clip: keepsInput,
  erf: keepsInput,
  exponential: rule([output], single),
  logarithm: rule([input], single),
  squareRoot: fromResult,
  reciprocal: rule([output], single),
  absolute: keepsInput,
  negate: rule([], copies),
  power: rule([input], single),
  maxPool: indexPool,
  adaptiveMaxPool: indexPool,
  // Its formula takes the input, of which it needs only the sizes: avg_pool2d_backward(grad, self,
  // ...).
  avgPool: keepsInput,
  functionalAvgPool: keepsInput,
  adaptiveAvgPool: adaptiveMean,
  functionalAdaptiveAvgPool: adaptiveMean,
  mean: keepsNothing,
  sum: rule([], single),
  channelMax: extreme,
  minimumOf: extreme,
  productOf: rule([input, output], single),
  norm: rule([input, output], single),
  l1Norm: rule([input], single),
  squareSum: rule([input], single),
  // The logarithm keeps the sum.
  logSum: rule([own('intermediate', 'float', written)], single),
  logSumExp: rule([input, output], single),
  variance: keepsInput,
  deviation: rule([input, output]),
  any: rule([], { stops: 'bool' }),
  all: rule([], { stops: 'bool' }),
  add: rule([], { precision: 'widest', moves: 'sum' }),
  addInPlace: rule([], { moves: 'sum', inPlace: [] }),
  subtract: rule([], { precision: 'widest', moves: 'difference' }),
  multiply: rule(otherOperands, { precision: 'widest', moves: 'factors' }),
  // Both formulas need the divisor, one of them the dividend.
  divide: rule([inputFor('other input', 0), inputFor('any', 1)], { precision: 'widest', moves: 'factors' }),
  maximum: rule(bothOperands, widest),
  minimum: rule(bothOperands, widest),
  // mul and add stand on no list: factors in single precision widen the result, and what is kept is
  // the input as it is.
  scale: rule([{ ...inputFor('weights'), uncast: true }], { precision: 'factor' }),
  scaleBy: rule([{ ...inputFor('weights'), uncast: true }], { precision: 'factor' }),
  shiftBy: rule([], { precision: 'factor', moves: 'sum' }),
  parameter: rule([], passes),
  concat: rule([], { precision: 'widest', moves: 'pass' }),
  // Its gradient joins those of the parts.
  split: rule([], copies),
  subsample: rule([], { moves: 'scatter' }),
  slice: rule([], { moves: 'scatter' }),
  channelShuffle: rule([], copies),
  transpose: rule([], copies),
  pad: rule([], { moves: 'crop' }),
  reshape: rule([], passes),
  flatten: rule([], passes),
  view: rule([], passes),
  expand: rule([], { moves: 'sum' }),
  // autocast_mode.h: upsample_nearest2d, upsample_bilinear2d, ... among those of single precision.
  nearest: rule([], single),
  bilinear: rule([], single),
  bicubic: rule([], single),
  linearlyResized: rule([], single),
  trilinear: rule([], single),
  // torchvision, ops/autocast/roi_align_kernel.cpp: single inside, cast back behind.
  roiAlign: rule([boxes], inside),
};

/**
 * torch.dropout on a CPU multiplies by noise and keeps it in the type of its input; on CUDA it
 * keeps a mask of bytes.
 */
export const DROPOUT: Readonly<Record<'cpu' | 'cuda', Rule>> = {
  cpu: rule([own('mask', 'value', written)]),
  cuda: rule([own('mask', 'bool', written)]),
};

/** Dropout2d multiplies by one number for each image and channel. */
export const CHANNEL_DROPOUT: Rule = rule([
  own('mask', 'value', ({ inputs }) => mul(inputs[0]![0]!, inputs[0]![1] ?? 1)),
]);
