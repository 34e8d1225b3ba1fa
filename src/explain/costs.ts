// Fits the times by each single cost: its rank correlation, and a straight line's error.

import { atCount, countOf, COUNT_NAMES, flatKey } from '../metrics/countNames.js';
import { nonNegativeLeastSquares } from './nnls.js';
import { errorsOf, type Errors } from './errors.js';
import { correlationInterval, rankCorrelation } from './rank.js';
import type { Sample } from './sample.js';

export interface Cost {
  readonly key: string;
  /** Its name in a sentence, and whether that is a plural. */
  readonly words: string;
  readonly plural: boolean;
  of(totals: Sample['totals']): number;
}

/** Counts that may explain the time: the sums over layers that are no detail of another. */
export const COSTS: readonly Cost[] = COUNT_NAMES.filter(
  (name) => countOf(name).combine === 'sum' && !countOf(name).detail,
).map((name) => ({
  key: flatKey(name),
  words: countOf(name).words,
  plural: countOf(name).plural ?? false,
  of: (totals) => atCount(totals, name),
}));

export interface CostFit extends Errors {
  readonly cost: Cost['key'];
  readonly words: string;
  /** Whether the words are a plural. */
  readonly plural: boolean;
  /** Spearman's rank correlation with time; null where all values are equal. */
  readonly spearman: number | null;
  /** Where the correlation lies with 95 % confidence; null for fewer than ten networks. */
  readonly interval: readonly [number, number] | null;
  /** Milliseconds: `constant + perUnit x cost`, both at least 0. */
  readonly constant: number;
  readonly perUnit: number;
}

/** @param samples at least three */
export function fitCosts(samples: readonly Sample[]): readonly CostFit[] {
  return COSTS.map(({ key, words, plural, of }) => {
    const value = ({ totals }: Sample): number => of(totals);
    const fit = (some: readonly Sample[]): readonly number[] =>
      nonNegativeLeastSquares(
        some.map((sample) => [1 / sample.milliseconds, value(sample) / sample.milliseconds]),
        some.map(() => 1),
      );
    const [constant, perUnit] = fit(samples);
    const spearman = rankCorrelation(samples.map((sample) => [value(sample), sample.milliseconds] as const));
    return {
      cost: key,
      words,
      plural,
      spearman,
      interval: spearman === null ? null : correlationInterval(spearman, samples.length),
      constant: constant!,
      perUnit: perUnit!,
      ...errorsOf(samples, (some) => {
        const [a, b] = fit(some);
        return (sample) => a! + b! * value(sample);
      }),
    };
  });
}
