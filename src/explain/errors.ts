// Relative errors of predicted times: of the networks of the fit, and of families left out of it.

import { leaveGroupsOut, quantileOf, unseenError } from '../devices/crossValidation.js';
import type { Sample } from './sample.js';

export interface Errors {
  /** Median over networks of |predicted / measured - 1|, fitted to all of them. */
  readonly error: number;
  /** The same where each family is predicted by a fit to the others. */
  readonly unseen: number;
  /** The 90th percentile of that. */
  readonly p90: number;
}

/** Fits to some samples and predicts the milliseconds of any. */
export type Fitter = (samples: readonly Sample[]) => (sample: Sample) => number;

/** Families are left out whole; where there is only one, networks with all their sizes. */
export function errorsOf(samples: readonly Sample[], fit: Fitter): Errors {
  const predict = fit(samples);
  const { median, p90 } = unseenError(leaveGroupsOut(samples, groupOf(samples), fit));
  return {
    error: quantileOf(
      samples.map((sample) => Math.abs(predict(sample) / sample.milliseconds - 1)),
      0.5,
    ),
    unseen: median,
    p90,
  };
}

/** What is left out together. */
export const groupOf = (samples: readonly Sample[]): ((sample: Sample) => string) =>
  new Set(samples.map(({ family }) => family)).size > 1 ? ({ family }) => family : ({ model }) => model;
