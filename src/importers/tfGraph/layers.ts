// Rows of convolutions and products, with the bias and activation fused into them.

import { equal, isNumber } from '../../dim/dim.js';
import { show } from '../../dim/text.js';
import type { Padding } from '../../fields.js';
import type { Value } from '../../graph.js';
import { InputError } from '../../inputError.js';
import { showShape } from '../../shape.js';
import { shown } from '../../document/problem.js';
import type { Parameters } from '../kit/call.js';
import { isConstant, type Constant } from '../kit/operand.js';
import { Uncounted } from '../kit/uncounted.js';
import { ACTIVATIONS } from './functions.js';
import {
  asInFile,
  asOurs,
  featureMap,
  imagePadding,
  paddingOf,
  pairOf,
  spatial,
  tensor,
  layoutOf,
  type Call,
  type Windows,
} from './tfCall.js';

/** The parts of `fused_ops`: a bias first, then an activation. */
interface Fused {
  readonly bias: Constant | undefined;
  readonly activation: string | undefined;
  /** The operand of the activation, where it has one. */
  readonly next: number;
}

/** @param own operands of the layer itself */
function fusedInto(call: Call, own: number): Fused {
  const fused = call.file.fused ?? call.file.attributes.texts('fused_ops');
  const biased = fused[0] === 'BiasAdd';
  const activations = biased ? fused.slice(1) : fused;
  if (activations.length > 1 || activations.some((name) => !Object.hasOwn(ACTIVATIONS, name)))
    throw new Uncounted(`flopscope does not know its fused ${activations.map(shown).join(', ')}`);
  return {
    bias: biased ? call.weight(own, 'offsets') : undefined,
    activation: activations[0],
    next: own + (biased ? 1 : 0),
  };
}

function finished(call: Call, made: Value, { activation, next }: Fused): Value {
  return activation === undefined ? made : ACTIVATIONS[activation]!(call, made, activation.toLowerCase(), next);
}

const learnt = (weight: Constant, bias: Constant | undefined): Parameters => ({ weight, ...(bias ? { bias } : {}) });

/** Sides of a filter: its window, then its input and output channels. */
function filterOf(call: Call, rank: number): readonly number[] {
  const { shape } = call.weight(1, 'filter');
  if (shape.length !== rank + 2 || !shape.every((side) => isNumber(side) && side > 0))
    throw new InputError(`its filter is ${showShape(shape)}`);
  return shape as readonly number[];
}

export function conv2d(call: Call): Value {
  const [height, width, seen, channels] = filterOf(call, 2) as [number, number, number, number];
  const has = featureMap(call).shape[1]!;
  if (!isNumber(has) || has % seen !== 0) throw new InputError(`its filter sees ${seen} of ${show(has)} channels`);
  return convolved(call, [height, width], channels, has / seen);
}

export function depthwiseConv2d(call: Call): Value {
  const [height, width, seen, multiplier] = filterOf(call, 2) as [number, number, number, number];
  if (!equal(featureMap(call).shape[1]!, seen)) throw new InputError(`its filter is for ${seen} channels`);
  return convolved(call, [height, width], seen * multiplier, seen);
}

/**
 * A convolution between spaceToBatch and batchToSpace: steps.ts joins the three, and the layer is
 * one dilated convolution.
 */
export const dilated =
  (depthwise: boolean) =>
  (call: Call): Value => {
    const [height, width, seen, last] = filterOf(call, 2) as [number, number, number, number];
    const x = featureMap(call);
    const has = x.shape[1]!;
    if (!isNumber(has) || (depthwise ? has !== seen : has % seen !== 0))
      throw new InputError(`its filter sees ${seen} of ${show(has)} channels`);
    const [block, pads, crops] = [2, 3, 4].map((i) => call.whole(i, 'blocks')) as [number[], number[], number[]];
    const padding = [pads[0]! - crops[0]!, pads[2]! - crops[2]!, pads[1]! - crops[1]!, pads[3]! - crops[3]!];
    if (padding.some((side) => side < 0)) throw new Uncounted('it cuts off more than it pads');
    const channels = depthwise ? seen * last : last;
    const given = {
      channels,
      kernel: pairOf([height, width]),
      dilation: pairOf(block),
      groups: depthwise ? seen : has / seen,
    };
    const [top, left, bottom, right] = padding as [number, number, number, number];
    return call.apply(
      'conv',
      x,
      { ...given, padding: [top, left, bottom, right] },
      { weight: call.weight(1, 'filter') },
    );
  };

