// Which ops are the functions of TensorFlow? Each on every element, with a slope or the like as an attribute or a constant.

import type { OpGiven } from '../../builder.js';
import type { Value } from '../../graph.js';
import type { OpName } from '../../ops/table.js';
import type { NodeCall } from './nodeCall.js';
import { against } from './sides.js';

/** @param part as of `NodeCall.apply`; @param next the input with a slope, where it is one */
type Activate = (call: NodeCall, x: Value, part: string, next: number) => Value;

const plain =
  <K extends OpName>(op: K, given?: OpGiven<K>): Activate =>
  (call, x, part) =>
    call.apply(op, part, x, given);

/** By the name of the node, and as what is fused into another. */
export const ACTIVATIONS: Readonly<Record<string, Activate>> = {
  Relu: plain('relu'),
  Relu6: plain('relu6'),
  Elu: plain('elu'),
  Selu: plain('elu', { selu: true }),
  Sigmoid: plain('sigmoid'),
  Tanh: plain('tanh'),
  Softplus: plain('softplus'),
  LeakyRelu: (call, x, part) => {
    const slope = call.attributes.real('alpha', call.attributes.real('leakyrelu_alpha', 0.2));
    return call.apply('leakyRelu', part, x, { slope });
  },
  Prelu: (call, x, part, next) => {
    const slope = call.constant(next);
    return call.apply('prelu', part, x, { shape: against(slope, x) }, [slope]);
  },
};

export const FUNCTIONS: Readonly<Record<string, Activate>> = {
  ...ACTIVATIONS,
  Exp: plain('exponential'),
  Log: plain('logarithm'),
  Sqrt: plain('squareRoot'),
  Rsqrt: plain('power', { exponent: -0.5 }),
  Square: plain('power', { exponent: 2 }),
  Neg: plain('negate'),
  Abs: plain('absolute'),
  Reciprocal: plain('reciprocal'),
  Erf: plain('erf'),
};
