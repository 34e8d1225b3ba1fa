// Runs 3-D convolutions and pools by tfjs's ops. Zeros are padded first, as these ops do not pad.

import type { Weights } from '../../weights/weights.js';
import {
  kernel,
  permuted,
  type HostTensor,
  type KernelNode,
  type Tensor,
  type Tensor5D,
  type Tf,
  type ValuesOf,
} from './kernel.js';
import { biasOf } from './convMethod.js';

type Sides = [number, number, number];
const three = (sides: readonly number[]): Sides => [sides[0]!, sides[1]!, sides[2]!];

/** Padding before each side, then after each side; none for images and channels. */
function padded(tf: Tf, x: Tensor, padding: readonly number[], value = 0): Tensor {
  if (padding.every((elements) => elements === 0)) return x;
  const around = [0, 1, 2].map((i): [number, number] => [padding[i]!, padding[3 + i]!]);
  return tf.pad(x, [[0, 0], ...around, [0, 0]], value);
}

interface Filter {
  readonly kernel: readonly number[];
  readonly dilation: readonly number[];
}

/** [kernel..., input, output] with zeros between elements, which is what a dilated filter is. */
function spread(own: HostTensor, { kernel: sides, dilation }: Filter): HostTensor {
  const [, , , input, output] = own.shape as readonly [number, number, number, number, number];
  const reach = sides.map((side, i) => dilation[i]! * (side - 1) + 1);
  const inner = input * output;
  const result = new Float32Array(reach[0]! * reach[1]! * reach[2]! * inner);
  let from = 0;
  for (let i = 0; i < sides[0]!; i++)
    for (let j = 0; j < sides[1]!; j++)
      for (let k = 0; k < sides[2]!; k++, from += inner) {
        const place = (i * dilation[0]! * reach[1]! + j * dilation[1]!) * reach[2]! + k * dilation[2]!;
        result.set(own.values.subarray(from, from + inner), place * inner);
      }
  return { shape: [...reach, input, output], values: result };
}

type Grouped = KernelNode<Filter & { readonly groups: number }>;

/** A filter for each group, of the part of the weight that `arranged` makes one of. */
function filtersOf(
  { values }: Grouped,
  weights: Weights,
  arranged: (own: Float32Array) => HostTensor,
): Record<string, HostTensor> {
  const all = weights['weight']!;
  const each = all.length / values.groups;
  const filters = Array.from({ length: values.groups }, (_, group) => [
    `filter${group}`,
    spread(arranged(all.subarray(group * each, (group + 1) * each)), values),
  ]);
  return { ...(Object.fromEntries(filters) as Record<string, HostTensor>), ...biasOf(weights) };
}

/** Runs `one` on the channels of each group, and joins the results. */
function byGroup(tf: Tf, x: Tensor, groups: number, one: (x: Tensor5D, group: number) => Tensor): Tensor {
  if (groups === 1) return one(x as Tensor5D, 0);
  const parts = tf.split(x, groups, 4);
  return tf.concat(
    parts.map((part, group) => one(part as Tensor5D, group)),
    4,
  );
}

export const conv3d = kernel<'conv3d'>({
  prepare(place, weights) {
    const { channels, groups, kernel: sides } = place.values;
    const shape = [channels / groups, place.inputs[0]![1]! / groups, ...sides];
    return filtersOf(place, weights, (own) => permuted(own, shape, [2, 3, 4, 1, 0]));
  },
  emulated: ({ values }) => values.groups > 1,
  run({ tf, x, prepared, values: { stride, padding, groups } }) {
    const result = byGroup(tf, padded(tf, x, padding), groups, (part, group) =>
      tf.conv3d(part, prepared[`filter${group}`] as Tensor5D, three(stride), 'valid'),
    );
    return prepared['bias'] ? tf.add(result, prepared['bias']) : result;
  },
});

/** Zeros between the elements of one side, so that `step` lies from one to the next. */
function zeroInserted(tf: Tf, x: Tensor, side: number, step: number): Tensor {
  if (step === 1) return x;
  const length = x.shape[side]!;
  const [before, after] = [product(x.shape.slice(0, side)), product(x.shape.slice(side + 1))];
  const spaced = tf.pad(tf.reshape(x, [before * length, 1, after]), [
    [0, 0],
    [0, step - 1],
    [0, 0],
  ]);
  const whole = tf.reshape(spaced, [before, length * step, after]);
  const cut = tf.slice(whole, [0, 0, 0], [before, (length - 1) * step + 1, after]);
  return tf.reshape(cut, x.shape.with(side, (length - 1) * step + 1));
}

const product = (sides: readonly number[]): number => sides.reduce((all, side) => all * side, 1);

/**
 * tfjs's own op is wrong on one backend. A convolution with the turned filter over inserted zeros
 * gives the same sum.
 */
