// Fits the device model of flopscope predict to times, in each mode, the likely and best first.

import { fitRates, type Priors } from '../devices/fit.js';
import { MODE_NAMES, MODES, modePriors, priorsOf, type ModeName } from '../devices/modes.js';
import { timeOf } from '../devices/networkFit.js';
import { RATIO_NAMES, type Rates, type Ratios } from '../devices/rates.js';
import type { Fusion } from '../devices/work.js';
import { bootstrapInterval } from './bootstrap.js';
import { errorsOf, type Errors } from './errors.js';
import type { Sample } from './sample.js';

/** `two-rates` has no classes: one rate of FLOPs, one of elements, and a cost per launch. */
export type FitMode = ModeName | 'two-rates';

export interface DeviceFit extends Errors {
  readonly mode: FitMode;
  readonly words: string;
  readonly reading: Fusion;
  readonly rates: Rates;
  /** Of activations that convolutions move: the rate of elements times their size. */
  readonly bytesPerSecond: number;
  /**
   * 95 % interval of the cost per launch; null for fewer than ten samples, and not of the best fit.
   */
  readonly launchInterval: readonly [number, number] | null;
}

const EVEN = Object.fromEntries(RATIO_NAMES.map((name) => [name, 1])) as Ratios;
/** Far below any inner length, so that every product runs at the full rate. */
const NO_HALF_LENGTH = 1e-6;

const MODELS: readonly {
  readonly mode: FitMode;
  readonly words: string;
  readonly reading: Fusion;
  readonly priors: Priors;
}[] = [
  {
    mode: 'two-rates',
    words: 'two rates, no classes',
    reading: 'eager',
    priors: priorsOf({ ratios: EVEN, spread: 0, halfLength: NO_HALF_LENGTH, balance: 300, secondsPerLaunch: 1e-5 }),
  },
  ...MODE_NAMES.map((mode) => ({
    ...{ mode, words: MODES[mode].words, reading: MODES[mode].fusion, priors: modePriors(mode) },
  })),
];

/**
 * @param samples at least five
 * @param likely modes in which the networks are known to have run: the best of them comes first
 */
export function fitDevices(
  samples: readonly Sample[],
  bytesPerElement: number,
  likely: readonly ModeName[] = MODE_NAMES,
): readonly DeviceFit[] {
  const rank = ({ mode, unseen }: DeviceFit): number =>
    ((likely as readonly string[]).includes(mode) ? 0 : 1e6) + unseen;
  const fits = MODELS.map(({ mode, words, reading, priors }): DeviceFit & { readonly priors: Priors } => {
    const fitted = (some: readonly Sample[]): Rates => fitRates(timed(some, reading), priors);
    const rates = fitted(samples);
    const errors = errorsOf(samples, (some) => {
      const others = fitted(some);
      return ({ works }) => timeOf(works[reading], others);
    });
    const bytesPerSecond = rates.elementsPerSecond * bytesPerElement;
    return { mode, words, reading, rates, bytesPerSecond, launchInterval: null, ...errors, priors };
  }).sort((a, b) => rank(a) - rank(b));
  return fits.map(({ priors, ...fit }, i) =>
    i > 0
      ? fit
      : {
          ...fit,
          launchInterval: bootstrapInterval(
            samples,
            (some) => fitRates(timed(some, fit.reading), openLaunches(priors)).secondsPerLaunch,
          ),
        },
  );
}

/** Without a prior, so that an interval follows from the times alone. */
const openLaunches = (priors: Priors): Priors => ({
  ...priors,
  secondsPerLaunch: { ...priors.secondsPerLaunch, spread: Infinity },
});

/** A network of several sizes weighs once: its sizes share its weight. */
function timed(samples: readonly Sample[], reading: Fusion) {
  const sizes = new Map<string, number>();
  for (const { model } of samples) sizes.set(model, (sizes.get(model) ?? 0) + 1);
  return samples.map(({ model, works, milliseconds }) => ({
    work: works[reading],
    milliseconds,
    weight: 1 / sizes.get(model)!,
  }));
}
