// MobileNetV2's inverted residual: widen, filter depthwise, narrow without activation.

import type { Builder } from '../builder.js';
import { mul, type Dim } from '../dim/dim.js';
import { choice, size, whole } from '../fields.js';
import type { Value } from '../graph.js';
import { block } from './block.js';
import { ACTIVATIONS, convNorm, type Activation, type ConvNormNames } from './convNorm.js';
import { depthwise } from './depthwise.js';

export interface InvertedResidual {
  readonly channels: Dim;
  /** Depthwise channels / input channels. At 1 there is no widening convolution. */
  readonly expansion: Dim;
  readonly stride: number;
}

/** torchvision's names: the last convolution and its norm have no Sequential of their own. */
const part = (i: number): ConvNormNames => ({ conv: `conv.${i}.0`, norm: `conv.${i}.1`, act: `conv.${i}.2` });
const bare = (i: number): ConvNormNames => ({ conv: `conv.${i}`, norm: `conv.${i + 1}`, act: '' });

/**
 * Inverted residual with linear bottleneck (MobileNetV2, arXiv 1801.04381, section 3.3), nodes
 * named as torchvision's.
 */
export function invertedResidual(
  net: Builder,
  x: Value,
  { channels, expansion, stride }: InvertedResidual,
  activation: Activation = 'relu6',
): Value {
  const inChannels = x.shape[1]!;
  const widens = !net.knownEqual(expansion, 1);
  const wide = widens ? convNorm(net, x, part(0), { channels: mul(inChannels, expansion), kernel: 1 }, activation) : x;
  const filtered = depthwise(net, wide, part(widens ? 1 : 0), { stride }, activation);
  const narrow = convNorm(net, filtered, bare(widens ? 2 : 1), { channels, kernel: 1 }, 'none');
  return stride === 1 && net.knownEqual(inChannels, channels) ? net.apply('add', 'add', [x, narrow]) : narrow;
}

export const invertedResidualBlock = block({
  about: '1x1 convolution that widens, depthwise 3x3, 1x1 that narrows; the input is added where shapes agree',
  paper: 'https://arxiv.org/abs/1801.04381',
  fields: {
    channels: size('output channels'),
    expansion: size('channels of the depthwise convolution over the input channels', 6),
    stride: whole('stride of height and width', 1),
    activation: choice('what follows the first two norms', ACTIVATIONS, 'relu6'),
  },
  build: (net, x, { activation, ...config }) => invertedResidual(net, x, config, activation),
});
