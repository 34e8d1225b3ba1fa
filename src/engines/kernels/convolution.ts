// How does an engine convolve? Directly where tfjs can; else through the emulation with fewer launches, or at stride 1.

import { byMatmul, bySplitting, splittingIsBetter } from './grouped.js';
import { kernel, permuted, type Tensor4D } from './kernel.js';
import { biasOf, filterShape, fusedOptions, type ConvPlace, type Way } from './way.js';

const plain: Way = {
  prepare: (place, weights) => ({
    filter: permuted(weights['weight']!, filterShape(place), [2, 3, 1, 0]),
    ...biasOf(weights),
  }),
  run: (call) =>
    call.tf.fused.conv2d({
      x: call.x as Tensor4D,
      filter: call.held['filter'] as Tensor4D,
      ...fusedOptions(call, call.held['bias']),
    }),
};

/** groups = input channels: the filter is [height, width, input, multiplier]. */
const depthwise: Way = {
  prepare({ values: { channels, groups, kernel: sides } }, weights) {
    const filter = permuted(weights['weight']!, [groups, channels / groups, ...sides], [2, 3, 0, 1]);
    return { filter, ...biasOf(weights) };
  },
  run(call) {
    const { pad, ...options } = fusedOptions(call, call.held['bias']);
    return call.tf.fused.depthwiseConv2d({
      x: call.x as Tensor4D,
      filter: call.held['filter'] as Tensor4D,
      // It takes explicit padding as the plain convolution does; only its declaration leaves that out.
      pad: pad as 'valid',
      ...options,
    });
  },
};

function wayOf(place: ConvPlace): Way {
  const { groups } = place.values;
  if (groups === 1) return plain;
  if (groups === place.inputs[0]![1]) return depthwise;
  return splittingIsBetter(place) ? bySplitting : byMatmul;
}

/** tfjs strides or dilates, never both, and a depthwise convolution strides equally in height and width. */
function isDirect({ values: { stride, dilation, groups } }: ConvPlace): boolean {
  const [strides, dilates] = [Math.max(...stride) > 1, Math.max(...dilation) > 1];
  return !strides || !(dilates || (groups > 1 && stride[0] !== stride[1]));
}

const atStrideOne = <P extends ConvPlace>(place: P): P => ({ ...place, values: { ...place.values, stride: [1, 1] } });

export const conv = kernel<'conv'>({
  absorbs: () => true,
  prepare: (place, weights) => wayOf(place).prepare(place, weights),
  run(call) {
    if (isDirect(call)) return wayOf(call).run(call);
    const [y, x] = call.values.stride;
    const dense = wayOf(call).run(atStrideOne(call));
    return call.tf.stridedSlice(dense, [0, 0, 0, 0], dense.shape, [1, y, x, 1]);
  },
  emulated: (place) => ![plain, depthwise].includes(wayOf(place)) || !isDirect(place),
  scratch: (place) => wayOf(place).scratch?.(place) ?? 0,
});

/** TensorFlow cuts nothing off, so the result is cut; the filter is [height, width, output, input]. */
export const convTranspose = kernel<'convTranspose'>({
  prepare: ({ values: { channels, kernel: sides }, inputs }, weights) => ({
    filter: permuted(weights['weight']!, [inputs[0]![1]!, channels, ...sides], [2, 3, 1, 0]),
    ...biasOf(weights),
  }),
  run(call) {
    const { tf, held, out, values } = call;
    const [n, c, h, w] = out;
    const [top, left, bottom, right] = values.padding;
    const whole: [number, number, number, number] = [n!, h! + top + bottom, w! + left + right, c!];
    const added = tf.conv2dTranspose(
      call.x as Tensor4D,
      held['filter'] as Tensor4D,
      whole,
      [...values.stride],
      'valid',
    );
    const cut = top + left + bottom + right === 0 ? added : tf.slice(added, [0, top, left, 0], [n!, h!, w!, c!]);
    return held['bias'] ? tf.add(cut, held['bias']) : cut;
  },
});
