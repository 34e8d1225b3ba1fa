// Times of a network's layers: measured in a run, or predicted for a device.

import type { Run } from '../measure/run.js';
import type { Layer, Profile } from '../profile.js';
import type { LayerLimit } from './layerLimit.js';
import { measuredLimits, type MeasuredLayer } from './measuredLimits.js';

export interface LayerTiming extends LayerLimit {
  /** The layer that did the work, and those that ran inside of it. */
  readonly layers: readonly string[];
  readonly milliseconds: number;
}

export interface Timing {
  /** A predicted time is never shown as measured. */
  readonly kind: 'measured' | 'predicted';
  /** Device, engine and mode, in words. */
  readonly where: string;
  /** Null where a device record does not say. */
  readonly device: 'gpu' | 'cpu' | null;
  /** Every op ran as written: nothing was fused. */
  readonly eager: boolean;
  /** Of one inference of the whole batch. */
  readonly milliseconds: number;
  /** Only of a prediction: between these 90 % of unseen networks lay. */
  readonly interval?: readonly [number, number];
  readonly layers: readonly LayerTiming[];
  /** How the limit of a layer was found, in one sentence. */
  readonly how: string;
}

/**
 * The times of a run's layers, each with its limit where that is known.
 * @returns undefined where the run has no layers, or other layers than the profile
 */
export function timingOf(run: Run, { layers }: Profile): Timing | undefined {
  if (run.layers === null) return undefined;
  const known = new Map(layers.map((layer) => [layer.name, layer]));
  const eager = run.mode === 'eager';
  const measured: MeasuredLayer[] = [];
  for (const { name, absorbed, milliseconds, emulation } of run.layers) {
    const members: Layer[] = [];
    for (const one of [name, ...absorbed]) {
      const layer = known.get(one);
      if (layer === undefined) return undefined;
      members.push(layer);
    }
    const elements = members.map((layer) => (eager ? layer.memoryAccessUnfused : layer.memoryAccessFused));
    measured.push({
      ...{ members, milliseconds, emulation },
      flops: 2 * members.reduce((sum, { multAdds }) => sum + multAdds, 0),
      bytes: run.bytesPerElement * elements.reduce((sum, one) => sum + one, 0),
    });
  }
  const { limits, how } = measuredLimits(run, measured);
  return {
    kind: 'measured',
    where: `${run.device.name} (${run.engine}, ${run.mode})`,
    device: run.device.kind,
    eager,
    milliseconds: run.times.median,
    layers: measured.map(({ members, milliseconds }, i) => ({
      ...{ layers: members.map(({ name }) => name), milliseconds },
      ...limits[i]!,
    })),
    how,
  };
}
