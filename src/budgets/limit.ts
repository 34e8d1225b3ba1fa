// A limit: a number, or a change from the baseline. Counts are compared exactly.

import { isExact, type Metric } from '../metrics/table.js';

/** digits / 10^decimals. */
export interface Decimal {
  readonly digits: bigint;
  readonly decimals: number;
}

export type Limit =
  | { readonly kind: 'absolute'; readonly text: string; readonly value: number }
  /** In percent of the baseline: +2%, -5%. */
  | { readonly kind: 'relative'; readonly text: string; readonly percent: Decimal };

/** The allowed value. Of a count it is the last whole number within the limit. */
export function allowed(limit: Limit, metric: Metric, baseline: number): number {
  if (limit.kind === 'absolute') return limit.value;
  const { digits, decimals } = limit.percent;
  const scale = 10n ** BigInt(decimals + 2);
  if (!isExact(metric)) return baseline * (1 + Number(digits) / Number(scale));
  return Number((BigInt(baseline) * (scale + digits)) / scale);
}
