// Fits a device to times: a rate of operations, a rate of bytes, and a time per launch.

import { bootstrapInterval } from './bootstrap.js';
import { errorsOf, type Errors } from './errors.js';
import { nonNegativeLeastSquares } from './nnls.js';
import { launches, READINGS, type MemoryReading, type Sample, type Work } from './sample.js';

/**
 * How a network's time follows from the two rates. `sum`: nothing overlaps, all operations and then
 * all bytes. `roofline`: in each op the slower of the two hides the other (Williams et al.,
 * "Roofline", CACM 52(4), 2009).
 */
export type Overlap = 'sum' | 'roofline';

/** The device that fits the times best. A rate is null where it explains no time. */
export interface Physical {
  readonly overlap: Overlap;
  readonly reading: MemoryReading;
  /** 2 per multiply-add. */
  readonly flopsPerSecond: number | null;
  readonly elementsPerSecond: number | null;
  readonly secondsPerLaunch: number;
}

export interface PhysicalFit extends Physical, Errors {
  /** The rate of elements times their size. Nothing else depends on the size. */
  readonly bytesPerSecond: number | null;
  /** Where the cost per launch lies with 95 % confidence; null for fewer than ten networks. */
  readonly launchInterval: readonly [number, number] | null;
}

/** Milliseconds of one network by the model. */
export interface Breakdown {
  readonly compute: number;
  readonly traffic: number;
  readonly launches: number;
}

/** Each overlap in each reading, by leave-one-out error, best first. */
export function fitPhysical(samples: readonly Sample[], bytesPerElement: number): readonly PhysicalFit[] {
  return READINGS.flatMap((reading) =>
    (['sum', 'roofline'] as const).map((overlap) => {
      const fitted = FITS[overlap](samples, reading);
      const errors = errorsOf(samples, (some) => {
        const physical = fitted(some);
        return (sample) => totalOf(breakdown(sample, physical));
      });
      const all = fitted(samples);
      return {
        ...all,
        bytesPerSecond: all.elementsPerSecond === null ? null : all.elementsPerSecond * bytesPerElement,
        launchInterval: bootstrapInterval(samples, (some) => fitted(some).secondsPerLaunch),
        ...errors,
      };
    }),
  ).sort((a, b) => a.leaveOneOut - b.leaveOneOut);
}

export const totalOf = ({ compute, traffic, launches }: Breakdown): number => compute + traffic + launches;

/** The parts of a network's time in the model. Under the roofline an op is compute or traffic. */
export function breakdown(sample: Sample, physical: Physical): Breakdown {
  const { overlap, reading, flopsPerSecond, elementsPerSecond, secondsPerLaunch } = physical;
  let [compute, traffic] = [0, 0];
  for (const { flops, moved } of sample.work) {
    const computing = flopsPerSecond === null ? 0 : flops / flopsPerSecond;
    const moving = elementsPerSecond === null ? 0 : moved[reading] / elementsPerSecond;
    if (overlap === 'sum' || computing >= moving) compute += computing;
    if (overlap === 'sum' || computing < moving) traffic += moving;
  }
  return {
    compute: 1e3 * compute,
    traffic: 1e3 * traffic,
    launches: 1e3 * secondsPerLaunch * launches(sample, reading),
  };
}

/** A fit prepared for all samples, so that fits to some of them (leave one out) are cheap. */
type Prepare = (samples: readonly Sample[], reading: MemoryReading) => (some: readonly Sample[]) => Physical;

const rate = (secondsPerUnit: number): number | null => (secondsPerUnit > 0 ? 1 / secondsPerUnit : null);

/** Relative least squares: every network weighs the same whatever its time. */
function fitRows(
  some: readonly Sample[],
  row: (sample: Sample) => readonly number[],
): { factors: readonly number[]; loss: number } {
  const rows = some.map((sample) => row(sample).map((value) => (1e3 * value) / sample.milliseconds));
  const factors = nonNegativeLeastSquares(
    rows,
    some.map(() => 1),
  );
  const loss = rows.reduce((sum, values) => sum + (values.reduce((t, v, j) => t + v * factors[j]!, 0) - 1) ** 2, 0);
  return { factors, loss };
}

