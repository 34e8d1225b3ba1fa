// The numbers of a device, and the time that they give to work.

import { TERM_NAMES, TERMS, type TimePart, type Term, type Work } from './terms.js';

/**
 * Classes whose rate is a multiple of the device's: of FLOP/s for linearCompute, else of
 * elements/s.
 */
export const RATIO_NAMES = [
  'linearCompute',
  'depthwise',
  'linear',
  'elementwise',
  'rearranging',
  'softmax',
  'transpose',
  'norm',
  'learnt',
] as const;
export type RatioName = (typeof RATIO_NAMES)[number];
export type Ratios = Readonly<Record<RatioName, number>>;

/** What a device does per second. All numbers are positive. */
export interface Rates {
  /** Of convolutions, 2 per multiply-add, where the inner product is long. */
  readonly flopsPerSecond: number;
  /** Of activations that convolutions read and write. */
  readonly elementsPerSecond: number;
  /**
   * Elements per second of weights, which are read once for any batch; null where their cost is not
   * seen.
   */
  readonly weightsPerSecond: number | null;
  readonly secondsPerLaunch: number;
  /** A product of inner length K runs at K / (K + halfLength) of the rate. */
  readonly halfLength: number;
  readonly ratios: Ratios;
}

/** Seconds per unit of each term. The time of a network is linear in its work. */
export function secondsPerUnit(rates: Rates): Work {
  const { flopsPerSecond, elementsPerSecond, weightsPerSecond, secondsPerLaunch, halfLength, ratios } = rates;
  const moved = (ratio: number): number => 1 / (elementsPerSecond * ratio);
  return {
    compute: 1 / flopsPerSecond,
    linearCompute: 1 / (flopsPerSecond * ratios.linearCompute),
    shortProducts: halfLength / flopsPerSecond,
    conv: moved(1),
    depthwise: moved(ratios.depthwise),
    linear: moved(ratios.linear),
    elementwise: moved(ratios.elementwise),
    rearranging: moved(ratios.rearranging),
    softmax: moved(ratios.softmax),
    transpose: moved(ratios.transpose),
    norm: moved(ratios.norm),
    learnt: moved(ratios.learnt),
    weights: weightsPerSecond === null ? 0 : 1 / weightsPerSecond,
    launches: secondsPerLaunch,
  };
}

/** Milliseconds of each part of a time. */
export type Breakdown = Readonly<Record<TimePart, number>>;

/** Milliseconds of work on a device, by parts. */
export function breakdown(work: Work, rates: Rates): Breakdown {
  const seconds = secondsPerUnit(rates);
  const parts = { compute: 0, traffic: 0, launches: 0 };
  for (const term of TERM_NAMES) parts[TERMS[term].part] += 1e3 * seconds[term] * work[term];
  return parts;
}

/** Milliseconds of each term. */
export function termTimes(work: Work, rates: Rates): Work {
  const seconds = secondsPerUnit(rates);
  return Object.fromEntries(TERM_NAMES.map((term): [Term, number] => [term, 1e3 * seconds[term] * work[term]])) as Work;
}

export const totalOf = ({ compute, traffic, launches }: Breakdown): number => compute + traffic + launches;
