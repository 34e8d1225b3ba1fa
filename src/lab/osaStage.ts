// Finds the OSA stage whose count comes closest to that of a dense stage.

import { denseBlock } from '../blocks/dense.js';
import { osaBlock } from '../blocks/osa.js';
import { Builder } from '../builder.js';
import { complete } from '../fields.js';
import type { Graph } from '../graph.js';
import { profile } from '../profile.js';

/** A stage: what it reads, [N, C, H, W], and how many layers its dense block has. */
export interface StageSize {
  readonly shape: readonly [number, number, number, number];
  readonly layers: number;
}

/** DenseNet-121's growth (arXiv 1608.06993, Table 1). */
export const GROWTH = 32;

export type Budget = 'params' | 'multAdds';

/**
 * DenseNet-121's dense blocks by output stride: channels that they read, and layers (arXiv
 * 1608.06993, Table 1).
 */
export const DENSE_BLOCKS: Readonly<Record<number, { readonly channels: number; readonly layers: number }>> = {
  4: { channels: 64, layers: 6 },
  8: { channels: 128, layers: 12 },
  16: { channels: 256, layers: 24 },
  32: { channels: 512, layers: 16 },
};

/** Layers of 1x1 (4 x growth channels) and 3x3, each reading all before it. */
export function denseStage(name: string, { shape, layers }: StageSize): Graph {
  const net = Builder.start();
  const config = complete(denseBlock.fields, { layers, growth: GROWTH });
  return net.finish(name, denseBlock.build(net.at('', { stage: 'stage', block: 'dense' }), net.input(shape), config));
}

/** One OSA module with the input and the output channels of that dense stage. */
export function osaStage(name: string, { shape, layers }: StageSize, osaLayers: number, growth: number): Graph {
  const net = Builder.start();
  const channels = shape[1] + layers * GROWTH;
  const config = complete(osaBlock.fields, { layers: osaLayers, growth, channels });
  return net.finish(name, osaBlock.build(net.at('', { stage: 'stage', block: 'OSA' }), net.input(shape), config));
}

/**
 * The growth whose count comes closest to the wanted one; the smaller of two that are equally
 * close.
 * @param count rises with growth
 */
export function closestGrowth(wanted: number, count: (growth: number) => number): number {
  let [below, above] = [1, 2];
  while (count(above) < wanted) [below, above] = [above, 2 * above];
  while (above - below > 1) {
    const middle = Math.floor((below + above) / 2);
    if (count(middle) < wanted) below = middle;
    else above = middle;
  }
  return wanted - count(below) <= count(above) - wanted ? below : above;
}

/** The growth of the OSA stage, and how far its count is off: 0.01 where it is 1 % more. */
export function solveGrowth(
  size: StageSize,
  osaLayers: number,
  budget: Budget,
): { readonly growth: number; readonly deviation: number } {
  const wanted = profile(denseStage('dense', size)).totals[budget];
  const count = (growth: number): number => profile(osaStage('osa', size, osaLayers, growth)).totals[budget];
  const growth = closestGrowth(wanted, count);
  return { growth, deviation: count(growth) / wanted - 1 };
}
