// A convolution, its batch norm and an activation: the unit of most backbones.

import type { Builder, OpGiven } from '../builder.js';
import { choice, pair, size, type Pair, type Padding } from '../fields.js';
import type { Value } from '../graph.js';
import { block } from './block.js';

/** Names of the nodes below their path. */
export interface ConvNormNames {
  readonly conv: string;
  readonly norm: string;
  readonly act: string;
}

export const ACTIVATIONS = [
  'relu',
  'relu6',
  'leakyRelu',
  'sigmoid',
  'hardSigmoid',
  'hardSwish',
  'silu',
  'gelu',
] as const;
export type Activation = (typeof ACTIVATIONS)[number];

export const PLAIN: ConvNormNames = { conv: 'conv', norm: 'norm', act: 'act' };

/** The padding that keeps the resolution at stride 1: dilation x (kernel - 1) / 2. */
export const samePadding = (kernel: Pair, dilation: Pair = [1, 1]): Padding => {
  const [y, x] = [Math.floor((dilation[0] * (kernel[0] - 1)) / 2), Math.floor((dilation[1] * (kernel[1] - 1)) / 2)];
  return [y, x, dilation[0] * (kernel[0] - 1) - y, dilation[1] * (kernel[1] - 1) - x];
};

/** Convolution without bias, batch norm, and an activation unless it is 'none'. */
export function convNorm(
  net: Builder,
  x: Value,
  names: ConvNormNames,
  conv: OpGiven<'conv'>,
  activation: Activation | 'none' = 'relu',
): Value {
  const normed = net.apply('batchNorm', names.norm, net.apply('conv', names.conv, x, conv));
  return activation === 'none' ? normed : net.apply(activation, names.act, normed);
}

export const convNormBlock = block({
  about: 'convolution without bias, batch norm, activation; padded to keep the resolution at stride 1',
  fields: {
    channels: size('output channels'),
    kernel: pair('kernel height and width', 3),
    stride: pair('stride of height and width', 1),
    dilation: pair('distance between kernel elements', 1),
    groups: size('groups of channels that do not mix', 1),
    activation: choice('what follows the norm', [...ACTIVATIONS, 'none'], 'relu'),
  },
  build: (net, x, { activation, ...conv }) =>
    convNorm(net, x, PLAIN, { ...conv, padding: samePadding(conv.kernel, conv.dilation) }, activation),
});
