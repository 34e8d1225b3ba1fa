// Makes a device record from timed networks: the mode that predicts left-out families best.

import type { Graph } from '../graph.js';
import { InputError } from '../inputError.js';
import type { Profile } from '../profile.js';
import { numbersOf, type Device, type FittedOn } from './device.js';
import { fitNetworks, timeOf, type NetworkFit, type TimedNetwork } from './networkFit.js';
import { hasRatios, MODES, modePriors, type ModeName } from './modes.js';
import { isTransformer } from './outside.js';
import { breakdown } from './rates.js';
import { layerWorks, totalWork } from './work.js';

/** A network that was timed on the device. */
export interface Timing {
  readonly graph: Graph;
  readonly counted: Profile;
  readonly family: string;
  /** Milliseconds of one inference of the whole batch. */
  readonly milliseconds: number;
}

export interface Labels {
  readonly name: string;
  readonly title: string;
  readonly precision: string;
  readonly bytesPerElement: number;
  readonly source: string;
  readonly kind?: Device['kind'];
}

/** The fewest networks for a fit: three rates need more, so that some are left to test them. */
export const LEAST_TIMED = 5;

/**
 * @param modes that are tried; the one with the least error on left-out families is kept
 * @throws InputError for too few networks
 */
export function calibrate(timings: readonly Timing[], modes: readonly ModeName[], labels: Labels): Device {
  const distinct = new Set(timings.map(({ counted }) => counted.model)).size;
  if (distinct < LEAST_TIMED)
    throw new InputError(
      `${distinct} ${distinct === 1 ? 'network is' : 'networks are'} too few for a device record: give times of at least ${LEAST_TIMED}, better 20`,
    );
  const fits = modes.map((mode) => {
    const samples = timings.map((timing) => timedNetwork(timing, mode));
    return { mode, samples, fit: fitNetworks(samples, modePriors(mode)) };
  });
  const best = fits.reduce((a, b) => (errorOf(b.fit).median < errorOf(a.fit).median ? b : a));
  const { rates } = best.fit;
  const { median, p90, networks } = errorOf(best.fit);
  return {
    schema: 'flopscope.device/1',
    ...labels,
    mode: best.mode,
    ...numbersOf(rates, labels.bytesPerElement, !hasRatios(best.mode)),
    origin: 'calibration',
    fittedOn: fittedOn(
      timings,
      distinct,
      Math.max(...best.samples.map(({ work }) => breakdown(work, rates).launches / timeOf(work, rates))),
    ),
    error: { median, p90, networks, leftOut: best.fit.families === null ? 'networks' : 'families' },
  };
}

const errorOf = ({ families, networks }: NetworkFit) => families ?? networks;

function timedNetwork({ graph, counted, family, milliseconds }: Timing, mode: ModeName): TimedNetwork {
  return { model: counted.model, family, milliseconds, work: totalWork(layerWorks(graph, MODES[mode].fusion)) };
}

function fittedOn(timings: readonly Timing[], networks: number, launchShare: number): FittedOn {
  const range = (value: (counted: Profile) => number): readonly [number, number] => {
    const all = timings.map(({ counted }) => value(counted));
    return [Math.min(...all), Math.max(...all)];
  };
  return {
    networks,
    batch: range(({ input }) => input.n),
    side: range(({ input }) => Math.max(input.h, input.w)),
    multAdds: range(({ input, totals }) => Math.round(totals.multAdds / input.n)),
    transformers: timings.some(({ graph }) => isTransformer(graph)),
    launchShare,
  };
}
