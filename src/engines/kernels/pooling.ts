// Runs pools with the windows of the graph's shape rule. Ceil mode and padding are as in PyTorch.

import type { Padding, Pair } from '../../fields.js';
import {
  kernel,
  type HostTensor,
  type KernelNode,
  type Tensor,
  type Tensor4D,
  type Tf,
  type ValuesOf,
} from './kernel.js';
import { insideSide, regroup } from './sides.js';
import { explicit } from './convMethod.js';
import { windowMeans } from './windowMeans.js';

type PoolNode = KernelNode<ValuesOf<'avgPool'>>;

type Windows = Pick<ValuesOf<'avgPool'>, 'kernel' | 'stride' | 'padding'>;

/**
 * Padding that makes the engine's floor rule give the graph's shape: more at the end where a window
 * hangs over it.
 */
function paddingOf(
  { values: { kernel: sides, stride, padding }, inputs, out }: Omit<PoolNode, 'values'> & { values: Windows },
  dilation: Pair = [1, 1],
): Padding {
  const after = (i: 0 | 1): number =>
    Math.max(0, (out[2 + i]! - 1) * stride[i] + dilation[i] * (sides[i] - 1) + 1 - inputs[0]![2 + i]! - padding[i]);
  return [padding[0], padding[1], after(0), after(1)];
}

const window = ({ values: { kernel: sides, stride } }: { values: Windows }) =>
  [[...sides] as [number, number], [...stride] as [number, number]] as const;

/** Padding is never the maximum: backends skip it, or it is minus infinity. */
export const maxPool = kernel<'maxPool'>({
  run(call) {
    const { tf, traits } = call;
    const x = call.x as Tensor4D;
    const { kernel: sides, stride, dilation } = call.values;
    const padding = explicit(paddingOf(call, dilation));
    if (isDilated(call)) {
      const padded = padding === 'valid' ? x : tf.pad(x, padding, -Infinity);
      return largest(tf, padded, call.out, { sides, stride, dilation });
    }
    if (padding === 'valid' || traits.padsMaxPool) return tf.maxPool(x, ...window(call), padding);
    return tf.maxPool(tf.pad(x, padding, -Infinity), ...window(call), 'valid');
  },
  emulated: isDilated,
});

function isDilated({ values: { dilation } }: KernelNode<ValuesOf<'maxPool'>>): boolean {
  return dilation[0] * dilation[1] !== 1;
}

/**
 * No backend has dilated windows of a stride: the same element of every window is a strided slice.
 */
function largest(
  tf: Tf,
  x: Tensor4D,
  [n, c, height, width]: readonly number[],
  { sides, stride, dilation }: { readonly sides: Pair; readonly stride: Pair; readonly dilation: Pair },
): Tensor {
  const slices = Array.from({ length: sides[0] * sides[1] }, (_, i) => {
    const [top, left] = [Math.floor(i / sides[1]) * dilation[0], (i % sides[1]) * dilation[1]];
    const end = [n!, top + (height! - 1) * stride[0] + 1, left + (width! - 1) * stride[1] + 1, c!];
    return tf.stridedSlice(x, [0, top, left, 0], end, [1, ...stride, 1]);
  });
  return slices.reduce((all, slice) => tf.maximum(all, slice));
}

/**
 * Backends use different divisors at the edges. So zeros are padded first, and the mean is
 * corrected.
 */
export const avgPool = kernel<'avgPool'>({
  prepare(place): Record<string, HostTensor> {
    const rows = divisors(place, 0);
    const columns = divisors(place, 1);
    const area = place.values.kernel[0] * place.values.kernel[1];
    if (rows.every((row) => columns.every((column) => row * column === area))) return {};
    const values = Float32Array.from(rows.flatMap((row) => columns.map((column) => area / (row * column))));
    return { correction: { shape: [1, rows.length, columns.length, 1], values } };
  },
  run(call) {
    const { tf, prepared } = call;
    const [top, left, bottom, right] = paddingOf(call);
    const x = call.x as Tensor4D;
    const padded =
      top + left + bottom + right > 0
        ? tf.pad(x, [
            [0, 0],
            [top, bottom],
            [left, right],
            [0, 0],
          ])
        : x;
    const mean = tf.avgPool(padded, ...window(call), 'valid');
    return prepared['correction'] ? tf.mul(mean, prepared['correction']) : mean;
  },
});

