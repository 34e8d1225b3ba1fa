// Pelee's two-way dense layer: half of the growth from one 3x3, half from two in a row.

import type { Builder } from '../builder.js';
import { demandAtLeast } from '../dim/atLeast.js';
import { floorDiv, isNumber, mul, sub, type Dim } from '../dim/dim.js';
import { count, size, type Values } from '../fields.js';
import type { Value } from '../graph.js';
import { block, share } from './block.js';
import { convNorm, type ConvNormNames } from './convNorm.js';

const fields = {
  layers: count('layers of the block'),
  growth: size('channels that each layer adds, an even number: half of them come from each branch'),
  bottleneckWidth: size('channels of each 1x1 over half of the growth', 4),
};

const part = (name: string): ConvNormNames => ({ conv: `${name}.conv`, norm: `${name}.norm`, act: `${name}.relu` });

/**
 * Two-way dense block (Pelee, arXiv 1804.06882, section 2), post-activation, nodes named as the
 * authors'.
 */
export function twoWayDense(net: Builder, x: Value, { layers, growth, bottleneckWidth }: Values<typeof fields>): Value {
  const half = share(growth, 2, 'each branch adds half of the growth', 'growth');
  let features = x;
  for (let index = 0; index < layers; index++) {
    const inside = net.at(`denselayer${index + 1}`);
    const inner = bottleneck(features.shape[1]!, half, bottleneckWidth);
    const near = threeByThree(inside, pointwise(inside, features, inner, 'branch1a'), half, 'branch1b');
    const far = threeByThree(inside, pointwise(inside, features, inner, 'branch2a'), half, 'branch2b');
    features = inside.apply('concat', 'concat', [features, near, threeByThree(inside, far, half, 'branch2c')]);
  }
  return features;
}

const pointwise = (net: Builder, x: Value, channels: Dim, name: string): Value =>
  convNorm(net, x, part(name), { channels, kernel: 1 });

const threeByThree = (net: Builder, x: Value, channels: Dim, name: string): Value =>
  convNorm(net, x, part(name), { channels, kernel: 3, padding: 1 });

/**
 * A multiple of 4, at most half of the input as in the authors' code. Symbols promise this limit.
 */
function bottleneck(inChannels: Dim, half: Dim, width: Dim): Dim {
  const wanted = mul(floorDiv(mul(half, width), 4), 4);
  if (isNumber(wanted) && isNumber(inChannels))
    return wanted > inChannels / 2 ? mul(floorDiv(inChannels, 8), 4) : wanted;
  demandAtLeast(sub(inChannels, mul(2, wanted)), 0, 'half of the input beside a 1x1');
  return wanted;
}

export const twoWayDenseBlock = block({
  about: 'dense block whose layers have two branches: 1x1 and 3x3, and 1x1 and two 3x3',
  paper: 'https://arxiv.org/abs/1804.06882',
  fields,
  build: (net, x, values) => twoWayDense(net, x, values),
});
