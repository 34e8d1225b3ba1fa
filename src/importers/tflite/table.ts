// The table of TFLite's operators. One without a row is unknown, and never counts as nothing.

import type { OpRow } from '../kit/call.js';
import { isControl } from './control.js';
import { FOLDS } from './fold/table.js';
import type { TfliteCall } from './network.js';
import * as blocks from './rows/blocks.js';
import * as convolution from './rows/convolution.js';
import * as elementwise from './rows/elementwise.js';
import * as matrices from './rows/matrices.js';
import * as movement from './rows/movement.js';
import * as pooling from './rows/pooling.js';
import * as recurrent from './rows/recurrent.js';

const { each, between, pairwise, bounded } = elementwise;

const ROWS: Readonly<Record<string, OpRow<TfliteCall>>> = {
  CONV_2D: convolution.conv2d,
  DEPTHWISE_CONV_2D: convolution.depthwiseConv2d,
  TRANSPOSE_CONV: convolution.transposeConv,
  CONV_3D: convolution.conv3d,
  CONV_3D_TRANSPOSE: convolution.transposeConv3d,
  FULLY_CONNECTED: matrices.fullyConnected,
  BATCH_MATMUL: matrices.batchMatMul,

  LSTM: recurrent.lstmStep,
  UNIDIRECTIONAL_SEQUENCE_LSTM: recurrent.lstmSequence,
  BIDIRECTIONAL_SEQUENCE_LSTM: recurrent.lstmBothWays,
  RNN: recurrent.rnnStep,
  UNIDIRECTIONAL_SEQUENCE_RNN: recurrent.rnnSequence,
  BIDIRECTIONAL_SEQUENCE_RNN: recurrent.rnnBothWays,

  MAX_POOL_2D: pooling.pool('maxPool'),
  AVERAGE_POOL_2D: pooling.pool('avgPool'),
  L2_POOL_2D: pooling.pool('lpPool'),
  MEAN: pooling.reduction('mean'),
  SUM: pooling.reduction('sum'),
  REDUCE_MAX: pooling.reduction('max'),
  REDUCE_MIN: pooling.reduction('min'),
  REDUCE_PROD: pooling.reduction('product'),
  REDUCE_ANY: pooling.reduction('any'),
  REDUCE_ALL: pooling.reduction('all'),
  SOFTMAX: pooling.softmax,
  LOG_SOFTMAX: pooling.logSoftmax,
  L2_NORMALIZATION: pooling.l2Normalization,
  LOCAL_RESPONSE_NORMALIZATION: pooling.localResponseNormalization,
  ARG_MAX: pooling.places('argMax'),
  ARG_MIN: pooling.places('argMin'),
  TOPK_V2: pooling.topK,
  CUMSUM: pooling.cumSum,
  ONE_HOT: pooling.oneHot,

  RELU: each('relu'),
  RELU6: each('relu6'),
  RELU_N1_TO_1: between(-1, 1),
  RELU_0_TO_1: between(0, 1),
  LEAKY_RELU: elementwise.leakyRelu,
  PRELU: elementwise.prelu,
  ELU: each('elu'),
  GELU: each('gelu'),
  LOGISTIC: each('sigmoid'),
  TANH: each('tanh'),
  HARD_SWISH: each('hardSwish'),
  EXP: each('exponential'),
  LOG: each('logarithm'),
  SQRT: each('squareRoot'),
  RSQRT: each('reciprocalSquareRoot'),
  SQUARE: each('square'),
  NEG: each('negate'),
  ABS: each('absolute'),
  SIN: each('sine'),
  COS: each('cosine'),
  FLOOR: each('floor'),
  CEIL: each('ceil'),
  ROUND: each('round'),
  SIGN: each('sign'),
  LOGICAL_NOT: each('not'),
  QUANTIZE: each('quantize'),
  DEQUANTIZE: each('dequantize'),
  FAKE_QUANT: each('quantize'),
  CAST: elementwise.same,
  DENSIFY: elementwise.same,

  ADD: elementwise.add,
  SUB: elementwise.subtract,
  MUL: elementwise.multiply,
  DIV: elementwise.divide,
  ADD_N: elementwise.addN,
  POW: elementwise.power,
  MAXIMUM: bounded('maximum'),
  MINIMUM: bounded('minimum'),
  SQUARED_DIFFERENCE: pairwise('squaredDifference'),
  FLOOR_DIV: pairwise('floorDivide'),
  FLOOR_MOD: pairwise('modulo'),
  ATAN2: pairwise('arcTangent2'),
  EQUAL: pairwise('equal'),
  NOT_EQUAL: pairwise('notEqual'),
  LESS: pairwise('less'),
  LESS_EQUAL: pairwise('lessOrEqual'),
  GREATER: pairwise('greater'),
  GREATER_EQUAL: pairwise('greaterOrEqual'),
  LOGICAL_AND: pairwise('and'),
  LOGICAL_OR: pairwise('or'),
  BITWISE_XOR: pairwise('exclusiveOr'),
  SELECT: elementwise.select,
  SELECT_V2: elementwise.select,

  RESHAPE: movement.reshape,
  SQUEEZE: movement.squeeze,
  EXPAND_DIMS: movement.expandDims,
  TRANSPOSE: movement.transpose,
  CONCATENATION: movement.concatenation,
  PACK: movement.pack,
  UNPACK: movement.unpack,
  SPLIT: movement.split,
  SPLIT_V: movement.splitV,
  SLICE: movement.slice,
  STRIDED_SLICE: movement.stridedSlice,
  PAD: blocks.pad,
  PADV2: blocks.pad,
  MIRROR_PAD: blocks.pad,
  TILE: blocks.tile,
  BROADCAST_TO: blocks.broadcastTo,
  REVERSE_V2: blocks.reverse,
  DEPTH_TO_SPACE: blocks.moving('depthToSpace'),
  SPACE_TO_DEPTH: blocks.moving('spaceToDepth'),
  SPACE_TO_BATCH_ND: blocks.spaceToBatch,
  BATCH_TO_SPACE_ND: blocks.batchToSpace,
  RESIZE_BILINEAR: blocks.resize('bilinear'),
  RESIZE_NEAREST_NEIGHBOR: blocks.resize('nearest'),
  GATHER: blocks.gather,
  GATHER_ND: blocks.gatherNd,
};

