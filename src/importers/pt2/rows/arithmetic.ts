// Rows of sums, products and comparisons. A constant operand is a parameter or a number.

import type { OpName } from '../../../ops/table.js';
import type { Value } from '../../../graph.js';
import type { Results } from '../../kit/call.js';
import { constant, isConstant, type Constant } from '../../kit/operand.js';
import type { Aten, AtenRow, AtenRows } from '../aten.js';
import { inPlaceToo } from './activation.js';

type Pairwise = 'add' | 'subtract' | 'multiply' | 'divide' | 'maximum' | 'minimum';
/** Makes the node where one operand is a constant. */
type WithConstant = (aten: Aten, x: Value, constant: Constant, first: boolean) => Results;

/** The operand itself, or a number as a constant. */
function operandOf(aten: Aten, name: string): Value | Constant {
  const found = aten.operand(name);
  if (found && aten.argument(name)?.kind === 'tensor') return found;
  return constant('float', [], [aten.size(name)]);
}

const OTHERS = ['other', 'tensor2', 'exponent'];

const pairwise =
  (op: Pairwise, withConstant: WithConstant): AtenRow =>
  (aten) => {
    const other = OTHERS.find((name) => aten.has(name)) ?? 'other';
    const [a, b] = [operandOf(aten, 'self'), operandOf(aten, other)];
    // A plain number is an attribute of the op, even where the other operand is a parameter.
    if (isConstant(b) && aten.argument(other)?.kind !== 'tensor')
      return withConstant(aten, aten.data('self'), b, aten.name === 'rsub');
    if (isConstant(b) && !isConstant(a)) return withConstant(aten, a, b, false);
    if (isConstant(a) && !isConstant(b)) return withConstant(aten, b, a, true);
    return aten.apply(op, [aten.data('self'), aten.data(other)]);
  };

export function withParameter(aten: Aten, op: 'scaleBy' | 'shiftBy', x: Value, given: Constant, part = ''): Value {
  const shape = given.shape.length === 0 ? [1] : given.shape;
  const learnt = given.stored !== undefined;
  return aten.apply(op, x, { shape, learnt }, learnt ? { [op === 'scaleBy' ? 'scale' : 'shift']: given } : {}, part);
}

const shifted: WithConstant = (aten, x, given) => withParameter(aten, 'shiftBy', x, given);
const scaled: WithConstant = (aten, x, given) => withParameter(aten, 'scaleBy', x, given);

/** 1 / x is one op; c / x is a reciprocal and a scaling. */
const quotient: WithConstant = (aten, x, given, first) => {
  if (!first) return withParameter(aten, 'scaleBy', x, given);
  const one = given.shape.length === 0 && given.items?.[0] === 1;
  const inverse = aten.apply('reciprocal', x, {}, {}, one ? '' : 'inverse');
  return one ? inverse : withParameter(aten, 'scaleBy', inverse, given);
};

const extreme =
  (op: 'maximum' | 'minimum'): WithConstant =>
  (aten) =>
    aten.apply(op, [aten.data('self'), aten.data('other')]);

/** A number beside a tensor is compared with each element. */
const compared =
  (op: OpName): AtenRow =>
  (aten) => {
    if (aten.argument('other')?.kind === 'tensor') return aten.apply(op, [aten.data('self'), aten.data('other')]);
    const number = aten.call.value(constant('float', [1], [aten.size('other', 0)]), `${aten.call.file.name}.number`);
    return aten.apply(op, [aten.data('self'), number]);
  };

/** self + value x tensor1 x tensor2. */
const combined =
  (op: 'multiply' | 'divide'): AtenRow =>
  (aten) => {
    const product = aten.apply(op, [aten.data('tensor1'), aten.data('tensor2')], {}, {}, 'product');
    return aten.apply('add', [aten.data('self'), product]);
  };

/** start + weight x (end - start). */
const between: AtenRow = (aten) => {
  const difference = aten.apply('subtract', [aten.data('end'), aten.data('self')], {}, {}, 'difference');
  const weight = operandOf(aten, 'weight');
  const part = isConstant(weight)
    ? withParameter(aten, 'scaleBy', difference, weight, 'part')
    : aten.apply('multiply', [difference, weight], {}, {}, 'part');
  return aten.apply('add', [aten.data('self'), part]);
};

function chosen(aten: Aten): Results {
  if (!aten.has('self')) return aten.data('condition');
  const value = (name: string): Value =>
    aten.argument(name)?.kind === 'tensor'
      ? aten.data(name)
      : aten.call.value(constant('float', [1], [aten.size(name)]), `${aten.call.file.name}.${name}`);
  return aten.apply('select', [aten.data('condition'), value('self'), value('other')]);
}

const masked: AtenRow = (aten) => aten.apply('maskedFill', [aten.data('self'), aten.data('mask')]);

const ROWS: AtenRows = {
  add: pairwise('add', shifted),
  sub: pairwise('subtract', shifted),
  subtract: pairwise('subtract', shifted),
  rsub: pairwise('subtract', shifted),
  mul: pairwise('multiply', scaled),
  multiply: pairwise('multiply', scaled),
  div: pairwise('divide', quotient),
  divide: pairwise('divide', quotient),
  true_divide: pairwise('divide', quotient),
  maximum: pairwise('maximum', extreme('maximum')),
  minimum: pairwise('minimum', extreme('minimum')),
  fmax: pairwise('maximum', extreme('maximum')),
  fmin: pairwise('minimum', extreme('minimum')),
  addcmul: combined('multiply'),
  addcdiv: combined('divide'),
  lerp: between,
  eq: compared('equal'),
  ne: compared('notEqual'),
  gt: compared('greater'),
  ge: compared('greaterOrEqual'),
  lt: compared('less'),
  le: compared('lessOrEqual'),
  logical_and: compared('and'),
  logical_or: compared('or'),
  logical_xor: compared('exclusiveOr'),
  bitwise_and: compared('and'),
  bitwise_or: compared('or'),
  bitwise_xor: compared('exclusiveOr'),
  remainder: compared('modulo'),
  fmod: compared('modulo'),
  floor_divide: compared('floorDivide'),
  atan2: (aten) => aten.apply('arcTangent2', [aten.data('self'), aten.data('other')]),
  masked_fill: masked,
};

export const ARITHMETIC: AtenRows = { ...inPlaceToo(ROWS), where: chosen };
