// Rows of sums, products and comparisons: of two tensors, or of one and a constant.

import { isNumber, type Dim } from '../../dim/dim.js';
import type { Value } from '../../graph.js';
import { InputError } from '../../inputError.js';
import type { OpName } from '../../ops/table.js';
import { isConstant, isSingle, type Constant } from '../kit/operand.js';
import { isLast, against, asInFile, asOurs, tensor, layoutOf, type Call } from './tfCall.js';

type BinaryOp = 'add' | 'subtract' | 'multiply' | 'divide' | 'maximum' | 'minimum';

/** Stands for a bound that is not in the file. The cost does not depend on it. */
const MOST = 3.4e38;

/** With a constant: a single number is an attribute; a list is learnt where the file says so. */
export const combining =
  (op: BinaryOp) =>
  (call: Call): Value => {
    const [a, b] = [call.operand(0), call.operand(1)];
    if (!isConstant(a) && !isConstant(b)) return ofTensors(call, op, a, b);
    if (isConstant(a) && isConstant(b)) return call.apply(op, [tensor(call, 0), tensor(call, 1)]);
    const [x, constant] = isConstant(a) ? [tensor(call, 1), a] : [a, b as Constant];
    if (op === 'maximum' || op === 'minimum')
      return isSingle(constant) ? clip(call, op, x, constant) : combined(call, op);
    if (constant.shape.length > x.shape.length) return combined(call, op);
    const shape = against(call, constant, x);
    const learnt = constant.stored !== undefined;
    const scales = op === 'multiply' || op === 'divide';
    if (scales) return call.apply('scaleBy', x, { shape, learnt }, learnt ? { scale: constant } : {});
    return call.apply('shiftBy', x, { shape, learnt }, learnt ? { shift: constant } : {});
  };

function clip(call: Call, op: 'maximum' | 'minimum', x: Value, { items }: Constant): Value {
  const bound = items?.[0];
  const number = bound !== undefined && isNumber(bound) && Number.isFinite(bound) ? bound : 0;
  const given = op === 'maximum' ? { least: number, most: MOST } : { least: -MOST, most: number };
  return call.apply('clip', x, given);
}

/** Both are tensors of the graph; sides of 1 are broadcast in the order of the file. */
function combined(call: Call, op: OpName): Value {
  return ofTensors(call, op, turned(call, 0), turned(call, 1));
}

/** A constant has the sides of the file. */
const turned = (call: Call, i: number): Value =>
  isConstant(call.operand(i)) ? asOurs(call, tensor(call, i), `constant${i}`) : tensor(call, i);

/** Adds sides of 1 in front, in the order of the file, where the numbers of sides differ. */
function ofTensors(call: Call, op: OpName, a: Value, b: Value): Value {
  if (a.shape.length === b.shape.length) return call.apply(op, [a, b]);
  const rank = Math.max(a.shape.length, b.shape.length);
  return call.apply(op, [widened(call, a, rank, 'first'), widened(call, b, rank, 'second')]);
}

function widened(call: Call, x: Value, rank: number, part: string): Value {
  if (x.shape.length === rank) return x;
  const sides = layoutOf(call).theirs(x.shape);
  const full: readonly Dim[] = [...new Array<number>(rank - sides.length).fill(1), ...sides];
  return call.apply('view', x, { shape: layoutOf(call).ours(full) }, {}, part);
}

/** An op of two operands that has no form with a constant. */
export const comparing =
  (op: OpName) =>
  (call: Call): Value =>
    combined(call, op);

export function select(call: Call): Value {
  const operands = [0, 1, 2].map((i) =>
    isConstant(call.operand(i)) ? tensor(call, i) : asInFile(call, tensor(call, i), `input${i}`),
  );
  return asOurs(call, call.apply('select', operands), 'result');
}

export function clipByValue(call: Call): Value {
  const [least, most] = [1, 2].map((i) => call.items(i)?.[0]);
  const finite = (bound: Dim | undefined, otherwise: number): number =>
    bound !== undefined && isNumber(bound) && Number.isFinite(bound) ? bound : otherwise;
  return call.apply('clip', tensor(call, 0), { least: finite(least, -MOST), most: finite(most, MOST) });
}

export function biasAdd(call: Call): Value {
  const [x, shift] = [tensor(call, 0), call.weight(1, 'offsets')];
  const last = isLast(call);
  const learnt = shift.stored !== undefined;
  // The offsets are one list, of the channels.
  const shape = last ? against(call, shift, x) : [...shift.shape, ...x.shape.slice(2).map(() => 1)];
  return call.apply('shiftBy', x, { shape, learnt }, learnt ? { shift } : {});
}

export function addN(call: Call): Value {
  const [first, ...rest] = call.inputs.map((_, i) => tensor(call, i));
  if (!first) throw new InputError('it has no inputs');
  return rest.reduce(
    (all, next, i) => call.apply('add', [all, next], {}, {}, i === rest.length - 1 ? '' : `${i + 1}`),
    first,
  );
}
