// The rates of a run: its counts over its median time.

import type { Run } from './run.js';

export type Rates = Pick<
  Run,
  'imagesPerSecond' | 'flopsPerSecond' | 'paperFlopsPerSecond' | 'bytesPerSecond' | 'utilisation'
>;

/** What rates follow from. */
export interface Rated extends Pick<Run, 'input' | 'mode' | 'totals' | 'ceilings'> {
  /** Milliseconds of one inference of the whole batch. */
  readonly times: Pick<Run['times'], 'median'>;
}

/** Every engine computes in float32. */
const BYTES_PER_ELEMENT = 4;

export function ratesOf({ input, mode, totals: { multAdds, memoryAccess }, times, ceilings }: Rated): Rates {
  const seconds = times.median / 1000;
  const flopsPerSecond = (2 * multAdds) / seconds;
  const moved = mode === 'eager' ? memoryAccess.unfused : memoryAccess.fused;
  const bytesPerSecond = (moved * BYTES_PER_ELEMENT) / seconds;
  return {
    imagesPerSecond: input.n / seconds,
    flopsPerSecond,
    paperFlopsPerSecond: multAdds / seconds,
    bytesPerSecond,
    utilisation: ceilings && {
      compute: flopsPerSecond / ceilings.flopsPerSecond,
      memory: bytesPerSecond / ceilings.bytesPerSecond,
    },
  };
}
