// ShuffleNetV2's unit: half of the channels pass through, the others are convolved, all shuffled.

import type { Builder } from '../builder.js';
import type { Dim } from '../dim/dim.js';
import { size, whole } from '../fields.js';
import type { Value } from '../graph.js';
import { block, share } from './block.js';
import { convNorm, type ConvNormNames } from './convNorm.js';
import { depthwise } from './depthwise.js';

/** Indices of a convolution, its norm and activation in torchvision's Sequential `branch`. */
const part = (branch: string, i: number): ConvNormNames => ({
  conv: `${branch}.${i}`,
  norm: `${branch}.${i + 1}`,
  act: `${branch}.${i + 2}`,
});

/**
 * ShuffleNetV2 unit (arXiv 1807.11164, Fig. 3 c and d), with torchvision's node names. At stride 1
 * it keeps the channels.
 */
export function shuffleUnit(net: Builder, x: Value, channels: Dim, stride: number): Value {
  const half = share(channels, 2, 'each branch puts out half of the channels', 'channels');
  const [kept, worked] = stride === 1 ? halves(net, x, half) : [shortcut(net, x, half, stride), x];
  const joined = net.apply('concat', 'concat', [kept, mixed(net, worked, half, stride)]);
  return net.apply('channelShuffle', 'shuffle', joined, { groups: 2 });
}

function halves(net: Builder, x: Value, half: Dim): readonly [Value, Value] {
  const sizes = [half, half];
  return [net.apply('split', 'split.0', x, { sizes, part: 0 }), net.apply('split', 'split.1', x, { sizes, part: 1 })];
}

function shortcut(net: Builder, x: Value, half: Dim, stride: number): Value {
  const filtered = depthwise(net, x, part('branch1', 0), { stride }, 'none');
  return convNorm(net, filtered, part('branch1', 2), { channels: half, kernel: 1 });
}

function mixed(net: Builder, x: Value, half: Dim, stride: number): Value {
  const first = convNorm(net, x, part('branch2', 0), { channels: half, kernel: 1 });
  const filtered = depthwise(net, first, part('branch2', 3), { stride }, 'none');
  return convNorm(net, filtered, part('branch2', 5), { channels: half, kernel: 1 });
}

export const shuffleUnitBlock = block({
  about: 'channel split, 1x1, depthwise 3x3 and 1x1 on one half, concat, channel shuffle',
  paper: 'https://arxiv.org/abs/1807.11164',
  fields: {
    channels: size('output channels, an even number; at stride 1 the input channels'),
    stride: whole('stride of height and width; from 2 on both branches read the whole input', 1),
  },
  build: (net, x, { channels, stride }) => shuffleUnit(net, x, channels, stride),
});
