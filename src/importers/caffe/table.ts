// The layer types of Caffe that are read. One that is missing from this table is an error.

import type { OpRow } from '../kit/call.js';
import * as boxes from './boxes.js';
import type { CaffeCall } from './layers.js';
import * as layers from './convolutions.js';
import * as elementwise from './elementwise.js';
import * as joins from './joins.js';
import * as moves from './moves.js';
import * as norms from './norms.js';
import * as pools from './pools.js';

type CaffeRow = OpRow<CaffeCall>;

/** Layers that do nothing in the TEST phase. Every top is the same value. */
const same: CaffeRow = (call) => call.file.outputs.map(() => call.operand(0));

export const ROWS: Readonly<Record<string, CaffeRow>> = {
  Convolution: layers.convolution,
  Deconvolution: layers.deconvolution,
  ConvolutionDepthwise: layers.depthwiseConvolution,
  DepthwiseConvolution: layers.depthwiseConvolution,
  InnerProduct: layers.innerProduct,

  Pooling: pools.pooling,
  SPP: pools.spp,
  ROIPooling: pools.roiPooling,
  ROIAlign: pools.roiAlign,
  PSROIPooling: pools.psRoiPooling,

  BatchNorm: norms.batchNorm,
  BN: norms.learntBatchNorm,
  Scale: norms.scale,
  Bias: norms.bias,
  PReLU: norms.prelu,
  Normalize: norms.normalize,
  LRN: norms.localResponse,
  MVN: norms.meanVariance,

  ReLU: elementwise.relu,
  ReLU6: elementwise.unary('relu6'),
  ELU: elementwise.unary('elu'),
  Sigmoid: elementwise.unary('sigmoid'),
  TanH: elementwise.unary('tanh'),
  AbsVal: elementwise.unary('absolute'),
  BNLL: elementwise.unary('softplus'),
  Swish: elementwise.unary('silu'),
  Mish: elementwise.unary('mish'),
  Clip: elementwise.clip,
  Softmax: elementwise.softmax,
  Power: elementwise.power,
  Exp: elementwise.withBase('exponential', 'exp_param'),
  Log: elementwise.withBase('logarithm', 'log_param'),

  Concat: joins.concat,
  Slice: joins.slice,
  Eltwise: joins.eltwise,
  Axpy: joins.axpy,
  Flatten: moves.flatten,
  Reshape: moves.reshape,
  Permute: moves.permute,
  Crop: moves.crop,
  Interp: moves.interp,
  ShuffleChannel: moves.shuffleChannel,
  Tile: moves.tile,
  Reduction: moves.reduction,
  Upsample: moves.upsample,
  Reorg: moves.reorg,
  Parameter: moves.parameter,
  Split: same,
  Dropout: (call) => call.dropped(0),

  PriorBox: boxes.priorBox,
  DetectionOutput: boxes.detectionOutput,
  Proposal: boxes.proposal,
  Python: boxes.python,
  ArgMax: boxes.argMax,
};
