// Which ops of ONNX are read, and what does each become? This table is the whole answer: an op without a row is reported, never zero.

import { ACTIVATIONS } from './activation.js';
import { ARITHMETIC } from './arithmetic.js';
import { ARRANGEMENTS } from './arrangement.js';
import type { Row } from './conversion.js';
import { CONVOLUTIONS } from './convolution.js';
import { LINEARS } from './linear.js';
import { NORMS } from './normalization.js';
import { POOLS } from './pooling.js';

const ROWS: Readonly<Record<string, Row>> = {
  ...CONVOLUTIONS,
  ...LINEARS,
  ...NORMS,
  ...POOLS,
  ...ACTIVATIONS,
  ...ARITHMETIC,
  ...ARRANGEMENTS,
};

export const rowOf = (op: string): Row | undefined => (Object.hasOwn(ROWS, op) ? ROWS[op] : undefined);
