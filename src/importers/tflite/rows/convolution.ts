// Rows of TFLite's convolutions. Groups follow from the filter.

import { add, equal, isNumber, mul, sub, type Dim } from '../../../dim/dim.js';
import { show } from '../../../dim/text.js';
import type { Pair, Padding } from '../../../fields.js';
import type { Value } from '../../../graph.js';
import { InputError } from '../../../inputError.js';
import { showShape, type Shape } from '../../../shape.js';
import { isConstant, type Constant } from '../../kit/operand.js';
import { optionsOf } from '../network.js';
import { data, fileSides, image, type Call } from '../sides.js';
import { activated } from './fused.js';
import { imageWindows, paddingOf } from './windows.js';

/** Sides of a filter, which are numbers even where the network computes it. */
function filterSides(call: Call, i: number, rank: number): readonly number[] {
  const sides = fileSides(call.operand(i));
  if (sides.length !== rank || !sides.every((side) => isNumber(side) && side >= 1))
    throw new InputError(`its filter ${showShape(sides)} does not have ${rank} sides of 1 or more`);
  return sides as readonly number[];
}

/** The number of groups: the channels of the input over those that one filter sees. */
function groupsOf(channels: Dim, seen: number): number {
  if (equal(channels, seen)) return 1;
  if (isNumber(channels) && channels % seen === 0) return channels / seen;
  throw new InputError(`its filter sees ${seen} channels, and its input has ${show(channels)}`);
}

type Options = ReturnType<typeof optionsOf<'Conv2D'>> | ReturnType<typeof optionsOf<'DepthwiseConv2D'>>;

const windowsOf = (x: Value, kernel: Pair, options: Options): ReturnType<typeof imageWindows> =>
  imageWindows(
    x.shape.slice(2),
    { kernel, stride: [options.strideH, options.strideW], dilation: [options.dilationH, options.dilationW] },
    options.padding,
  );

/** Filter [O, kh, kw, I / groups]. */
export function conv2d(call: Call): Value {
  const x = image(call, data(call, 0));
  const options = optionsOf(call.file, 'Conv2D');
  const [channels, height, width, seen] = filterSides(call, 1, 4) as [number, number, number, number];
  const groups = groupsOf(x.shape[1]!, seen);
  const windows = windowsOf(x, [height, width], options);
  return activated(call, convolved(call, x, { ...windows, channels, groups }), options.fused);
}

interface Convolution {
  readonly channels: number;
  readonly groups: number;
  readonly kernel: Pair;
  readonly stride: Pair;
  readonly dilation: Pair;
  readonly padding: Padding;
}

function convolved(call: Call, x: Value, given: Convolution): Value {
  const weight = call.operand(1);
  if (isConstant(weight)) {
    const bias = call.optional(2, 'biases');
    return call.apply('conv', x, { ...given, bias: bias !== undefined }, { weight, bias });
  }
  // [O, kh, kw, I] and [O, I, kh, kw] are the same order of sides as that of images.
  const { stride, padding, dilation, groups } = given;
  const inputs = [x, image(call, weight, 'filter'), ...(call.has(2) ? [call.data(2)] : [])];
  return call.apply('dynamicConv', inputs, { stride, padding, dilation, groups });
}

/** Filter [1, kh, kw, C x multiplier]. */
export function depthwiseConv2d(call: Call): Value {
  const x = image(call, data(call, 0));
  const options = optionsOf(call.file, 'DepthwiseConv2D');
  const [one, height, width, channels] = filterSides(call, 1, 4) as [number, number, number, number];
  const has = x.shape[1]!;
  if (one !== 1 || !isNumber(has) || channels % has !== 0)
    throw new InputError(`its filter [${one}, ${height}, ${width}, ${channels}] does not fit ${show(has)} channels`);
  const windows = windowsOf(x, [height, width], options);
  const weight = call.weight(1, 'filters');
  const bias = call.optional(2, 'biases');
  const given = { ...windows, channels, groups: has, bias: bias !== undefined };
  return activated(call, call.apply('conv', x, given, { weight, bias }), options.fused);
}

