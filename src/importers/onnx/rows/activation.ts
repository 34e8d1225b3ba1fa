// Rows of functions of each element. Bounds and slopes are attributes, or inputs since opset 11.

import { product } from '../../../dim/dim.js';
import { InputError } from '../../../inputError.js';
import { numberOf, parameter, type Call, type Results, type OnnxRow } from '../onnxCall.js';
import { numbersOf } from './convolution.js';

type Plain =
  | ('relu' | 'sigmoid' | 'hardSigmoid' | 'hardSwish' | 'silu' | 'gelu' | 'quickGelu' | 'tanh' | 'elu' | 'softplus')
  | ('softsign' | 'mish' | 'erf' | 'exponential' | 'logarithm' | 'squareRoot' | 'reciprocal' | 'absolute' | 'negate')
  | ('sine' | 'cosine' | 'tangent' | 'arcSine' | 'arcCosine' | 'arcTangent' | 'hyperbolicSine' | 'hyperbolicCosine')
  | ('inverseHyperbolicSine' | 'inverseHyperbolicCosine' | 'inverseHyperbolicTangent')
  | ('floor' | 'ceil' | 'round' | 'sign' | 'not' | 'isNan' | 'isInfinite');

const plain = (op: Plain): OnnxRow => ({ convert: (call) => call.apply(op, call.data(0)) });

/** The largest number of single precision: ONNX's own default where there is no bound. */
const NO_BOUND = 3.4028234663852886e38;

function clip(call: Call): Results {
  const x = call.data(0);
  if ([1, 2].some((i) => call.has(i) && !call.items(i))) return bounded(call);
  const least = numberOf(call, 'min', 1) ?? -NO_BOUND;
  const most = numberOf(call, 'max', 2) ?? NO_BOUND;
  if (least === 0 && most === 6) return call.apply('relu6', x);
  if (least === 0 && most >= NO_BOUND) return call.apply('relu', x);
  if (Number.isNaN(least) || Number.isNaN(most)) throw new InputError('its bounds are not numbers');
  return call.apply('clip', x, { least: Math.max(least, -NO_BOUND), most: Math.min(most, NO_BOUND) });
}

/** By bounds that the network computes. */
function bounded(call: Call): Results {
  const lower = call.has(1) ? call.apply('maximum', [call.data(0), call.data(1)], {}, {}, 'least') : call.data(0);
  return call.has(2) ? call.apply('minimum', [lower, call.data(2)], {}, {}, 'most') : lower;
}

function prelu(call: Call): Results {
  const slope = parameter(call, 1, 'slopes');
  const sides = numbersOf(slope);
  return call.apply('prelu', call.data(0), { shape: sides.length === 0 ? [1] : sides }, { slope });
}

/** Until opset 12 all sides from the axis on were one. */
function softmax(call: Call): Results {
  const x = call.data(0);
  const rank = x.shape.length;
  const { opset } = call.file.facts;
  const axis = call.axis(call.file.attributes.int('axis', opset < 13 ? 1 : -1));
  if (opset >= 13 || axis === rank - 1) return call.apply('softmax', x, { axis });
  const sides = [product(x.shape.slice(0, axis)), product(x.shape.slice(axis))];
  const flat = call.apply('view', x, { shape: sides }, {}, 'flat');
  return call.apply('view', call.apply('softmax', flat, { axis: 1 }), { shape: x.shape }, {}, 'sides');
}

const leakyRelu = (call: Call): Results =>
  call.apply('leakyRelu', call.data(0), { slope: call.file.attributes.float('alpha', 0.01) });

const thresholdedRelu = (call: Call): Results =>
  call.apply('thresholdedRelu', call.data(0), { threshold: call.file.attributes.float('alpha', 1) });

function shrink(call: Call): Results {
  const { attributes } = call.file;
  const mode = attributes.float('bias', 0) === 0 ? 'hard' : 'soft';
  return call.apply('shrink', call.data(0), { mode, lambda: attributes.float('lambd', 0.5) });
}

export const ACTIVATIONS: Readonly<Record<string, OnnxRow>> = {
  Relu: plain('relu'),
  Sigmoid: plain('sigmoid'),
  HardSigmoid: plain('hardSigmoid'),
  HardSwish: plain('hardSwish'),
  Swish: plain('silu'),
  Gelu: plain('gelu'),
  QuickGelu: plain('quickGelu'),
  Tanh: plain('tanh'),
  Elu: plain('elu'),
  Celu: plain('elu'),
  Selu: { convert: (call) => call.apply('elu', call.data(0), { selu: true }) },
  Softplus: plain('softplus'),
  Softsign: plain('softsign'),
  Mish: plain('mish'),
  Erf: plain('erf'),
  Exp: plain('exponential'),
  Log: plain('logarithm'),
  Sqrt: plain('squareRoot'),
  Reciprocal: plain('reciprocal'),
  Abs: plain('absolute'),
  Neg: plain('negate'),
  Sin: plain('sine'),
  Cos: plain('cosine'),
  Tan: plain('tangent'),
  Asin: plain('arcSine'),
  Acos: plain('arcCosine'),
  Atan: plain('arcTangent'),
  Sinh: plain('hyperbolicSine'),
  Cosh: plain('hyperbolicCosine'),
  Asinh: plain('inverseHyperbolicSine'),
  Acosh: plain('inverseHyperbolicCosine'),
  Atanh: plain('inverseHyperbolicTangent'),
  Floor: plain('floor'),
  Ceil: plain('ceil'),
  Round: plain('round'),
  Sign: plain('sign'),
  Not: plain('not'),
  BitwiseNot: plain('not'),
  IsNaN: plain('isNan'),
  IsInf: plain('isInfinite'),
  LeakyRelu: { convert: leakyRelu },
  ThresholdedRelu: { convert: thresholdedRelu },
  Shrink: { convert: shrink },
  PRelu: { weights: [1], convert: prelu },
  Clip: { convert: clip },
  Softmax: { convert: softmax },
  LogSoftmax: { convert: softmax },
};