function convolved(call: Call, kernel: readonly number[], channels: number, groups: number): Value {
  const x = featureMap(call);
  const windows = windowsOf(call, kernel);
  const fused = fusedInto(call, 2);
  const made = call.apply(
    'conv',
    x,
    {
      kernel: pairOf(windows.kernel),
      stride: pairOf(windows.stride),
      dilation: pairOf(windows.dilation),
      ...{ channels, groups, padding: imagePadding(call, x, windows), bias: fused.bias !== undefined },
    },
    learnt(call.weight(1, 'filter'), fused.bias),
  );
  return finished(call, made, fused);
}

const windowsOf = (call: Call, kernel: readonly number[]): Windows => ({
  kernel,
  stride: spatial(call, 'strides', kernel.length),
  dilation: spatial(call, 'dilations', kernel.length),
});

export function conv3d(call: Call): Value {
  const filter = filterOf(call, 3);
  const [seen, channels] = filter.slice(-2) as [number, number];
  const x = tensor(call, 0);
  const has = x.shape[1]!;
  if (x.shape.length !== 5 || !isNumber(has) || has % seen !== 0)
    throw new InputError(`its filter sees ${seen} channels, and its input is ${showShape(x.shape)}`);
  const windows = windowsOf(call, filter.slice(0, 3));
  const fused = fusedInto(call, 2);
  const given = { ...windows, channels, groups: has / seen, bias: fused.bias !== undefined };
  const padding = paddingOf(call, x.shape.slice(2), windows);
  const made = call.apply('conv3d', x, { ...given, padding }, learnt(call.weight(1, 'filter'), fused.bias));
  return finished(call, made, fused);
}

/**
 * (output sizes, filter [kh, kw, output, input], x). Without sizes, SAME gives stride times the
 * size of x.
 */
export function conv2dBackpropInput(call: Call): Value {
  const filter = filterOf(call, 2);
  const x = featureMap(call, 2);
  const { kernel, stride, dilation } = windowsOf(call, filter.slice(0, 2));
  const { padding, extra, channels } = backwards(call, x, filter, { kernel, stride, dilation });
  const fused = fusedInto(call, 3);
  const given = {
    ...{ channels, kernel: pairOf(kernel), stride: pairOf(stride), dilation: pairOf(dilation) },
    ...{ padding: padding as unknown as Padding, extra: pairOf(extra), bias: fused.bias !== undefined },
  };
  return finished(call, call.apply('convTranspose', x, given, learnt(call.weight(1, 'filter'), fused.bias)), fused);
}

/**
 * The same for a volume. The first version of the op reads a tensor with the output's sides in
 * place of the sizes.
 */
export function conv3dBackpropInput(call: Call): Value {
  const filter = filterOf(call, 3);
  const x = tensor(call, 2);
  if (x.shape.length !== 5) throw new InputError(`it takes a volume, and its input is ${showShape(x.shape)}`);
  const windows = windowsOf(call, filter.slice(0, 3));
  const made = { ...windows, ...backwards(call, x, filter, windows), bias: false };
  return call.apply('convTranspose3d', x, made, { weight: call.weight(1, 'filter') });
}

/**
 * Cuts and additions at each end of a transposed convolution, so that its output has the given
 * sizes.
 */
function backwards(
  call: Call,
  x: Value,
  filter: readonly number[],
  { kernel, stride, dilation }: Windows,
): { readonly channels: number; readonly padding: readonly number[]; readonly extra: readonly number[] } {
  const [channels, seen] = filter.slice(-2) as [number, number];
  if (!equal(x.shape[1]!, seen)) throw new InputError(`its filter is for ${seen} channels`);
  const same = call.file.attributes.text('padding', 'VALID') === 'SAME';
  const first = call.constant(0);
  const stated = call.op === 'Conv3DBackpropInput' ? first?.shape : first?.items;
  const sizes = layoutOf(call)
    .ours(stated ?? [])
    .slice(2);
  const excess = kernel.map((width, i) => {
    const reach = dilation[i]! * (width - 1) + 1;
    const [side, wanted] = [x.shape[2 + i]!, sizes[i]];
    if (isNumber(side) && wanted !== undefined && isNumber(wanted)) return (side - 1) * stride[i]! + reach - wanted;
    return same ? reach - stride[i]! : Math.min(0, reach - stride[i]!);
  });
  const before = excess.map((cut) => Math.floor(Math.max(0, cut) / 2));
  const after = excess.map((cut, i) => Math.max(0, cut) - before[i]!);
  return { channels, padding: [...before, ...after], extra: excess.map((cut) => Math.max(0, -cut)) };
}

