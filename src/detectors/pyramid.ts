// Feature pyramid: each level is its own map plus the upsampled coarser level.

import type { Builder } from '../builder.js';
import type { Dim } from '../dim/dim.js';
import type { Value } from '../graph.js';
import { part, type Features } from './detector.js';
import { demandHalf } from './doubling.js';

/** A level of the pyramid: "p3" has a stride of 2^3. */
export interface Level {
  readonly name: string;
  readonly value: Value;
}

const levelOf = (stride: number): string => `p${Math.log2(stride)}`;

/**
 * FPN (arXiv 1612.03144, section 3) as detectron2 builds it: a 1x1 and a 3x3 convolution with bias
 * for each level.
 * @returns finest first
 * @throws InputError where one map is not exactly half of the next finer one
 */
export function pyramid(net: Builder, features: Features, channels: Dim): readonly Level[] {
  const levels: Level[] = [];
  let above: Value | undefined;
  for (const [stride, map] of [...features].sort(([a], [b]) => b - a)) {
    const name = levelOf(stride);
    const inside = part(net, 'neck', name);
    const lateral = inside.apply('conv', 'lateral', map, { channels, kernel: 1, bias: true });
    above = above === undefined ? lateral : inside.apply('add', 'sum', [lateral, doubled(inside, above, lateral)]);
    const value = inside.apply('conv', 'output', above, { channels, kernel: 3, padding: 1, bias: true });
    levels.unshift({ name, value });
  }
  return levels;
}

/** detectron2 pads its images to multiples of 32 (`FPN.size_divisibility`). */
function doubled(net: Builder, x: Value, fine: Value): Value {
  demandHalf('a feature pyramid', x, fine, 32);
  return net.apply('upsample', 'up', x, { scale: 2, mode: 'nearest' });
}

/** One coarser level: every second position of the last one (Faster R-CNN's p6). */
export function pooledLevel(net: Builder, levels: readonly Level[]): Level {
  return {
    name: 'p6',
    value: part(net, 'neck', 'p6').apply('maxPool', 'pool', levels.at(-1)!.value, { kernel: 1, stride: 2 }),
  };
}

/**
 * Two coarser levels by strided convolutions on p5 (RetinaNet, arXiv 1708.02002; FCOS and
 * CenterMask).
 */
export function stridedLevels(net: Builder, levels: readonly Level[], channels: Dim): readonly Level[] {
  const given = { channels, kernel: 3, stride: 2, padding: 1, bias: true } as const;
  const p6 = part(net, 'neck', 'p6').apply('conv', 'conv', levels.at(-1)!.value, given);
  const inside = part(net, 'neck', 'p7');
  const p7 = inside.apply('conv', 'conv', inside.apply('relu', 'relu', p6), given);
  return [
    { name: 'p6', value: p6 },
    { name: 'p7', value: p7 },
  ];
}
