// Relative errors of predicted times, fitted to all networks and leaving one out.

import type { Sample } from './sample.js';

export interface Errors {
  /** Median over networks of |predicted / measured - 1|, fitted to all of them. */
  readonly error: number;
  /** The same where each network is predicted by a fit to all others. */
  readonly leaveOneOut: number;
}

/** Fits to some samples and predicts the milliseconds of any. */
export type Fitter = (samples: readonly Sample[]) => (sample: Sample) => number;

/** @param samples at least two */
export function errorsOf(samples: readonly Sample[], fit: Fitter): Errors {
  const predict = fit(samples);
  return {
    error: median(samples.map((sample) => relative(predict(sample), sample))),
    leaveOneOut: median(samples.map((left) => relative(fit(samples.filter((other) => other !== left))(left), left))),
  };
}

const relative = (predicted: number, { milliseconds }: Sample): number => Math.abs(predicted / milliseconds - 1);

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  return (sorted[Math.floor(middle)]! + sorted[Math.ceil(middle)]!) / 2;
}
