// The table of kernels. The compiler checks that every op has a row here or in notRun.ts.

import type { OpName } from '../../ops/table.js';
import { gelu, hardSigmoid, hardSwish, leakyRelu, relu, relu6, sigmoid, silu, softmax } from './activation.js';
import * as arrangement from './arrangement.js';
import * as constant from './constant.js';
import { conv, convTranspose } from './convolution.js';
import * as adaptive from './adaptive.js';
import * as comparison from './comparison.js';
import * as dense from './dense.js';
import * as elements from './elementFunctions.js';
import * as functions from './functions.js';
import type { Kernel, ValuesOf } from './kernel.js';
import * as layout from './layout.js';
import * as pooling from './pooling.js';
import * as movement from './movement.js';
import * as norms from './norms.js';
import type { NotRun } from './notRun.js';
import * as ordering from './ordering.js';
import { roiAlign } from './region.js';
import * as rows from './rows.js';
import * as volumes from './volumes.js';

const KERNELS: { readonly [K in Exclude<OpName, NotRun>]: Kernel<ValuesOf<K>> } = {
  conv,
  convTranspose,
  ...dense,
  ...{ relu, relu6, leakyRelu, sigmoid, hardSigmoid, hardSwish, silu, gelu, softmax },
  ...pooling,
  ...arrangement,
  ...constant,
  ...layout,
  ...functions,
  ...elements,
  ...comparison,
  ...norms,
  ...rows,
  ...volumes,
  ...adaptive,
  ...movement,
  ...ordering,
  roiAlign,
};

/** The row of an op, without the types of its fields; undefined for an op that no engine runs. */
export const kernelOf = (op: OpName): Kernel | undefined => (KERNELS as Partial<Record<OpName, Kernel>>)[op];
