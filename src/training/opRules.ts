// Rows of the table in rules.ts for ops with one call: what autograd keeps for them.

import type { OP_CALLS } from '../counters/opCalls.js';
import type { ShapedNode } from '../cost.js';
import { isNumber, mul, product, type Dim } from '../dim/dim.js';
import type { Pair } from '../fields.js';
import {
  adaptiveMean,
  another,
  bothOperands,
  boxes,
  eitherWay,
  firstRead,
  fromInput,
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
  type Kept,
  type Rule,
} from './rule.js';
import { recurrent, recurrentOnCuda } from './recurrentRule.js';

const convolution = rule([input], { precision: 'half', moves: 'products' });
const indexPool = rule([input, indices]);
const copies = rule([], { moves: 'copy' });
const truth = rule([], { stops: 'bool' });
const places = rule([], { stops: 'int64' });
/** Its derivative is 0 everywhere; PyTorch writes the zeros. */
const steps = keepsNothing;

const channelsOfImages = ({ inputs }: ShapedNode): Dim => product(inputs[0]!.slice(0, 2));
/** Every window as a column. */
function columns({ inputs, node }: ShapedNode): Dim {
  const [height, width] = node.attributes['kernel'] as Pair;
  return product([inputs[0]![0]!, inputs[0]![1]!, height * width, ...node.shape.slice(2)]);
}

/** The elements that a fold reads. Overlapping windows have more elements than the image. */
const larger = (a: Dim, b: Dim): Dim => (isNumber(a) && isNumber(b) ? Math.max(a, b) : a);

/** Indices that are an input are kept; stored ones are the model's. */
const byIndex = rule(({ node }) => (node.inputs.length > 1 ? [inputFor('any', 1)] : []));
const modeOf = ({ node }: ShapedNode): unknown => node.attributes['mode'];
/** For each result the channel or element that it came from, which torchvision's kernels store. */
const origins = own('indices', 'int32', written);

/** Values have a gradient; their indices have none. */
const outputsOf = (kept: readonly Kept[]): Rule =>
  rule((shapedNode) => (shapedNode.node.attributes['output'] === 'indices' ? [] : kept));

