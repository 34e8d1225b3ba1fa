// Depthwise separable convolution: depthwise filters each channel, 1x1 mixes the channels.

import type { Builder } from '../builder.js';
import type { Dim } from '../dim/dim.js';
import { choice, pair, size, type Pair } from '../fields.js';
import type { Value } from '../graph.js';
import { block } from './block.js';
import { ACTIVATIONS, convNorm, PLAIN, samePadding, type Activation, type ConvNormNames } from './convNorm.js';

interface Spatial {
  readonly kernel?: Pair;
  readonly stride?: number | Pair;
}

/** One filter per channel, batch norm, and an activation unless it is 'none'. */
export function depthwise(
  net: Builder,
  x: Value,
  names: ConvNormNames,
  { kernel = [3, 3], stride = 1 }: Spatial = {},
  activation: Activation | 'none' = 'relu',
): Value {
  const channels = x.shape[1]!;
  return convNorm(
    net,
    x,
    names,
    { channels, kernel, stride, padding: samePadding(kernel), groups: channels },
    activation,
  );
}

export interface SeparableNames {
  readonly depthwise: ConvNormNames;
  readonly pointwise: ConvNormNames;
}

/**
 * Depthwise separable convolution (MobileNet, arXiv 1704.04861, Fig. 3 right): norm and activation
 * after both.
 */
export function depthwiseSeparable(
  net: Builder,
  x: Value,
  channels: Dim,
  names: SeparableNames,
  spatial: Spatial = {},
  activation: Activation | 'none' = 'relu',
): Value {
  const filtered = depthwise(net, x, names.depthwise, spatial, activation);
  return convNorm(net, filtered, names.pointwise, { channels, kernel: 1 }, activation);
}

const fields = {
  kernel: pair('kernel height and width', 3),
  stride: pair('stride of height and width', 1),
  activation: choice('what follows each norm', [...ACTIVATIONS, 'none'], 'relu'),
};

export const depthwiseBlock = block({
  about: 'depthwise convolution, batch norm, activation; padded to keep the resolution at stride 1',
  paper: 'https://arxiv.org/abs/1704.04861',
  fields,
  build: (net, x, { activation, ...spatial }) => depthwise(net, x, PLAIN, spatial, activation),
});

const PARTS: SeparableNames = {
  depthwise: { conv: 'depthwise.conv', norm: 'depthwise.norm', act: 'depthwise.act' },
  pointwise: { conv: 'pointwise.conv', norm: 'pointwise.norm', act: 'pointwise.act' },
};

export const depthwiseSeparableBlock = block({
  about: 'depthwise convolution, then 1x1 convolution, each with batch norm and activation',
  paper: 'https://arxiv.org/abs/1704.04861',
  fields: { channels: size('output channels'), ...fields },
  build: (net, x, { channels, activation, ...spatial }) =>
    depthwiseSeparable(net, x, channels, PARTS, spatial, activation),
});
