// A device record from the datasheet of an unmeasured card, labelled as a guess.

import { InputError } from '../inputError.js';
import { DEVICES } from './builtIn.js';
import { numbersOf, ratesOf, type Device } from './device.js';
import { guessedRates, guessShares, type Peaks } from './guess.js';
import { hasRatios, MODES, type ModeName } from './modes.js';
import { percentage } from '../numberText.js';

/**
 * Peaks of the datasheets: dense half-precision FLOP/s of the tensor cores with fp32 sums, and
 * memory bandwidth.
 */
export const PEAKS: Readonly<Record<string, Peaks>> = {
  'rtx-3090': { flopsPerSecond: 71e12, bytesPerSecond: 936e9 },
  'rtx-4090': { flopsPerSecond: 165e12, bytesPerSecond: 1008e9 },
  'rtx-pro-6000-max-q': { flopsPerSecond: 219e12, bytesPerSecond: 1792e9 },
};

/**
 * The memory bandwidth of a card that a text names, in bytes per second; null where it names none.
 */
export function bandwidthOf(text: string | null): number | null {
  const plain = (text ?? '').toLowerCase().replaceAll(/[^a-z0-9]+/g, '-');
  const found = Object.entries(PEAKS).find(
    ([name]) => plain.includes(name) || plain.includes(name.replace('rtx-', '')),
  );
  return found?.[1].bytesPerSecond ?? null;
}

const peaksOf = ({ name }: Device): Peaks | undefined => PEAKS[name.replace(/-(nhwc|compiled)$/, '')];

/**
 * Pooled errors of guessing each known device from the others of its mode. Channels last has one
 * known device, so it gets the larger of the two other errors.
 */
const ERRORS: Readonly<Partial<Record<ModeName, readonly [median: number, p90: number]>>> = {
  eager: [0.14, 0.33],
  'eager-nhwc': [0.18, 0.42],
  compiled: [0.18, 0.42],
};

/** @throws InputError for a mode that has no known devices, and for peaks that no card has */
export function guessedDevice(name: string, peaks: Peaks, mode: ModeName): Device {
  const error = ERRORS[mode];
  const known = DEVICES.filter((device) => device.mode === mode && peaksOf(device) !== undefined);
  if (!hasRatios(mode) || error === undefined || known.length === 0)
    throw new InputError(
      `no device of the mode ${mode} is known, so none can be guessed: use ${Object.keys(ERRORS).join(', ')}`,
    );
  if (!(
    peaks.flopsPerSecond > 0 &&
    peaks.bytesPerSecond > 0 &&
    Number.isFinite(peaks.flopsPerSecond + peaks.bytesPerSecond)
  ))
    throw new InputError('peak FLOP/s and bandwidth must be positive numbers');
  const shares = guessShares(known.map((device) => ({ peaks: peaksOf(device)!, rates: ratesOf(device) })));
  const launch = known.reduce((sum, { secondsPerLaunch }) => sum + Math.log(secondsPerLaunch), 0) / known.length;
  const rates = guessedRates(peaks, shares, { ...MODES[mode], secondsPerLaunch: Math.exp(launch) });
  const first = known[0]!;
  return {
    schema: 'flopscope.device/1',
    name,
    title: `${name}, a guess`,
    kind: 'gpu',
    mode,
    precision: first.precision,
    bytesPerElement: first.bytesPerElement,
    ...numbersOf(rates, first.bytesPerElement, false),
    origin: 'guess',
    source: `${peaks.flopsPerSecond / 1e12} TFLOP/s and ${peaks.bytesPerSecond / 1e9} GB/s, of which ${known.map((device) => device.name).join(', ')} reach ${percentage(shares.flops, 0)} and ${percentage(shares.bytes, 0)}`,
    fittedOn: { ...first.fittedOn!, networks: Math.min(...known.map(({ fittedOn }) => fittedOn!.networks)) },
    error: { median: error[0], p90: error[1], networks: first.error.networks, leftOut: 'device' },
  };
}
