// The rates of a run: its counts over its median time.

import { raised, utilised, type CeilingRates, type ReachedRates } from './raised.js';
import type { Run } from './run.js';

export type Rates = Pick<
  Run,
  'imagesPerSecond' | 'flopsPerSecond' | 'paperFlopsPerSecond' | 'bytesPerSecond' | 'ceilings' | 'utilisation'
>;

/** The data from which rates are computed. */
export interface RateInputs extends Pick<Run, 'model' | 'input' | 'mode' | 'bytesPerElement' | 'totals' | 'ceilings'> {
  /** Milliseconds of one inference of the whole batch. */
  readonly times: Pick<Run['times'], 'median'>;
  /** What its layers reached, where they were timed. */
  readonly reached?: readonly ReachedRates[];
}

/**
 * Ceilings are raised where the run or one of its layers passed them. Those for utilisation are
 * raised only where the whole run passed them. So utilisation is at most 1, and timing layers does
 * not change it.
 */
export function ratesOf({
  input,
  mode,
  bytesPerElement,
  totals: { multAdds, memoryAccess },
  times,
  ...rated
}: RateInputs): Rates {
  const seconds = times.median / 1000;
  const flopsPerSecond = (2 * multAdds) / seconds;
  const moved = mode === 'eager' ? memoryAccess.unfused : memoryAccess.fused;
  const bytesPerSecond = (moved * bytesPerElement) / seconds;
  const own: ReachedRates = { name: `${rated.model} as a whole`, flopsPerSecond, bytesPerSecond };
  const sampled = rated.ceilings && ratesAlone(raised(utilised(rated.ceilings), [own]));
  const ceilings = rated.ceilings && { ...raised(rated.ceilings, [own, ...(rated.reached ?? [])]), sampled };
  return {
    imagesPerSecond: input.n / seconds,
    flopsPerSecond,
    paperFlopsPerSecond: multAdds / seconds,
    bytesPerSecond,
    ceilings,
    utilisation: sampled && {
      compute: flopsPerSecond / sampled.flopsPerSecond,
      memory: bytesPerSecond / sampled.bytesPerSecond,
    },
  };
}

const ratesAlone = ({ flopsPerSecond, bytesPerSecond, raised }: CeilingRates): CeilingRates => ({
  ...{ flopsPerSecond, bytesPerSecond, raised },
});
