// What does each op become in ONNX? This table has a row for every op of the op table: the compiler refuses one that is missing.

import type { Pair, Padding } from '../../fields.js';
import type { OpName } from '../../ops/table.js';
import type { Dim } from '../../dim/dim.js';
import type { Shape } from '../../shape.js';
import { EPSILON, sizesOf } from '../../weights/weights.js';
import { float, type Spot } from './writeDraft.js';
import { adaptiveAvgPool, avgPool, maxPool } from './writePools.js';

type Write = (spot: Spot) => void;

/** Sides that say "as the input has it", so that any batch will do. */
const AS_INPUT = 0;
/** Past the end of every side. */
const TO_THE_END = 2 ** 31 - 1;

const alone =
  (type: string, attributes: Parameters<Spot['result']>[2] = {}): Write =>
  (spot) => {
    spot.result(type, spot.inputs, attributes);
  };

/** All sides but the batch. */
const inner = (shape: Shape): readonly number[] => sizesOf(shape.slice(1));
const inputShape = (spot: Spot): Shape => spot.site.inputs[0]!;
const ownShape = (spot: Spot): Shape => spot.site.node.shape;

const conv: Write = (spot) => {
  const { kernel, stride, padding, dilation, groups } = spot.values;
  const inputs = [spot.x, spot.weight('weight', sizesOf(spot.site.params['weight']!))];
  if (spot.has('bias')) inputs.push(spot.weight('bias', sizesOf(spot.site.params['bias']!)));
  spot.result('Conv', inputs, {
    kernel_shape: kernel as Pair,
    strides: stride as Pair,
    pads: padding as Padding,
    dilations: dilation as Pair,
    group: groups as number,
  });
};

/** Gemm takes two sides; with more of them it is a product with the transposed weight, and a sum. */
const linear: Write = (spot) => {
  const [features, seen] = sizesOf(spot.site.params['weight']!) as [number, number];
  const bias = (): readonly string[] => (spot.has('bias') ? [spot.weight('bias', [features])] : []);
  if (inputShape(spot).length === 2)
    spot.result('Gemm', [spot.x, spot.weight('weight', [features, seen]), ...bias()], { transB: 1 });
  else {
    const weight = spot.weight('weight', [seen, features], (values) => transposed(values, seen));
    if (spot.has('bias')) spot.result('Add', [spot.step('MatMul', [spot.x, weight]), ...bias()]);
    else spot.result('MatMul', [spot.x, weight]);
  }
};

/** A matrix of rows of `length`, columns first. */
function transposed(values: Float32Array, length: number): Float32Array {
  const rows = values.length / length;
  return values.map((_, i) => values[(i % rows) * length + Math.floor(i / rows)]!);
}

/** Learnt, or the identity that ONNX wants written out. */
function scaleAndShift(spot: Spot): readonly [string, string] {
  const channels = sizesOf([inputShape(spot)[1]!]);
  const all = (value: number): number[] => new Array<number>(channels[0]!).fill(value);
  return spot.has('scale')
    ? [spot.weight('scale', channels), spot.weight('shift', channels)]
    : [spot.floats('scale', all(1)), spot.floats('shift', all(0))];
}

const batchNorm: Write = (spot) => {
  const channels = sizesOf([inputShape(spot)[1]!]);
  const statistics = [spot.weight('mean', channels), spot.weight('variance', channels)];
  spot.result('BatchNormalization', [spot.x, ...scaleAndShift(spot), ...statistics], { epsilon: float(EPSILON) });
};

/** ONNX normalises the last sides, so the channels go there and back. */
const layerNorm: Write = (spot) => {
  const rank = ownShape(spot).length;
  const places = Array.from({ length: rank - 2 }, (_, i) => i + 2);
  const attributes = { axis: -1, epsilon: float(EPSILON) };
  if (rank === 2) {
    spot.result('LayerNormalization', [spot.x, ...scaleAndShift(spot)], attributes);
    return;
  }
  const last = spot.step('Transpose', [spot.x], { perm: [0, ...places, 1] });
  const normed = spot.step('LayerNormalization', [last, ...scaleAndShift(spot)], attributes);
  spot.result('Transpose', [normed], { perm: [0, rank - 1, ...places.map((place) => place - 1)] });
};

