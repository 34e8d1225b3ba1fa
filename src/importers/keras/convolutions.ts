// Rows of Keras layers that multiply: convolutions, and dense layers over the last side.

import { mul, type Dim } from '../../dim/dim.js';
import type { Value } from '../../graph.js';
import { InputError } from '../../inputError.js';
import { shown } from '../../document/problem.js';
import { activated } from './activations.js';
import type { LayerCall, KerasRow } from './layerCall.js';
import { adaptedDense, adaptedEinsum, lowRankOf } from './lowRank.js';
import { imagePadding, paddingOf, pairOf, perSide, type Windows } from './windows.js';

export const windowsOf = ({ settings }: LayerCall, sides: number): Windows => ({
  kernel: perSide(settings, 'kernel_size', sides),
  stride: perSide(settings, 'strides', sides, 1),
  dilation: perSide(settings, 'dilation_rate', sides, 1),
});

interface Filters {
  readonly channels: Dim;
  readonly groups: Dim;
  readonly bias: boolean;
}

/** One convolution along so many sides. @param padding before each side, then after each */
export function convolved(
  call: LayerCall,
  part: string,
  x: Value,
  { kernel, stride, dilation }: Windows,
  padding: readonly number[],
  filters: Filters,
): Value {
  const sides = kernel.length;
  if (sides === 2)
    return call.apply('conv', part, x, {
      ...{ kernel: pairOf(kernel), stride: pairOf(stride), dilation: pairOf(dilation) },
      ...{ padding: imagePadding(padding), ...filters },
    });
  const given = {
    kernel: [...kernel],
    stride: [...stride],
    dilation: [...dilation],
    padding: [...padding],
    ...filters,
  };
  return sides === 1 ? call.marked(call.apply('conv1d', part, x, given)) : call.apply('conv3d', part, x, given);
}

export const convolution =
  (sides: number): KerasRow =>
  (call) => {
    const { settings } = call;
    const [x, windows] = [call.spatial(sides), windowsOf(call, sides)];
    const made = convolved(call, '', x, windows, paddingOf(settings, x.shape.slice(2), windows), {
      channels: settings.count('filters'),
      groups: settings.count('groups', 1),
      bias: settings.flag('use_bias', true),
    });
    return activated(call, made);
  };

function depthwise(call: LayerCall, sides: number, part: string, bias: boolean): Value {
  const [x, windows] = [call.spatial(sides), windowsOf(call, sides)];
  const seen = x.shape[1]!;
  const channels = mul(seen, call.settings.count('depth_multiplier', 1));
  const padding = paddingOf(call.settings, x.shape.slice(2), windows);
  return convolved(call, part, x, windows, padding, { channels, groups: seen, bias });
}

export const depthwiseConvolution =
  (sides: number): KerasRow =>
  (call) =>
    activated(call, depthwise(call, sides, '', call.settings.flag('use_bias', true)));

/** A depthwise convolution without a bias, then a pointwise one. */
export const separableConvolution =
  (sides: number): KerasRow =>
  (call) => {
    const inner = depthwise(call, sides, 'depthwise', false);
    const one = new Array<number>(sides).fill(1);
    const made = convolved(
      call,
      '',
      inner,
      { kernel: one, stride: one, dilation: one },
      new Array<number>(2 * sides).fill(0),
      {
        channels: call.settings.count('filters'),
        groups: 1,
        bias: call.settings.flag('use_bias', true),
      },
    );
    return activated(call, made);
  };

/**
 * `same` makes stride times the size; what the kernel adds beyond that is cut off, what it lacks is
 * added at the end.
 */
export const transposedConvolution =
  (sides: number): KerasRow =>
  (call) => {
    const { settings } = call;
    const x = call.spatial(sides);
    const { kernel, stride, dilation } = windowsOf(call, sides);
    const same = settings.choice('padding', ['valid', 'same'], 'valid') === 'same';
    const given = settings.raw('output_padding') === undefined ? undefined : settings.integers('output_padding');
    const excess = kernel.map((size, i) => {
      const reach = dilation[i]! * (size - 1) + 1;
      const extra = given?.[i] ?? given?.[0];
      if (extra !== undefined) return (same ? 2 * Math.floor(reach / 2) : 0) - extra;
      return same ? reach - stride[i]! : Math.min(0, reach - stride[i]!);
    });
    const cut = excess.map((size) => Math.max(0, size));
    const before = cut.map((size) => size >> 1);
    const padding = [...before, ...cut.map((size, i) => size - before[i]!)];
    const extra = excess.map((size) => Math.max(0, -size));
    const channels = settings.count('filters');
    const groups = settings.count('groups', 1);
    const bias = settings.flag('use_bias', true);
    const all = { channels, groups, bias, extra };
    const lists = { kernel: [...kernel], stride: [...stride], dilation: [...dilation], padding };
    const pairs = { kernel: pairOf(kernel), stride: pairOf(stride), dilation: pairOf(dilation) };
    const made =
      sides === 2
        ? call.apply('convTranspose', '', x, { ...all, ...pairs, padding: imagePadding(padding) })
        : sides === 1
          ? call.marked(call.apply('convTranspose1d', '', x, { ...all, ...lists }))
          : call.apply('convTranspose3d', '', x, { ...all, ...lists });
    return activated(call, made);
  };

