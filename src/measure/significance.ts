// Compares the times of two networks: a ratio, its 95 % interval, and whether they differ.

import { quantile } from './statistics.js';
import { studentQuantile } from './studentT.js';

/** The windows of one network in one session. */
export interface SessionTimes {
  /** Networks that were measured in one session share it; null where it is not known. */
  readonly id: string | null;
  /** Networks of one turn were loaded together, and their windows alternated. */
  readonly turn: number;
  /**
   * Milliseconds of an inference, or of an image; window i of all networks of a turn is of round i.
   */
  readonly windows: readonly number[];
}

/**
 * What the interval is computed from. `sessions`: the spread between sessions. `windows`: the
 * spread between pairs of windows of one session, without the spread between sessions. `allowance`:
 * a fixed factor, for one session of each at different times. `none`: too few windows.
 */
export type Basis = 'sessions' | 'windows' | 'allowance' | 'none';

export interface Interval {
  readonly value: number;
  /** Limits of the 95 % interval; null where there is none. */
  readonly low: number | null;
  readonly high: number | null;
  readonly basis: Basis;
  /** The number of sessions; of two groups the smaller one. */
  readonly sessions: number;
}

export type Difference = 'slower' | 'faster' | 'no difference' | 'cannot tell';

export interface TimeRatio extends Interval {
  /** How the first network compares to the second. */
  readonly verdict: Difference;
}

const CONFIDENCE = 0.95;
/**
 * Smaller ratios are not called a difference. Two copies of one network differ by this much,
 * because their memory has other addresses.
 */
const NOTABLE = 0.005;
/**
 * One network alone gave 0.93x to 1.47x in six runs on a busy machine. So a single session of each
 * shows a difference only beyond this factor.
 */
export const ALLOWANCE = 1.5;
/** The widest interval of "no difference": a wider one may contain a large difference. */
const WIDEST = ALLOWANCE;
/** Windows of one session that an interval needs. */
const FEWEST_WINDOWS = 3;

/**
 * The time of one network over that of another.
 *
 * Sessions are the unit, as in Kalibera and Jones, "Rigorous benchmarking in reasonable time"
 * (ISMM 2013): windows of one session share what only a new start changes. A session has one value,
 * the median of its paired log ratios; the interval is Student's t of these values, whose spread is
 * at least what the noise within sessions explains. Where the two
 * have no session in common, it is Welch's t of the log medians of their sessions.
 */
export function timeRatio(a: readonly SessionTimes[], b: readonly SessionTimes[]): TimeRatio {
  const pairs = pairsOf(a, b);
  return judged(pairs.length > 0 ? paired(pairs) : unpaired(a, b));
}

/** The time of one network with its 95 % interval between sessions. */
export function timeInterval(sessions: readonly SessionTimes[]): Interval {
  const medians = sessions.map(logMedian);
  if (medians.length > 1)
    return exponentiated({ ...studentInterval(medians, sessions.map(logVariance)), basis: 'sessions' }, medians.length);
  return exponentiated({ ...widened(medians[0]!), basis: 'allowance' }, 1);
}

/** Half the width of the interval over its value; infinite without an interval between sessions. */
export function relativeHalfWidth({ value, low, high, basis }: Interval): number {
  if (low === null || high === null || basis === 'allowance') return Infinity;
  return (high - low) / (2 * value);
}

/** The interval of a time that is to be compared with an exact limit, or one of another record. */
export const quotient = ({ value, low, high, ...rest }: Interval, by: number): Interval => ({
  ...rest,
  value: value / by,
  low: low === null ? null : low / by,
  high: high === null ? null : high / by,
});

/** The ratio of the second network to the first. */
export const inverse = ({ value, low, high, verdict, ...rest }: TimeRatio): TimeRatio => ({
  ...rest,
  value: 1 / value,
  low: high === null ? null : 1 / high,
  high: low === null ? null : 1 / low,
  verdict: verdict === 'slower' ? 'faster' : verdict === 'faster' ? 'slower' : verdict,
});

interface Logs {
  readonly centre: number;
  /** Half the width of the interval; null where there is none. */
  readonly half: number | null;
}

type Pair = readonly [SessionTimes, SessionTimes];

function pairsOf(a: readonly SessionTimes[], b: readonly SessionTimes[]): readonly Pair[] {
  return a.flatMap((one) => {
    const other = one.id === null ? undefined : b.find(({ id }) => id === one.id);
    return other ? [[one, other] as const] : [];
  });
}

