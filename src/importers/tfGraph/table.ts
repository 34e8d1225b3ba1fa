// Which nodes of TensorFlow are known? This table is the whole answer: an op that is missing from it is an error, never nothing.

import { folds } from './folds.js';
import { FUNCTIONS } from './functions.js';
import * as layers from './layers.js';
import type { NodeCall, Operand } from './nodeCall.js';
import * as others from './others.js';

export type Row = (call: NodeCall) => Operand | readonly Operand[];

/** What does nothing to a tensor once a network is trained. */
const same: Row = ({ operands: [x] }) => x!;

const ROWS: Readonly<Record<string, Row>> = {
  Conv2D: layers.conv2d,
  _FusedConv2D: layers.conv2d,
  DepthwiseConv2dNative: layers.depthwiseConv2d,
  FusedDepthwiseConv2dNative: layers.depthwiseConv2d,
  MatMul: layers.matMul,
  _FusedMatMul: layers.matMul,

  BiasAdd: others.biasAdd,
  FusedBatchNorm: others.fusedBatchNorm,
  FusedBatchNormV2: others.fusedBatchNorm,
  FusedBatchNormV3: others.fusedBatchNorm,

  ...Object.fromEntries(
    Object.entries(FUNCTIONS).map(([name, activate]): [string, Row] => [name, (call) => activate(call, call.x, '', 1)]),
  ),
  Softmax: others.softmax,

  Add: others.combining('add'),
  AddV2: others.combining('add'),
  AddN: others.addN,
  Sub: others.combining('subtract'),
  Mul: others.combining('multiply'),
  RealDiv: others.combining('divide'),
  Maximum: others.combining('maximum'),
  Minimum: others.combining('minimum'),

  MaxPool: others.pooling('maxPool'),
  AvgPool: others.pooling('avgPool'),
  Mean: others.reducing('mean'),
  Sum: others.reducing('sum'),
  Max: others.reducing('max'),
  Min: others.reducing('min'),

  ConcatV2: others.concat,
  Split: others.split,
  Slice: others.slice,
  Pad: others.pad,
  PadV2: others.pad,
  Reshape: others.reshape,
  Squeeze: others.squeeze,
  ExpandDims: others.expandDims,
  Transpose: others.transpose,
  Shape: others.shapeOf,
  ResizeBilinear: others.resizing('bilinear'),
  ResizeNearestNeighbor: others.resizing('nearest'),

  Identity: same,
  StopGradient: same,
  Snapshot: same,
  Cast: same,
};

export const rowOf = (op: string): Row | undefined => (Object.hasOwn(ROWS, op) ? ROWS[op] : undefined);

/** What stands in a graph without a row. */
const PLAIN: ReadonlySet<string> = new Set(['Const', 'Placeholder', 'NoOp']);

export const isKnown = (op: string): boolean => PLAIN.has(op) || rowOf(op) !== undefined || folds(op);