/**
 * Over the last side of the file, which is the channels of an image: a convolution with a kernel of
 * 1x1 there.
 */
export const dense: KerasRow = (call) => {
  const { settings, x } = call;
  const rank = lowRankOf(call);
  if (rank !== undefined) return activated(call, adaptedDense(call, x, rank));
  return activated(call, dot(call, '', x, settings.count('units'), settings.flag('use_bias', true)));
};

/** A fully connected layer over the last side of the file. */
export function dot(call: LayerCall, part: string, x: Value, features: Dim, bias: boolean): Value {
  const rank = x.shape.length;
  if (rank < 2) throw new InputError('it takes a batch of features');
  if (!call.isTurned(rank)) return call.apply('linear', part, x, { features, bias });
  if (rank === 4) return call.apply('conv', part, x, { channels: features, kernel: 1, bias });
  if (rank === 5) return call.apply('conv3d', part, x, { channels: features, kernel: [1, 1, 1], bias });
  const made = call.apply('linear', part, call.inFileOrder(x, `${part}input`), { features, bias });
  return call.inOurOrder(made, `${part}result`);
}

/** By the letters of the sides, "abc,cd->abd"; dots stand for the sides in front. */
export const einsumDense: KerasRow = (call) => {
  const equation = call.text('', 'equation').replaceAll(' ', '');
  const x = call.inFileOrder(call.x, 'input');
  const [left = '', result = ''] = equation.split('->');
  const [input = '', weight = ''] = left.split(',');
  const letters = lettersOf(input, x.shape.length, input + weight + result);
  if (letters === undefined || !/^[A-Za-z]+$/.test(weight))
    throw new InputError(`equation must be one of two operands, not ${shown(equation)}`);
  const output = result.replace('...', letters.slice(0, letters.length - input.replace('...', '').length));
  const given = call.option('output_shape');
  const wanted: readonly unknown[] = Array.isArray(given) ? given : given === undefined ? [] : [given];
  // The shape names the last sides of the result; those that the input has follow from it.
  const sides = new Map(Array.from(letters).map((letter, i) => [letter, x.shape[i]!] as const));
  Array.from(output)
    .reverse()
    .forEach((letter, i) => {
      const side = wanted.at(-1 - i);
      if (!sides.has(letter) && typeof side === 'number' && side > 0) sides.set(letter, side);
    });
  const weights = Array.from(weight).map((letter) => sides.get(letter));
  if (!weights.every((side) => side !== undefined)) throw new InputError('it does not say the sides of its weights');
  const axes = call.text('', 'bias_axes');
  const bias = biasSides(output, axes, sides);
  const full = `${letters},${weight}->${output}`;
  const rank = lowRankOf(call);
  const made =
    rank === undefined
      ? call.apply('einsumDense', '', x, { equation: full, weight: weights, bias })
      : adaptedEinsum(call, x, { equation: full, weight: weights, bias }, rank);
  return activated(call, call.inOurOrder(made, 'result'));
};

/** Dots become letters that are not used. */
function lettersOf(input: string, rank: number, used: string): string | undefined {
  if (!input.includes('...')) return /^[A-Za-z]+$/.test(input) && input.length === rank ? input : undefined;
  const free = Array.from('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz').filter(
    (letter) => !used.includes(letter),
  );
  const named = input.replace('...', '');
  const missing = rank - named.length;
  return missing < 0 || !/^[A-Za-z]*$/.test(named) ? undefined : input.replace('...', free.slice(0, missing).join(''));
}

/** From the first side with an offset on, sides without one are 1. */
function biasSides(output: string, axes: string, sides: ReadonlyMap<string, Dim>): Dim[] {
  const first = Array.from(output).findIndex((letter) => axes.includes(letter));
  if (first < 0) return [];
  return Array.from(output.slice(first)).map((letter) => (axes.includes(letter) ? sides.get(letter)! : 1));
}