function paired(pairs: readonly Pair[]): Interval {
  if (pairs.length > 1) {
    const within = pairs.map(([one, other]) => (one.turn === other.turn ? medianVariance(logRatios(one, other)) : 0));
    return exponentiated({ ...studentInterval(pairs.map(pairValue), within), basis: 'sessions' }, pairs.length);
  }
  const [one, other] = pairs[0]!;
  // Networks of different turns ran in different states of the machine, as if in two sessions.
  if (one.turn !== other.turn) return unpaired([one], [other]);
  const logs = logRatios(one, other);
  if (logs.length < FEWEST_WINDOWS) return exponentiated({ centre: median(logs), half: null, basis: 'none' }, 1);
  return exponentiated({ ...studentInterval(logs), basis: 'windows' }, 1);
}

/** The log ratio of one session: the median over its rounds, or the ratio of its medians. */
const pairValue = ([one, other]: Pair): number =>
  one.turn === other.turn ? median(logRatios(one, other)) : logMedian(one) - logMedian(other);

const logRatios = (one: SessionTimes, other: SessionTimes): readonly number[] =>
  Array.from({ length: Math.min(one.windows.length, other.windows.length) }, (_, i) =>
    Math.log(one.windows[i]! / other.windows[i]!),
  );

/** For networks without a session in common. */
function unpaired(a: readonly SessionTimes[], b: readonly SessionTimes[]): Interval {
  const [own, other] = [a.map(logMedian), b.map(logMedian)];
  const centre = mean(own) - mean(other);
  const fewest = Math.min(own.length, other.length);
  if (fewest < 2) return exponentiated({ ...widened(centre), basis: 'allowance' }, fewest);
  const [one, two] = [squaredError(own, a.map(logVariance)), squaredError(other, b.map(logVariance))];
  const error = one + two;
  // Welch and Satterthwaite.
  const freedom = error ** 2 / (one ** 2 / (own.length - 1) + two ** 2 / (other.length - 1));
  const half = error === 0 ? 0 : quantileAt(freedom) * Math.sqrt(error);
  return exponentiated({ centre, half, basis: 'sessions' }, fewest);
}

const widened = (centre: number): Logs => ({ centre, half: Math.log(ALLOWANCE) });

const quantileAt = (freedom: number): number => studentQuantile((1 + CONFIDENCE) / 2, Math.max(1, freedom));

/** @param within variances of the values within their sessions */
function studentInterval(values: readonly number[], within: readonly number[] = []): Logs {
  return { centre: mean(values), half: quantileAt(values.length - 1) * Math.sqrt(squaredError(values, within)) };
}

/**
 * The squared standard error of a mean of sessions. Three sessions may agree by chance: their
 * spread is taken to be at least what the noise within them explains.
 */
const squaredError = (values: readonly number[], within: readonly number[]): number =>
  Math.max(variance(values), within.length > 0 ? mean(within) : 0) / values.length;

/**
 * The variance of a median of normal noise, from the quartiles, which single outliers do not
 * affect.
 */
function medianVariance(values: readonly number[]): number {
  if (values.length < FEWEST_WINDOWS) return 0;
  const deviation = (quantile(values, 0.75) - quantile(values, 0.25)) / QUARTILES_APART;
  return (MEDIAN_OVER_MEAN * deviation) ** 2 / values.length;
}

/**
 * For a normal distribution: the interquartile range in standard deviations, and the standard error
 * of the median over that of the mean.
 */
const [QUARTILES_APART, MEDIAN_OVER_MEAN] = [1.349, 1.2533];

const logVariance = ({ windows }: SessionTimes): number => medianVariance(windows.map(Math.log));

const exponentiated = ({ centre, half, basis }: Logs & { readonly basis: Basis }, sessions: number): Interval => ({
  value: Math.exp(centre),
  low: half === null ? null : Math.exp(centre - half),
  high: half === null ? null : Math.exp(centre + half),
  basis,
  sessions,
});

function judged(interval: Interval): TimeRatio {
  const { value, low, high, basis } = interval;
  if (low === null || high === null) return { ...interval, verdict: 'cannot tell' };
  const notable = Math.abs(value - 1) >= NOTABLE;
  if (notable && low > 1) return { ...interval, verdict: 'slower' };
  if (notable && high < 1) return { ...interval, verdict: 'faster' };
  const wide = high / low > WIDEST;
  return { ...interval, verdict: basis === 'allowance' || wide ? 'cannot tell' : 'no difference' };
}

const median = (values: readonly number[]): number => quantile(values, 0.5);
const logMedian = ({ windows }: SessionTimes): number => Math.log(median(windows));
const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

function variance(values: readonly number[]): number {
  const centre = mean(values);
  return values.reduce((sum, value) => sum + (value - centre) ** 2, 0) / (values.length - 1);
}
