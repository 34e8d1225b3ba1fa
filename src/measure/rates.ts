// The rates of a run: its counts over its median time.

import { raised, type Reached } from './raised.js';
import type { Run } from './run.js';

export type Rates = Pick<
  Run,
  'imagesPerSecond' | 'flopsPerSecond' | 'paperFlopsPerSecond' | 'bytesPerSecond' | 'ceilings' | 'utilisation'
>;

/** What rates follow from. */
export interface Rated extends Pick<Run, 'model' | 'input' | 'mode' | 'totals' | 'ceilings'> {
  /** Milliseconds of one inference of the whole batch. */
  readonly times: Pick<Run['times'], 'median'>;
  /** What its layers reached, where they were timed. */
  readonly reached?: readonly Reached[];
}

/** Every engine computes in float32. */
const BYTES_PER_ELEMENT = 4;

/**
 * Ceilings that the run or one of its layers passed are raised, so that no utilisation passes 1.
 */
export function ratesOf({ input, mode, totals: { multAdds, memoryAccess }, times, ...rated }: Rated): Rates {
  const seconds = times.median / 1000;
  const flopsPerSecond = (2 * multAdds) / seconds;
  const moved = mode === 'eager' ? memoryAccess.unfused : memoryAccess.fused;
  const bytesPerSecond = (moved * BYTES_PER_ELEMENT) / seconds;
  const own: Reached = { name: `${rated.model} as a whole`, flopsPerSecond, bytesPerSecond };
  const ceilings = rated.ceilings && raised(rated.ceilings, [own, ...(rated.reached ?? [])]);
  return {
    imagesPerSecond: input.n / seconds,
    flopsPerSecond,
    paperFlopsPerSecond: multAdds / seconds,
    bytesPerSecond,
    ceilings,
    utilisation: ceilings && {
      compute: flopsPerSecond / ceilings.flopsPerSecond,
      memory: bytesPerSecond / ceilings.bytesPerSecond,
    },
  };
}
