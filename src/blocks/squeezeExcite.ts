// Channel gates computed from channel means: SE has a bottleneck, eSE has one layer.

import type { Builder } from '../builder.js';
import { floorDiv } from '../dim/dim.js';
import { show } from '../dim/text.js';
import { choice, whole } from '../fields.js';
import type { Value } from '../graph.js';
import { InputError } from '../inputError.js';
import { block } from './block.js';

/**
 * Names of the fully connected layers, which are 1x1 convolutions with bias in every implementation
 * mirrored here.
 */
export interface GateNames {
  readonly fc1: string;
  readonly fc2: string;
}

type Gate = 'sigmoid' | 'hardSigmoid';

/** Squeeze-and-excitation (arXiv 1709.01507, section 3): C -> C / reduction -> C. */
export function squeezeExcite(
  net: Builder,
  x: Value,
  reduction: number,
  gate: Gate = 'sigmoid',
  names: GateNames = { fc1: 'fc1', fc2: 'fc2' },
): Value {
  const channels = x.shape[1]!;
  const narrow = floorDiv(channels, reduction);
  if (narrow === 0)
    throw new InputError(`a reduction of ${reduction} leaves none of ${show(channels)} channels`, 'reduction');
  const pooled = net.apply('globalAvgPool', 'pool', x);
  const squeezed = net.apply('conv', names.fc1, pooled, { channels: narrow, kernel: 1, bias: true });
  const excited = net.apply('conv', names.fc2, net.apply('relu', 'relu', squeezed), {
    channels,
    kernel: 1,
    bias: true,
  });
  return scaleBy(net, x, excited, gate);
}

/** Effective SE (CenterMask, arXiv 1911.06667, section 3.3): one layer that keeps all channels. */
export function effectiveSqueezeExcite(net: Builder, x: Value, gate: Gate = 'hardSigmoid'): Value {
  const pooled = net.apply('globalAvgPool', 'pool', x);
  const excited = net.apply('conv', 'fc', pooled, { channels: x.shape[1]!, kernel: 1, bias: true });
  return scaleBy(net, x, excited, gate);
}

const scaleBy = (net: Builder, x: Value, logits: Value, gate: Gate): Value =>
  net.apply('multiply', 'scale', [x, net.apply(gate, 'gate', logits)]);

const gate = (fallback: Gate) => choice('what turns the logits into weights', ['sigmoid', 'hardSigmoid'], fallback);

export const squeezeExciteBlock = block({
  about: 'weighs the channels by a two-layer gate',
  paper: 'https://arxiv.org/abs/1709.01507',
  fields: { reduction: whole('channels over the channels of the bottleneck', 16), gate: gate('sigmoid') },
  build: (net, x, { reduction, gate }) => squeezeExcite(net, x, reduction, gate),
});

export const effectiveSqueezeExciteBlock = block({
  about: 'weighs the channels by a one-layer gate',
  paper: 'https://arxiv.org/abs/1911.06667',
  fields: { gate: gate('hardSigmoid') },
  build: (net, x, { gate }) => effectiveSqueezeExcite(net, x, gate),
});
