// Rows of convolutions: conv2d and its kin, aten.convolution, and torchvision's own.

import { equal, isNumber, mul, type Dim } from '../../../dim/dim.js';
import type { Value } from '../../../graph.js';
import { InputError } from '../../../inputError.js';
import { showShape, type Shape } from '../../../shape.js';
import type { Results } from '../../kit/call.js';
import { isConstant, type Constant } from '../../kit/operand.js';
import { Uncounted } from '../../kit/uncounted.js';
import type { Aten, AtenRow, AtenRows } from '../aten.js';

interface Windows {
  readonly kernel: readonly number[];
  readonly stride: readonly number[];
  /** Before each side, then after each. */
  readonly padding: readonly number[];
  readonly dilation: readonly number[];
}

/** One number stands for all sides. */
export function perSide(aten: Aten, name: string, rank: number, fallback: number): readonly number[] {
  const given = aten.wholes(name) ?? [];
  const [first = fallback] = given;
  if (given.length <= 1) return new Array<number>(rank).fill(first);
  if (given.length !== rank) throw new InputError(`its ${name} has ${given.length} numbers for ${rank} sides`);
  return given;
}

const twice = (sides: readonly number[]): readonly number[] => [...sides, ...sides];

function windowsOf(aten: Aten, weight: Shape): Windows {
  const sides = weight.slice(2);
  const kernel = sides.map((side) => {
    if (isNumber(side)) return side;
    throw new Uncounted('its kernel depends on the size of the image');
  });
  const dilation = perSide(aten, 'dilation', kernel.length, 1);
  return {
    kernel,
    stride: perSide(aten, 'stride', kernel.length, 1),
    padding: paddingOf(aten, kernel, dilation),
    dilation,
  };
}

/** "same" puts the odd element at the end. */
function paddingOf(aten: Aten, kernel: readonly number[], dilation: readonly number[]): readonly number[] {
  const text = aten.text('padding');
  if (text === undefined) return twice(perSide(aten, 'padding', kernel.length, 0));
  if (text === 'valid') return twice(kernel.map(() => 0));
  const all = kernel.map((size, i) => (size - 1) * dilation[i]!);
  return [...all.map((size) => Math.floor(size / 2)), ...all.map((size) => Math.ceil(size / 2))];
}

/** The image with a batch of 1 in front where PyTorch leaves the batch out. */
function batched(aten: Aten, x: Value, rank: number): Value {
  if (x.shape.length === rank) return x;
  if (x.shape.length === rank - 1) return aten.apply('view', x, { shape: [1, ...x.shape] }, {}, 'batch');
  throw new InputError(`its weights of ${rank} sides do not fit ${showShape(x.shape)}`);
}

const unbatched = (aten: Aten, x: Value, made: Value): Value =>
  x.shape.length === made.shape.length ? made : aten.apply('view', made, { shape: made.shape.slice(1) }, {}, 'image');

function convolution(aten: Aten, transposed: boolean): Results {
  const weight = aten.operand('weight');
  if (weight === undefined) throw aten.missing('weight');
  const given = aten.data('input');
  const x = batched(aten, given, weight.shape.length);
  const bias = aten.operand('bias');
  const groups = aten.size('groups', 1);
  const windows = windowsOf(aten, weight.shape);
  if (!isConstant(weight) || (bias && !isConstant(bias)))
    return unbatched(aten, given, computed(aten, x, windows, groups, transposed));
  const channels = transposed ? mul(weight.shape[1]!, groups) : weight.shape[0]!;
  const made = transposed
    ? convolvedBack(aten, x, { ...windows, channels, groups, weight, bias })
    : convolved(aten, x, { ...windows, channels, groups, weight, bias });
  return unbatched(aten, given, made);
}

interface Learnt extends Windows {
  readonly channels: Dim;
  readonly groups: Dim;
  readonly weight: Constant;
  readonly bias: Constant | undefined;
}

