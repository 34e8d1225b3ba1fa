// Checks figures of a run against each other. A run that breaks a rule here was not measured.

import type { Run } from '../../measure/run.js';
import { FEWEST, quantile } from '../../measure/statistics.js';
import { contradiction } from '../../measure/trust.js';
import { isHostBound } from '../../measure/warnings.js';

/** A contradiction between figures of a record. */
export interface Law {
  readonly path: readonly string[];
  readonly broken: (run: Run) => boolean;
  /** Completes "PATH is wrong (...)". */
  readonly says: (run: Run) => string;
}

/** A relative tolerance: far above the rounding of a double, far below what a reader sees. */
const NEAR = 1e-6;
const apart = (a: number, b: number): boolean => Math.abs(a - b) > NEAR * Math.max(a, b);
const rises = (...values: readonly number[]): boolean =>
  values.every((value, i) => i === 0 || value >= values[i - 1]! * (1 - NEAR));
const perSecond = ({ times }: Run, amount: number): number => amount / (times.median / 1000);

const rate = (
  key: 'imagesPerSecond' | 'flopsPerSecond' | 'paperFlopsPerSecond',
  what: string,
  of: (run: Run) => number,
): Law => ({
  path: [key],
  broken: (run) => apart(run[key], perSecond(run, of(run))),
  says: (run) => `${run[key]}, where ${what} over the median make ${perSecond(run, of(run))}`,
});

const spreadOf = ({ lowerQuartile, median, upperQuartile }: Run['times']): number =>
  (upperQuartile - lowerQuartile) / median;

/** Exactly one of a value and the reason for its absence is given. */
const either = (key: 'layers' | 'energy', reason: 'noLayers' | 'noEnergy'): Law => ({
  path: [key],
  broken: (run) => (run[key] === null) === (run[reason] === null),
  says: (run) =>
    run[key] === null ? `nothing is there, nor a reason for it in ${reason}` : `${reason} says that there is none`,
});