const FITS: Readonly<Record<Overlap, Prepare>> = {
  sum: (samples, reading) => {
    const rows = new Map(
      samples.map((sample) => {
        const flops = sum(sample.work, (work) => work.flops);
        const moved = sum(sample.work, (work) => work.moved[reading]);
        return [sample, [flops, moved, launches(sample, reading)] as const];
      }),
    );
    return (some) => {
      const [perFlop, perElement, secondsPerLaunch] = fitRows(some, (sample) => rows.get(sample)!).factors;
      return {
        ...({ overlap: 'sum', reading } as const),
        flopsPerSecond: rate(perFlop!),
        elementsPerSecond: rate(perElement!),
        secondsPerLaunch: secondsPerLaunch!,
      };
    };
  },
  // At a fixed ridge (operations per element at which both take the same time) the rest is linear:
  // max(flops, ridge x moved).
  roofline: (samples, reading) => {
    const laid = new Map(samples.map((sample) => [sample, slowerOf(sample.work, reading)]));
    const count = new Map(samples.map((sample) => [sample, launches(sample, reading)]));
    const highest = Math.max(...samples.flatMap(({ work }) => work.map((one) => intensity(one, reading))));
    const row =
      (ridge: number) =>
      (sample: Sample): readonly number[] => [laid.get(sample)!(ridge), count.get(sample)!];
    // Of each network at each ridge, its columns over its time.
    const grid = new Map(
      samples.map((sample) => {
        const perMs = 1e3 / sample.milliseconds;
        return [
          sample,
          { work: RIDGES.map((ridge) => laid.get(sample)!(ridge) * perMs), launch: count.get(sample)! * perMs },
        ];
      }),
    );
    return (some) => {
      const chosen = some.map((sample) => grid.get(sample)!);
      const losses = RIDGES.map((_, i) => lossOfTwo(chosen.map(({ work, launch }) => [work[i]!, launch] as const)));
      const best = losses.reduce((least, loss, i) => (loss < losses[least]! ? i : least), 0);
      const lossAt = (log: number): number => fitRows(some, row(Math.exp(log))).loss;
      const ridge = best === 0 ? 0 : refined(RIDGES[best]!, lossAt);
      const [perFlop, secondsPerLaunch] = fitRows(some, row(ridge)).factors;
      return {
        ...({ overlap: 'roofline', reading } as const),
        // Above the ridge of every op no op is compute bound, so the rate of operations is unknown.
        flopsPerSecond: ridge >= highest ? null : rate(perFlop!),
        elementsPerSecond: rate(ridge * perFlop!),
        secondsPerLaunch: secondsPerLaunch!,
      };
    };
  },
};

/** The loss of non-negative least squares of two columns against 1, by normal equations. */
function lossOfTwo(rows: readonly (readonly [number, number])[]): number {
  let [aa, ab, bb, a1, b1] = [0, 0, 0, 0, 0];
  for (const [a, b] of rows) {
    aa += a * a;
    ab += a * b;
    bb += b * b;
    a1 += a;
    b1 += b;
  }
  const determinant = aa * bb - ab * ab;
  const [x, y] = [(a1 * bb - b1 * ab) / determinant, (b1 * aa - a1 * ab) / determinant];
  if (determinant > 1e-10 * aa * bb && x >= 0 && y >= 0) return rows.length - x * a1 - y * b1;
  return rows.length - Math.max(aa > 0 ? a1 ** 2 / aa : 0, bb > 0 ? b1 ** 2 / bb : 0);
}

const STEP = 1.04;
/**
 * The ridges where a fit starts: 0 (no traffic), and steps of 4 % to above every op's intensity.
 */
const RIDGES: readonly number[] = [0, ...Array.from({ length: 420 }, (_, i) => 0.01 * STEP ** i)];

const GOLDEN = (Math.sqrt(5) - 1) / 2;

/**
 * The ridge with the least loss within one step of a start, by golden section over its logarithm
 * (Kiefer 1953).
 */
function refined(start: number, lossAt: (log: number) => number): number {
  let [low, high] = [Math.log(start / STEP), Math.log(start * STEP)];
  const point = (share: number): { readonly log: number; readonly loss: number } => {
    const log = low + share * (high - low);
    return { log, loss: lossAt(log) };
  };
  let [left, right] = [point(1 - GOLDEN), point(GOLDEN)];
  while (high - low > 1e-9) {
    if (left.loss <= right.loss) {
      [high, right] = [right.log, left];
      left = point(1 - GOLDEN);
    } else {
      [low, left] = [left.log, right];
      right = point(GOLDEN);
    }
  }
  return Math.exp((low + high) / 2);
}

const intensity = ({ flops, moved }: Work, reading: MemoryReading): number =>
  flops === 0 ? 0 : flops / moved[reading];

/**
 * Of a network, the sum over ops of max(flops, ridge x moved) at any ridge: sums along its ops by
 * intensity.
 */
function slowerOf(work: readonly Work[], reading: MemoryReading): (ridge: number) => number {
  const sorted = [...work].sort((a, b) => intensity(a, reading) - intensity(b, reading));
  const bounds = sorted.map((one) => intensity(one, reading));
  const [moved, flops] = [[0], [0]];
  for (const one of sorted) {
    moved.push(moved.at(-1)! + one.moved[reading]);
    flops.push(flops.at(-1)! + one.flops);
  }
  return (ridge) => {
    let [low, high] = [0, bounds.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (bounds[middle]! < ridge) low = middle + 1;
      else high = middle;
    }
    return ridge * moved[low]! + flops.at(-1)! - flops[low]!;
  };
}

const sum = (work: readonly Work[], pick: (work: Work) => number): number =>
  work.reduce((all, one) => all + pick(one), 0);
