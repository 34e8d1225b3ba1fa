// Times of a network's layers: measured in a run, or predicted for a device.

import type { Run } from '../measure/run.js';
import type { Profile } from '../profile.js';

/** What takes most of a layer's time. */
export type Limit = 'compute' | 'memory' | 'launches';

export interface LayerTiming {
  /** The layer that did the work, and those that ran inside of it. */
  readonly layers: readonly string[];
  readonly milliseconds: number;
  /** Null where no ceilings were measured. */
  readonly limit: Limit | null;
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

/** Where its roofs explain less than this part of its time, a layer waits for something else. */
const FILLED = 0.25;

/**
 * The times of a run's layers, each with its limit by the roofline (Williams et al., CACM 52(4),
 * 2009): arithmetic or memory, whichever takes longer under the measured ceilings, or launches
 * where both together explain less than a quarter of the time.
 * @returns undefined where the run has no layers, or other layers than the profile
 */
export function timingOf(run: Run, { layers }: Profile): Timing | undefined {
  if (run.layers === null) return undefined;
  const known = new Map(layers.map((layer) => [layer.name, layer]));
  const eager = run.mode === 'eager';
  const timed: LayerTiming[] = [];
  for (const { name, absorbed, milliseconds } of run.layers) {
    const names = [name, ...absorbed];
    let [flops, elements] = [0, 0];
    for (const one of names) {
      const layer = known.get(one);
      if (layer === undefined) return undefined;
      flops += 2 * layer.multAdds;
      elements += eager ? layer.memoryAccessUnfused : layer.memoryAccessFused;
    }
    timed.push({
      layers: names,
      milliseconds,
      limit: limitOf(run, flops, elements * run.bytesPerElement, milliseconds),
    });
  }
  return {
    kind: 'measured',
    where: `${run.device.name} (${run.engine}, ${run.mode})`,
    device: run.device.kind,
    eager,
    milliseconds: run.times.median,
    layers: timed,
    how:
      run.ceilings === null
        ? 'the run has no ceilings, so limits are not known'
        : 'limits by the roofline of the measured ceilings, or launches where both roofs explain less than a quarter of the time',
  };
}

function limitOf({ ceilings }: Run, flops: number, bytes: number, milliseconds: number): Limit | null {
  if (ceilings === null) return null;
  const [compute, memory] = [(1e3 * flops) / ceilings.flopsPerSecond, (1e3 * bytes) / ceilings.bytesPerSecond];
  if (Math.max(compute, memory) < FILLED * milliseconds) return 'launches';
  return compute >= memory ? 'compute' : 'memory';
}
