// What stands in for a grouped convolution, which tfjs lacks? A convolution for each group, or one matmul over all groups.

import { activated } from './activation.js';
import type { HostTensor, Tensor, Tensor4D } from './kernel.js';
import { permuted } from './kernel.js';
import { biasOf, filterShape, fusedOptions, type ConvPlace, type Way } from './way.js';

/** Launches decide on a GPU: two for each group, against one for each filter element and about eight more. */
export const splittingIsBetter = ({ values: { groups, kernel } }: ConvPlace): boolean =>
  2 * groups <= kernel[0] * kernel[1] + 8;

/** Splits the channels, convolves each group, joins the results. */
export const bySplitting: Way = {
  prepare(place, weights) {
    const { groups } = place.values;
    const [out, ...seen] = filterShape(place);
    const held: Record<string, HostTensor> = {};
    for (let group = 0; group < groups; group++) {
      const part = partOf(weights['weight']!, group, groups);
      held[`filter${group}`] = permuted(part, [out! / groups, ...seen], [2, 3, 1, 0]);
      if (weights['bias'])
        held[`bias${group}`] = { shape: [out! / groups], values: partOf(weights['bias'], group, groups) };
    }
    return held;
  },
  run(call) {
    const { tf, held, values, inputs } = call;
    const [n, , h, w] = inputs[0]!;
    const channels = inputs[0]![1]! / values.groups;
    const parts = Array.from({ length: values.groups }, (_, group) =>
      tf.fused.conv2d({
        x: tf.slice(call.x as Tensor4D, [0, 0, 0, group * channels], [n!, h!, w!, channels]),
        filter: held[`filter${group}`] as Tensor4D,
        ...fusedOptions(call, held[`bias${group}`]),
      }),
    );
    return tf.concat(parts, 3);
  },
};

/** Gathers what each filter element sees, puts groups first, and multiplies all groups at once. */
export const byMatmul: Way = {
  prepare(place, weights) {
    const { groups } = place.values;
    const [out, seen, height, width] = filterShape(place);
    // [group, output, input, height, width] to [group, height x width x input, output]
    const filter = permuted(weights['weight']!, [groups, out! / groups, seen!, height!, width!], [0, 3, 4, 2, 1]);
    return {
      filter: { shape: [groups, height! * width! * seen!, out! / groups], values: filter.values },
      ...biasOf(weights),
    };
  },
  run(call) {
    const { tf, values, out, held, fused } = call;
    const { groups, kernel } = values;
    const [n, channels, h, w] = out;
    const positions = n! * h! * w!;
    const seen = call.inputs[0]![1]! / groups;
    const taps = kernel[0] * kernel[1];
    const columns = tf.reshape(tf.concat(tapsOf(call), 3), [positions, taps, groups, seen]);
    const byGroup = tf.reshape(tf.transpose(columns, [2, 0, 1, 3]), [groups, positions, taps * seen]);
    const product = tf.transpose(tf.matMul(byGroup, held['filter']!), [1, 0, 2]);
    const image = tf.reshape(product, [n!, h!, w!, channels!]);
    return activated(tf, held['bias'] ? tf.add(image, held['bias']) : image, fused);
  },
  scratch: ({ values: { kernel }, inputs, out }) =>
    out[0]! * out[2]! * out[3]! * inputs[0]![1]! * kernel[0] * kernel[1],
};

/** For each filter element, the input elements that it meets: [N, output height, output width, C]. */
function tapsOf({ tf, x, values, inputs, out }: Parameters<Way['run']>[0]): Tensor[] {
  const { kernel, stride, dilation, padding } = values;
  const [top, left, bottom, right] = padding;
  const [n, channels] = inputs[0]!;
  const [height, width] = [(out[2]! - 1) * stride[0] + 1, (out[3]! - 1) * stride[1] + 1];
  const padded = padding.some(Boolean)
    ? tf.pad(x as Tensor4D, [
        [0, 0],
        [top, bottom],
        [left, right],
        [0, 0],
      ])
    : (x as Tensor4D);
  const taps: Tensor[] = [];
  for (let i = 0; i < kernel[0]; i++)
    for (let j = 0; j < kernel[1]; j++) {
      const [y, z] = [i * dilation[0], j * dilation[1]];
      taps.push(
        stride[0] * stride[1] === 1
          ? tf.slice(padded, [0, y, z, 0], [n!, height, width, channels!])
          : tf.stridedSlice(padded, [0, y, z, 0], [n!, y + height, z + width, channels!], [1, ...stride, 1]),
      );
    }
  return taps;
}

const partOf = (values: Float32Array, part: number, parts: number): Float32Array =>
  values.slice((part * values.length) / parts, ((part + 1) * values.length) / parts);
