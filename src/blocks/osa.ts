// VoVNet's one-shot aggregation: a chain of layers, concatenated once at the end of the module.

import type { Builder } from '../builder.js';
import { floorDiv, type Dim } from '../dim/dim.js';
import { choice, count, flag, only, size, where, type Values } from '../fields.js';
import type { Value } from '../graph.js';
import { block } from './block.js';
import { convNorm, PLAIN, type ConvNormNames } from './convNorm.js';
import { effectiveSqueezeExcite, squeezeExcite } from './squeezeExcite.js';

/** A convNorm below the module: its path and the names of its nodes. */
export interface Located {
  readonly path: string;
  readonly names: ConvNormNames;
}

/** A depthwise pair is a 3x3 depthwise convolution and a 1x1 with the norm. */
export interface LayerNames extends Located {
  readonly depthwise: string;
  readonly pointwise: string;
}

/** An implementation's names of the parts of its module. */
export interface OsaNames {
  layer(index: number): LayerNames;
  readonly reduction: Located;
  readonly aggregate: Located;
  readonly attention: string;
}

const PLAIN_OSA: OsaNames = {
  layer: (index) => ({ path: `layer${index + 1}`, names: PLAIN, depthwise: 'depthwise', pointwise: 'pointwise' }),
  reduction: { path: 'reduction', names: PLAIN },
  aggregate: { path: 'aggregate', names: PLAIN },
  attention: 'attention',
};

const fields = {
  layers: count('3x3 layers in the chain'),
  growth: size('channels of each layer'),
  channels: size('output channels of the aggregating 1x1 convolution'),
  depthwise: flag('layers are a depthwise 3x3 and a 1x1', false),
  groups: only([where('depthwise', false)], size('groups of the 3x3 layers; 1 where they are depthwise', 1)),
  bottleneck: flag("a 1x1 with half of its input's channels before each layer (VoVNet, Table 3)", false),
  bottleneckOf: only(
    [where('bottleneck', true), where('depthwise', false)],
    choice("whose channels that 1x1 halves: its input's, or the layer's", ['input', 'layer'], 'input'),
  ),
  attention: choice('gate on the output: none, squeeze-excitation or effective SE', ['none', 'se', 'ese'], 'none'),
  identity: flag('the input is added to the output', false),
};

/**
 * One-Shot Aggregation module (VoVNet, arXiv 1904.09730, section 3.2; V2: CenterMask, arXiv
 * 1911.06667).
 */
export function osa(net: Builder, x: Value, config: Values<typeof fields>, names: OsaNames = PLAIN_OSA): Value {
  const { layers, growth, channels, depthwise, groups, bottleneck, bottleneckOf, attention, identity } = config;
  const outputs = [x];
  let last = depthwise && !net.knownEqual(x.shape[1]!, growth) ? pointwise(net, x, growth, names.reduction) : x;
  for (let index = 0; index < layers; index++) {
    const layer = names.layer(index);
    if (bottleneck) last = halved(net.at(layer.path), last, bottleneckOf === 'input' ? last.shape[1]! : growth, layer);
    last = depthwise ? depthwisePair(net, last, growth, layer) : spatial(net, last, growth, layer, groups);
    outputs.push(last);
  }
  const joined = net.apply('concat', 'concat', outputs);
  const aggregated = gated(net.at(names.attention), pointwise(net, joined, channels, names.aggregate), attention);
  return identity ? net.apply('add', 'add', [aggregated, x]) : aggregated;
}

/**
 * A depthwise 3x3 without norm, then a 1x1 with norm and ReLU; the V2 stem is made of these too.
 */
export function depthwisePair(net: Builder, x: Value, channels: Dim, names: LayerNames, stride = 1): Value {
  const inside = net.at(names.path);
  const inChannels = x.shape[1]!;
  const spatial = inside.apply('conv', names.depthwise, x, {
    channels: inChannels,
    kernel: 3,
    stride,
    padding: 1,
    groups: inChannels,
  });
  return convNorm(inside, spatial, { ...names.names, conv: names.pointwise }, { channels, kernel: 1 });
}

const halved = (net: Builder, x: Value, whole: Values<typeof fields>['growth'], { names }: Located): Value =>
  convNorm(net.at('bottleneck'), x, names, { channels: floorDiv(whole, 2), kernel: 1 });

const spatial = (net: Builder, x: Value, channels: Dim, { path, names }: Located, groups: Dim): Value =>
  convNorm(net.at(path), x, names, { channels, kernel: 3, padding: 1, groups });

const pointwise = (net: Builder, x: Value, channels: Dim, { path, names }: Located): Value =>
  convNorm(net.at(path), x, names, { channels, kernel: 1 });

function gated(net: Builder, x: Value, attention: 'none' | 'se' | 'ese'): Value {
  if (attention === 'none') return x;
  return attention === 'se' ? squeezeExcite(net, x, 16) : effectiveSqueezeExcite(net, x);
}

export const osaBlock = block({
  about: 'one-shot aggregation: a chain of layers, concatenated once',
  paper: 'https://arxiv.org/abs/1904.09730',
  fields,
  build: (net, x, values) => osa(net, x, values),
});
