// The confidence interval of a fitted figure, by bootstrap over the measured networks.

import { mulberry32 } from '../weights/random.js';
import type { Sample } from './sample.js';

const DRAWS = 200;
/** With fewer networks a resample too often has only a few distinct ones. */
const FEWEST = 10;
const SEED = 1;

/**
 * The 2.5th and 97.5th percentile over resampled networks (Efron, "Bootstrap methods: another look
 * at the jackknife", Ann. Statist. 7(1), 1979). The same samples give the same interval.
 * @returns null for fewer than ten samples
 */
export function bootstrapInterval(
  samples: readonly Sample[],
  figure: (some: readonly Sample[]) => number,
): readonly [number, number] | null {
  if (samples.length < FEWEST) return null;
  const random = mulberry32(SEED);
  const drawn = Array.from({ length: DRAWS }, () =>
    figure(samples.map(() => samples[Math.floor((random() / 2 ** 32) * samples.length)]!)),
  ).sort((a, b) => a - b);
  const at = (share: number): number => drawn[Math.round(share * (DRAWS - 1))]!;
  return [at(0.025), at(0.975)];
}
