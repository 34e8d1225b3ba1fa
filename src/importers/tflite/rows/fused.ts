// The activation that is fused into a TFLite operator. It becomes a node of its own.

import type { Value } from '../../../graph.js';
import { InputError } from '../../../inputError.js';
import { like, type Call } from '../sides.js';

type Activate = (call: Call, x: Value) => Value;

/** ActivationFunctionType of the schema by its number. */
const ACTIVATIONS: readonly (Activate | undefined)[] = [
  undefined,
  (call, x) => call.apply('relu', x, {}, {}, 'relu'),
  (call, x) => call.apply('clip', x, { least: -1, most: 1 }, {}, 'clip'),
  (call, x) => call.apply('relu6', x, {}, {}, 'relu6'),
  (call, x) => call.apply('tanh', x, {}, {}, 'tanh'),
  (call, x) => call.apply('sign', x, {}, {}, 'sign'),
];

/** @param fused the number of the activation, 0 for none */
export function activated(call: Call, x: Value, fused: number): Value {
  if (!(fused >= 0 && fused < ACTIVATIONS.length))
    throw new InputError(`its fused activation is ${fused}, and there are 0 to ${ACTIVATIONS.length - 1}`);
  const activate = ACTIVATIONS[fused];
  return activate ? like(x, activate(call, x)) : x;
}
