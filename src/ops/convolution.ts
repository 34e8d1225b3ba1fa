// Convolution: kernel area x (input channels / groups) multiply-adds per output element.

import { add, div, isNumber, mul, product, sub, type Dim } from '../dim/dim.js';
import { flag, list, pair, padding, size, type Values } from '../fields.js';
import { locate } from '../inputError.js';
import { elements, windowCount, type Shape } from '../shape.js';
import { image, only, op } from './op.js';

const fields = {
  channels: size('output channels'),
  kernel: pair('kernel height and width'),
  stride: pair('stride of height and width', 1),
  padding: padding('zeros around the input: top, left, bottom, right'),
  dilation: pair('distance between kernel elements', 1),
  groups: size('groups of channels that do not mix; the input channels for a depthwise convolution', 1),
  bias: flag('one learnable offset per output channel', false),
};

/**
 * Convolution. ShuffleNetV2 section 2 and VoVNet Eq. 1 give its cost on equal resolution; this is
 * the general case.
 */
export const conv = op({
  about: 'convolution; depthwise where groups = input channels',
  traffic: 'compute',
  layer: 'conv',
  arity: [1, 1],
  fields,
  outShape(inputs, { channels, kernel, stride, padding: [top, left, bottom, right], dilation }) {
    const [n, , h, w] = image(only(inputs));
    return [
      n,
      channels,
      windowCount(h, { kernel: kernel[0], stride: stride[0], pad: [top, bottom], dilation: dilation[0] }),
      windowCount(w, { kernel: kernel[1], stride: stride[1], pad: [left, right], dilation: dilation[1] }),
    ];
  },
  params: (inputs, values) => ({
    weight: [values.channels, ...filter(only(inputs), values)],
    ...(values.bias ? { bias: [values.channels] } : {}),
  }),
  multAdds: (inputs, out, values) => product([elements(out), ...filter(only(inputs), values)]),
});

/** The shape of one filter: [C / groups, kernel height, kernel width]. */
function filter(input: Shape, { groups, kernel, channels }: Values<typeof fields>): [Dim, number, number] {
  groupSize(channels, groups, 'output');
  return [groupSize(image(input)[1], groups, 'input'), ...kernel];
}

/** @throws InputError where the groups do not divide the channels */
export function groupSize(channels: Dim, groups: Dim, side: 'input' | 'output'): Dim {
  if (groups === 1) return channels;
  try {
    return div(channels, groups);
  } catch (error) {
    const says = isNumber(groups) ? `the groups do not divide the ${side} channels` : 'groups are a symbol';
    throw locate(error, says, 'groups');
  }
}

/** Transposed convolution, as PyTorch's ConvTranspose2d: cropped first, then padded at the end. */
export const convTranspose = op({
  about: 'transposed convolution ("deconvolution"): each input element adds a kernel to the output',
  traffic: 'compute',
  arity: [1, 1],
  fields: {
    channels: size('output channels'),
    kernel: pair('kernel height and width'),
    stride: pair('output elements from one input element to the next', 1),
    padding: padding('output elements that are cut off: top, left, bottom, right'),
    extra: list('rows and columns added at the end (output padding)', size('elements', 0), [0, 0], 2),
    dilation: pair('distance between kernel elements', 1),
    groups: size('groups of channels that do not mix', 1),
    bias: flag('one learnable offset per output channel', false),
  },
  outShape(inputs, { channels, kernel, stride, padding: [top, left, bottom, right], extra, dilation }) {
    const [n, , h, w] = image(only(inputs));
    const reach = (i: 0 | 1): number => dilation[i] * (kernel[i] - 1) + 1;
    return [
      n,
      channels,
      add(add(mul(sub(h, 1), stride[0]), reach(0) - top - bottom), extra[0]!),
      add(add(mul(sub(w, 1), stride[1]), reach(1) - left - right), extra[1]!),
    ];
  },
  params: (inputs, { channels, kernel, groups, bias }): Record<string, Shape> => ({
    weight: [seenInGroups(only(inputs), groups), groupSize(channels, groups, 'output'), ...kernel],
    ...(bias ? { bias: [channels] } : {}),
  }),
  multAdds: (inputs, _, { channels, kernel, groups }) =>
    product([elements(only(inputs)), groupSize(channels, groups, 'output'), ...kernel]),
});

/** All input channels. The groups must divide them. */
function seenInGroups(input: Shape, groups: Dim): Dim {
  const [, channels] = image(input);
  groupSize(channels, groups, 'input');
  return channels;
}