const relu6: Write = (spot) => {
  spot.result('Clip', [spot.x, spot.floats('min', [0], []), spot.floats('max', [6], [])]);
};

const silu: Write = (spot) => {
  spot.result('Mul', [spot.x, spot.step('Sigmoid', [spot.x])]);
};

/** x (1 + erf(x / sqrt 2)) / 2: ONNX has an op for it only from opset 20. */
const gelu: Write = (spot) => {
  const scaled = spot.step('Div', [spot.x, spot.floats('root', [Math.SQRT2], [])]);
  const grown = spot.step('Add', [spot.step('Erf', [scaled]), spot.floats('one', [1], [])]);
  spot.result('Mul', [spot.step('Mul', [spot.x, grown]), spot.floats('half', [0.5], [])]);
};

const split: Write = (spot) => {
  const [sizes, part] = [sizesOf(spot.values['sizes'] as readonly Dim[]), spot.values['part'] as number];
  const start = sizes.slice(0, part).reduce((a, b) => a + b, 0);
  const [from, to] = [spot.ints('starts', [start]), spot.ints('ends', [start + sizes[part]!])];
  spot.result('Slice', [spot.x, from, to, spot.ints('axes', [1])]);
};

const subsample: Write = (spot) => {
  const [from, to] = [spot.ints('starts', [0, 0]), spot.ints('ends', [TO_THE_END, TO_THE_END])];
  spot.result('Slice', [spot.x, from, to, spot.ints('axes', [2, 3]), spot.ints('steps', spot.values['step'] as Pair)]);
};

const channelShuffle: Write = (spot) => {
  const [channels, ...rest] = inner(ownShape(spot)) as [number, ...number[]];
  const groups = spot.values['groups'] as number;
  const apart = spot.ints('apart', [AS_INPUT, groups, channels / groups, ...rest]);
  const swapped = spot.step('Transpose', [spot.step('Reshape', [spot.x, apart])], { perm: [0, 2, 1, 3, 4] });
  spot.result('Reshape', [swapped, spot.ints('joined', [AS_INPUT, channels, ...rest])]);
};

const reshape: Write = (spot) => {
  spot.result('Reshape', [spot.x, spot.ints('shape', [AS_INPUT, ...inner(ownShape(spot))])]);
};

/** Nearest: a copy of each element; bilinear: centres of the new elements measured in old ones, as PyTorch has it. */
const upsample: Write = (spot) => {
  const inputs = [spot.x, '', spot.floats('scales', [1, 1, ...(spot.values['scale'] as Pair)])];
  spot.result(
    'Resize',
    inputs,
    spot.values['mode'] === 'bilinear'
      ? { mode: 'linear', coordinate_transformation_mode: 'half_pixel' }
      : { mode: 'nearest', coordinate_transformation_mode: 'asymmetric', nearest_mode: 'floor' },
  );
};

const pad: Write = (spot) => {
  const [top, left, bottom, right] = spot.values['padding'] as Padding;
  const [before, after] = sizesOf(spot.values['channels'] as readonly Dim[]) as [number, number];
  spot.result('Pad', [spot.x, spot.ints('pads', [0, before, top, left, 0, after, bottom, right])]);
};

export const WRITE: { readonly [K in OpName]: Write } = {
  conv,
  linear,
  batchNorm,
  layerNorm,
  relu: alone('Relu'),
  relu6,
  leakyRelu: (spot) => {
    spot.result('LeakyRelu', [spot.x], { alpha: float(spot.values['slope'] as number) });
  },
  sigmoid: alone('Sigmoid'),
  hardSigmoid: alone('HardSigmoid', { alpha: float(1 / 6), beta: float(0.5) }),
  hardSwish: alone('HardSwish'),
  silu,
  gelu,
  softmax: alone('Softmax', { axis: 1 }),
  maxPool,
  avgPool,
  globalAvgPool: alone('GlobalAveragePool'),
  adaptiveAvgPool,
  add: alone('Add'),
  multiply: alone('Mul'),
  concat: alone('Concat', { axis: 1 }),
  split,
  subsample,
  channelShuffle,
  reshape,
  flatten: alone('Flatten', { axis: 1 }),
  upsample,
  pad,
};
