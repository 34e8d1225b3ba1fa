// What a page says where the measured times do not tell which network is faster.

import type { TimeRatio } from '../../src/measure/significance.js';
import { abridged, listed } from '../../src/plural.js';
import { times } from '../text/number.js';

/** The time of one network over that of another; null where either was not measured. */
export interface TimedPair {
  readonly of: string;
  readonly to: string;
  readonly time: TimeRatio | null;
}

/** So many ratios are listed in full. */
const MOST = 3;

/**
 * @returns what is known of the times, and what to do; undefined where any pair can be told, or
 * none was measured
 */
export function doubtOf(pairs: readonly TimedPair[]): string | undefined {
  const timed = pairs.flatMap(({ of, to, time }) => (time ? [{ of, to, time }] : []));
  const [first] = timed;
  if (!first || timed.some(({ time }) => time.verdict !== 'cannot tell')) return undefined;
  const ofFirst = timed.filter(({ to }) => to === first.to);
  const beside = ofFirst.filter(({ of }, i) => ofFirst.findIndex((one) => one.of === of) === i);
  const known = beside.map(({ of, time }) => `${of} took ${times(time.value)} the time of ${first.to}${range(time)}`);
  const unsure = beside.every(({ time }) => time.low === null) ? ', in too few windows to know how sure that is' : '';
  return `${known.length <= MOST ? listed(known) : abridged(known)}${unsure}. Measure again with more sessions (--sessions 10), on a machine that does nothing else.`;
}

const range = ({ low, high }: TimeRatio): string =>
  low === null || high === null ? '' : ` (anything from ${times(low)} to ${times(high)} is possible)`;
