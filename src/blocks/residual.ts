// How does ResNet add? A basic block is two 3x3 convolutions, a bottleneck 1x1, 3x3, 1x1; the input is added at the end.

import type { Builder } from '../builder.js';
import { div, equal, mul, type Dim } from '../dim/dim.js';
import { choice, count, size } from '../fields.js';
import type { Value } from '../graph.js';
import { block } from './block.js';
import { convNorm, type ConvNormNames } from './convNorm.js';
import { squeezeExcite } from './squeezeExcite.js';

/** Output channels of a bottleneck over its planes. */
export const EXPANSION = 4;

const numbered = (i: number): ConvNormNames => ({ conv: `conv${i}`, norm: `bn${i}`, act: `relu${i}` });

/** Basic block (ResNet, arXiv 1512.03385, Fig. 5 left), option B shortcut. `planes` is its width. */
export function basic(
  net: Builder,
  x: Value,
  planes: Dim,
  stride: number,
  attention: 'none' | 'se' = 'none',
  reduction = 16,
): Value {
  const first = convNorm(net, x, numbered(1), { channels: planes, kernel: 3, stride, padding: 1 });
  const second = convNorm(net, first, numbered(2), { channels: planes, kernel: 3, padding: 1 }, 'none');
  return joined(net, x, gated(net, second, attention, reduction), stride);
}

export interface BottleneckWidths {
  readonly planes: Dim;
  /** Channels of the 3x3 convolution: planes, or more for ResNeXt and wide ResNets. */
  readonly inner: Dim;
  readonly groups: Dim;
}

/** Bottleneck block (arXiv 1512.03385, Fig. 5 right); the stride is in the 3x3 (v1.5), or in the first 1x1 as the paper has it. */
export function bottleneck(
  net: Builder,
  x: Value,
  { planes, inner, groups }: BottleneckWidths,
  stride: number,
  attention: 'none' | 'se' = 'none',
  reduction = 16,
  strideIn: '3x3' | '1x1' = '3x3',
): Value {
  const [first, second] = strideIn === '1x1' ? [stride, 1] : [1, stride];
  const narrow = convNorm(net, x, numbered(1), { channels: inner, kernel: 1, stride: first });
  const spatial = convNorm(net, narrow, numbered(2), {
    channels: inner,
    kernel: 3,
    stride: second,
    padding: 1,
    groups,
  });
  const wide = convNorm(net, spatial, numbered(3), { channels: mul(planes, EXPANSION), kernel: 1 }, 'none');
  return joined(net, x, gated(net, wide, attention, reduction), stride);
}

const gated = (net: Builder, x: Value, attention: 'none' | 'se', reduction: number): Value =>
  attention === 'se' ? squeezeExcite(net.at('se'), x, reduction) : x;

/** Adds the input, through a strided 1x1 convolution where its shape differs (option B), then ReLU. */
function joined(net: Builder, x: Value, branch: Value, stride: number): Value {
  const fits = stride === 1 && equal(x.shape[1]!, branch.shape[1]!);
  const names = { conv: '0', norm: '1', act: '' };
  const shortcut = fits
    ? x
    : convNorm(net.at('downsample'), x, names, { channels: branch.shape[1]!, kernel: 1, stride }, 'none');
  return net.apply('relu', 'relu', net.apply('add', 'add', [branch, shortcut]));
}

const shared = {
  stride: count('stride of height and width', 1),
  attention: choice('gate before the addition', ['none', 'se'], 'none'),
  reduction: count('channels over the channels of the SE bottleneck', 16),
};

export const basicBlock = block({
  about: 'two 3x3 convolutions and a shortcut',
  paper: 'https://arxiv.org/abs/1512.03385',
  fields: { channels: size('output channels'), ...shared },
  build: (net, x, { channels, stride, attention, reduction }) => basic(net, x, channels, stride, attention, reduction),
});

export const bottleneckBlock = block({
  about: '1x1, 3x3 and 1x1 convolutions and a shortcut; the inner width is a quarter of the output',
  paper: 'https://arxiv.org/abs/1512.03385',
  fields: { channels: size('output channels, a multiple of 4'), groups: size('groups of the 3x3', 1), ...shared },
  build(net, x, { channels, groups, stride, attention, reduction }) {
    const planes = div(channels, EXPANSION);
    return bottleneck(net, x, { planes, inner: planes, groups }, stride, attention, reduction);
  },
});
