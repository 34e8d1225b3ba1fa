// What a page says where the measured times do not tell which network is faster.

import type { TimeRatio } from '../../src/measure/significance.js';
import { times } from '../text/number.js';

/** The time of one network over that of another; null where either was not measured. */
export interface TimedPair {
  readonly of: string;
  readonly to: string;
  readonly time: TimeRatio | null;
}

/**
 * @returns what is known of the first pair, and what to do; undefined where any pair can be told,
 * or none was measured
 */
export function doubtOf(pairs: readonly TimedPair[]): string | undefined {
  const timed = pairs.flatMap(({ of, to, time }) => (time ? [{ of, to, time }] : []));
  const [first] = timed;
  if (!first || timed.some(({ time }) => time.verdict !== 'cannot tell')) return undefined;
  const { of, to, time } = first;
  const known =
    time.low === null || time.high === null
      ? `${of} took ${times(time.value)} the time of ${to}, in too few windows to know how sure that is.`
      : `${of} took ${times(time.value)} the time of ${to}, but anything from ${times(time.low)} to ${times(time.high)} is possible (95 %).`;
  return `${known} Measure again with more sessions (--sessions 10), on a machine that does nothing else.`;
}
