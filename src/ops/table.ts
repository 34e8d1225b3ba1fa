// The table of all ops. An op that is missing here is an error, never zero.

import * as activation from './activation.js';
import * as arithmetic from './arithmetic.js';
import * as arrangement from './arrangement.js';
import * as blocks from './blocks.js';
import * as comparison from './comparison.js';
import * as constant from './constant.js';
import { conv, convTranspose } from './convolution.js';
import { einsum, einsumDense } from './einsum.js';
import * as functions from './functions.js';
import * as gathering from './gathering.js';
import * as layout from './layout.js';
import { linear } from './linear.js';
import { matmul } from './matmul.js';
import * as movement from './movement.js';
import * as normalization from './normalization.js';
import type { Op } from './op.js';
import * as ordering from './ordering.js';
import * as pooling from './pooling.js';
import { rnn } from './recurrent.js';
import { reduce } from './reduction.js';
import * as region from './region.js';
import * as sampled from './sampledConvolution.js';
import * as spatialConvolution from './spatialConvolution.js';
import * as spatialPooling from './spatialPooling.js';

const { add, subtract, multiply, divide, maximum, minimum, scale } = arithmetic;
const { concat, split, subsample, channelShuffle, reshape, flatten, upsample, pad } = arrangement;

/**
 * Layers with multiply-adds, norms, functions of each element, pools, pairs of tensors, constants,
 * moves, reductions.
 */
export const OPS = {
  ...{ conv, convTranspose, linear, matmul },
  ...spatialConvolution,
  ...sampled,
  ...{ einsum, einsumDense, rnn },
  ...normalization,
  ...activation,
  ...functions,
  ...pooling,
  ...spatialPooling,
  ...{ add, subtract, multiply, divide, maximum, minimum, scale },
  ...comparison,
  ...constant,
  ...{ concat, split, subsample, channelShuffle, reshape, flatten, upsample, pad },
  ...layout,
  ...movement,
  ...blocks,
  ...gathering,
  ...ordering,
  reduce,
  ...region,
} as const;

export type OpName = keyof typeof OPS;

export const isOpName = (name: string): name is OpName => Object.hasOwn(OPS, name);

/** A row of the table without the types of its fields, for code that treats all ops the same. */
export const opOf = (name: OpName): Op => OPS[name];
