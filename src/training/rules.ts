// The one table of what PyTorch's eager autograd keeps for each call, in which type, and how its gradient moves.

import type { CallName } from '../counters/call.js';
import type { ShapedNode } from '../cost.js';
import { add, div, equal, mul, product, total, type Dim } from '../dim/dim.js';
import { elements } from '../shape.js';

/** What is kept: a value of the network, or a tensor that only the backward pass reads. */
export type What = 'input' | 'output' | 'indices' | 'mask' | 'statistics' | 'intermediate';

/** For whose gradient something is kept; `any` where every gradient of the call keeps it. */
export type For = 'any' | 'weights' | 'other input';

export interface KeptInput {
  readonly what: 'input';
  readonly index: number;
  readonly for: For;
  /** Autocast: the input itself rather than the copy of another type that the call computes with. */
  readonly uncast?: true;
}
export interface KeptOutput {
  readonly what: 'output';
}
/** A tensor of its own. */
export interface KeptOwn {
  readonly what: 'indices' | 'mask' | 'statistics' | 'intermediate';
  elements(site: ShapedNode): Dim;
  /** `value`: the type in which the call computes. */
  readonly type: 'value' | 'float' | 'int64' | 'bool';
  readonly for: For;
}
export type Kept = KeptInput | KeptOutput | KeptOwn;

/**
 * How the gradient moves.
 * `pass`: the same tensor, or a view of it.
 * `sum`: the same, summed over sides that were broadcast; `difference`: the second operand's is negated.
 * `copy`: each element of the output's gradient is read and written; `crop`: each of the input's.
 * `scatter`: zeros for the whole input, and a copy into them.
 * `products`: one product for each gradient, which reads the output's gradient anew.
 * `factors`: the output's gradient times the other operand, one kernel for each gradient.
 * `compute`: one kernel reads the output's gradient and all that is kept, and writes every other gradient.
 */
export type Moves = 'pass' | 'sum' | 'difference' | 'copy' | 'crop' | 'scatter' | 'products' | 'factors' | 'compute';

/** Autocast on CUDA: computes in half precision, in single, in the widest type of its inputs, or in that of its input. */
export type Type = 'half' | 'single' | 'widest' | 'same';

export interface Rule {
  readonly keeps: readonly Kept[];
  /** What is kept where the call overwrites its input; absent where PyTorch has no such form of it. */
  readonly inPlace?: readonly Kept[];
  readonly type: Type;
  readonly moves: Moves;
}

const rule = (keeps: readonly Kept[], more: Partial<Rule> = {}): Rule => ({
  keeps,
  type: 'same',
  moves: 'compute',
  ...more,
});

const inputFor = (reason: For, index = 0): KeptInput => ({ what: 'input', index, for: reason });
const input = inputFor('any');
const output: Kept = { what: 'output' };
const own = (
  what: KeptOwn['what'],
  type: KeptOwn['type'],
  elements: (site: ShapedNode) => Dim,
  reason: For = 'any',
): KeptOwn => ({ what, type, elements, for: reason });

const written = ({ writes }: ShapedNode): Dim => writes;
const firstRead = ({ reads }: ShapedNode): Dim => reads[0]!;
const indices = own('indices', 'int64', written);
/** A call that needs its input but overwrites it keeps a copy: gen_variable_type.py saves `self.clone()`. */
const copied = own('intermediate', 'value', firstRead);
/** Mean and inverse deviation. */
const statistics = (count: (site: ShapedNode) => Dim): Kept =>
  own('statistics', 'float', (site) => mul(2, count(site)));

const channels = ({ inputs }: ShapedNode): Dim => inputs[0]![1]!;
const images = ({ inputs }: ShapedNode): Dim => inputs[0]![0]!;
/** One for each position of an image. */
const positions = (site: ShapedNode): Dim => div(firstRead(site), channels(site));
function normalised({ inputs, node }: ShapedNode): Dim {
  const axes = node.attributes['axes'] as readonly number[];
  return product(inputs[0]!.filter((_, i) => !axes.includes(i)));
}
/** LocalResponseNorm pads the channels by size / 2 before and (size - 1) / 2 behind. */
const padded = (site: ShapedNode): Dim =>
  mul(positions(site), add(channels(site), (site.node.attributes['size'] as number) - 1));
/** Level, left, top, right and bottom of each box. */
const boxes = ({ node }: ShapedNode): Dim => mul(node.shape[0]!, 5);

const passes = { moves: 'pass' } as const;
const copies = { moves: 'copy' } as const;
/** The derivative is written with the result. */
const fromResult = rule([output]);
/** The same, in place or not. */
const relu = rule([output], { inPlace: [output] });
/** The in-place form of these is written with the result, the other with the input. */
const eitherWay = rule([input], { inPlace: [output] });
const fromInput = rule([input], { inPlace: [copied] });
const indexPool = rule([input, indices]);
/** adaptive_avg_pool2d to 1 x 1 is x.mean, which keeps nothing; to any other size it keeps its input. */
const adaptive = rule([input]);
const bothInputs = [inputFor('any', 0), inputFor('any', 1)];

/**
 * Read in PyTorch 2.13: tools/autograd/derivatives.yaml says what each formula needs, gen_variable_type.py (guard_for) when
 * it is not saved, torch/amp (autocast_mode.h) the types. Parameters and buffers that are kept are not counted: they stay
 * in memory whether they are kept or not.
 */
