// SqueezeNet's fire module: a 1x1 squeezes the channels, a 1x1 and a 3x3 expand them.

import type { Builder } from '../builder.js';
import type { Dim } from '../dim/dim.js';
import { size, type Padding } from '../fields.js';
import type { Value } from '../graph.js';
import { block } from './block.js';

/**
 * Fire module (SqueezeNet, arXiv 1602.07360, section 3.2), with torchvision's node names. It has 2
 * x `expand` output channels.
 */
export function fire(net: Builder, x: Value, squeeze: Dim, expand: Dim): Value {
  const narrow = rectified(net, x, 'squeeze', squeeze, 1);
  const points = rectified(net, narrow, 'expand1x1', expand, 1);
  const spatial = rectified(net, narrow, 'expand3x3', expand, 3, [1, 1, 1, 1]);
  return net.apply('concat', 'concat', [points, spatial]);
}

/** SqueezeNet's convolutions have biases and no norms. */
function rectified(net: Builder, x: Value, name: string, channels: Dim, kernel: number, padding?: Padding): Value {
  const conv = net.apply('conv', name, x, { channels, kernel, bias: true, ...(padding && { padding }) });
  return net.apply('relu', `${name}_activation`, conv);
}

export const fireBlock = block({
  about: '1x1 convolution that squeezes, then 1x1 and 3x3 side by side, concatenated; no norms',
  paper: 'https://arxiv.org/abs/1602.07360',
  fields: {
    squeeze: size('channels after the squeezing 1x1'),
    expand: size('channels of each of the two expanding convolutions'),
  },
  build: (net, x, { squeeze, expand }) => fire(net, x, squeeze, expand),
});