function convolved(aten: Aten, x: Value, { weight, bias, ...windows }: Learnt): Value {
  const { channels, groups, kernel, stride, padding, dilation } = windows;
  const seen = mul(weight.shape[1]!, groups);
  if (!equal(seen, x.shape[1]!))
    throw new InputError(`its weights ${showShape(weight.shape)} do not fit its input ${showShape(x.shape)}`);
  const given = { channels, groups, bias: bias !== undefined };
  const parameters = { weight, bias };
  if (kernel.length === 2) {
    const sides = { kernel: two(kernel), stride: two(stride), padding: four(padding), dilation: two(dilation) };
    return aten.apply('conv', x, { ...given, ...sides }, parameters);
  }
  const op = kernel.length === 1 ? 'conv1d' : 'conv3d';
  return aten.apply(op, x, { ...given, kernel, stride, padding, dilation }, parameters);
}

function convolvedBack(aten: Aten, x: Value, { weight, bias, ...windows }: Learnt): Value {
  const { channels, groups, kernel, stride, padding, dilation } = windows;
  const extra = perSide(aten, 'output_padding', kernel.length, 0);
  const given = { channels, groups, bias: bias !== undefined, extra };
  const parameters = { weight, bias };
  if (kernel.length === 2) {
    const sides = { kernel: two(kernel), stride: two(stride), padding: four(padding), dilation: two(dilation) };
    return aten.apply('convTranspose', x, { ...given, ...sides }, parameters);
  }
  const op = kernel.length === 1 ? 'convTranspose1d' : 'convTranspose3d';
  return aten.apply(op, x, { ...given, kernel, stride, padding, dilation }, parameters);
}

/** CondConv mixes its weights for each image. */
function computed(aten: Aten, x: Value, windows: Windows, groups: Dim, transposed: boolean): Value {
  const { kernel, stride, padding, dilation } = windows;
  if (transposed || kernel.length !== 2)
    throw new Uncounted(
      'its weights are computed by the network, and only those of a convolution of images are counted',
    );
  const inputs = [x, aten.data('weight'), ...(aten.operand('bias') ? [aten.data('bias')] : [])];
  return aten.apply('dynamicConv', inputs, {
    ...{ stride: two(stride), padding: four(padding), dilation: two(dilation) },
    groups,
  });
}

const two = ([a = 1, b = a]: readonly number[]): readonly [number, number] => [a, b];
const four = ([a = 0, b = 0, c = 0, d = 0]: readonly number[]): readonly [number, number, number, number] => [
  a,
  b,
  c,
  d,
];

/** torchvision.deform_conv2d: offsets are computed by the network, and so is an optional mask. */
function deformed(aten: Aten): Results {
  const x = aten.data('input');
  const weight = aten.weight('weight', 'weights');
  const bias = aten.optional('bias', 'biases');
  const [channels, , height, width] = weight.shape;
  if (channels === undefined || !isNumber(height!) || !isNumber(width!)) throw aten.missing('weight');
  const pair = (name: string, fallback: number): readonly [number, number] => [
    aten.whole(`${name}_h`, fallback),
    aten.whole(`${name}_w`, fallback),
  ];
  const padding = pair('pad', 0);
  const inputs = [x, aten.data('offset'), ...(aten.flag('use_mask', true) && isUsed(aten) ? [aten.data('mask')] : [])];
  const given = {
    ...{ channels, kernel: [height, width] as const, stride: pair('stride', 1), padding: four(twice(padding)) },
    ...{ dilation: pair('dilation', 1), groups: aten.size('groups', 1), offsetGroups: aten.size('offset_groups', 1) },
    bias: bias?.stored !== undefined,
  };
  return aten.apply('deformConv', inputs, given, { weight, ...(given.bias ? { bias } : {}) });
}

/** Without a mask torchvision passes a tensor of one element. */
const isUsed = (aten: Aten): boolean => (aten.operand('mask')?.shape.length ?? 0) === 4;

const forward: AtenRow = (aten) => convolution(aten, false);
const back: AtenRow = (aten) => convolution(aten, true);

export const CONVOLUTIONS: AtenRows = {
  conv1d: forward,
  conv2d: forward,
  conv3d: forward,
  conv_transpose1d: back,
  conv_transpose2d: back,
  conv_transpose3d: back,
  convolution: (aten) => convolution(aten, aten.flag('transposed', false)),
  _convolution: (aten) => convolution(aten, aten.flag('transposed', false)),
  deform_conv2d: deformed,
};
