// Emulates grouped convolutions, which tfjs lacks: one convolution a group, or one matmul for all.

import { activated } from './activation.js';
import type { HostTensor, Tensor, Tensor4D } from './kernel.js';
import { permuted } from './kernel.js';
import { biasOf, filterShape, fusedOptions, type ConvNode, type ConvMethod } from './convMethod.js';

/**
 * The least channels of a part: narrower filters waste vector units, wider ones multiply zeros.
 */
const WIDTH = 16;

/**
 * On a GPU the number of launches decides: two for each part, or one for each filter element and
 * about eight more.
 */
export const splittingIsBetter = (place: ConvNode): boolean =>
  place.traits.cheapLaunches || 2 * partsOf(place) <= place.values.kernel[0] * place.values.kernel[1] + 8;

/**
 * How many convolutions do the work of all groups: neighbours share one until it is wide enough.
 */
function partsOf({ values: { groups, channels }, inputs }: ConvNode): number {
  const width = Math.min(inputs[0]![1]!, channels) / groups;
  let shared = 1;
  for (let count = 2; count * width <= WIDTH; count++) if (groups % count === 0) shared = count;
  return groups / shared;
}

/**
 * Splits the channels, convolves each part, joins the results. Groups that share a part meet zeros
 * outside their own.
 */
export const bySplitting: ConvMethod = {
  prepare(place, weights) {
    const parts = partsOf(place);
    const [out, seen, ...sides] = filterShape(place);
    const groups = place.values.groups / parts;
    const prepared: Record<string, HostTensor> = {};
    for (let part = 0; part < parts; part++) {
      const filter = blockDiagonal(partOf(weights['weight']!, part, parts), groups, seen! * sides[0]! * sides[1]!);
      prepared[`filter${part}`] = permuted(filter, [out! / parts, groups * seen!, ...sides], [2, 3, 1, 0]);
      if (weights['bias'])
        prepared[`bias${part}`] = { shape: [out! / parts], values: partOf(weights['bias'], part, parts) };
    }
    return prepared;
  },
  run(call) {
    const { tf, prepared, inputs } = call;
    const parts = partsOf(call);
    const [n, , h, w] = inputs[0]!;
    const channels = inputs[0]![1]! / parts;
    const results = Array.from({ length: parts }, (_, part) =>
      tf.fused.conv2d({
        x:
          parts === 1
            ? (call.x as Tensor4D)
            : tf.slice(call.x as Tensor4D, [0, 0, 0, part * channels], [n!, h!, w!, channels]),
        filter: prepared[`filter${part}`] as Tensor4D,
        ...fusedOptions(call, prepared[`bias${part}`]),
      }),
    );
    return parts === 1 ? results[0]! : tf.concat(results, 3);
  },
};

/**
 * [group, output, seen] to [group, output, group, seen]: zeros where an output does not belong to
 * the input's group.
 */
function blockDiagonal(values: Float32Array, groups: number, seen: number): Float32Array {
  const result = new Float32Array(values.length * groups);
  const rows = values.length / seen;
  for (let row = 0; row < rows; row++) {
    const group = Math.floor((row * groups) / rows);
    result.set(values.subarray(row * seen, (row + 1) * seen), (row * groups + group) * seen);
  }
  return result;
}

/** Gathers what each filter element sees, puts groups first, and multiplies all groups at once. */
export const byMatmul: ConvMethod = {
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
    const { tf, values, out, prepared, fused } = call;
    const { groups, kernel } = values;
    const [n, channels, h, w] = out;
    const positions = n! * h! * w!;
    const seen = call.inputs[0]![1]! / groups;
    const taps = kernel[0] * kernel[1];
    const columns = tf.reshape(tf.concat(tapsOf(call), 3), [positions, taps, groups, seen]);
    const byGroup = tf.reshape(tf.transpose(columns, [2, 0, 1, 3]), [groups, positions, taps * seen]);
    const product = tf.transpose(tf.matMul(byGroup, prepared['filter']!), [1, 0, 2]);
    const image = tf.reshape(product, [n!, h!, w!, channels!]);
    return activated(tf, prepared['bias'] ? tf.add(image, prepared['bias']) : image, fused);
  },
  scratch: ({ values: { kernel }, inputs, out }) =>
    out[0]! * out[2]! * out[3]! * inputs[0]![1]! * kernel[0] * kernel[1],
};

/**
 * For each filter element, the input elements that it meets: [N, output height, output width, C].
 */
function tapsOf({ tf, x, values, inputs, out }: Parameters<ConvMethod['run']>[0]): Tensor[] {
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
