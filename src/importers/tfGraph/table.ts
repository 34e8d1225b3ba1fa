// The table of known TensorFlow nodes. A node without a row is an error, never free.

import type { OpRow } from '../kit/call.js';
import { detached } from '../kit/operand.js';
import { Uncounted } from '../kit/uncounted.js';
import * as arithmetic from './arithmetic.js';
import { BRANCHES } from './control.js';
import { folds } from './folds.js';
import { FUNCTIONS } from './functions.js';
import * as layers from './layers.js';
import { isListOp } from './lists.js';
import { loop } from './loops.js';
import * as movement from './movement.js';
import * as pooling from './pooling.js';
import * as reshaping from './reshaping.js';
import { DILATED, DILATED_DEPTHWISE, WRITTEN_OUT_NORM } from './steps.js';
import { stridedSlice } from './stridedSlice.js';
import type { TfCall } from './tfCall.js';
import { lookup } from '../../lookup.js';

type Rows = Readonly<Record<string, OpRow<TfCall>>>;

const sameRow = (row: OpRow<TfCall>, ...ops: readonly string[]): Rows => Object.fromEntries(ops.map((op) => [op, row]));

/** Branches and loops that the network decides on are not counted. */
const undecided =
  (why: string): OpRow<TfCall> =>
  () => {
    throw new Uncounted(`${why}, and what it runs cannot be counted`);
  };

