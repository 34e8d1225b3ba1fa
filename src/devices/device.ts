// A device record: few numbers that a person can read, how they were obtained, and their error.

import { MODES, type ModeName } from './modes.js';
import type { Rates, Ratios } from './rates.js';

/** How the numbers were obtained. A guess follows from the peaks of a datasheet alone. */
export const ORIGINS = ['published times', 'calibration', 'guess'] as const;
export type Origin = (typeof ORIGINS)[number];

/** From the least to the most. */
export type Range = readonly [number, number];

/** The networks that a device was fitted to. Beyond them, its error is not known. */
export interface FittedOn {
  readonly networks: number;
  readonly batch: Range;
  /** The longer side of an image. */
  readonly side: Range;
  /** Of one image. */
  readonly multAdds: Range;
  /** Whether networks with attention or layer norms were among them. */
  readonly transformers: boolean;
  /** The largest share of launches in a predicted time among them. */
  readonly launchShare: number;
}

/** Of |predicted / measured - 1| over networks that were not in the fit. */
export interface RecordedError {
  readonly median: number;
  readonly p90: number;
  readonly networks: number;
  /** What was left out of each fit: single networks, whole families, or the device itself. */
  readonly leftOut: 'networks' | 'families' | 'device';
}

export interface Device {
  readonly schema: 'flopscope.device/1';
  /** What --device calls it. */
  readonly name: string;
  /** The device in words. */
  readonly title: string;
  /** Absent in records of earlier versions, and where times came from elsewhere. */
  readonly kind?: 'gpu' | 'cpu' | undefined;
  readonly mode: ModeName;
  /** "amp" is automatic mixed precision. */
  readonly precision: string;
  readonly bytesPerElement: number;
  /** FLOP/s of convolutions: 2 per multiply-add. */
  readonly flopsPerSecond: number;
  /** Elements per second of activations that convolutions read and write. */
  readonly bytesPerSecond: number;
  /** Elements per second of weights; null where they move like activations. */
  readonly weightBytesPerSecond: number | null;
  readonly secondsPerLaunch: number;
  /**
   * A product of inner length K runs at K / (K + halfLength) of the rate. Null: the mode's value.
   */
  readonly halfLength: number | null;
  /** Rates of op classes as multiples of the two rates. Null: the mode's values. */
  readonly ratios: Ratios | null;
  readonly origin: Origin;
  /** Where the times are from, or how the guess was made. */
  readonly source: string;
  readonly fittedOn: FittedOn | null;
  readonly error: RecordedError;
}

export function ratesOf(device: Device): Rates {
  const { mode, bytesPerElement, flopsPerSecond, bytesPerSecond, weightBytesPerSecond, secondsPerLaunch } = device;
  return {
    flopsPerSecond,
    elementsPerSecond: bytesPerSecond / bytesPerElement,
    weightsPerSecond: (weightBytesPerSecond ?? bytesPerSecond) / bytesPerElement,
    secondsPerLaunch,
    halfLength: device.halfLength ?? MODES[mode].halfLength,
    ratios: device.ratios ?? MODES[mode].ratios,
  };
}

/** The digits of the numbers of a record. */
const DIGITS = 4;
const rounded = (value: number): number => Number(value.toPrecision(DIGITS));

/**
 * The numbers of a record from fitted rates; ratios and half length only where the fit found them.
 */
export function numbersOf(
  rates: Rates,
  bytesPerElement: number,
  own: boolean,
): Pick<
  Device,
  'flopsPerSecond' | 'bytesPerSecond' | 'weightBytesPerSecond' | 'secondsPerLaunch' | 'halfLength' | 'ratios'
> {
  const { flopsPerSecond, elementsPerSecond, weightsPerSecond, secondsPerLaunch, halfLength, ratios } = rates;
  return {
    flopsPerSecond: rounded(flopsPerSecond),
    bytesPerSecond: rounded(elementsPerSecond * bytesPerElement),
    weightBytesPerSecond: own && weightsPerSecond !== null ? rounded(weightsPerSecond * bytesPerElement) : null,
    secondsPerLaunch: rounded(secondsPerLaunch),
    halfLength: own ? rounded(halfLength) : null,
    ratios: own
      ? (Object.fromEntries(Object.entries(ratios).map(([name, ratio]) => [name, rounded(ratio)])) as Ratios)
      : null,
  };
}
