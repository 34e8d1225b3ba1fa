// The operators that are computed from constants before the network runs.

import type { Results } from '../../kit/call.js';
import { constant, isConstant, list } from '../../kit/operand.js';
import { optionsOf } from '../network.js';
import { expanded, squeezed } from '../rows/movement.js';
import { fileSides, type Call } from '../sides.js';
import { binary, cast, contrary, inverseRoot, reduce, select, square, unary } from './arithmetic.js';
import { known, type Fold } from './known.js';
import * as lists from './lists.js';

const noise: Fold = (call) => {
  const sides = call.items(0);
  return sides && constant('float', sides);
};

export const FOLDS: Readonly<Record<string, Fold>> = {
  SHAPE: (call) => list(fileSides(call.operand(0))),
  RANK: (call) => constant('int', [], [call.rank(0)]),
  ZEROS_LIKE: (call) => constant('float', fileSides(call.operand(0))),
  DEQUANTIZE: lists.itself,
  QUANTIZE: lists.itself,
  DENSIFY: lists.itself,
  FAKE_QUANT: lists.itself,
  CAST: cast,
  RESHAPE: lists.reshape,
  SQUEEZE: (call) =>
    lists.reshapedTo(known(call, 0), ({ sides }) => squeezed(sides, optionsOf(call.file, 'Squeeze').axes)),
  EXPAND_DIMS: (call) =>
    call.items(1) && lists.reshapedTo(known(call, 0), ({ sides }) => expanded(sides, call.whole(1, 'axis')[0] ?? 0)),
  TRANSPOSE: lists.transpose,
  CONCATENATION: lists.concatenation,
  PACK: lists.pack,
  UNPACK: lists.unpack,
  GATHER: lists.gather,
  STRIDED_SLICE: lists.stridedSlice,
  SLICE: lists.slice,
  SPLIT: lists.split,
  FILL: lists.filled,
  RANGE: lists.range,
  TILE: lists.tile,
  BROADCAST_TO: lists.broadcast,
  BROADCAST_ARGS: lists.broadcastArguments,
  SELECT: select,
  SELECT_V2: select,
  REDUCE_PROD: reduce('multiply'),
  REDUCE_MAX: reduce('maximum'),
  REDUCE_MIN: reduce('minimum'),
  SUM: reduce('add'),
  ADD: binary('add'),
  SUB: binary('subtract'),
  MUL: binary('multiply'),
  DIV: binary('divide'),
  FLOOR_DIV: binary('divide'),
  FLOOR_MOD: binary('modulo'),
  POW: binary('power'),
  MINIMUM: binary('minimum'),
  MAXIMUM: binary('maximum'),
  EQUAL: binary('equal'),
  NOT_EQUAL: contrary('equal'),
  LESS: binary('less'),
  LESS_EQUAL: binary('lessOrEqual'),
  GREATER: binary('greater'),
  GREATER_EQUAL: binary('greaterOrEqual'),
  LOGICAL_AND: binary('and'),
  LOGICAL_OR: binary('or'),
  LOGICAL_NOT: unary('not'),
  NEG: unary('negate'),
  ABS: unary('absolute'),
  FLOOR: unary('floor'),
  CEIL: unary('ceil'),
  ROUND: unary('round'),
  SQRT: unary('squareRoot'),
  RSQRT: inverseRoot,
  SQUARE: square,
  SIGN: unary('sign'),
  /** Random numbers are an input of the graph, as the image is. */
  RANDOM_STANDARD_NORMAL: noise,
  RANDOM_UNIFORM: noise,
};

/** Whether an operator's result follows from shapes alone, whatever its input is. */
export const OF_SHAPES: ReadonlySet<string> = new Set(['SHAPE', 'RANK', 'ZEROS_LIKE']);

export function folded(call: Call): Results | undefined {
  const fold = Object.hasOwn(FOLDS, call.op) && !call.file.custom ? FOLDS[call.op]! : undefined;
  if (!fold) return undefined;
  const constants = call.inputs.every((input) => input === undefined || isConstant(input));
  return constants || OF_SHAPES.has(call.op) ? fold(call) : undefined;
}
