// Fits a device of one mode to timed networks, with the error on networks and families left out.

import { leaveGroupsOut, unseenError, type UnseenError } from './crossValidation.js';
import { fitRates, type Priors, type Timed } from './fit.js';
import { breakdown, totalOf, type Rates } from './rates.js';
import type { Work } from './terms.js';

export interface TimedNetwork extends Timed {
  readonly model: string;
  /** Networks of one family are left out together. */
  readonly family: string;
}

/** Gives the milliseconds of work at these rates. */
export const timeOf = (work: Work, rates: Rates): number => totalOf(breakdown(work, rates));

/**
 * A network of several sizes or batches must weigh once, so that many sizes do not decide a fit.
 */
export interface NetworkFit {
  readonly rates: Rates;
  /** Each network predicted by a fit to the others. */
  readonly networks: UnseenError;
  /** Each family predicted by a fit to the others; null where all are of one family. */
  readonly families: UnseenError | null;
}

export function fitNetworks(samples: readonly TimedNetwork[], priors: Priors): NetworkFit {
  const fit = (some: readonly TimedNetwork[]) => {
    const rates = fitRates(some, priors);
    return ({ work }: TimedNetwork): number => timeOf(work, rates);
  };
  const several = new Set(samples.map(({ family }) => family)).size > 1;
  return {
    rates: fitRates(samples, priors),
    networks: unseenError(leaveGroupsOut(samples, ({ model }) => model, fit)),
    families: several ? unseenError(leaveGroupsOut(samples, ({ family }) => family, fit)) : null,
  };
}
