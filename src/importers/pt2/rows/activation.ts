// Rows for functions of each element.

import { div, isNumber } from '../../../dim/dim.js';
import type { OpName } from '../../../ops/table.js';
import type { Results } from '../../kit/call.js';
import { isConstant } from '../../kit/operand.js';
import { Uncounted } from '../../kit/uncounted.js';
import type { Aten, AtenRow, AtenRows } from '../aten.js';

const x = (aten: Aten) => aten.data(aten.has('self') ? 'self' : 'input');

const plain =
  (op: OpName): AtenRow =>
  (aten) =>
    aten.apply(op, x(aten));

/** The largest number of single precision: a bound that never takes effect. */
const NO_BOUND = 3.4028234663852886e38;

function bounded(aten: Aten, least: number, most: number): Results {
  if (least === 0 && most === 6) return aten.apply('relu6', x(aten));
  if (least === 0 && most >= NO_BOUND) return aten.apply('relu', x(aten));
  return aten.apply('clip', x(aten), { least: Math.max(least, -NO_BOUND), most: Math.min(most, NO_BOUND) });
}

/** Bounds may be tensors, which are compared element by element. */
function clamp(aten: Aten): Results {
  let value = x(aten);
  const tensors = (['max', 'min'] as const).filter((name) => aten.argument(name)?.kind === 'tensor');
  if (tensors.length === 0) return bounded(aten, aten.number('min', -NO_BOUND), aten.number('max', NO_BOUND));
  tensors.forEach((name, i) => {
    const op = name === 'min' ? 'maximum' : 'minimum';
    value = aten.apply(op, [value, aten.data(name)], {}, {}, i === 0 ? '' : name);
  });
  return value;
}

function softmax(aten: Aten): Results {
  const value = x(aten);
  if (value.shape.length === 0) return value;
  return aten.apply(aten.name.includes('log') ? 'logSoftmax' : 'softmax', value, {
    axis: aten.axis(aten.whole('dim', -1), value),
  });
}

function prelu(aten: Aten): Results {
  const slope = aten.operand('weight');
  if (!slope || !isConstant(slope)) throw new Uncounted('its slopes are computed by the network');
  // One slope for each channel, or with the sides that broadcast it (_prelu_kernel).
  const value = x(aten);
  const perChannel = slope.shape.length === 1 && slope.shape[0] !== 1;
  const shape = perChannel ? [slope.shape[0]!, ...value.shape.slice(2).map(() => 1)] : slope.shape;
  return aten.apply('prelu', value, { shape: shape.length === 0 ? [1] : shape }, { slope });
}

/** The first half times the sigmoid of the second. */
function glu(aten: Aten): Results {
  const value = x(aten);
  const axis = aten.axis(aten.whole('dim', -1), value);
  const half = div(value.shape[axis]!, 2);
  const part = (i: 0 | 1) =>
    aten.apply(
      'slice',
      value,
      {
        begin: value.shape.map((_, side) => (side === axis && i === 1 ? half : 0)),
        size: value.shape.with(axis, half),
        step: value.shape.map(() => 1),
      },
      {},
      `half${i}`,
    );
  return aten.apply('multiply', [part(0), aten.apply('sigmoid', part(1), {}, {}, 'gate')]);
}

function power(aten: Aten): Results {
  const exponent = aten.argument('exponent');
  if (exponent?.kind === 'tensor')
    return aten.argument('self')?.kind === 'tensor'
      ? aten.apply('powerOf', [aten.data('self'), aten.data('exponent')])
      : aten.apply('exponential', aten.data('exponent'));
  const number = aten.size('exponent');
  if (!isNumber(number)) throw new Uncounted('its exponent depends on the size of the image');
  if (number === 0.5) return aten.apply('squareRoot', aten.data('self'));
  return aten.apply('power', aten.data('self'), { exponent: number });
}