export const convTranspose3d = kernel<'convTranspose3d'>({
  prepare(place, weights) {
    const { channels, groups, kernel: sides } = place.values;
    const shape = [place.inputs[0]![1]! / groups, channels / groups, ...sides];
    return filtersOf(place, weights, (own) => turned(permuted(own, shape, [2, 3, 4, 0, 1])));
  },
  emulated: () => true,
  run({ tf, x, prepared, out, values }) {
    const { stride, padding, groups, kernel: sides, dilation, channels } = values;
    const spaced = [0, 1, 2].reduce((grown, i) => zeroInserted(tf, grown, i + 1, stride[i]!), x);
    const reach = sides.map((side, i) => dilation[i]! * (side - 1));
    const missing = reach.map((more, i) => {
      const whole = spaced.shape[i + 1]! + more;
      return more + Math.max(0, padding[i]! + out[2 + i]! - whole);
    });
    const added = byGroup(tf, padded(tf, spaced, [...reach, ...missing]), groups, (part, group) =>
      tf.conv3d(part, prepared[`filter${group}`] as Tensor5D, [1, 1, 1], 'valid'),
    );
    const cut = tf.slice(added, [0, ...padding.slice(0, 3), 0], [out[0]!, ...out.slice(2), channels]);
    return prepared['bias'] ? tf.add(cut, prepared['bias']) : cut;
  },
});

/** Kernel elements in reverse order. */
function turned({ shape, values }: HostTensor): HostTensor {
  const inner = shape[3]! * shape[4]!;
  const result = new Float32Array(values.length);
  for (let from = 0; from < values.length; from += inner)
    result.set(values.subarray(from, from + inner), values.length - inner - from);
  return { shape, values: result };
}

type PoolNode = KernelNode<Pick<ValuesOf<'maxPool3d'>, 'kernel' | 'stride' | 'padding'>>;

/** Padding with which rounding down gives the windows of the graph. */
function poolPadding({ inputs, out, values }: PoolNode, dilation: readonly number[] = [1, 1, 1]): readonly number[] {
  const { kernel: sides, stride, padding } = values;
  const after = (i: number): number =>
    Math.max(0, (out[2 + i]! - 1) * stride[i]! + dilation[i]! * (sides[i]! - 1) + 1 - inputs[0]![2 + i]! - padding[i]!);
  return [...padding.slice(0, 3), ...[0, 1, 2].map(after)];
}

/**
 * tfjs's own op is wrong on one backend where padding is minus infinity. So the maximum is taken
 * over slices: the same element of every window.
 */
export const maxPool3d = kernel<'maxPool3d'>({
  emulated: () => true,
  run(call) {
    const { tf, out, values } = call;
    const { kernel: sides, stride, dilation } = values;
    const x = padded(tf, call.x, poolPadding(call, dilation), -Infinity);
    const [n, c, ...counts] = out;
    const slices = Array.from({ length: product(sides) }, (_, i) => {
      const tap = [Math.floor(i / (sides[1]! * sides[2]!)), Math.floor(i / sides[2]!) % sides[1]!, i % sides[2]!];
      const begin = tap.map((at, side) => at * dilation[side]!);
      const end = begin.map((at, side) => at + (counts[side]! - 1) * stride[side]! + 1);
      return tf.stridedSlice(x, [0, ...begin, 0], [n!, ...end, c!], [1, ...stride, 1]);
    });
    return slices.reduce((all, slice) => tf.maximum(all, slice));
  },
});

export const avgPool3d = kernel<'avgPool3d'>({
  prepare(place): Record<string, HostTensor> {
    const counts = [0, 1, 2].map((side) => divisors(place, side));
    const volume = place.values.kernel.reduce((all, side) => all * side, 1);
    const [depth, rows, columns] = counts as [number[], number[], number[]];
    const values = depth.flatMap((d) => rows.flatMap((row) => columns.map((c) => volume / (d * row * c))));
    if (values.every((value) => value === 1)) return {};
    return { correction: { shape: [1, ...place.out.slice(2), 1], values: Float32Array.from(values) } };
  },
  run(call) {
    const { tf, x, values, prepared } = call;
    const x5 = padded(tf, x, poolPadding(call)) as Tensor5D;
    const mean = tf.avgPool3d(x5, three(values.kernel), three(values.stride), 'valid');
    return prepared['correction'] ? tf.mul(mean, prepared['correction']) : mean;
  },
});

/**
 * How many elements each window along one side is divided by: those inside, counted padding
 * included.
 */
function divisors({ values, inputs, out }: KernelNode<ValuesOf<'avgPool3d'>>, side: number): number[] {
  const [before, after] = [values.padding[side]!, values.padding[side + 3]!];
  const size = inputs[0]![2 + side]!;
  const [first, end] = values.countIncludePad ? [-before, size + after] : [0, size];
  return Array.from({ length: out[2 + side]! }, (_, i) => {
    const start = i * values.stride[side]! - before;
    return Math.max(1, Math.min(start + values.kernel[side]!, end) - Math.max(start, first));
  });
}
