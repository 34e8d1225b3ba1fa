// The table of PyTorch's ops. An op without a row is reported and never counted as free.

import { Aten, type AtenRow, type AtenRows } from './aten.js';
import type { OpRow } from '../kit/call.js';
import { isSizeCall } from './foldSizes.js';
import { ACTIVATIONS } from './rows/activation.js';
import { ARITHMETIC } from './rows/arithmetic.js';
import { ARRANGEMENTS } from './rows/arrangement.js';
import { CONVOLUTIONS } from './rows/convolution.js';
import { CREATIONS } from './rows/creation.js';
import { GATHERINGS } from './rows/gathering.js';
import { INNER } from './rows/inner.js';
import { LINEARS } from './rows/linear.js';
import { NORMS } from './rows/normalization.js';
import { POOLS } from './rows/pooling.js';
import { RARER } from './rows/rarer.js';
import { RECURRENT } from './rows/recurrent.js';
import type { TorchCall } from './torchCall.js';
import { lookup } from '../../lookup.js';

const ROWS: AtenRows = {
  ...CONVOLUTIONS,
  ...LINEARS,
  ...RECURRENT,
  ...NORMS,
  ...POOLS,
  ...ACTIVATIONS,
  ...ARITHMETIC,
  ...ARRANGEMENTS,
  ...GATHERINGS,
  ...CREATIONS,
  ...RARER,
};

/** Libraries whose ops bear the names of the table. */
const LIBRARIES = new Set(['aten', 'torchvision', 'prims']);

/** "conv2d" of "aten.conv2d" and of "aten.conv2d.padding". */
export const opName = (target: string): string => target.split('.')[1] ?? target;

export function rowOf(target: string): OpRow<TorchCall> | undefined {
  const row = atenRow(target);
  if (row) return (call) => row(new Aten(call));
  // Arithmetic of sizes is folded before a row is asked for.
  return isSizeCall(target) ? (call) => call.operand(0) : undefined;
}

function atenRow(target: string): AtenRow | undefined {
  const [library = ''] = target.split('.');
  const name = opName(target);
  if (library === 'higher_order') return lookup(INNER, name);
  if (!LIBRARIES.has(library)) return undefined;
  const known = [name, plainName(name)].find((one) => Object.hasOwn(ROWS, one));
  return known === undefined ? undefined : ROWS[known];
}

/** In-place forms and copies of views cost the same as the plain op. */
const plainName = (name: string): string => name.replace(/_copy$|(?<=[a-z0-9])_$/, '');