export const LAWS: readonly Law[] = [
  {
    path: ['times', 'median'],
    broken: ({ times: { least, median, most } }) => !rises(least, median, most),
    says: ({ times: { least, median, most } }) => `${median} is not between the least, ${least}, and the most, ${most}`,
  },
  {
    path: ['times'],
    broken: ({ times: { least, lowerQuartile, median, upperQuartile, most } }) =>
      !rises(least, lowerQuartile, median, upperQuartile, most),
    says: ({ times: { lowerQuartile, median, upperQuartile } }) =>
      `the quartiles ${lowerQuartile} and ${upperQuartile} are out of order with the median ${median}, the least and the most`,
  },
  {
    path: ['times', 'median'],
    broken: ({ times: { median, windows } }) => apart(median, quantile(windows, 0.5)),
    says: ({ times: { median, windows } }) => `${median}, where that of its windows is ${quantile(windows, 0.5)}`,
  },
  {
    path: ['times'],
    broken: ({ times: { least, most, lowerQuartile, upperQuartile, windows } }) =>
      apart(least, Math.min(...windows)) ||
      apart(most, Math.max(...windows)) ||
      apart(lowerQuartile, quantile(windows, 0.25)) ||
      apart(upperQuartile, quantile(windows, 0.75)),
    says: () => 'its least, most and quartiles are not those of its windows',
  },
  {
    path: ['times', 'spread'],
    broken: ({ times: { spread, windows }, times }) =>
      spread === null ? windows.length >= FEWEST : Math.abs(spread - spreadOf(times)) > NEAR,
    says: ({ times: { spread }, times }) => `${spread}, where its quartiles over the median make ${spreadOf(times)}`,
  },
  {
    path: ['times', 'host'],
    broken: ({ times: { host, median } }) => !rises(host, median),
    says: ({ times: { host, median } }) => `${host}, which is more than the whole, ${median}`,
  },
  {
    path: ['protocol', 'windows'],
    broken: ({ protocol, times: { windows } }) => protocol.windows !== windows.length,
    says: ({ protocol, times: { windows } }) => `${protocol.windows}, where ${windows.length} are listed`,
  },
  rate('imagesPerSecond', 'images of the batch', ({ input: { n } }) => n),
  rate('flopsPerSecond', '2 per multiply-add', ({ totals: { multAdds } }) => 2 * multAdds),
  rate('paperFlopsPerSecond', 'its multiply-adds', ({ totals: { multAdds } }) => multAdds),
  {
    path: ['bytesPerSecond'],
    broken: (run) => apart(run.bytesPerSecond, perSecond(run, movedBytes(run))),
    says: (run) =>
      `${run.bytesPerSecond}, where its memory access over the median makes ${perSecond(run, movedBytes(run))}`,
  },
  {
    path: ['utilisation'],
    broken: ({ utilisation, ceilings, flopsPerSecond, bytesPerSecond }) =>
      utilisation !== null &&
      ceilings !== null &&
      (apart(utilisation.compute, flopsPerSecond / ceilings.flopsPerSecond) ||
        apart(utilisation.memory, bytesPerSecond / ceilings.bytesPerSecond)),
    says: () => 'its rates over its ceilings are others',
  },
  {
    path: ['utilisation'],
    broken: ({ utilisation, ceilings }) => (utilisation === null) !== (ceilings === null),
    says: ({ ceilings }) => (ceilings === null ? 'it has no ceilings' : 'it is missing beside its ceilings'),
  },
  either('layers', 'noLayers'),
  either('energy', 'noEnergy'),
  {
    path: ['layers'],
    broken: ({ layers }) => layers?.length === 0,
    says: () => 'no layer is there',
  },
  {
    path: ['layerClock'],
    broken: ({ layers, layerClock }) => layers === null && layerClock !== null,
    says: () => 'no layer was timed',
  },
  {
    path: ['layers'],
    broken: layersContradict,
    says: ({ layers, times: { median } }) =>
      `they add up to ${sumOf(layers ?? [])} ms, where one inference takes ${median} ms`,
  },
  {
    path: ['energy'],
    broken: (run) => {
      const watts = wattsOf(run);
      return watts !== null && Math.abs(watts - run.energy!.meanWatts) > SILENT_PART * watts;
    },
    says: (run) =>
      `its mean is ${run.energy?.meanWatts} W, where its joules per image over the time of an image make ${wattsOf(run)} W`,
  },
];

/** Of what the mean is taken over, the part that may lie between windows. */
const SILENT_PART = 0.25;

function wattsOf({ energy, times: { windows }, input: { n } }: Run): number | null {
  if (energy === null) return null;
  const mean = windows.reduce((sum, ms) => sum + ms, 0) / windows.length;
  return (energy.joulesPerImage * n) / (mean / 1000);
}

/** Every element is a float32. */
const movedBytes = ({ mode, totals: { memoryAccess } }: Run): number =>
  4 * (mode === 'eager' ? memoryAccess.unfused : memoryAccess.fused);

const sumOf = (layers: NonNullable<Run['layers']>): number =>
  layers.reduce((sum, { milliseconds }) => sum + milliseconds, 0);

/**
 * The same check as in `measure` (trust.ts). Earlier records do not name the clock: both are
 * allowed.
 */
function layersContradict({ layers, layerClock, asRun, times: { median, host }, device, warnings }: Run): boolean {
  if (!layers) return false;
  const clocks = layerClock === null ? (['device', 'host'] as const) : [CLOCKS[layerClock]];
  const whole = { median, hostBound: isHostBound({ device }, host, median) };
  const timed = layers.map(({ milliseconds }) => ({ ms: milliseconds }));
  const others = (asRun?.others ?? []).map(({ milliseconds }) => ({ ms: milliseconds ?? 0 }));
  // On a busy machine windows are long: then the host's clock is right and the run has a warning.
  const excused = warnings.some(({ kind }) => kind === 'layers-differ');
  return clocks.every((clock) => {
    const side = contradiction({ clock, layers: timed, others, whole: asRun?.whole ?? undefined }, whole);
    return side === 'above' || (side === 'below' && !(clock === 'host' && excused));
  });
}

const CLOCKS = { gpu: 'device', host: 'host' } as const;