/** A product with learnt weights, or of two computed matrices. */
export function matMul(call: Call): Value {
  const { attributes } = call.file;
  const [a, b] = [attributes.flag('transpose_a', false), attributes.flag('transpose_b', false)];
  const fused = fusedInto(call, 2);
  if (!a && !isConstant(call.operand(0)) && call.constant(1))
    return finished(call, product(call, b, fused.bias), fused);
  const made = call.apply('matmul', [tensor(call, 0), tensor(call, 1)], { transposeFirst: a, transposeSecond: b });
  return finished(call, made, fused);
}

/** A fully connected layer over the last side of the input. */
function product(call: Call, transposed: boolean, bias: Constant | undefined): Value {
  const weight = call.weight(1, 'weights');
  const [rows, columns] = weight.shape.slice(-2);
  const [seen, features] = transposed ? [columns, rows] : [rows, columns];
  const x = tensor(call, 0);
  if (weight.shape.slice(0, -2).some((side) => side !== 1) || seen === undefined || features === undefined)
    throw new InputError(`its weights are ${showShape(weight.shape)}`);
  const given = x.shape.at(-1);
  if (given === undefined || !equal(given, seen))
    throw new InputError(
      `its weights are ${showShape(weight.shape)}, and its input has ${given === undefined ? 'no' : show(given)} features`,
    );
  return call.apply('linear', x, { features, bias: bias !== undefined }, learnt(weight, bias));
}

/** Matrices are in the last two sides, in the order of the file. */
export function batchMatMul(call: Call): Value {
  const { attributes } = call.file;
  const [a, b] = ['adj_x', 'adj_y'].map((key) => attributes.flag(key, false)) as [boolean, boolean];
  const weight = call.constant(1);
  const first = asInFile(call, tensor(call, 0), 'first');
  if (weight?.shape.slice(0, -2).every((side) => side === 1) && !a && !isConstant(call.operand(0))) {
    const [rows, columns] = weight.shape.slice(-2);
    const features = (b ? rows : columns) ?? 1;
    return asOurs(call, call.apply('linear', first, { features, bias: false }, { weight }), 'result');
  }
  // A constant is in the order of the file, a computed tensor in our order.
  const second = weight ? tensor(call, 1) : asInFile(call, tensor(call, 1), 'second');
  return asOurs(call, call.apply('matmul', [first, second], { transposeFirst: a, transposeSecond: b }), 'result');
}

/** An equation with one letter for each side, "bhqd,bhkd->bhqk". Dots are not read. */
export function einsum(call: Call): Value {
  const equation = call.file.attributes.text('equation', '').replaceAll(' ', '');
  const [left = '', result = ''] = equation.split('->');
  const letters = left.split(',');
  if (equation.includes('.') || letters.length !== call.inputs.length || letters.length > 2)
    throw new Uncounted(`its equation is ${shown(equation)}`);
  const constants = letters.map((_, i) => call.constant(i));
  const weight = constants.findIndex((one) => one !== undefined);
  if (letters.length === 2 && weight >= 0 && constants[1 - weight] === undefined) {
    const x = asInFile(call, tensor(call, 1 - weight), 'input');
    const given = {
      equation: `${letters[1 - weight]!},${letters[weight]!}->${result}`,
      weight: constants[weight]!.shape,
    };
    return asOurs(call, call.apply('einsumDense', x, given, { weight: constants[weight] }), 'result');
  }
  const inputs = letters.map((_, i) => asInFile(call, tensor(call, i), `input${i}`));
  return asOurs(call, call.apply('einsum', inputs, { equation }), 'result');
}
