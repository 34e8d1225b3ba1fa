// Rows of sums, products and comparisons. A constant operand is a parameter or a number.

import { equal, isNumber } from '../../../dim/dim.js';
import type { Value } from '../../../graph.js';
import { regrouped } from '../../kit/moves.js';
import { isConstant, isSingle, type Constant, type Operand } from '../../kit/operand.js';
import type { Call, Results, OnnxRow } from '../onnxCall.js';

type Pairwise =
  | ('add' | 'subtract' | 'multiply' | 'divide' | 'maximum' | 'minimum')
  | ('equal' | 'less' | 'lessOrEqual' | 'greater' | 'greaterOrEqual' | 'and' | 'or' | 'exclusiveOr' | 'modulo');
/** What an op becomes where one operand is a constant. */
type WithConstant = (call: Call, x: Value, constant: Constant, first: boolean) => Results;

/** @param slots where the two operands are: quantized ops have scales between them */
const pairwise = (op: Pairwise, withConstant: WithConstant, slots: readonly [number, number] = [0, 1]): OnnxRow => ({
  convert(call) {
    const a = call.operand(slots[0]);
    const b = standing(call, a, call.operand(slots[1]));
    if (isConstant(b) && !isConstant(a)) return withConstant(call, a, b, false);
    if (isConstant(a) && !isConstant(b)) return withConstant(call, b, a, true);
    const second = isConstant(b) ? call.data(slots[1]) : b;
    return call.apply(op, [call.data(slots[0]), second]);
  },
});

/** Until opset 6 the sides of the second operand stand from an axis of the first on. */
function standing<T extends Operand>(call: Call, a: Operand, b: T): T | Value {
  const { attributes, facts } = call.file;
  if (facts.opset > 6 || !attributes.has('axis') || b.shape.length === 0) return b;
  const axis = call.axis(attributes.int('axis', 0), a.shape.length);
  const behind = a.shape.length - axis - b.shape.length;
  if (behind === 0) return b;
  if (behind < 0) throw call.misfit('second operand', b.shape, a.shape);
  const shape = [...b.shape, ...new Array<number>(behind).fill(1)];
  return isConstant(b) ? { ...b, shape } : regrouped(call, b, shape, 'sides');
}

/**
 * "scales.0.scale": a name that exporters give what a module learns, and nothing that they compute.
 */
const OF_MODULE = /^[A-Za-z_]\w*(\.\w+)+$/;

/**
 * Whether a stored tensor may be learnt. A single number is one of a formula, unless a module's
 * parameter has its name.
 */
export const mayBeLearnt = (name: string, constant: Constant): boolean => !isSingle(constant) || OF_MODULE.test(name);

/** Whether a constant that is read as data was learnt. */
const isLearnt = (constant: Constant): boolean =>
  !isSingle(constant)
    ? (constant.stored ?? []).length > 0
    : (constant.stored ?? []).some(({ id, elements }) => !equal(elements, 1) || OF_MODULE.test(id));

export function withParameter(call: Call, op: 'scaleBy' | 'shiftBy', x: Value, constant: Constant, part = ''): Value {
  const shape = constant.shape.length === 0 ? [1] : constant.shape;
  const learnt = isLearnt(constant);
  return call.apply(op, x, { shape, learnt }, learnt ? { [op === 'scaleBy' ? 'scale' : 'shift']: constant } : {}, part);
}

const shifted: WithConstant = (call, x, constant) => withParameter(call, 'shiftBy', x, constant);
const scaled: WithConstant = (call, x, constant) => withParameter(call, 'scaleBy', x, constant);

/** 1 / x is one op; c / x is that, scaled. */
const quotient: WithConstant = (call, x, constant, first) => {
  if (!first) return withParameter(call, 'scaleBy', x, constant);
  const inverse = call.apply('reciprocal', x);
  return isSingle(constant) && constant.items?.[0] === 1
    ? inverse
    : withParameter(call, 'scaleBy', inverse, constant, 'scale');
};

const bounded =
  (op: 'maximum' | 'minimum'): WithConstant =>
  (call, x, constant) => {
    const bound = constant.items?.[0];
    if (isLearnt(constant) || !isSingle(constant) || bound === undefined || !isNumber(bound))
      return call.apply(op, [call.data(0), call.data(1)]);
    if (op === 'maximum' && bound === 0) return call.apply('relu', x);
    return call.apply('clip', x, op === 'maximum' ? { least: bound, most: LARGEST } : { least: -LARGEST, most: bound });
  };
const LARGEST = 3.4028234663852886e38;

/** Of one input or more; each sum is an op of two. */
const several = (op: 'add' | 'maximum' | 'minimum'): OnnxRow => ({
  convert(call) {
    const values = call.inputs.map((_, i) => call.data(i));
    return values
      .slice(1)
      .reduce((all, value, i) => call.apply(op, [all, value], {}, {}, i === 0 ? '' : String(i + 1)), values[0]!);
  },
});

const two = (row: OnnxRow, more: OnnxRow): OnnxRow => ({
  convert: (call) => (call.inputs.length === 2 ? row : more).convert(call),
});

function mean(call: Call): Results {
  const sum = several('add').convert(call) as Value;
  if (call.inputs.length === 1) return sum;
  return call.apply('scaleBy', sum, { shape: [1], learnt: false }, {}, 'scale');
}

function power(call: Call): Results {
  const exponent = call.constant(1);
  const [item] = exponent?.items ?? [];
  if (exponent && isSingle(exponent) && item !== undefined && isNumber(item))
    return call.apply('power', call.data(0), { exponent: item });
  return call.apply('powerOf', [call.data(0), standing(call, call.data(0), call.data(1))]);
}

const ofTwo = (op: Pairwise): OnnxRow => ({
  convert(call) {
    const a = call.data(0);
    return call.apply(op, [a, standing(call, a, call.data(1))]);
  },
});

const select = (call: Call): Results => call.apply('select', [call.data(0), call.data(1), call.data(2)]);

export const ARITHMETIC: Readonly<Record<string, OnnxRow>> = {
  Add: pairwise('add', shifted),
  Sub: pairwise('subtract', shifted),
  Mul: pairwise('multiply', scaled),
  Div: pairwise('divide', quotient),
  QLinearAdd: pairwise('add', shifted, [0, 3]),
  QLinearMul: pairwise('multiply', scaled, [0, 3]),
  Max: two(pairwise('maximum', bounded('maximum')), several('maximum')),
  Min: two(pairwise('minimum', bounded('minimum')), several('minimum')),
  Sum: two(pairwise('add', shifted), several('add')),
  Mean: { convert: mean },
  Pow: { convert: power },
  Mod: ofTwo('modulo'),
  Equal: ofTwo('equal'),
  Less: ofTwo('less'),
  LessOrEqual: ofTwo('lessOrEqual'),
  Greater: ofTwo('greater'),
  GreaterOrEqual: ofTwo('greaterOrEqual'),
  And: ofTwo('and'),
  Or: ofTwo('or'),
  Xor: ofTwo('exclusiveOr'),
  BitwiseAnd: ofTwo('and'),
  BitwiseOr: ofTwo('or'),
  BitwiseXor: ofTwo('exclusiveOr'),
  BitShift: ofTwo('multiply'),
  Where: { convert: select },
};
