// The class of each op: which terms of a predicted time its FLOPs and its traffic belong to.

import type { OpName } from '../ops/table.js';
import type { Term } from './terms.js';

export interface OpClass {
  readonly flops: Extract<Term, 'compute' | 'linearCompute'>;
  readonly traffic: Exclude<Term, 'compute' | 'linearCompute' | 'shortProducts' | 'weights' | 'launches'>;
  /** Whether it is a product, whose inner length may be too short for the full rate. */
  readonly product?: true;
}

const CONV: OpClass = { flops: 'compute', traffic: 'conv', product: true };
const PRODUCT: OpClass = { flops: 'linearCompute', traffic: 'linear', product: true };
const ELEMENTWISE: OpClass = { flops: 'compute', traffic: 'elementwise' };
const REARRANGING: OpClass = { flops: 'compute', traffic: 'rearranging' };
const SOFTMAX: OpClass = { flops: 'compute', traffic: 'softmax' };
const TRANSPOSE: OpClass = { flops: 'compute', traffic: 'transpose' };
const NORM: OpClass = { flops: 'compute', traffic: 'norm' };
/** Under automatic mixed precision, learnt factors and shifts run at fp32. */
const LEARNT: OpClass = { flops: 'compute', traffic: 'learnt' };

/** A convolution whose groups have one input channel each is depthwise. */
export const DEPTHWISE: OpClass = { flops: 'compute', traffic: 'depthwise' };

const all = <N extends OpName>(names: readonly N[], one: OpClass): Readonly<Record<N, OpClass>> =>
  Object.fromEntries(names.map((name) => [name, one])) as Record<N, OpClass>;

/** Views move nothing, so their class is never read. */
export const OP_CLASSES: Readonly<Record<OpName, OpClass>> = {
  ...all(['conv', 'convTranspose', 'conv1d', 'conv3d', 'convTranspose1d', 'convTranspose3d'], CONV),
  ...all(['deformConv', 'localConv', 'dynamicConv'], CONV),
  ...all(['linear', 'matmul', 'einsum', 'einsumDense', 'rnn'], PRODUCT),
  ...all(['batchNorm', 'prelu', 'absolute', 'clip', 'elu', 'erf', 'exponential', 'gelu', 'hardSigmoid'], ELEMENTWISE),
  ...all(['hardSwish', 'leakyRelu', 'logarithm', 'mish', 'negate', 'power', 'reciprocal', 'relu'], ELEMENTWISE),
  ...all(['relu6', 'sigmoid', 'silu', 'softplus', 'squareRoot', 'tanh', 'arcCosine', 'arcSine'], ELEMENTWISE),
  ...all(['arcTangent', 'ceil', 'celu', 'cosine', 'dequantize', 'exponentialMinusOne', 'floor'], ELEMENTWISE),
  ...all(['hyperbolicCosine', 'hyperbolicSine', 'inverseHyperbolicCosine', 'inverseHyperbolicSine'], ELEMENTWISE),
  ...all(['inverseHyperbolicTangent', 'isInfinite', 'isNan', 'logSigmoid', 'logarithmOnePlus', 'not'], ELEMENTWISE),
  ...all(['quantize', 'quickGelu', 'reciprocalSquareRoot', 'round', 'shrink', 'sign', 'sine'], ELEMENTWISE),
  ...all(['softsign', 'square', 'tangent', 'thresholdedRelu', 'truncate', 'add', 'subtract'], ELEMENTWISE),
  ...all(['multiply', 'divide', 'maximum', 'minimum', 'and', 'arcTangent2', 'equal', 'exclusiveOr'], ELEMENTWISE),
  ...all(['floorDivide', 'greater', 'greaterOrEqual', 'less', 'lessOrEqual', 'maskedFill', 'modulo'], ELEMENTWISE),
  ...all(['notEqual', 'or', 'powerOf', 'select', 'squaredDifference'], ELEMENTWISE),
  ...all(['maximumWith', 'minimumWith'], ELEMENTWISE),
  ...all(['scale', 'scaleBy', 'shiftBy'], LEARNT),
  ...all(['softmax', 'logSoftmax'], SOFTMAX),
  ...all(['layerNorm', 'rmsNorm', 'l2Norm', 'groupNorm', 'instanceNorm', 'meanVarianceNorm'], NORM),
  ...all(['localResponseNorm'], NORM),
  ...all(['transpose', 'channelShuffle', 'flip', 'depthToSpace', 'spaceToDepth'], TRANSPOSE),
  ...all(['batchToSpace', 'spaceToBatch'], TRANSPOSE),
  ...all(['adaptiveAvgPool', 'avgPool', 'channelPool', 'globalAvgPool', 'globalMaxPool', 'maxPool'], REARRANGING),
  ...all(['adaptiveAvgPool1d', 'adaptiveAvgPool3d', 'adaptiveMaxPool1d', 'adaptiveMaxPool2d'], REARRANGING),
  ...all(['adaptiveMaxPool3d', 'avgPool1d', 'avgPool3d', 'lpPool', 'maxPool1d', 'maxPool3d'], REARRANGING),
  ...all(['upsample', 'pad', 'resize', 'padSides', 'repeatElements', 'roll', 'tile', 'fold'], REARRANGING),
  ...all(['unfold', 'gather', 'gatherElements', 'gatherNd', 'oneHot', 'scatter', 'argMax', 'argMin'], REARRANGING),
  ...all(['cumSum', 'sort', 'topK', 'reduce', 'gridSample', 'psRoiPool', 'roiAlign', 'roiPool'], REARRANGING),
  ...all(['embedding', 'concat'], REARRANGING),
  ...all(['cast', 'constant', 'split', 'subsample', 'reshape', 'flatten', 'expand', 'slice', 'view'], REARRANGING),
  ...all(['priorBox', 'parameter'], REARRANGING),
};
