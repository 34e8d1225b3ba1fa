// Rows of TFLite's functions of each element, and of sums and products of two operands.

import { isNumber, type Dim } from '../../../dim/dim.js';
import type { Value } from '../../../graph.js';
import type { OpRow } from '../../kit/call.js';
import { isConstant, isSingle, type Constant } from '../../kit/operand.js';
import { Uncounted } from '../../kit/uncounted.js';
import { optionsOf, type TfliteCall } from '../network.js';
import type { OptionsName } from '../options.js';
import { aligned, data, fileSides, inOurOrder, like, regrouped, type Call } from '../sides.js';
import { activated } from './fused.js';

type Plain =
  | 'relu'
  | 'relu6'
  | 'sigmoid'
  | 'tanh'
  | 'hardSwish'
  | 'elu'
  | 'gelu'
  | 'exponential'
  | 'logarithm'
  | 'squareRoot'
  | 'reciprocalSquareRoot'
  | 'negate'
  | 'absolute'
  | 'sine'
  | 'cosine'
  | 'floor'
  | 'ceil'
  | 'round'
  | 'sign'
  | 'square'
  | 'not'
  | 'softplus'
  | 'softsign'
  | 'erf'
  | 'exponentialMinusOne'
  | 'logarithmOnePlus'
  | 'reciprocal'
  | 'tangent'
  | 'arcTangent'
  | 'hyperbolicSine'
  | 'hyperbolicCosine'
  | 'isNan'
  | 'isInfinite'
  | 'quantize'
  | 'dequantize';

export const each =
  (op: Plain): OpRow<TfliteCall> =>
  (call) => {
    const x = data(call, 0);
    return like(x, call.apply(op, x));
  };

export const between =
  (least: number, most: number): OpRow<TfliteCall> =>
  (call) => {
    const x = data(call, 0);
    return like(x, call.apply('clip', x, { least, most }));
  };

export function leakyRelu(call: Call): Value {
  const x = data(call, 0);
  const slope = optionsOf(call.file, 'LeakyRelu').alpha;
  return like(x, call.apply('leakyRelu', x, Number.isFinite(slope) ? { slope } : {}));
}

/** Slopes are stored without the batch: [1, 1, C] for an image. */
export function prelu(call: Call): Value {
  const x = data(call, 0);
  const slope = call.weight(1, 'slopes');
  return like(x, call.apply('prelu', x, { shape: against(slope, x) }, { slope }));
}

/** Sides of a constant beside a value in our order, without the sides of 1 that stand in front. */
function against({ shape }: Constant, x: Value): readonly Dim[] {
  const missing = Math.max(0, x.shape.length - shape.length);
  const sides = inOurOrder(x, [...new Array<Dim>(missing).fill(1), ...shape]);
  const first = sides.findIndex((side) => side !== 1);
  return first < 0 ? [1] : sides.slice(first);
}

/** x with as many sides as the constant beside it. */
function ranked(call: Call, x: Value, { shape }: Constant): Value {
  const missing = shape.length - x.shape.length;
  return missing <= 0 ? x : regrouped(call, x, [...new Array<Dim>(missing).fill(1), ...fileSides(x)], 'side');
}

function withConstant(call: Call, op: 'scaleBy' | 'shiftBy', x: Value, found: Constant, part = ''): Value {
  const ready = ranked(call, x, found);
  const learnt = found.stored !== undefined;
  const parameters = learnt ? { [op === 'scaleBy' ? 'scale' : 'shift']: found } : {};
  return like(ready, call.apply(op, ready, { shape: against(found, ready), learnt }, parameters, part));
}

type Pairwise =
  | 'add'
  | 'subtract'
  | 'multiply'
  | 'divide'
  | 'maximum'
  | 'minimum'
  | 'equal'
  | 'notEqual'
  | 'greater'
  | 'greaterOrEqual'
  | 'less'
  | 'lessOrEqual'
  | 'and'
  | 'or'
  | 'exclusiveOr'
  | 'modulo'
  | 'floorDivide'
  | 'powerOf'
  | 'squaredDifference'
  | 'arcTangent2';

function joined(call: Call, op: Pairwise): Value {
  const [a, b] = aligned(call, [data(call, 0), data(call, 1)]);
  return like(a!, call.apply(op, [a!, b!]));
}

