// Caffe's functions of one element: activations, and a power with a scale and a shift.

import type { Value } from '../../graph.js';
import type { OpName } from '../../ops/table.js';
import { InputError } from '../../inputError.js';
import { demandInputs, paramOf, sideOf, type Call } from './settings.js';

function only(call: Call): Value {
  demandInputs(call, 1);
  return call.data(0);
}

export const unary =
  (op: OpName) =>
  (call: Call): Value =>
    call.apply(op, only(call));

/** Leaky where it has a slope; a second blob is data that ShuffleNet's fork does not have. */
export function relu(call: Call): Value {
  const slope = paramOf(call, 'relu_param').number('negative_slope', 0);
  return slope === 0 ? call.apply('relu', only(call)) : call.apply('leakyRelu', only(call), { slope });
}

export function softmax(call: Call): Value {
  const x = only(call);
  return call.apply('softmax', x, { axis: sideOf(paramOf(call, 'softmax_param').number('axis', 1), x.shape) });
}

export function clip(call: Call): Value {
  const param = paramOf(call, 'clip_param');
  const [least, most] = [param.number('min', undefined), param.number('max', undefined)];
  if (least === undefined || most === undefined) throw new InputError('it needs both min and max');
  return call.apply('clip', only(call), { least, most });
}

const constant = { shape: [1], learnt: false } as const;

/** (shift + scale x) ^ power: what is 1 or 0 is not computed. */
export function power(call: Call): Value {
  const param = paramOf(call, 'power_param');
  const [exponent, factor, shift] = [param.number('power', 1), param.number('scale', 1), param.number('shift', 0)];
  let x = only(call);
  const steps: ((part: string) => Value)[] = [];
  if (factor === -1) steps.push((part) => call.apply('negate', x, {}, {}, part));
  else if (factor !== 1) steps.push((part) => call.apply('scaleBy', x, constant, {}, part));
  if (shift !== 0) steps.push((part) => call.apply('shiftBy', x, constant, {}, part));
  if (exponent !== 1) steps.push((part) => call.apply('power', x, { exponent }, {}, part));
  steps.forEach((step, i) => (x = step(i === steps.length - 1 ? '' : String(i + 1))));
  return x;
}

/** A function of scale x + shift, to the base e unless told otherwise. */
export const withBase =
  (op: 'exponential' | 'logarithm', name: 'exp_param' | 'log_param') =>
  (call: Call): Value => {
    const param = paramOf(call, name);
    const plain = param.number('base', -1) <= 0 && param.number('scale', 1) === 1 && param.number('shift', 0) === 0;
    if (plain) return call.apply(op, only(call));
    const inner = call.apply(
      'shiftBy',
      call.apply('scaleBy', only(call), constant, {}, 'scale'),
      constant,
      {},
      'shift',
    );
    return call.apply(op, inner);
  };
