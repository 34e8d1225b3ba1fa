// Joins counted layers with measured ones by name. If the names differ, nothing is joined.

import type { LayerTime, Run } from '../../src/measure/run.js';
import { layerOf, type ReportLayer } from './layerRow.js';
import type { Network } from './network.js';

/** A timed layer with all that ran inside it. */
export interface TimedLayer {
  readonly time: LayerTime;
  readonly layers: readonly ReportLayer[];
  readonly stage: string;
  /** 2 per multiply-add. */
  readonly flops: number;
  /** Fused reading. */
  readonly bytes: number;
}

/** The layers of a network in order; none where it is known only from a run file. */
export const layersOf = ({ network }: Pick<Timed, 'network'>): readonly ReportLayer[] =>
  network.layers?.map(layerOf) ?? [];

interface Timed {
  readonly network: Network;
  readonly run: Run | null;
}

/**
 * The first timed name that the network does not have, or the first convolution or linear layer
 * that was not timed.
 */
export function unmatchedLayer({ network, run }: Timed): string | undefined {
  if (!run?.layers || !network.layers) return undefined;
  const layers = layersOf({ network });
  const known = new Set(layers.map(({ name }) => name));
  const timed = new Set(run.layers.flatMap(({ name, absorbed }) => [name, ...absorbed]));
  const missing = layers.find(({ name, multAdds }) => multAdds > 0 && !timed.has(name));
  return [...timed].find((name) => !known.has(name)) ?? missing?.name;
}

/**
 * The timed layers of a run joined to the counted ones; none where either is missing or they are
 * not the same layers.
 */
export function timedLayers(subject: Timed): readonly TimedLayer[] {
  if (!subject.run?.layers || !subject.network.layers || unmatchedLayer(subject) !== undefined) return [];
  const { bytesPerElement } = subject.run;
  const known = new Map(layersOf(subject).map((layer) => [layer.name, layer]));
  return subject.run.layers.map((time) => {
    const layers = [time.name, ...time.absorbed].map((name) => known.get(name)!);
    const sum = (pick: (layer: ReportLayer) => number): number => layers.reduce((all, layer) => all + pick(layer), 0);
    return {
      time,
      layers,
      stage: layers[0]!.stage,
      flops: 2 * sum((layer) => layer.multAdds),
      bytes: bytesPerElement * sum((layer) => layer.memoryAccessFused),
    };
  });
}

/**
 * The least time in ms that work can take under measured ceilings: whichever of arithmetic and
 * memory takes longer. (Roofline, Williams et al., CACM 2009.) A calculation; never a measurement.
 */
export const leastMilliseconds = (
  { flops, bytes }: Pick<TimedLayer, 'flops' | 'bytes'>,
  ceilings: { readonly flopsPerSecond: number; readonly bytesPerSecond: number },
): number => 1000 * Math.max(flops / ceilings.flopsPerSecond, bytes / ceilings.bytesPerSecond);
