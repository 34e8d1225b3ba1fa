// Rows of functions of each element, as nodes or fused into a layer, with their slopes.

import type { OpGiven } from '../../builder.js';
import type { Value } from '../../graph.js';
import type { OpName } from '../../ops/table.js';
import { against, type Call } from './tfCall.js';

/** @param part as of `Call.apply`; @param next the input with a slope, where it is one */
type Activate = (call: Call, x: Value, part: string, next: number) => Value;

const plain =
  <K extends OpName>(op: K, given: OpGiven<K> = {}): Activate =>
  (call, x, part) =>
    call.apply(op, x, given, {}, part);

/** Functions by the name of their node, which is also their name in `fused_ops`. */
export const ACTIVATIONS: Readonly<Record<string, Activate>> = {
  Relu: plain('relu'),
  Relu6: plain('relu6'),
  Elu: plain('elu'),
  Selu: plain('elu', { selu: true }),
  Sigmoid: plain('sigmoid'),
  Tanh: plain('tanh'),
  Softplus: plain('softplus'),
  LeakyRelu: (call, x, part) => {
    const slope = call.file.attributes.real('alpha', call.file.attributes.real('leakyrelu_alpha', 0.2));
    return call.apply('leakyRelu', x, { slope }, {}, part);
  },
  Prelu: (call, x, part, next) => {
    const slope = call.weight(next, 'slopes');
    return call.apply('prelu', x, { shape: against(call, slope, x) }, { slope }, part);
  },
};

export const FUNCTIONS: Readonly<Record<string, Activate>> = {
  ...ACTIVATIONS,
  Softsign: plain('softsign'),
  Exp: plain('exponential'),
  Expm1: plain('exponentialMinusOne'),
  Log: plain('logarithm'),
  Log1p: plain('logarithmOnePlus'),
  Sqrt: plain('squareRoot'),
  Rsqrt: plain('power', { exponent: -0.5 }),
  Square: plain('power', { exponent: 2 }),
  Neg: plain('negate'),
  Abs: plain('absolute'),
  Reciprocal: plain('reciprocal'),
  Inv: plain('reciprocal'),
  Erf: plain('erf'),
  Sign: plain('sign'),
  Floor: plain('floor'),
  Ceil: plain('ceil'),
  Round: plain('round'),
  Rint: plain('round'),
  Sin: plain('sine'),
  Cos: plain('cosine'),
  Tan: plain('tangent'),
  Atan: plain('arcTangent'),
  Sinh: plain('hyperbolicSine'),
  Cosh: plain('hyperbolicCosine'),
  LogicalNot: plain('not'),
  IsNan: plain('isNan'),
  IsInf: plain('isInfinite'),
  IsFinite: plain('isInfinite'),
  Erfc: plain('erf'),
  Erfinv: plain('erf'),
  Asin: plain('arcSine'),
  Acos: plain('arcCosine'),
  Asinh: plain('inverseHyperbolicSine'),
  Acosh: plain('inverseHyperbolicCosine'),
  Atanh: plain('inverseHyperbolicTangent'),
  Bucketize: plain('quantize'),
  FakeQuantWithMinMaxArgs: plain('quantize'),
  FakeQuantWithMinMaxVars: plain('quantize'),
  FakeQuantWithMinMaxVarsPerChannel: plain('quantize'),
};
