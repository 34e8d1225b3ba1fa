// Darknet's unit: a 1x1 convolution to half of the channels, a 3x3 back, a shortcut from v53 on.

import type { Builder } from '../builder.js';
import { choice, flag } from '../fields.js';
import type { Value } from '../graph.js';
import { block, share } from './block.js';
import { ACTIVATIONS, convNorm, type Activation, type ConvNormNames } from './convNorm.js';

const part = (i: number): ConvNormNames => ({ conv: `conv${i}.conv`, norm: `conv${i}.bn`, act: `conv${i}.act` });

/**
 * Darknet unit (YOLOv3, arXiv 1804.02767, Table 1; without the addition: YOLO9000, arXiv
 * 1612.08242, Table 6).
 */
export function darknetUnit(net: Builder, x: Value, residual: boolean, activation: Activation = 'leakyRelu'): Value {
  const channels = x.shape[1]!;
  const narrow = convNorm(
    net,
    x,
    part(1),
    { channels: share(channels, 2, 'a pair narrows the channels to half', 'channels'), kernel: 1 },
    activation,
  );
  const spatial = convNorm(net, narrow, part(2), { channels, kernel: 3, padding: 1 }, activation);
  return residual ? net.apply('add', 'add', [spatial, x]) : spatial;
}

export const darknetUnitBlock = block({
  about: '1x1 convolution to half of the channels and 3x3 back to all; the input is added',
  paper: 'https://arxiv.org/abs/1804.02767',
  fields: {
    residual: flag('the input is added', true),
    activation: choice('what follows each norm', ACTIVATIONS, 'leakyRelu'),
  },
  build: (net, x, { residual, activation }) => darknetUnit(net, x, residual, activation),
});
