// How are activations read? Most say all by their name; bounds and slopes are attributes, or inputs in newer opsets.

import { product } from '../../../dim/dim.js';
import { InputError } from '../../../inputError.js';
import { numbersOf } from './convolution.js';
import type { Conversion, Made, Row } from './conversion.js';

type Plain =
  | 'relu'
  | 'sigmoid'
  | 'hardSigmoid'
  | 'hardSwish'
  | 'silu'
  | 'gelu'
  | 'tanh'
  | 'elu'
  | 'softplus'
  | 'mish'
  | 'erf'
  | 'exponential'
  | 'logarithm'
  | 'squareRoot'
  | 'reciprocal'
  | 'absolute'
  | 'negate';

const plain = (op: Plain): Row => ({ convert: (call) => call.apply(op, call.data(0)) });

/** The largest number of single precision: ONNX's own default where there is no bound. */
const NO_BOUND = 3.4028234663852886e38;

function clip(call: Conversion): Made {
  const x = call.data(0);
  const least = call.number('min', 1) ?? -NO_BOUND;
  const most = call.number('max', 2) ?? NO_BOUND;
  if (least === 0 && most === 6) return call.apply('relu6', x);
  if (least === 0 && most >= NO_BOUND) return call.apply('relu', x);
  if (Number.isNaN(least) || Number.isNaN(most)) throw new InputError('its bounds are no numbers');
  return call.apply('clip', x, { least: Math.max(least, -NO_BOUND), most: Math.min(most, NO_BOUND) });
}

function prelu(call: Conversion): Made {
  const slope = call.weight(1, 'slopes');
  const sides = numbersOf(slope);
  return call.apply('prelu', call.data(0), { shape: sides.length === 0 ? [1] : sides }, { slope });
}

/** Until opset 12 all sides from the axis on were one. */
function softmax(call: Conversion): Made {
  const x = call.data(0);
  const rank = x.shape.length;
  const axis = call.axis(call.attributes.int('axis', call.opset < 13 ? 1 : -1));
  if (call.opset >= 13 || axis === rank - 1) return call.apply('softmax', x, { axis });
  const sides = [product(x.shape.slice(0, axis)), product(x.shape.slice(axis))];
  const flat = call.apply('view', x, { shape: sides }, {}, 'flat');
  return call.apply('view', call.apply('softmax', flat, { axis: 1 }), { shape: x.shape }, {}, 'sides');
}

function leakyRelu(call: Conversion): Made {
  return call.apply('leakyRelu', call.data(0), { slope: call.attributes.float('alpha', 0.01) });
}

export const ACTIVATIONS: Readonly<Record<string, Row>> = {
  Relu: plain('relu'),
  Sigmoid: plain('sigmoid'),
  HardSigmoid: plain('hardSigmoid'),
  HardSwish: plain('hardSwish'),
  Swish: plain('silu'),
  Gelu: plain('gelu'),
  Tanh: plain('tanh'),
  Elu: plain('elu'),
  Celu: plain('elu'),
  Selu: { convert: (call) => call.apply('elu', call.data(0), { selu: true }) },
  Softplus: plain('softplus'),
  Mish: plain('mish'),
  Erf: plain('erf'),
  Exp: plain('exponential'),
  Log: plain('logarithm'),
  Sqrt: plain('squareRoot'),
  Reciprocal: plain('reciprocal'),
  Abs: plain('absolute'),
  Neg: plain('negate'),
  LeakyRelu: { convert: leakyRelu },
  PRelu: { weights: [1], convert: prelu },
  Clip: { convert: clip },
  Softmax: { convert: softmax },
  LogSoftmax: { convert: softmax },
};
