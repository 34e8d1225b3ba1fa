// Fits the numbers of a device to measured times: a robust loss of log ratios, and priors.

import { RATIO_NAMES, secondsPerUnit, type Rates, type RatioName } from './rates.js';
import { TERM_NAMES, type Term, type Work } from './terms.js';

/** A network that was timed. */
export interface Timed {
  readonly work: Work;
  readonly milliseconds: number;
  /** In the loss; 1 where absent. */
  readonly weight?: number;
}

/** The prior of a number: log-normal around its centre. */
export interface Prior {
  readonly centre: number;
  /** Standard deviation of the logarithm: 0 keeps the number, Infinity leaves it free. */
  readonly spread: number;
}

/** `balance` is FLOPs per element: the rate of FLOPs over that of elements. */
export type FittedValue = 'flopsPerSecond' | 'balance' | 'weightsRatio' | 'secondsPerLaunch' | 'halfLength' | RatioName;
export const FITTED_VALUES: readonly FittedValue[] = [
  ...(['flopsPerSecond', 'balance', 'weightsRatio', 'secondsPerLaunch', 'halfLength'] as const),
  ...RATIO_NAMES,
];
export type Priors = Readonly<Record<FittedValue, Prior>>;

/** Log ratios beyond this count less and less (pseudo-Huber; Charbonnier et al., ICIP 1994). */
const SCALE = 0.15;
const STEPS = 60;
/** No step moves a logarithm by more. */
const LONGEST = 1;

/**
 * A second start for the ratio of matrix products, in standard deviations below its centre. At
 * batch 1 the weights of a classifier take most of its time, and convolutional networks alone say
 * little about products.
 */
const FAR = 2;

/**
 * Levenberg-Marquardt over logarithms of the figures, with weights of the pseudo-Huber loss.
 * @param samples at least one
 * @returns the figures at the least of the loss of log ratios plus the priors
 */
export function fitRates(samples: readonly Timed[], priors: Priors): Rates {
  const rows = samples.map(({ work, milliseconds, weight = 1 }) => ({
    weight,
    columns: TERM_NAMES.map((term) => (1e3 * work[term]) / milliseconds),
  }));
  const start = startOf(rows, priors);
  const { spread } = priors.linearCompute;
  const starts = spread > 0 ? [start, { ...start, linearCompute: start.linearCompute - FAR * spread }] : [start];
  const found = starts.map((one) => descend(rows, priors, one));
  return ratesOf(found.reduce((best, one) => (one.loss < best.loss ? one : best)).at);
}

function descend(rows: readonly Row[], priors: Priors, start: Logs): { readonly at: Logs; readonly loss: number } {
  const free = FITTED_VALUES.filter((figure) => priors[figure].spread > 0);
  let at = start;
  let loss = lossOf(rows, at, priors);
  let damping = 1e-3;
  for (let step = 0; step < STEPS; step++) {
    const { matrix, slope } = equations(rows, at, priors, free);
    let better = false;
    for (let attempt = 0; attempt < 8 && !better; attempt++) {
      const move = solve(
        matrix.map((row, i) => row.map((value, j) => (i === j ? value * (1 + damping) + 1e-12 : value))),
        slope,
      );
      const next = { ...at };
      free.forEach((figure, i) => (next[figure] -= Math.max(-LONGEST, Math.min(LONGEST, move[i]!))));
      const tried = lossOf(rows, next, priors);
      better = tried <= loss;
      damping = better ? Math.max(damping / 4, 1e-9) : damping * 8;
      if (!better) continue;
      const gain = loss - tried;
      [at, loss] = [next, tried];
      if (gain < 1e-10 * (1 + loss)) break;
    }
    if (!better) break;
  }
  return { at, loss };
}

type Logs = Record<FittedValue, number>;

/** A network's work per measured second, term by term. */
interface Row {
  readonly weight: number;
  readonly columns: readonly number[];
}

/** The centres of the priors, with the rate of FLOPs that fits the median network. */
function startOf(rows: readonly Row[], priors: Priors): Logs {
  const logs = Object.fromEntries(FITTED_VALUES.map((figure) => [figure, Math.log(priors[figure].centre)])) as Logs;
  if (priors.flopsPerSecond.spread !== Infinity) return logs;
  const unit = coefficients({ ...logs, flopsPerSecond: 0, secondsPerLaunch: -Infinity });
  const times = rows.map(({ columns }) => relative(columns, unit)).sort((a, b) => a - b);
  return { ...logs, flopsPerSecond: Math.log(Math.max(times[times.length >> 1]!, Number.MIN_VALUE)) };
}

function ratesOf(logs: Logs): Rates {
  const of = (figure: FittedValue): number => Math.exp(logs[figure]);
  return {
    flopsPerSecond: of('flopsPerSecond'),
    elementsPerSecond: of('flopsPerSecond') / of('balance'),
    weightsPerSecond: (of('flopsPerSecond') / of('balance')) * of('weightsRatio'),
    secondsPerLaunch: of('secondsPerLaunch'),
    halfLength: of('halfLength'),
    ratios: Object.fromEntries(RATIO_NAMES.map((name) => [name, of(name)])) as Rates['ratios'],
  };
}

