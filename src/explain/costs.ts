// Fits the times by each single cost: its rank correlation, and a straight line's error.

import { flatKey, METRICS } from '../metrics.js';
import { nonNegativeLeastSquares } from './nnls.js';
import { errorsOf, type Errors } from './errors.js';
import { correlationInterval, rankCorrelation } from './rank.js';
import type { Sample } from './sample.js';

/** Counts that may explain the time. */
const EXPLAINING = [
  'params',
  'multAdds',
  'memoryAccess.conv',
  'memoryAccess.unfused',
  'memoryAccess.fused',
  'ops',
] as const;

export interface Cost {
  readonly key: 'params' | 'multAdds' | 'memoryAccessConv' | 'memoryAccessUnfused' | 'memoryAccessFused' | 'ops';
  /** Its name in a sentence. */
  readonly words: string;
  of(totals: Sample['totals']): number;
}

export const COSTS: readonly Cost[] = EXPLAINING.map((name) => ({
  key: flatKey(name) as Cost['key'],
  words: METRICS[name].words,
  of: (totals) => METRICS[name].read({ totals }),
}));

export interface CostFit extends Errors {
  readonly cost: Cost['key'];
  readonly words: string;
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
  return COSTS.map(({ key, words, of }) => {
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
