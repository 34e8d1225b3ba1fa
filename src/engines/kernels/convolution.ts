// Runs convolutions: directly where tfjs can, else by an emulation with few kernel launches.

import { byMatmul, bySplitting, splittingIsBetter } from './grouped.js';
import type { Weights } from '../../weights/weights.js';
import { kernel, permuted, type HostTensor, type KernelNode, type Tensor4D, type ValuesOf } from './kernel.js';
import { biasOf, filterShape, fusedOptions, type ConvNode, type ConvMethod } from './convMethod.js';

const plain: ConvMethod = {
  prepare: (place, weights) => ({
    filter: permuted(weights['weight']!, filterShape(place), [2, 3, 1, 0]),
    ...biasOf(weights),
  }),
  run: (call) =>
    call.tf.fused.conv2d({
      x: call.x as Tensor4D,
      filter: call.prepared['filter'] as Tensor4D,
      ...fusedOptions(call, call.prepared['bias']),
    }),
};

/** groups = input channels: the filter is [height, width, input, multiplier]. */
const depthwise: ConvMethod = {
  prepare({ values: { channels, groups, kernel: sides } }, weights) {
    const filter = permuted(weights['weight']!, [groups, channels / groups, ...sides], [2, 3, 0, 1]);
    return { filter, ...biasOf(weights) };
  },
  run(call) {
    const { pad, ...options } = fusedOptions(call, call.prepared['bias']);
    return call.tf.fused.depthwiseConv2d({
      x: call.x as Tensor4D,
      filter: call.prepared['filter'] as Tensor4D,
      // It takes explicit padding as the plain convolution does; only its declaration leaves that
      // out.
      pad: pad as 'valid',
      ...options,
    });
  },
};

function methodOf(place: ConvNode): ConvMethod {
  const { groups } = place.values;
  if (groups === 1) return plain;
  if (groups === place.inputs[0]![1]) return depthwise;
  return splittingIsBetter(place) ? bySplitting : byMatmul;
}

/**
 * tfjs strides or dilates, never both, and a depthwise convolution strides equally in height and
 * width.
 */
function isDirect({ values: { stride, dilation, groups } }: ConvNode): boolean {
  const [strides, dilates] = [Math.max(...stride) > 1, Math.max(...dilation) > 1];
  return !strides || !(dilates || (groups > 1 && stride[0] !== stride[1]));
}

const atStrideOne = <P extends ConvNode>(place: P): P => ({ ...place, values: { ...place.values, stride: [1, 1] } });

export const conv = kernel<'conv'>({
  absorbs: () => true,
  prepare: (place, weights) => methodOf(place).prepare(place, weights),
  run(call) {
    if (isDirect(call)) return methodOf(call).run(call);
    const [y, x] = call.values.stride;
    const dense = methodOf(call).run(atStrideOne(call));
    return call.tf.stridedSlice(dense, [0, 0, 0, 0], dense.shape, [1, y, x, 1]);
  },
  emulated: (place) => ![plain, depthwise].includes(methodOf(place)) || !isDirect(place),
  scratch: (place) => methodOf(place).scratch?.(place) ?? 0,
});

type Transposed = KernelNode<ValuesOf<'convTranspose'>>;

/**
 * A dilated filter is a larger one with zeros between its elements; [height, width, output, input]
 * for each group.
 */
function transposedFilters({ values, inputs }: Transposed, weights: Weights): Record<string, HostTensor> {
  const { channels, groups, kernel: sides, dilation } = values;
  const [seen, made] = [inputs[0]![1]! / groups, channels / groups];
  const [height, width] = reachOf(values);
  const all = weights['weight']!;
  const each = all.length / groups;
  const filters: Record<string, HostTensor> = {};
  for (let group = 0; group < groups; group++) {
    const own = permuted(all.subarray(group * each, (group + 1) * each), [seen, made, ...sides], [2, 3, 1, 0]);
    const spread = new Float32Array(height * width * made * seen);
    const inner = made * seen;
    for (let i = 0; i < sides[0]; i++)
      for (let j = 0; j < sides[1]; j++) {
        const from = (i * sides[1] + j) * inner;
        spread.set(own.values.subarray(from, from + inner), (i * dilation[0] * width + j * dilation[1]) * inner);
      }
    filters[`filter${group}`] = { shape: [height, width, made, seen], values: spread };
  }
  return filters;
}

const reachOf = ({ kernel: sides, dilation }: ValuesOf<'convTranspose'>): readonly [number, number] => [
  dilation[0] * (sides[0] - 1) + 1,
  dilation[1] * (sides[1] - 1) + 1,
];

/** Nothing is cropped at the start. Elements appended beyond that get only the bias. */
export const convTranspose = kernel<'convTranspose'>({
  prepare: (place, weights) => ({ ...transposedFilters(place, weights), ...biasOf(weights) }),
  emulated: ({ values }) => values.groups > 1,
  run(call) {
    const { tf, prepared, out, values, inputs } = call;
    const { groups, stride, padding } = values;
    const [n, seen, h, w] = inputs[0]!;
    const [, channels, height, width] = out;
    const reach = reachOf(values);
    const whole = [(h! - 1) * stride[0] + reach[0], (w! - 1) * stride[1] + reach[1]] as const;
    const parts = Array.from({ length: groups }, (_, group) =>
      tf.conv2dTranspose(
        groups === 1
          ? (call.x as Tensor4D)
          : tf.slice(call.x as Tensor4D, [0, 0, 0, (group * seen!) / groups], [n!, h!, w!, seen! / groups]),
        prepared[`filter${group}`] as Tensor4D,
        [n!, ...whole, channels! / groups],
        [...stride],
        'valid',
      ),
    );
    const added = parts.length === 1 ? parts[0]! : tf.concat(parts, 3);
    const missing = [
      Math.max(0, padding[0] + height! - whole[0]),
      Math.max(0, padding[1] + width! - whole[1]),
    ] as const;
    const large =
      missing[0] + missing[1] === 0
        ? added
        : tf.pad(added, [
            [0, 0],
            [0, missing[0]],
            [0, missing[1]],
            [0, 0],
          ]);
    const [, tall, wide] = large.shape;
    const cut =
      tall === height && wide === width
        ? large
        : tf.slice(large, [0, padding[0], padding[1], 0], [n!, height!, width!, channels!]);
    return prepared['bias'] ? tf.add(cut, prepared['bias']) : cut;
  },
});