export const pairwise =
  (op: Pairwise): OpRow<TfliteCall> =>
  (call) =>
    joined(call, op);

/** Makes the node where one operand is a constant. */
type WithConstant = (call: Call, x: Value, found: Constant, isFirst: boolean) => Value;

const shifted: WithConstant = (call, x, found) => withConstant(call, 'shiftBy', x, found);
const scaled: WithConstant = (call, x, found) => withConstant(call, 'scaleBy', x, found);

/** 1 / x is one op, and c / x is that times c. */
const quotient: WithConstant = (call, x, found, isFirst) => {
  if (!isFirst) return scaled(call, x, found, false);
  const inverse = like(x, call.apply('reciprocal', x, {}, {}, 'reciprocal'));
  return withConstant(call, 'scaleBy', inverse, found);
};

const arithmetic =
  (op: Pairwise, options: OptionsName & ('Add' | 'Sub' | 'Mul' | 'Div'), beside: WithConstant): OpRow<TfliteCall> =>
  (call) => {
    const [a, b] = [call.operand(0), call.operand(1)];
    const { fused } = optionsOf(call.file, options);
    if (isConstant(b) && !isConstant(a)) return activated(call, beside(call, a, b, false), fused);
    if (isConstant(a) && !isConstant(b)) return activated(call, beside(call, b, a, true), fused);
    return activated(call, joined(call, op), fused);
  };

export const add = arithmetic('add', 'Add', shifted);
export const subtract = arithmetic('subtract', 'Sub', shifted);
export const multiply = arithmetic('multiply', 'Mul', scaled);
export const divide = arithmetic('divide', 'Div', quotient);

/** The largest number of single precision. */
const LARGEST = 3.4028234663852886e38;

/** With a single number it is a bound, and the node keeps the number. */
export const bounded =
  (op: 'maximum' | 'minimum'): OpRow<TfliteCall> =>
  (call) => {
    const [a, b] = [call.operand(0), call.operand(1)];
    const [x, found] = isConstant(a) ? [b, a] : [a, b];
    const bound = isConstant(found) && isSingle(found) ? found.items?.[0] : undefined;
    if (isConstant(x) || bound === undefined || !isNumber(bound) || !Number.isFinite(bound)) return joined(call, op);
    if (op === 'maximum' && bound === 0) return like(x, call.apply('relu', x));
    const bounds = op === 'maximum' ? { least: bound, most: LARGEST } : { least: -LARGEST, most: bound };
    return like(x, call.apply('clip', x, bounds));
  };

export const power: OpRow<TfliteCall> = (call) => {
  const exponent = call.constant(1);
  const number = exponent && isSingle(exponent) ? exponent.items?.[0] : undefined;
  if (number === undefined || !isNumber(number) || !Number.isFinite(number)) return joined(call, 'powerOf');
  const x = data(call, 0);
  return like(x, call.apply('power', x, { exponent: number }));
};

export function addN(call: Call): Value {
  const [first, ...rest] = aligned(
    call,
    call.inputs.map((_, i) => data(call, i)),
  );
  return rest.reduce((all, next, i) => {
    return like(all, call.apply('add', [all, next], {}, {}, i === rest.length - 1 ? '' : String(i + 1)));
  }, first!);
}

/** The old SELECT takes one condition for each image. */
export function select(call: Call): Value {
  const [condition, ...choices] = [data(call, 0), data(call, 1), data(call, 2)];
  const rank = choices[0].shape.length;
  const ready =
    call.op === 'SELECT' && condition.shape.length === 1 && rank > 1
      ? call.apply('view', condition, { shape: [condition.shape[0]!, ...new Array<Dim>(rank - 1).fill(1)] }, {}, 'rows')
      : condition;
  const [first, second, third] = aligned(call, [ready, ...choices]);
  return like(first!, call.apply('select', [first!, second!, third!]));
}

/** A cast changes only the type. Elements are counted, not bytes, so it is free. */
export function same(call: Call): Value {
  return data(call, 0);
}

export function neverComputed(): never {
  throw new Uncounted('it reads what the network computes, and is only worked out before the network runs');
}
