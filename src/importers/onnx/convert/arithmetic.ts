// How are sums and products read? Of two computed tensors they are ops of two inputs; a constant beside one is a parameter, or a mere number.

import { isNumber } from '../../../dim/dim.js';
import type { Value } from '../../../graph.js';
import { isConstant, isParameter, isSingle, type Constant, type Operand } from '../operand.js';
import type { Conversion, Made, Row } from './conversion.js';
import { Uncounted } from '../uncounted.js';

/** A part of what was learnt is read as data: its parameters are counted where it is made. */
const isPlain = (operand: Operand): operand is Constant => isConstant(operand) && operand.asData === undefined;

type Pairwise = 'add' | 'subtract' | 'multiply' | 'divide' | 'maximum' | 'minimum';
/** What an op becomes where one operand is a constant. */
type WithConstant = (call: Conversion, x: Value, constant: Constant, first: boolean) => Made;

const pairwise = (op: Pairwise, withConstant: WithConstant): Row => ({
  convert(call) {
    const [a, b] = [call.operand(0), call.operand(1)];
    if (isPlain(b) && !isConstant(a)) return withConstant(call, a, b, false);
    if (isPlain(a) && !isConstant(b)) return withConstant(call, b, a, true);
    return call.apply(op, [call.data(0), call.data(1)]);
  },
});

export function withParameter(
  call: Conversion,
  op: 'scaleBy' | 'shiftBy',
  x: Value,
  constant: Constant,
  part = '',
): Value {
  const shape = constant.shape.length === 0 ? [1] : constant.shape;
  const learnt = isParameter(constant);
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
    if (isParameter(constant) || !isSingle(constant) || bound === undefined || !isNumber(bound))
      return call.apply(op, [call.data(0), call.data(1)]);
    if (op === 'maximum' && bound === 0) return call.apply('relu', x);
    return call.apply('clip', x, op === 'maximum' ? { least: bound, most: LARGEST } : { least: -LARGEST, most: bound });
  };
const LARGEST = 3.4028234663852886e38;

/** Of one input or more; each sum is an op of two. */
const several = (op: Pairwise): Row => ({
  convert(call) {
    const values = call.inputs.map((_, i) => call.data(i));
    return values
      .slice(1)
      .reduce((all, value, i) => call.apply(op, [all, value], {}, {}, i === 0 ? '' : String(i + 1)), values[0]!);
  },
});

const two = (row: Row, more: Row): Row => ({
  convert: (call) => (call.inputs.length === 2 ? row : more).convert(call),
});

function power(call: Conversion): Made {
  const exponent = call.constant(1)?.items?.[0];
  if (exponent === undefined || !isNumber(exponent)) throw new Uncounted('its exponent is no number of the file');
  return call.apply('power', call.data(0), { exponent });
}

export const ARITHMETIC: Readonly<Record<string, Row>> = {
  Add: pairwise('add', shifted),
  Sub: pairwise('subtract', shifted),
  Mul: pairwise('multiply', scaled),
  Div: pairwise('divide', quotient),
  Max: two(pairwise('maximum', bounded('maximum')), several('maximum')),
  Min: two(pairwise('minimum', bounded('minimum')), several('minimum')),
  Sum: two(pairwise('add', shifted), several('add')),
  Pow: { convert: power },
};