/** Filter [kd, kh, kw, I / groups, O]. */
export function conv3d(call: Call): Value {
  const x = image(call, data(call, 0));
  const options = optionsOf(call.file, 'Conv3D');
  const [depth, height, width, seen, channels] = filterSides(call, 1, 5) as [number, number, number, number, number];
  const windows = {
    kernel: [depth, height, width],
    stride: [options.strideD, options.strideH, options.strideW],
    dilation: [options.dilationD, options.dilationH, options.dilationW],
  };
  const weight = call.weight(1, 'filters');
  const bias = call.optional(2, 'biases');
  const padding = paddingOf(x.shape.slice(2), windows, options.padding);
  const groups = groupsOf(x.shape[1]!, seen);
  const given = { ...windows, padding, channels, groups, bias: bias !== undefined };
  return activated(call, call.apply('conv3d', x, given, { weight, bias }), options.fused);
}

interface Cut {
  /** Elements that are cut off before and after. */
  readonly ends: readonly [number, number];
  /** Elements that are added at the end. */
  readonly extra: number;
}

/** What is cut off or added at each end to reach the size that the file states. */
function cutOf(side: Dim, kernel: number, stride: number, padding: number, wanted: Dim | undefined): Cut {
  const reached = mul(side, stride);
  const out = wanted ?? (padding === 0 ? reached : add(reached, Math.max(kernel - stride, 0)));
  const excess = sub(add(reached, kernel - stride), out);
  if (!isNumber(excess))
    throw new InputError(`its output side ${show(out)} does not follow from its input side ${show(side)}`);
  const before = Math.floor(Math.max(excess, 0) / 2);
  return { ends: [before, Math.max(excess, 0) - before], extra: Math.max(-excess, 0) };
}

/**
 * The sides that the first input asks for, where they are known: it states all of the output's
 * sides.
 */
function statedSides(call: Call, count: number): readonly (Dim | undefined)[] {
  const stated = call.items(0);
  return Array.from({ length: count }, (_, i) => stated?.[i + 1]);
}

/** Inputs: output shape, filter [O, kh, kw, I], image, bias. */
export function transposeConv(call: Call): Value {
  const x = image(call, data(call, 2));
  const options = optionsOf(call.file, 'TransposeConv');
  const [channels, height, width, seen] = filterSides(call, 1, 4) as [number, number, number, number];
  demandSeen(x.shape, seen);
  const [stride, kernel] = [[options.strideH, options.strideW] as const, [height, width] as const];
  paddingOf([1, 1], { kernel, stride, dilation: [1, 1] }, options.padding);
  const stated = statedSides(call, 2);
  const cuts = kernel.map((size, i) => cutOf(x.shape[i + 2]!, size, stride[i]!, options.padding, stated[i]));
  const weight = call.weight(1, 'filters');
  const bias = call.optional(3, 'biases');
  const padding = [...cuts.map(({ ends }) => ends[0]), ...cuts.map(({ ends }) => ends[1])] as unknown as Padding;
  const given = { channels, kernel, stride, padding, extra: cuts.map(({ extra }) => extra), bias: bias !== undefined };
  return activated(call, call.apply('convTranspose', x, given, { weight, bias }), options.fused);
}

/** Inputs: output shape, filter [kd, kh, kw, O, I], volume, bias. */
export function transposeConv3d(call: Call): Value {
  const x = image(call, data(call, 2));
  const options = optionsOf(call.file, 'Conv3D');
  const [depth, height, width, channels, seen] = filterSides(call, 1, 5) as [number, number, number, number, number];
  demandSeen(x.shape, seen);
  const kernel = [depth, height, width];
  const stride = [options.strideD, options.strideH, options.strideW];
  paddingOf([1, 1, 1], { kernel, stride, dilation: [1, 1, 1] }, options.padding);
  const stated = statedSides(call, 3);
  const cuts = kernel.map((size, i) => cutOf(x.shape[i + 2]!, size, stride[i]!, options.padding, stated[i]));
  const weight: Constant = call.weight(1, 'filters');
  const bias = call.optional(3, 'biases');
  const padding = [...cuts.map(({ ends }) => ends[0]), ...cuts.map(({ ends }) => ends[1])];
  const given = { channels, kernel, stride, padding, extra: cuts.map(({ extra }) => extra), bias: bias !== undefined };
  return activated(call, call.apply('convTranspose3d', x, given, { weight, bias }), options.fused);
}

function demandSeen(shape: Shape, seen: number): void {
  if (!equal(shape[1]!, seen))
    throw new InputError(`its filter sees ${seen} channels, and its input has ${show(shape[1]!)}`);
}