/**
 * Ops of TensorFlow that a file brings along, by TensorFlow's name: those without an attribute that
 * changes a shape.
 */
const FLEX: Readonly<Record<string, OpRow<TfliteCall>>> = {
  FlexRelu: each('relu'),
  FlexRelu6: each('relu6'),
  FlexElu: each('elu'),
  FlexSigmoid: each('sigmoid'),
  FlexTanh: each('tanh'),
  FlexSoftplus: each('softplus'),
  FlexSoftsign: each('softsign'),
  FlexErf: each('erf'),
  FlexExp: each('exponential'),
  FlexExpm1: each('exponentialMinusOne'),
  FlexLog: each('logarithm'),
  FlexLog1p: each('logarithmOnePlus'),
  FlexSqrt: each('squareRoot'),
  FlexRsqrt: each('reciprocalSquareRoot'),
  FlexSquare: each('square'),
  ...Object.fromEntries(['FlexReciprocal', 'FlexInv'].map((op) => [op, each('reciprocal')])),
  FlexNeg: each('negate'),
  FlexAbs: each('absolute'),
  FlexSign: each('sign'),
  FlexFloor: each('floor'),
  FlexCeil: each('ceil'),
  ...Object.fromEntries(['FlexRound', 'FlexRint'].map((op) => [op, each('round')])),
  FlexSin: each('sine'),
  FlexCos: each('cosine'),
  FlexTan: each('tangent'),
  FlexAtan: each('arcTangent'),
  FlexSinh: each('hyperbolicSine'),
  FlexCosh: each('hyperbolicCosine'),
  FlexIsNan: each('isNan'),
  FlexIsInf: each('isInfinite'),
  ...Object.fromEntries(['FlexAdd', 'FlexAddV2'].map((op) => [op, elementwise.add])),
  FlexSub: elementwise.subtract,
  FlexMul: elementwise.multiply,
  FlexRealDiv: elementwise.divide,
  FlexMaximum: bounded('maximum'),
  FlexMinimum: bounded('minimum'),
  FlexPow: elementwise.power,
  FlexFloorMod: pairwise('modulo'),
  FlexAtan2: pairwise('arcTangent2'),
  FlexSquaredDifference: pairwise('squaredDifference'),
  ...Object.fromEntries(['FlexSelect', 'FlexSelectV2'].map((op) => [op, elementwise.select])),
};

/** A custom operator has no row, even under the name of a builtin one. */
export function rowOf({ op, custom }: TfliteCall): OpRow<TfliteCall> | undefined {
  if (custom) return Object.hasOwn(FLEX, op) ? FLEX[op] : undefined;
  if (Object.hasOwn(ROWS, op)) return ROWS[op];
  return Object.hasOwn(FOLDS, op) || isControl(op) ? elementwise.neverComputed : undefined;
}
