// The rates that timed layers reached: their counted work over their time.

import type { LayerTimes } from '../engines/engine.js';
import type { Profile } from '../profile.js';
import type { ReachedRates } from './raised.js';

/** Clocks of layers count whole microseconds, so a time may be up to this much too short. */
const RESOLUTION_MS = 0.001;

export function reachedBy(
  times: LayerTimes,
  { model, layers }: Profile,
  mode: 'fused' | 'eager',
  bytesPerElement: number,
): ReachedRates[] {
  if (times.clock === null) return [];
  const known = new Map(layers.map((layer) => [layer.name, layer]));
  return times.layers.map(({ nodes, ms }): ReachedRates => {
    const own = nodes.flatMap((name) => known.get(name) ?? []);
    const seconds = (ms + RESOLUTION_MS) / 1000;
    const moved = own.reduce(
      (sum, one) => sum + (mode === 'eager' ? one.memoryAccessUnfused : one.memoryAccessFused),
      0,
    );
    return {
      name: `${nodes[0] ?? ''} of ${model}`,
      flopsPerSecond: own.reduce((sum, { multAdds }) => sum + 2 * multAdds, 0) / seconds,
      bytesPerSecond: (moved * bytesPerElement) / seconds,
    };
  });
}
