// What would a device have to be for these times? A rate of operations, a rate of bytes and a cost per launch, fitted.

import { errorsOf, type Errors } from './errors.js';
import { nonNegativeLeastSquares } from './nnls.js';
import { launches, READINGS, type Reading, type Sample, type Work } from './sample.js';

/**
 * How the two rates make the time of a network.
 * `sum`: nothing overlaps, all operations and then all bytes.
 * `roofline`: in each op the slower of the two hides the other (Williams et al., "Roofline", CACM 52(4), 2009).
 */
export type Overlap = 'sum' | 'roofline';

/** The device that the times would fit best; null for a rate that no time is explained by. */
export interface Physical {
  readonly overlap: Overlap;
  readonly reading: Reading;
  /** 2 per multiply-add. */
  readonly flopsPerSecond: number | null;
  readonly bytesPerSecond: number | null;
  readonly secondsPerLaunch: number;
}

export interface PhysicalFit extends Physical, Errors {}

/** Milliseconds of one network by the model. */
export interface Breakdown {
  readonly compute: number;
  readonly traffic: number;
  readonly launches: number;
}

/** Every overlap in every reading, best first by the error that never saw the network. */
export function fitPhysical(samples: readonly Sample[], bytesPerElement: number): readonly PhysicalFit[] {
  return READINGS.flatMap((reading) =>
    (['sum', 'roofline'] as const).map((overlap) => {
      const fitted = FITS[overlap](samples, reading, bytesPerElement);
      const errors = errorsOf(samples, (some) => {
        const physical = fitted(some);
        return (sample) => totalOf(breakdown(sample, physical, bytesPerElement));
      });
      return { ...fitted(samples), ...errors };
    }),
  ).sort((a, b) => a.leaveOneOut - b.leaveOneOut);
}

export const totalOf = ({ compute, traffic, launches }: Breakdown): number => compute + traffic + launches;

/** Where the time of a network goes by the model; an op under the roofline is either compute or traffic. */
export function breakdown(sample: Sample, physical: Physical, bytesPerElement: number): Breakdown {
  const { overlap, reading, flopsPerSecond, bytesPerSecond, secondsPerLaunch } = physical;
  let [compute, traffic] = [0, 0];
  for (const { flops, moved } of sample.work) {
    const computing = flopsPerSecond === null ? 0 : flops / flopsPerSecond;
    const moving = bytesPerSecond === null ? 0 : (moved[reading] * bytesPerElement) / bytesPerSecond;
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
type Prepare = (
  samples: readonly Sample[],
  reading: Reading,
  bytesPerElement: number,
) => (some: readonly Sample[]) => Physical;

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

/** From one operation per byte, which no processor is short of, to more than any can feed; a step is 4 %. */
const RIDGES: readonly number[] = Array.from({ length: 240 }, (_, i) => 0.1 * 1.04 ** i);

const FITS: Readonly<Record<Overlap, Prepare>> = {
  sum: (samples, reading, bytesPerElement) => {
    const rows = new Map(
      samples.map((sample) => {
        const flops = sum(sample.work, (work) => work.flops);
        const bytes = sum(sample.work, (work) => work.moved[reading]) * bytesPerElement;
        return [sample, [flops, bytes, launches(sample, reading)] as const];
      }),
    );
    return (some) => {
      const { factors } = fitRows(some, (sample) => rows.get(sample)!);
      const [perFlop, perByte, secondsPerLaunch] = factors;
      return {
        overlap: 'sum',
        reading,
        flopsPerSecond: rate(perFlop!),
        bytesPerSecond: rate(perByte!),
        secondsPerLaunch: secondsPerLaunch!,
      };
    };
  },
  // With the ridge (operations per byte at which both take the same time) held still, the rest is linear: max(flops, ridge x bytes).
  roofline: (samples, reading, bytesPerElement) => {
    const rows = RIDGES.map(
      (ridge) =>
        new Map(
          samples.map((sample) => {
            const work = sum(sample.work, ({ flops, moved }) =>
              Math.max(flops, ridge * moved[reading] * bytesPerElement),
            );
            return [sample, [work, launches(sample, reading)] as const];
          }),
        ),
    );
    return (some) => {
      const fits = rows.map((row) => fitRows(some, (sample) => row.get(sample)!));
      const best = fits.reduce((least, { loss }, i) => (loss < fits[least]!.loss ? i : least), 0);
      const [perFlop, secondsPerLaunch] = fits[best]!.factors;
      return {
        overlap: 'roofline',
        reading,
        flopsPerSecond: rate(perFlop!),
        bytesPerSecond: rate(RIDGES[best]! * perFlop!),
        secondsPerLaunch: secondsPerLaunch!,
      };
    };
  },
};

const sum = (work: readonly Work[], pick: (work: Work) => number): number =>
  work.reduce((all, one) => all + pick(one), 0);
