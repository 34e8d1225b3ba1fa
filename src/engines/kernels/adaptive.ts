// Runs adaptive pools one side at a time: means by a matrix product, maxima by slices.

import { kernel, type KernelCall, type HostTensor, type KernelNode, type Tensor, type Tf } from './kernel.js';
import { windowMeans } from './windowMeans.js';

type Sized = { readonly size: readonly number[] };

/** One product for each side, with a matrix of the means of its windows. */
const averages = {
  prepare: ({ inputs, values: { size } }: KernelNode<Sized>): Record<string, HostTensor> =>
    Object.fromEntries(size.map((count, i) => [`side${i}`, windowMeans(inputs[0]![2 + i]!, count)])),
  run({ tf, x, prepared, values: { size } }: KernelCall<Sized>): Tensor {
    return size.reduce<Tensor>((pooled, count, i) => {
      const [side, shape] = [i + 1, pooled.shape];
      const before = product(shape.slice(0, side));
      const flat = tf.reshape(pooled, [before, shape[side]!, product(shape.slice(side + 1))]);
      return tf.reshape(tf.matMul(prepared[`side${i}`]!, flat), shape.with(side, count));
    }, x);
  },
};

export const adaptiveAvgPool1d = kernel<'adaptiveAvgPool1d'>(averages);
export const adaptiveAvgPool3d = kernel<'adaptiveAvgPool3d'>(averages);

const product = (sides: readonly number[]): number => sides.reduce((all, side) => all * side, 1);

/** The largest of each window along one side. */
function largest(tf: Tf, x: Tensor, side: number, count: number): Tensor {
  const length = x.shape[side]!;
  const windows = Array.from({ length: count }, (_, i) => {
    const [start, end] = [Math.floor((i * length) / count), Math.ceil(((i + 1) * length) / count)];
    const begin = x.shape.map((_, at) => (at === side ? start : 0));
    return tf.max(tf.slice(x, begin, x.shape.with(side, end - start)), side, true);
  });
  return windows.length === 1 ? windows[0]! : tf.concat(windows, side);
}

const maxima = {
  run: ({ tf, x, values: { size } }: KernelCall<Sized>): Tensor =>
    size.reduce<Tensor>((pooled, count, i) => largest(tf, pooled, i + 1, count), x),
};
export const adaptiveMaxPool1d = kernel<'adaptiveMaxPool1d'>(maxima);
export const adaptiveMaxPool2d = kernel<'adaptiveMaxPool2d'>(maxima);
export const adaptiveMaxPool3d = kernel<'adaptiveMaxPool3d'>(maxima);
