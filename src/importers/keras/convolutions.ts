// Which ops are the layers of Keras that multiply? Convolutions with TensorFlow's padding, and dense layers over the last side.

import { isNumber, mul, sub, type Dim } from '../../dim/dim.js';
import type { Pair, Padding } from '../../fields.js';
import type { Value } from '../../graph.js';
import { InputError } from '../../inputError.js';
import { showShape } from '../../shape.js';
import { samePadding, type Window } from '../tfjs/same.js';
import { activated } from './activations.js';
import type { LayerCall } from './layerCall.js';

const ONE: Pair = [1, 1];
const NONE: Padding = [0, 0, 0, 0];

function windowOf({ settings }: LayerCall): Required<Window> {
  return {
    kernel: settings.pair('kernel_size'),
    stride: settings.pair('strides', ONE),
    dilation: settings.pair('dilation_rate', ONE),
  };
}

/** Zeros around the image, as `padding` says. */
export function paddingOf(call: LayerCall, window: Window): Padding {
  const padding = call.settings.choice('padding', ['valid', 'same'], 'valid');
  return padding === 'same' ? samePadding(call.sides, window) : NONE;
}

export function conv2d(call: LayerCall): Value {
  const { settings, image } = call;
  const window = windowOf(call);
  const made = call.apply('conv', '', image, {
    ...window,
    channels: settings.count('filters'),
    padding: paddingOf(call, window),
    groups: settings.count('groups', 1),
    bias: settings.flag('use_bias', true),
  });
  return activated(call, made);
}

export function depthwiseConv2d(call: LayerCall): Value {
  return activated(call, depthwise(call, '', call.settings.flag('use_bias', true)));
}

function depthwise(call: LayerCall, part: string, bias: boolean): Value {
  const window = windowOf(call);
  const channels = mul(call.channels, call.settings.count('depth_multiplier', 1));
  const more = { channels, padding: paddingOf(call, window), groups: call.channels, bias };
  return call.apply('conv', part, call.image, { ...window, ...more });
}

/** A depthwise convolution without a bias, then a pointwise one. */
export function separableConv2d(call: LayerCall): Value {
  const { settings } = call;
  const inner = depthwise(call, 'depthwise', false);
  const [channels, bias] = [settings.count('filters'), settings.flag('use_bias', true)];
  return activated(call, call.apply('conv', '', inner, { channels, kernel: 1, bias }));
}

/** `same` makes stride times the size; what the kernel adds beyond that is cut off, what it lacks is added at the end. */
export function conv2dTranspose(call: LayerCall): Value {
  const { settings, image } = call;
  const { kernel, stride, dilation } = windowOf(call);
  const same = settings.choice('padding', ['valid', 'same'], 'valid') === 'same';
  const given = settings.raw('output_padding') === undefined ? undefined : settings.integers('output_padding');
  const excess = (i: 0 | 1): number => {
    const reach = dilation[i] * (kernel[i] - 1) + 1;
    const extra = given?.[i] ?? given?.[0];
    if (extra !== undefined) return (same ? 2 * Math.floor(reach / 2) : 0) - extra;
    return same ? reach - stride[i] : Math.min(0, reach - stride[i]);
  };
  const [rows, columns] = [excess(0), excess(1)];
  const [top, left] = [Math.max(0, rows) >> 1, Math.max(0, columns) >> 1];
  const made = call.apply('convTranspose', '', image, {
    channels: settings.count('filters'),
    kernel,
    stride,
    dilation,
    padding: [top, left, Math.max(0, rows) - top, Math.max(0, columns) - left],
    extra: [Math.max(0, -rows), Math.max(0, -columns)],
    bias: settings.flag('use_bias', true),
  });
  return activated(call, made);
}

/** Over the last side of the file, which is the channels of an image: a convolution with a kernel of 1x1 there. */
export function dense(call: LayerCall): Value {
  const { settings, x } = call;
  const [features, bias] = [settings.count('units'), settings.flag('use_bias', true)];
  if (x.shape.length < 2) throw new InputError('takes a batch of features');
  const made = call.isTurned(x.shape.length)
    ? call.apply('conv', '', x, { channels: features, kernel: 1, bias })
    : call.apply('linear', '', x, { features, bias });
  return activated(call, made);
}

/** Rows and columns that are cut from the ends. */
export function cropping2d(call: LayerCall): Value {
  const [top, left, bottom, right] = call.settings.padding('cropping');
  const [n, c, h, w] = call.image.shape as [Dim, Dim, Dim, Dim];
  const size = [n, c, sub(h, top + bottom), sub(w, left + right)];
  if (size.some((side) => isNumber(side) && side < 1))
    throw new InputError(`cuts off all of an image of ${showShape([h, w])}`);
  return call.apply('slice', '', call.image, { begin: [0, 0, top, left], size, step: [1, 1, 1, 1] });
}
