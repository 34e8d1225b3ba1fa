// Which ops are there? This table is the whole answer: an op that is missing from it is an error, never zero.

import * as activation from './activation.js';
import * as arithmetic from './arithmetic.js';
import * as arrangement from './arrangement.js';
import * as constant from './constant.js';
import { conv, convTranspose } from './convolution.js';
import * as layout from './layout.js';
import { linear } from './linear.js';
import { matmul } from './matmul.js';
import * as normalization from './normalization.js';
import type { Op } from './op.js';
import * as pooling from './pooling.js';
import { reduce } from './reduction.js';
import { roiAlign } from './region.js';

const { add, subtract, multiply, divide, maximum, minimum, scale } = arithmetic;
const { concat, split, subsample, channelShuffle, reshape, flatten, upsample, pad } = arrangement;

export const OPS = {
  ...{ conv, convTranspose, linear, matmul },
  ...normalization,
  ...activation,
  ...pooling,
  ...{ add, subtract, multiply, divide, maximum, minimum, scale },
  ...constant,
  ...{ concat, split, subsample, channelShuffle, reshape, flatten, upsample, pad },
  ...layout,
  ...{ reduce, roiAlign },
} as const;

export type OpName = keyof typeof OPS;

export const isOpName = (name: string): name is OpName => Object.hasOwn(OPS, name);

/** The row of the table, its fields' types forgotten: for readers that treat all ops alike. */
export const opOf = (name: OpName): Op => OPS[name];
