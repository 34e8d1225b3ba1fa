// Computes the ratios of a mode from fits to each of its devices.

import { fitRates, type Timed } from './fit.js';
import { OPEN_PRIORS, type Mode } from './modes.js';
import { RATIO_NAMES, type Ratios } from './rates.js';

/**
 * Geometric means over devices, each fitted with every ratio open.
 * @param devices the timed networks of each
 */
export function classRatios(devices: readonly (readonly Timed[])[]): Omit<Mode, 'fusion' | 'words'> {
  const fits = devices.map((samples) => fitRates(samples, OPEN_PRIORS));
  const mean = (value: (fit: (typeof fits)[number]) => number): number =>
    Math.exp(fits.reduce((sum, fit) => sum + Math.log(value(fit)), 0) / fits.length);
  return {
    ratios: Object.fromEntries(RATIO_NAMES.map((name) => [name, mean(({ ratios }) => ratios[name])])) as Ratios,
    spread: 0,
    halfLength: mean(({ halfLength }) => halfLength),
    balance: mean(({ flopsPerSecond, elementsPerSecond }) => flopsPerSecond / elementsPerSecond),
    secondsPerLaunch: mean(({ secondsPerLaunch }) => secondsPerLaunch),
  };
}