export const RULES: Readonly<Record<CallName, Rule>> = {
  // One formula makes all three gradients, so the input is kept even where the weights are frozen (guard_for: no guard).
  conv: rule([input], { type: 'half', moves: 'products' }),
  convTranspose: rule([input], { type: 'half', moves: 'products' }),
  // addmm has a formula for each factor: frozen weights keep no input.
  linear: rule([inputFor('weights')], { type: 'half', moves: 'products' }),
  matmul: rule([inputFor('other input', 0), inputFor('other input', 1)], { type: 'half', moves: 'products' }),
  // One formula again: the input is kept for the input's gradient too. Running statistics are buffers.
  batchNorm: rule([input, statistics(channels)]),
  batchNormAct: rule([input, statistics(channels)]),
  layerNorm: rule([input, statistics(normalised)], { type: 'single' }),
  groupNorm: rule([input, statistics((site) => mul(images(site), site.node.attributes['groups'] as Dim))], {
    type: 'single',
  }),
  // x.pow(2).sum().sqrt() keeps x and the root; x / (root + eps) keeps x and the sum; times the factor keeps the quotient.
  l2Norm: rule(
    [
      input,
      { ...input, uncast: true },
      own('intermediate', 'float', (site) => mul(2, positions(site))),
      own('intermediate', 'float', written, 'weights'),
    ],
    { type: 'single' },
  ),
  relu,
  functionalRelu: relu,
  // hardtanh_ has no formula with its result, unlike leaky_relu_: ReLU6(inplace=True) keeps a copy of what it overwrites.
  relu6: fromInput,
  leakyRelu: eitherWay,
  elu: eitherWay,
  sigmoid: fromResult,
  tanh: fromResult,
  hardSigmoid: fromInput,
  // F.relu6(x + 3, inplace=True) overwrites the sum and keeps it; the division by 6 keeps nothing.
  relu6Sixth: rule([own('intermediate', 'value', written)]),
  hardSwish: fromInput,
  silu: fromInput,
  mish: fromInput,
  gelu: rule([input]),
  softmax: rule([output], { type: 'single' }),
  softplus: rule([input], { type: 'single' }),
  prelu: rule([input], { type: 'half' }),
  clip: rule([input]),
  erf: rule([input]),
  exponential: rule([output], { type: 'single' }),
  logarithm: rule([input], { type: 'single' }),
  squareRoot: fromResult,
  reciprocal: rule([output], { type: 'single' }),
  absolute: rule([input]),
  negate: rule([], copies),
  power: rule([input], { type: 'single' }),
  maxPool: indexPool,
  adaptiveMaxPool: indexPool,
  // Its formula takes the input, of which it needs only the sizes: avg_pool2d_backward(grad, self, ...).
  avgPool: rule([input]),
  functionalAvgPool: rule([input]),
  adaptiveAvgPool: adaptive,
  functionalAdaptiveAvgPool: adaptive,
  mean: rule([]),
  sum: rule([], { type: 'single' }),
  channelMax: rule([indices]),
  minimumOf: rule([indices]),
  productOf: rule([input, output], { type: 'single' }),
  norm: rule([input, output], { type: 'single' }),
  add: rule([], { type: 'widest', moves: 'sum' }),
  addInPlace: rule([], { moves: 'sum', inPlace: [] }),
  subtract: rule([], { type: 'widest', moves: 'difference' }),
  multiply: rule([inputFor('other input', 0), inputFor('other input', 1)], { type: 'widest', moves: 'factors' }),
  // Both formulas need the divisor, one of them the dividend.
  divide: rule([inputFor('other input', 0), inputFor('any', 1)], { type: 'widest', moves: 'factors' }),
  maximum: rule(bothInputs, { type: 'widest' }),
  minimum: rule(bothInputs, { type: 'widest' }),
  // Factors in single precision widen what they multiply.
  scale: rule([inputFor('weights')], { type: 'single' }),
  scaleBy: rule([inputFor('weights')], { type: 'single' }),
  shiftBy: rule([], { type: 'single', moves: 'sum' }),
  parameter: rule([], passes),
  concat: rule([], { type: 'widest', moves: 'pass' }),
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
  nearest: rule([]),
  bilinear: rule([]),
  bicubic: rule([]),
  // div = avg_pool3d(pad(x * x)) keeps x and the padded square, pow(k + alpha div) its base, and x / pow its divisor.
  localResponseNorm: rule([
    input,
    own('intermediate', 'value', padded),
    own('intermediate', 'float', written),
    own('intermediate', 'float', written),
  ]),
  roiAlign: rule([own('intermediate', 'value', boxes)]),
};

/** torch.dropout on a CPU multiplies by noise and keeps it in the type of its input; on CUDA it keeps a mask of bytes. */
export const DROPOUT: Readonly<Record<'cpu' | 'cuda', Rule>> = {
  cpu: rule([own('mask', 'value', written)]),
  cuda: rule([own('mask', 'bool', written)]),
};

/** Some calls keep less, or more, for the sizes that they are given. */
export function keptBy(
  call: CallName | 'dropout',
  rule: Rule,
  inPlace: boolean,
  { node }: ShapedNode,
): readonly Kept[] {
  const [, , h = 1, w = 1] = node.shape;
  if (rule === adaptive && equal(h, 1) && equal(w, 1)) return [];
  // x.max(dim) keeps indices; over several sides it is x.amax, whose formula compares the input with the result.
  const axes = node.attributes['axes'];
  if ((call === 'channelMax' || call === 'minimumOf') && Array.isArray(axes) && axes.length > 1) return [input, output];
  return inPlace ? (rule.inPlace ?? rule.keeps) : rule.keeps;
}

/** Elements of all parameters of a node, biases of convolutions and fully connected layers apart. */
export const weightElements = ({ params }: ShapedNode): Dim =>
  total(Object.entries(params).flatMap(([name, shape]) => (name === 'bias' ? [] : [elements(shape)])));
