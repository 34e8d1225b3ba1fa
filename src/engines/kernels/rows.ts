// Runs 1-D convolutions and pools as images of one column, by the kernels of images.

import { conv, convTranspose } from './convolution.js';
import { kernel, type KernelCall, type Kernel, type KernelNode, type ValuesOf } from './kernel.js';
import { avgPool, maxPool } from './pooling.js';

interface RowValues {
  readonly kernel: readonly number[];
  readonly stride: readonly number[];
  readonly padding: readonly number[];
  readonly dilation?: readonly number[];
  readonly extra?: readonly number[];
}

const column = ([n, c, l]: readonly number[]): readonly number[] => [n!, c!, l!, 1];

/** The same windows one element wide. Backends need two equal strides. */
function asImage<V extends RowValues, P extends KernelNode<V>>(place: P): P & KernelNode<never> {
  const {
    kernel: [side],
    stride: [step],
    padding: [before, after],
    dilation,
    extra,
  } = place.values;
  const values = {
    ...place.values,
    ...{ kernel: [side, 1], stride: [step, step], padding: [before, 0, after, 0] },
    ...(dilation ? { dilation: [dilation[0], 1] } : {}),
    ...(extra ? { extra: [extra[0], 0] } : {}),
  };
  return { ...place, values, inputs: place.inputs.map(column), out: column(place.out) } as never;
}

/** `of` is the kernel of the same op for images. */
const along = <V extends RowValues>(of: Kernel<never>): Kernel<V> => ({
  ...(of.prepare && { prepare: (place, weights) => of.prepare!(asImage(place), weights) }),
  run(call: KernelCall<V>) {
    const { tf, inputs, out } = call;
    const [n, c, l] = inputs[0]!;
    const image = of.run({ ...asImage<V, KernelCall<V>>(call), x: tf.reshape(call.x, [n!, l!, 1, c!]) });
    return tf.reshape(image, [out[0]!, out[2]!, out[1]!]);
  },
  emulated: (place) => of.emulated?.(asImage(place)) ?? false,
  scratch: (place) => of.scratch?.(asImage(place)) ?? 0,
});

export const conv1d = kernel<'conv1d'>(along<ValuesOf<'conv1d'>>(conv));
export const convTranspose1d = kernel<'convTranspose1d'>(along<ValuesOf<'convTranspose1d'>>(convTranspose));
export const maxPool1d = kernel<'maxPool1d'>(along<ValuesOf<'maxPool1d'>>(maxPool));
export const avgPool1d = kernel<'avgPool1d'>(along<ValuesOf<'avgPool1d'>>(avgPool));
