// Guesses a device from its datasheet: its peaks, times the shares that measured devices reach.

import type { Mode } from './modes.js';
import type { Rates } from './rates.js';

/**
 * Peaks of a datasheet: dense half-precision FLOP/s with fp32 sums, and memory bytes per second.
 */
export interface Peaks {
  readonly flopsPerSecond: number;
  readonly bytesPerSecond: number;
}

/** The shares of their peaks that devices reach: geometric means. */
export interface Shares {
  readonly flops: number;
  readonly bytes: number;
}

/** Half precision: automatic mixed precision moves two bytes per element. */
const BYTES = 2;

export function guessShares(known: readonly { readonly peaks: Peaks; readonly rates: Rates }[]): Shares {
  const mean = (share: (one: (typeof known)[number]) => number): number =>
    Math.exp(known.reduce((sum, one) => sum + Math.log(share(one)), 0) / known.length);
  return {
    flops: mean(({ peaks, rates }) => rates.flopsPerSecond / peaks.flopsPerSecond),
    bytes: mean(({ peaks, rates }) => (BYTES * rates.elementsPerSecond) / peaks.bytesPerSecond),
  };
}

export function guessedRates(
  { flopsPerSecond, bytesPerSecond }: Peaks,
  shares: Shares,
  { ratios, halfLength, secondsPerLaunch }: Pick<Mode, 'ratios' | 'halfLength' | 'secondsPerLaunch'>,
): Rates {
  const elementsPerSecond = (shares.bytes * bytesPerSecond) / BYTES;
  return {
    flopsPerSecond: shares.flops * flopsPerSecond,
    elementsPerSecond,
    weightsPerSecond: elementsPerSecond,
    secondsPerLaunch,
    halfLength,
    ratios,
  };
}