export const OP_RULES: Readonly<Record<keyof typeof OP_CALLS, Rule>> = {
  conv1d: convolution,
  conv3d: convolution,
  convTranspose1d: convolution,
  convTranspose3d: convolution,
  // Its weights are an input with a gradient; its bias has no products.
  dynamicConv: rule(bothOperands, {
    precision: 'half',
    moves: 'products',
    inputMultAdds: (_, multAdds, [image, weight]) => mul(multAdds, Number(image ?? false) + Number(weight ?? false)),
  }),
  // One product makes the columns' gradient, from which those of image, offsets and mask are made.
  // torchvision, ops/autocast/deform_conv2d_kernel.cpp: all of it is cast to single precision.
  deformConv: rule(({ node }) => node.inputs.map((_, index) => inputFor('any', index)), {
    precision: 'inside',
    inputMultAdds: (_, multAdds, wanted) => (wanted.includes(true) ? multAdds : 0),
  }),
  localConv: rule([own('intermediate', 'value', columns, 'weights')], { moves: 'products' }),
  einsum: rule(otherOperands, { precision: 'half', moves: 'products' }),
  einsumDense: rule([inputFor('weights')], { precision: 'half', moves: 'products' }),
  rnn: recurrent,
  // batch_norm over [1, N C, ...] with the scale repeated for every image.
  instanceNorm: rule(({ params }) => [
    input,
    statistics(channelsOfImages),
    ...('scale' in params ? [own('intermediate', 'float', channelsOfImages)] : []),
  ]),
  // layer_norm.cpp, rms_norm_composite, which a CPU runs: pow and mul keep x, rsqrt its result, and
  // the product with the scale keeps the other factor.
  rmsNorm: rule(({ params }) => [
    input,
    own('statistics', 'float', normalised),
    ...('scale' in params ? [own('intermediate', 'float', written, 'weights')] : []),
  ]),
  // The deviation keeps x and itself, the quotient x - mean and the deviation.
  meanVarianceNorm: rule(({ node }) =>
    node.attributes['variance'] === false ? [] : [input, another, own('intermediate', 'value', normalised)],
  ),
  sine: keepsInput,
  cosine: keepsInput,
  tangent: rule([output], single),
  arcSine: rule([input], single),
  arcCosine: rule([input], single),
  arcTangent: keepsInput,
  hyperbolicSine: rule([input], single),
  hyperbolicCosine: rule([input], single),
  inverseHyperbolicSine: keepsInput,
  inverseHyperbolicCosine: keepsInput,
  inverseHyperbolicTangent: keepsInput,
  floor: steps,
  ceil: steps,
  round: steps,
  truncate: steps,
  sign: steps,
  square: rule([input], single),
  reciprocalSquareRoot: rule([output], single),
  exponentialMinusOne: rule([output], single),
  logarithmOnePlus: rule([input], single),
  // |x| keeps x, x / (1 + |x|) keeps x and the sum.
  softsign: rule([input, another]),
  // log_sigmoid_forward keeps a buffer beside its input.
  logSigmoid: rule([input, another]),
  // The product keeps x and the sigmoid, which keeps itself.
  quickGelu: rule([input, another]),
  celu: eitherWay,
  thresholdedRelu: fromInput,
  shrink: keepsInput,
  not: truth,
  isNan: truth,
  isInfinite: truth,
  quantize: rule([], { stops: 'value' }),
  dequantize: rule([], { stops: 'value' }),
  logSoftmax: rule([output], single),
  cast: rule([], { precision: 'single', moves: 'pass' }),
  maxPool1d: indexPool,
  maxPool3d: indexPool,
  avgPool1d: keepsInput,
  avgPool3d: keepsInput,
  adaptiveAvgPool1d: adaptiveMean,
  adaptiveAvgPool3d: adaptiveMean,
  adaptiveMaxPool1d: indexPool,
  adaptiveMaxPool2d: indexPool,
  adaptiveMaxPool3d: indexPool,
  // autocast_mode.h: pow computes in single precision. It keeps x, avg_pool2d its powers; of the
  // mean abs keeps itself, relu its result, their product the sign, pow its base.
  lpPool: rule(
    [
      input,
      own('intermediate', 'float', firstRead),
      own('intermediate', 'float', (shapedNode) => mul(4, written(shapedNode))),
    ],
    single,
  ),
  equal: truth,
  notEqual: truth,
  greater: truth,
  greaterOrEqual: truth,
  less: truth,
  lessOrEqual: truth,
  and: truth,
  or: truth,
  exclusiveOr: truth,
  // The dividend's gradient passes; the divisor's needs both.
  modulo: rule([inputFor('second input', 0), inputFor('second input', 1)], { precision: 'widest', moves: 'factors' }),
  floorDivide: rule([], { stops: 'value' }),
  powerOf: rule([...bothOperands, { what: 'output', for: 'second input' }], single),
  squaredDifference: rule([own('intermediate', 'float', written)], single),
  arcTangent2: rule(bothOperands, widest),
  // The condition.
  select: rule([inputFor('any', 0)], widest),
  maskedFill: rule([inputFor('any', 1)]),
  constant: rule([], { moves: 'pass' }),
  maximumWith: rule([input], widest),
  minimumWith: rule([input], widest),
  tile: keepsNothing,
  repeatElements: keepsNothing,
  flip: copies,
  roll: copies,
  // reflection_pad and replication_pad take their input, of which they need only the sizes.
  padSides: rule((shapedNode) => (modeOf(shapedNode) === 'reflect' || modeOf(shapedNode) === 'edge' ? [input] : []), {
    moves: 'crop',
  }),
  depthToSpace: copies,
  spaceToDepth: copies,
  spaceToBatch: { ...copies, moves: 'crop' },
  batchToSpace: copies,
  unfold: keepsNothing,
  // col2im.cpp: at::empty_like(input) is resized, and what is smaller keeps the memory.
  fold: rule([], { memory: (shapedNode) => larger(firstRead(shapedNode), written(shapedNode)) }),
  gather: byIndex,
  gatherElements: byIndex,
  gatherNd: byIndex,
  scatter: byIndex,
  oneHot: places,
  embedding: rule([input], single),
  topK: outputsOf([indices]),
  sort: outputsOf([indices]),
  argMax: places,
  argMin: places,
  // autocast_mode.h lists cumsum and cumprod among those of single precision.
  cumSum: rule((shapedNode) => {
    const mode = modeOf(shapedNode);
    return mode === 'sum' ? [] : mode === 'product' ? [input, output] : [indices];
  }, single),
  // torchvision, ops/autocast/roi_pool_kernel.cpp and ps_roi_pool_kernel.cpp: single inside.
  roiPool: rule([boxes, origins], inside),
  psRoiPool: rule([boxes, origins], inside),
  priorBox: rule([], { stops: 'value' }),
  // autocast_mode.h promotes grid_sampler to the widest type of its inputs.
  gridSample: rule(bothOperands, widest),
};

/** Rules for CUDA where its kernel keeps other tensors than the CPU's. */
export const CUDA_RULES: Readonly<Partial<Record<string, Rule>>> = {
  // _fused_rms_norm is one kernel.
  rmsNorm: rule([input, own('statistics', 'float', normalised)]),
  // Its buffer is empty there.
  logSigmoid: keepsInput,
  rnn: recurrentOnCuda,
  gru: recurrentOnCuda,
  simpleRnn: recurrentOnCuda,
};