const inverseRoot: AtenRow = plain('reciprocalSquareRoot');

const ROWS: AtenRows = {
  relu: plain('relu'),
  relu6: plain('relu6'),
  hardtanh: (aten) => bounded(aten, aten.number('min_val', -1), aten.number('max_val', 1)),
  clamp,
  clip: clamp,
  clamp_min: clamp,
  clamp_max: clamp,
  leaky_relu: (aten) => aten.apply('leakyRelu', x(aten), { slope: aten.number('negative_slope', 0.01) }),
  rrelu: plain('leakyRelu'),
  elu: (aten) => aten.apply('elu', x(aten), { selu: aten.number('scale', 1) !== 1 }),
  selu: (aten) => aten.apply('elu', x(aten), { selu: true }),
  celu: (aten) => aten.apply('celu', x(aten), { alpha: aten.number('alpha', 1) }),
  prelu,
  _prelu_kernel: prelu,
  gelu: plain('gelu'),
  silu: plain('silu'),
  mish: plain('mish'),
  hardswish: plain('hardSwish'),
  hardsigmoid: plain('hardSigmoid'),
  sigmoid: plain('sigmoid'),
  tanh: plain('tanh'),
  softplus: plain('softplus'),
  softsign: plain('softsign'),
  log_sigmoid: plain('logSigmoid'),
  log_sigmoid_forward: (aten) => [aten.apply('logSigmoid', x(aten)), undefined],
  hardshrink: (aten) => aten.apply('shrink', x(aten), { mode: 'hard', lambda: aten.number('lambd', 0.5) }),
  softshrink: (aten) => aten.apply('shrink', x(aten), { mode: 'soft', lambda: aten.number('lambd', 0.5) }),
  tanhshrink: (aten) => aten.apply('shrink', x(aten), { mode: 'tanh' }),
  threshold: (aten) => aten.apply('thresholdedRelu', x(aten), { threshold: aten.number('threshold', 1) }),
  softmax,
  _softmax: softmax,
  _safe_softmax: softmax,
  log_softmax: softmax,
  _log_softmax: softmax,
  softmin: softmax,
  glu,
  pow: power,
  square: plain('square'),
  exp: plain('exponential'),
  exp2: plain('exponential'),
  expm1: plain('exponentialMinusOne'),
  log: plain('logarithm'),
  log2: plain('logarithm'),
  log10: plain('logarithm'),
  log1p: plain('logarithmOnePlus'),
  sqrt: plain('squareRoot'),
  rsqrt: inverseRoot,
  reciprocal: plain('reciprocal'),
  abs: plain('absolute'),
  absolute: plain('absolute'),
  neg: plain('negate'),
  negative: plain('negate'),
  erf: plain('erf'),
  sin: plain('sine'),
  cos: plain('cosine'),
  tan: plain('tangent'),
  asin: plain('arcSine'),
  acos: plain('arcCosine'),
  atan: plain('arcTangent'),
  sinh: plain('hyperbolicSine'),
  cosh: plain('hyperbolicCosine'),
  asinh: plain('inverseHyperbolicSine'),
  acosh: plain('inverseHyperbolicCosine'),
  atanh: plain('inverseHyperbolicTangent'),
  floor: plain('floor'),
  ceil: plain('ceil'),
  round: plain('round'),
  trunc: plain('truncate'),
  fix: plain('truncate'),
  sign: plain('sign'),
  sgn: plain('sign'),
  logical_not: plain('not'),
  bitwise_not: plain('not'),
  isnan: plain('isNan'),
  isinf: plain('isInfinite'),
};

/** Names that end with _ are in-place forms. They cost the same. */
export const inPlaceToo = (rows: AtenRows): AtenRows => ({
  ...Object.fromEntries(Object.entries(rows).map(([name, row]) => [`${name}_`, row])),
  ...rows,
});

export const ACTIVATIONS: AtenRows = inPlaceToo(ROWS);