const coefficients = (logs: Logs): readonly number[] => {
  const seconds = secondsPerUnit(ratesOf(logs));
  return TERM_NAMES.map((term) => seconds[term]);
};

const relative = (row: readonly number[], coefficient: readonly number[]): number =>
  row.reduce((sum, value, i) => sum + value * coefficient[i]!, 0);

function lossOf(rows: readonly Row[], logs: Logs, priors: Priors): number {
  const coefficient = coefficients(logs);
  let loss = 0;
  for (const { columns, weight } of rows)
    loss += weight * 2 * (Math.sqrt(1 + (Math.log(relative(columns, coefficient)) / SCALE) ** 2) - 1);
  for (const figure of FITTED_VALUES) loss += deviation(figure, logs, priors) ** 2;
  return loss;
}

function deviation(figure: FittedValue, logs: Logs, priors: Priors): number {
  const { centre, spread } = priors[figure];
  return spread === 0 || spread === Infinity ? 0 : (logs[figure] - Math.log(centre)) / spread;
}

/** The figures that a term's seconds fall with (-1) or rise with (1). */
const EXPONENTS: Readonly<Record<Term, Partial<Record<FittedValue, number>>>> = {
  compute: { flopsPerSecond: -1 },
  linearCompute: { flopsPerSecond: -1, linearCompute: -1 },
  shortProducts: { flopsPerSecond: -1, halfLength: 1 },
  conv: { flopsPerSecond: -1, balance: 1 },
  depthwise: { flopsPerSecond: -1, balance: 1, depthwise: -1 },
  linear: { flopsPerSecond: -1, balance: 1, linear: -1 },
  elementwise: { flopsPerSecond: -1, balance: 1, elementwise: -1 },
  rearranging: { flopsPerSecond: -1, balance: 1, rearranging: -1 },
  softmax: { flopsPerSecond: -1, balance: 1, softmax: -1 },
  transpose: { flopsPerSecond: -1, balance: 1, transpose: -1 },
  norm: { flopsPerSecond: -1, balance: 1, norm: -1 },
  learnt: { flopsPerSecond: -1, balance: 1, learnt: -1 },
  weights: { flopsPerSecond: -1, balance: 1, weightsRatio: -1 },
  launches: { secondsPerLaunch: 1 },
};

/** The normal equations of one step, each row with its weight in the loss. */
function equations(
  rows: readonly Row[],
  logs: Logs,
  priors: Priors,
  free: readonly FittedValue[],
): { readonly matrix: number[][]; readonly slope: number[] } {
  const coefficient = coefficients(logs);
  const exponents = free.map((figure) => TERM_NAMES.map((term) => EXPONENTS[term][figure] ?? 0));
  const matrix = free.map(() => free.map(() => 0));
  const slope = free.map(() => 0);
  for (const { columns, weight: share } of rows) {
    const time = relative(columns, coefficient);
    const residual = Math.log(time);
    const weight = share / (SCALE ** 2 * Math.sqrt(1 + (residual / SCALE) ** 2));
    const shares = columns.map((value, i) => (value * coefficient[i]!) / time);
    const gradient = exponents.map((exponent) => exponent.reduce((sum, e, i) => sum + e * shares[i]!, 0));
    for (let i = 0; i < free.length; i++) {
      slope[i]! += weight * gradient[i]! * residual;
      for (let j = 0; j <= i; j++) matrix[i]![j]! += weight * gradient[i]! * gradient[j]!;
    }
  }
  free.forEach((figure, i) => {
    for (let j = 0; j < i; j++) matrix[j]![i] = matrix[i]![j]!;
    const { spread } = priors[figure];
    if (spread === Infinity) return;
    matrix[i]![i]! += 1 / spread ** 2;
    slope[i]! += deviation(figure, logs, priors) / spread;
  });
  return { matrix, slope };
}

/** Gaussian elimination with partial pivots. A column without a pivot gets a step of 0. */
function solve(matrix: readonly (readonly number[])[], right: readonly number[]): readonly number[] {
  const n = right.length;
  const rows = matrix.map((row, i) => [...row, right[i]!]);
  for (let i = 0; i < n; i++) {
    let pivot = i;
    for (let j = i + 1; j < n; j++) if (Math.abs(rows[j]![i]!) > Math.abs(rows[pivot]![i]!)) pivot = j;
    [rows[i], rows[pivot]] = [rows[pivot]!, rows[i]!];
    if (Math.abs(rows[i]![i]!) < 1e-300) continue;
    for (let j = i + 1; j < n; j++) {
      const factor = rows[j]![i]! / rows[i]![i]!;
      for (let k = i; k <= n; k++) rows[j]![k]! -= factor * rows[i]![k]!;
    }
  }
  const result = right.map(() => 0);
  for (let i = n - 1; i >= 0; i--) {
    const rest = rows[i]![n]! - result.reduce((sum, value, j) => (j > i ? sum + value * rows[i]![j]! : sum), 0);
    result[i] = Math.abs(rows[i]![i]!) < 1e-300 ? 0 : rest / rows[i]![i]!;
  }
  return result;
}