const ROWS: Rows = {
  ...sameRow(layers.conv2d, 'Conv2D', '_FusedConv2D'),
  ...sameRow(layers.depthwiseConv2d, 'DepthwiseConv2dNative', 'FusedDepthwiseConv2dNative'),
  [DILATED]: layers.dilated(false),
  [DILATED_DEPTHWISE]: layers.dilated(true),
  Conv2DBackpropInput: layers.conv2dBackpropInput,
  Conv3D: layers.conv3d,
  ...sameRow(layers.conv3dBackpropInput, 'Conv3DBackpropInput', 'Conv3DBackpropInputV2'),
  ...sameRow(layers.matMul, 'MatMul', '_FusedMatMul'),
  ...sameRow(layers.batchMatMul, 'BatchMatMul', 'BatchMatMulV2', 'BatchMatMulV3'),
  Einsum: layers.einsum,

  BiasAdd: arithmetic.biasAdd,
  ...sameRow(pooling.fusedBatchNorm, 'FusedBatchNorm', 'FusedBatchNormV2', 'FusedBatchNormV3'),
  [WRITTEN_OUT_NORM]: pooling.writtenOutNorm,
  LRN: pooling.localResponseNorm,

  ...Object.fromEntries(
    Object.entries(FUNCTIONS).map(([name, activate]): [string, OpRow<TfCall>] => [
      name,
      (call) => activate(call, call.data(0), '', 1),
    ]),
  ),
  Softmax: pooling.softmax('softmax'),
  LogSoftmax: pooling.softmax('logSoftmax'),

  ...sameRow(arithmetic.combining('add'), 'Add', 'AddV2'),
  AddN: arithmetic.addN,
  Sub: arithmetic.combining('subtract'),
  Mul: arithmetic.combining('multiply'),
  ...sameRow(arithmetic.combining('divide'), 'RealDiv', 'Div', 'DivNoNan'),
  Maximum: arithmetic.combining('maximum'),
  Minimum: arithmetic.combining('minimum'),
  ClipByValue: arithmetic.clipByValue,
  SquaredDifference: arithmetic.comparing('squaredDifference'),
  Pow: arithmetic.comparing('powerOf'),
  FloorDiv: arithmetic.comparing('floorDivide'),
  ...sameRow(arithmetic.comparing('modulo'), 'FloorMod', 'Mod'),
  Greater: arithmetic.comparing('greater'),
  GreaterEqual: arithmetic.comparing('greaterOrEqual'),
  Less: arithmetic.comparing('less'),
  LessEqual: arithmetic.comparing('lessOrEqual'),
  Equal: arithmetic.comparing('equal'),
  NotEqual: arithmetic.comparing('notEqual'),
  LogicalAnd: arithmetic.comparing('and'),
  LogicalOr: arithmetic.comparing('or'),
  BitwiseAnd: arithmetic.comparing('and'),
  BitwiseOr: arithmetic.comparing('or'),
  BitwiseXor: arithmetic.comparing('exclusiveOr'),
  LeftShift: arithmetic.comparing('powerOf'),
  RightShift: arithmetic.comparing('floorDivide'),
  Atan2: arithmetic.comparing('arcTangent2'),
  TruncateDiv: arithmetic.comparing('floorDivide'),
  TruncateMod: arithmetic.comparing('modulo'),
  ...sameRow(arithmetic.comparing('powerOf'), 'Xlogy', 'Xlog1py', 'Xdivy'),
  ...sameRow(arithmetic.select, 'Select', 'SelectV2'),

  MaxPool: pooling.pooling('maxPool'),
  AvgPool: pooling.pooling('avgPool'),
  MaxPool3D: pooling.pooling3d('maxPool3d'),
  AvgPool3D: pooling.pooling3d('avgPool3d'),
  Mean: pooling.reducing('mean'),
  Sum: pooling.reducing('sum'),
  Max: pooling.reducing('max'),
  Min: pooling.reducing('min'),
  Prod: pooling.reducing('product'),
  Any: pooling.reducing('any'),
  All: pooling.reducing('all'),
  ArgMax: pooling.placing('argMax'),
  ArgMin: pooling.placing('argMin'),

  ConcatV2: reshaping.concatV2,
  Concat: reshaping.concat,
  Pack: reshaping.pack,
  Unpack: reshaping.unpack,
  Split: reshaping.split,
  SplitV: reshaping.splitV,
  Slice: reshaping.slice,
  StridedSlice: stridedSlice,
  Reshape: reshaping.reshape,
  Squeeze: reshaping.squeeze,
  ExpandDims: reshaping.expandDims,
  Transpose: reshaping.transpose,

  ...sameRow(movement.pad, 'Pad', 'PadV2'),
  MirrorPad: movement.mirrorPad,
  ResizeBilinear: movement.resizing('bilinear'),
  ResizeNearestNeighbor: movement.resizing('nearest'),
  ResizeBicubic: movement.resizing('bicubic'),
  DepthToSpace: movement.blocks('depthToSpace'),
  SpaceToDepth: movement.blocks('spaceToDepth'),
  SpaceToBatchND: movement.batchBlocks('spaceToBatch'),
  BatchToSpaceND: movement.batchBlocks('batchToSpace'),
  Tile: movement.tile,
  BroadcastTo: movement.broadcastTo,
  ...sameRow(movement.gather, 'Gather', 'GatherV2', 'ResourceGather'),
  GatherNd: movement.gatherNd,
  ...sameRow(movement.topK, 'TopK', 'TopKV2'),
  OneHot: movement.oneHot,
  Cumsum: movement.cumSum,
  Cumprod: movement.cumSum,
  CumulativeLogsumexp: movement.cumSum,
  ReverseV2: movement.reverse,
  Roll: movement.roll,
  ReverseSequence: movement.reverseSequence,
  MatrixBandPart: movement.band,
  ...sameRow(movement.diagonal, 'MatrixDiag', 'MatrixDiagV3', 'MatrixDiagPart', 'MatrixDiagPartV3', 'Diag'),
  Cross: movement.cross,
  ScatterNd: movement.scattered('add', 'zeros'),
  TensorScatterUpdate: movement.scattered('replace', 'input'),
  TensorScatterAdd: movement.scattered('add', 'input'),
  DenseBincount: movement.counts,
  ImageProjectiveTransformV3: movement.transformed,
  ExtractImagePatches: movement.patches,
  Dilation2D: movement.dilation2d,
  Fill: movement.fill,
  ...sameRow(
    movement.suppressed,
    ...['NonMaxSuppression', 'NonMaxSuppressionV2', 'NonMaxSuppressionV3', 'NonMaxSuppressionV4'],
    'NonMaxSuppressionV5',
  ),
  CombinedNonMaxSuppression: movement.suppressedTogether,
  ...sameRow(movement.undecided, 'Where', 'Unique'),

  ...sameRow(
    undecided('its condition is computed from the image'),
    ...BRANCHES,
    'Merge',
    'RefMerge',
    'Switch',
    'RefSwitch',
  ),
  ...sameRow(
    undecided('how often it runs is known when it does'),
    ...['Exit', 'RefExit', 'Enter', 'RefEnter', 'NextIteration', 'LoopCond'],
  ),
  ...sameRow(loop, 'While', 'StatelessWhile'),

  ...sameRow(
    pooling.same,
    ...['Bitcast', 'QuantizeAndDequantizeV2', 'QuantizeAndDequantizeV3', 'QuantizeAndDequantizeV4'],
    ...['Identity', 'Snapshot', 'Cast', 'CheckNumerics', 'ReadVariableOp'],
    ...['PlaceholderWithDefault', 'EnsureShape'],
  ),
  ...sameRow((call) => detached(call.operand(0)), 'StopGradient', 'PreventGradient'),
  IdentityN: (call) => call.inputs.map((_, i) => call.operand(i)),
};

export const rowOf = (op: string): OpRow<TfCall> | undefined => lookup(ROWS, op);

export const isKnown = (op: string): boolean => rowOf(op) !== undefined || folds(op) || isListOp(op);
