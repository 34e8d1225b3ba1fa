// Deformable, conditional and locally connected convolutions, with a convolution's count.

import { equal, mul, product, type Dim } from '../dim/dim.js';
import { flag, pair, padding, size, type Values } from '../fields.js';
import { InputError } from '../inputError.js';
import { elements, showShape, windowCount, type Shape } from '../shape.js';
import { groupSize } from './convolution.js';
import { image, only, op } from './op.js';

const places = {
  stride: pair('stride of height and width', 1),
  padding: padding('zeros around the input: top, left, bottom, right'),
  dilation: pair('distance between kernel elements', 1),
};
const windowFields = { kernel: pair('kernel height and width'), ...places };

type Windows = Values<typeof windowFields>;

function convolved(input: Shape, channels: Dim, { kernel, stride, padding, dilation }: Windows): Shape {
  const [n, , h, w] = image(input);
  const [top, left, bottom, right] = padding;
  return [
    n,
    channels,
    windowCount(h, { kernel: kernel[0], stride: stride[0], pad: [top, bottom], dilation: dilation[0] }),
    windowCount(w, { kernel: kernel[1], stride: stride[1], pad: [left, right], dilation: dilation[1] }),
  ];
}

/** CondConv (arXiv 1904.04971) mixes its weights for each image, which makes each image a group. */
export const dynamicConv = op({
  about: 'convolution with computed weights: inputs are [N, C, H, W], [channels, C / groups, height, width] and a bias',
  traffic: 'compute',
  layer: 'conv',
  arity: [2, 3],
  fields: { ...places, groups: size('groups of channels that do not mix', 1) },
  outShape([input, weight, bias], { groups, ...windows }) {
    const [channels, inner, height, width] = image(weight!);
    const seen = groupSize(image(input!)[1], groups, 'input');
    groupSize(channels, groups, 'output');
    if (!equal(seen, inner) || typeof height !== 'number' || typeof width !== 'number')
      throw new InputError(`the weights ${showShape(weight!)} do not fit the ${showShape(input!)} in these groups`);
    if (bias && !(bias.length === 1 && equal(bias[0]!, channels)))
      throw new InputError(`the bias ${showShape(bias)} does not have one number for each output channel`);
    return convolved(input!, channels, { ...windows, kernel: [height, width] });
  },
  multAdds: ([, weight], out) => product([elements(out), ...weight!.slice(1)]),
});

/** Deformable ConvNets v1 (arXiv 1703.06211), and v2 with a mask (arXiv 1811.11168). */
export const deformConv = op({
  about:
    'convolution at computed places: inputs are the image, two offsets for each kernel element, and a mask or none',
  traffic: 'compute',
  layer: 'conv',
  arity: [2, 3],
  fields: {
    channels: size('output channels'),
    ...windowFields,
    groups: size('groups of channels that do not mix', 1),
    offsetGroups: size('groups of channels with offsets of their own', 1),
    bias: flag('one learnable offset per output channel', false),
  },
  outShape([input, offset, mask], { channels, offsetGroups, ...values }) {
    const out = convolved(input!, channels, values);
    groupSize(image(input!)[1], offsetGroups, 'input');
    const taps = mul(offsetGroups, values.kernel[0] * values.kernel[1]);
    demand(offset!, [out[0]!, mul(2, taps), ...out.slice(2)], 'offsets');
    if (mask) demand(mask, [out[0]!, taps, ...out.slice(2)], 'mask');
    return out;
  },
  params: (inputs, { channels, groups, kernel, bias }) => ({
    weight: [channels, inGroup(only(inputs), channels, groups), ...kernel],
    ...(bias ? { bias: [channels] } : {}),
  }),
  multAdds: (inputs, out, { channels, groups, kernel }) =>
    product([elements(out), inGroup(only(inputs), channels, groups), ...kernel]),
  /** Four neighbours of a sample and the mask, per channel, kernel element and output position. */
  elementwise: ([input, , mask], out, { kernel }) =>
    product([out[0]!, input![1]!, ...out.slice(2), kernel[0] * kernel[1], mask ? 5 : 4]),
});

function inGroup(input: Shape, channels: Dim, groups: Dim): Dim {
  groupSize(channels, groups, 'output');
  return groupSize(image(input)[1], groups, 'input');
}

function demand(found: Shape, wanted: Shape, what: string): void {
  if (found.length !== wanted.length || found.some((side, i) => !equal(side, wanted[i]!)))
    throw new InputError(`the shape of the ${what} is ${showShape(found)}: it must be ${showShape(wanted)}`);
}

/**
 * Darknet's `local` and Keras's LocallyConnected2D: each position has its own weights and biases.
 */
export const localConv = op({
  about: 'convolution with own weights at each place (locally connected); its biases are one for each output element',
  traffic: 'compute',
  layer: 'conv',
  arity: [1, 1],
  fields: { channels: size('output channels'), ...windowFields, bias: flag('one offset per output element', false) },
  outShape: (inputs, { channels, ...values }) => convolved(only(inputs), channels, values),
  params(inputs, { channels, bias, ...values }): Record<string, Shape> {
    const [, , height, width] = convolved(only(inputs), channels, values);
    return {
      weight: [height!, width!, channels, image(only(inputs))[1], ...values.kernel],
      ...(bias ? { bias: [channels, height!, width!] } : {}),
    };
  },
  multAdds: (inputs, out, { kernel }) => product([elements(out), image(only(inputs))[1], ...kernel]),
});
