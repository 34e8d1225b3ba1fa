// Permutes and reshapes tensors. Each side of the graph is first mapped to a side of the engine.

import { kernel, type HostTensor, type KernelNode, type Tensor, type Tensor4D, type ValuesOf } from './kernel.js';
import { aligned, inInsideOrder, insideSide, regroup, sidesInside } from './sides.js';

export const transpose = kernel<'transpose'>({
  run({ tf, x, values: { order } }) {
    const places = sidesInside(x.rank).map((side) => insideSide(order[side]!, x.rank));
    return tf.transpose(x, places);
  },
});

export const view = kernel<'view'>({ run: regroup });

export const slice = kernel<'slice'>({
  run({ tf, x, values: { begin, size, step } }) {
    const [first, length, jump] = [inInsideOrder(begin), inInsideOrder(size), inInsideOrder(step)];
    if (jump.every((one) => one === 1)) return tf.slice(x, first, length);
    const last = first.map((at, i) => at + (length[i]! - 1) * jump[i]! + 1);
    return tf.stridedSlice(x, first, last, jump);
  },
});

export const expand = kernel<'expand'>({
  run: ({ tf, x, out }) => tf.broadcastTo(aligned(tf, x, out.length), inInsideOrder(out)),
});

type ResizeNode = KernelNode<ValuesOf<'resize'>>;

/**
 * Half-pixel centres; a cubic one is two products with matrices of weights, height first, as tfjs
 * has none.
 */
export const resize = kernel<'resize'>({
  refuses: ({ inputs }) => (inputs[0]!.length === 4 ? undefined : 'a resize of an input that is no image'),
  prepare({ inputs, values: { size, mode } }: ResizeNode): Record<string, HostTensor> {
    if (mode !== 'bicubic') return {};
    const [, , h, w] = inputs[0]!;
    return { rows: cubicWeights(h!, size[0]!), columns: cubicWeights(w!, size[1]!) };
  },
  run({ tf, x, inputs, prepared, values: { size, mode } }): Tensor {
    const [n, c, h, w] = inputs[0]!;
    const [height, width] = [size[0]!, size[1]!];
    if (!prepared['rows'] || !prepared['columns']) {
      const made = mode === 'bilinear' ? tf.image.resizeBilinear : tf.image.resizeNearestNeighbor;
      return made(x as Tensor4D, [height, width], false, true);
    }
    const tall = tf.matMul(prepared['rows'], tf.reshape(x, [n!, h!, w! * c!]));
    const whole = tf.matMul(prepared['columns'], tf.reshape(tall, [n! * height, w!, c!]));
    return tf.reshape(whole, [n!, height, width, c!]);
  },
});

/** Keys' convolution with a = -0.75, as PyTorch and ONNX have it; the edge goes on outside. */
function cubicWeights(side: number, count: number): HostTensor {
  const values = new Float32Array(count * side);
  for (let i = 0; i < count; i++) {
    const point = ((i + 0.5) * side) / count - 0.5;
    const low = Math.floor(point);
    for (let tap = low - 1; tap <= low + 2; tap++) {
      const at = Math.min(Math.max(tap, 0), side - 1);
      values[i * side + at]! += cubic(Math.abs(point - tap));
    }
  }
  return { shape: [1, count, side], values };
}

const A = -0.75;
const cubic = (x: number): number =>
  x <= 1 ? ((A + 2) * x - (A + 3)) * x * x + 1 : x < 2 ? ((A * x - 5 * A) * x + 8 * A) * x - 4 * A : 0;