/**
 * How many elements each window along one side is divided by: those inside, counted padding
 * included.
 */
function divisors({ values, inputs, out }: KernelNode<ValuesOf<'avgPool'>>, side: 0 | 1): number[] {
  const [before, after] = [values.padding[side], values.padding[side + 2]!];
  const size = inputs[0]![2 + side]!;
  const [first, end] = values.countIncludePad ? [-before, size + after] : [0, size];
  return Array.from({ length: out[2 + side]! }, (_, i) => {
    const start = i * values.stride[side] - before;
    return Math.max(1, Math.min(start + values.kernel[side], end) - Math.max(start, first));
  });
}

export const channelPool = kernel<'channelPool'>({
  run: ({ tf, x, values: { mode } }) => (mode === 'max' ? tf.max(x, -1, true) : tf.mean(x, -1, true)),
});

/** All sides between the images and the channels. */
const places = (x: Tensor): number[] => Array.from({ length: x.rank - 2 }, (_, i) => i + 1);

export const globalAvgPool = kernel<'globalAvgPool'>({ run: ({ tf, x }) => tf.mean(x, places(x), true) });

export const globalMaxPool = kernel<'globalMaxPool'>({ run: ({ tf, x }) => tf.max(x, places(x), true) });

type Reducing = (tf: Tf, x: Tensor, sides: number[]) => Tensor;
const REDUCE: Readonly<Record<ValuesOf<'reduce'>['mode'], Reducing>> = {
  mean: (tf, x, sides) => tf.mean(x, sides, true),
  sum: (tf, x, sides) => tf.sum(x, sides, true),
  max: (tf, x, sides) => tf.max(x, sides, true),
  min: (tf, x, sides) => tf.min(x, sides, true),
  product: (tf, x, sides) => tf.prod(x, sides, true),
  norm: (tf, x, sides) => tf.sqrt(tf.sum(tf.square(x), sides, true)),
  l1: (tf, x, sides) => tf.sum(tf.abs(x), sides, true),
  squareSum: (tf, x, sides) => tf.sum(tf.square(x), sides, true),
  logSum: (tf, x, sides) => tf.log(tf.sum(x, sides, true)),
  logSumExp: (tf, x, sides) => tf.logSumExp(x, sides, true),
  variance: (tf, x, sides) => varianceOf(tf, x, sides),
  deviation: (tf, x, sides) => tf.sqrt(varianceOf(tf, x, sides)),
  any: (tf, x, sides) => tf.max(tf.step(tf.abs(x)), sides, true),
  all: (tf, x, sides) => tf.min(tf.step(tf.abs(x)), sides, true),
};

const varianceOf = (tf: Tf, x: Tensor, sides: number[]): Tensor =>
  tf.mean(tf.square(tf.sub(x, tf.mean(x, sides, true))), sides, true);

export const reduce = kernel<'reduce'>({
  run(call) {
    const { tf, x, values } = call;
    const sides = values.axes.map((axis) => insideSide(axis, x.rank));
    const kept = REDUCE[values.mode](tf, x, sides);
    return values.keep ? kept : regroup({ ...call, x: kept });
  },
});

/**
 * Even windows are a plain pool; others are two products with matrices of window means, height
 * first.
 */
export const adaptiveAvgPool = kernel<'adaptiveAvgPool'>({
  prepare(place): Record<string, HostTensor> {
    if (isEven(place)) return {};
    const [, , h, w] = place.inputs[0]!;
    const [height, width] = place.values.size;
    return { rows: windowMeans(h!, height), columns: windowMeans(w!, width) };
  },
  run(call) {
    const { tf, prepared, values } = call;
    const [n, c, h, w] = call.inputs[0]!;
    const [height, width] = values.size;
    const even: [number, number] = [h! / height, w! / width];
    if (!prepared['rows'] || !prepared['columns']) return tf.avgPool(call.x as Tensor4D, even, even, 'valid');
    const low = tf.matMul(prepared['rows'], tf.reshape(call.x, [n!, h!, w! * c!]));
    const small = tf.matMul(prepared['columns'], tf.reshape(low, [n! * height, w!, c!]));
    return tf.reshape(small, [n!, height, width, c!]);
  },
});

const isEven = ({ inputs, values: { size } }: KernelNode<ValuesOf<'adaptiveAvgPool'>>): boolean =>
  inputs[0]![2]! % size[0] === 0 && inputs[0]![3]! % size[1] === 0;
