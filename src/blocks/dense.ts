// DenseNet's dense block and transition: each layer reads the concatenation of all before it.

import type { Builder } from '../builder.js';
import { floorScaled, mul, type Dim } from '../dim/dim.js';
import { choice, count, flag, only, ratio, size, where, type Values } from '../fields.js';
import type { Value } from '../graph.js';
import { block } from './block.js';

const fields = {
  layers: count('layers of the block'),
  growth: size('channels that each layer adds'),
  bottleneck: flag('a 1x1 convolution to bottleneckWidth x growth channels before each 3x3', true),
  bottleneckWidth: only([where('bottleneck', true)], size('channels of the bottleneck over the growth', 4)),
  groups: size('groups of the 3x3 convolutions', 1),
};

/** An implementation's names of its layers and their nodes. */
export interface DenseNames {
  layer(index: number): string;
  /**
   * The 3x3 (and the only) convolution of a layer without bottleneck, with its norm and activation.
   */
  readonly plain: { readonly norm: string; readonly relu: string; readonly conv: string };
}

const PLAIN_DENSE: DenseNames = {
  layer: (index) => `denselayer${index + 1}`,
  plain: { norm: 'norm1', relu: 'relu1', conv: 'conv1' },
};

/** Dense block (DenseNet, arXiv 1608.06993, section 3), pre-activation: norm, ReLU, convolution. */
export function dense(net: Builder, x: Value, config: Values<typeof fields>, names: DenseNames = PLAIN_DENSE): Value {
  const features = [x];
  for (let index = 0; index < config.layers; index++)
    features.push(denseLayer(net.at(names.layer(index)), features, config, names));
  return net.apply('concat', 'concat', features);
}

function denseLayer(net: Builder, features: readonly Value[], config: Values<typeof fields>, names: DenseNames): Value {
  const { growth, bottleneck, bottleneckWidth, groups } = config;
  const joined = net.apply('concat', 'concat', features);
  if (!bottleneck) {
    const { norm, relu, conv } = names.plain;
    return net.apply('conv', conv, normed(net, joined, norm, relu), {
      channels: growth,
      kernel: 3,
      padding: 1,
      groups,
    });
  }
  const narrow = net.apply('conv', 'conv1', normed(net, joined, 'norm1', 'relu1'), {
    channels: mul(bottleneckWidth, growth),
    kernel: 1,
  });
  return net.apply('conv', 'conv2', normed(net, narrow, 'norm2', 'relu2'), {
    channels: growth,
    kernel: 3,
    padding: 1,
    groups,
  });
}

/** Norm and ReLU before a convolution. */
export const normed = (net: Builder, x: Value, norm: string, relu: string): Value =>
  net.apply('relu', relu, net.apply('batchNorm', norm, x));

export interface TransitionNames {
  readonly norm: string;
  readonly relu: string;
  readonly conv: string;
  readonly pool: string;
}

/** Norm, ReLU, 1x1 convolution, and a 2x2 pool unless it is 'none'. */
export function transition(
  net: Builder,
  x: Value,
  channels: Dim,
  pool: 'avgPool' | 'maxPool' | 'none' = 'avgPool',
  names: TransitionNames = { norm: 'norm', relu: 'relu', conv: 'conv', pool: 'pool' },
): Value {
  const narrow = net.apply('conv', names.conv, normed(net, x, names.norm, names.relu), { channels, kernel: 1 });
  return pool === 'none' ? narrow : net.apply(pool, names.pool, narrow, { kernel: 2, stride: 2 });
}

export const denseBlock = block({
  about: 'dense block: every layer reads all layers before it',
  paper: 'https://arxiv.org/abs/1608.06993',
  fields,
  build: (net, x, values) => dense(net, x, values),
});

export const transitionBlock = block({
  about: 'between dense blocks: norm, ReLU, 1x1 convolution, 2x2 pool',
  paper: 'https://arxiv.org/abs/1608.06993',
  fields: {
    compression: ratio('output channels over input channels', 0.5, { most: 1 }),
    pool: choice('how height and width are halved', ['avgPool', 'maxPool', 'none'], 'avgPool'),
  },
  build: (net, x, { compression, pool }) => transition(net, x, floorScaled(x.shape[1]!, compression), pool),
});
