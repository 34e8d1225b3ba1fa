// Checks the figures of a run against each other. A run that breaks a rule here is refused.

import { ratesOf } from '../../measure/rates.js';
import { countsTo, type RecordedGraph } from '../../measure/recordedGraph.js';
import type { Run } from '../../measure/run.js';
import { summarise } from '../../measure/statistics.js';
import { contradiction, sumOf, type Contradiction } from '../../measure/trust.js';
import { utilised } from '../../measure/raised.js';
import { hostBoundOf } from '../../measure/warnings.js';
import { AS_RUN_LAWS } from './asRunLaws.js';
import type { Law } from './law.js';

/** A relative tolerance: far above the rounding of a double, far below what a reader sees. */
const NEAR = 1e-6;
const differ = (a: number, b: number): boolean => Math.abs(a - b) > NEAR * Math.max(a, b);

/** Checks that follow from the windows of a run. */
const windowed = (key: 'median' | 'least' | 'most' | 'lowerQuartile' | 'upperQuartile'): Law => ({
  path: ['times', key],
  broken: ({ times }) => differ(times[key], summarise(times.windows)[key]),
  says: ({ times }) => `${times[key]}, where its windows make ${summarise(times.windows)[key]}`,
});

const rate = (
  key: 'imagesPerSecond' | 'flopsPerSecond' | 'paperFlopsPerSecond' | 'bytesPerSecond',
  what: string,
): Law => ({
  path: [key],
  broken: (run) => differ(run[key], ratesOf(run)[key]),
  says: (run) => `${run[key]}, where ${what} over the median make ${ratesOf(run)[key]}`,
});

/** Exactly one of a value and the reason for its absence is given. */
const either = (key: 'layers' | 'energy', reason: 'noLayers' | 'noEnergy'): Law => ({
  path: [key],
  broken: (run) => (run[key] === null) === (run[reason] === null),
  says: (run) =>
    run[key] === null ? `nothing is there, nor a reason for it in ${reason}` : `${reason} says that there is none`,
});

export const LAWS: readonly Law[] = [
  {
    path: ['graph'],
    broken: ({ graph, totals }) => graph !== undefined && !countsTo(graph as RecordedGraph, totals),
    says: () => 'it does not count to the totals of the run',
  },
  windowed('median'),
  windowed('least'),
  windowed('most'),
  windowed('lowerQuartile'),
  windowed('upperQuartile'),
  {
    path: ['times', 'spread'],
    broken: ({ times: { spread, windows } }) => {
      const made = summarise(windows).spread;
      return spread === null || made === null ? spread !== made : Math.abs(spread - made) > NEAR;
    },
    says: ({ times: { spread, windows } }) => `${spread}, where its windows make ${summarise(windows).spread}`,
  },
  {
    path: ['times', 'host'],
    broken: ({ times: { host, median } }) => host !== null && host > median * (1 + NEAR),
    says: ({ times: { host, median } }) => `${host}, which is more than the whole, ${median}`,
  },
  {
    path: ['hostBound'],
    broken: ({ hostBound, device, times }) => hostBound !== null && hostBound !== hostBoundOf(device, times),
    says: ({ device, times }) => `its times make ${hostBoundOf(device, times)}`,
  },
  {
    path: ['protocol', 'windows'],
    broken: ({ protocol, sessions, times: { windows } }) =>
      sessions.length === 0 && protocol.windows !== windows.length,
    says: ({ protocol, times: { windows } }) => `${protocol.windows}, where ${windows.length} are listed`,
  },
  {
    path: ['sessions'],
    broken: ({ sessions, times: { windows } }) => sessions.length > 0 && windowsOf(sessions) !== windows.length,
    says: ({ sessions, times: { windows } }) =>
      `they have ${windowsOf(sessions)} windows, where ${windows.length} are listed`,
  },
  {
    path: ['sessions'],
    broken: ({ sessions }) => new Set(sessions.map(({ id }) => id)).size < sessions.length,
    says: () => 'two of them have one id',
  },
  rate('imagesPerSecond', 'the images of the batch'),
  rate('flopsPerSecond', '2 x its multiply-adds'),
  rate('paperFlopsPerSecond', 'its multiply-adds'),
  rate('bytesPerSecond', 'the bytes of its memory access'),
  {
    path: ['utilisation'],
    broken: (run) => {
      const { ceilings, utilisation, flopsPerSecond, bytesPerSecond } = run;
      if (!ceilings || !utilisation) return false;
      const of = utilised(ceilings);
      const [compute, memory] = [flopsPerSecond / of.flopsPerSecond, bytesPerSecond / of.bytesPerSecond];
      return differ(utilisation.compute, compute) || differ(utilisation.memory, memory);
    },
    says: () => 'its rates over its ceilings are others',
  },
  {
    path: ['ceilings'],
    broken: ({ ceilings }) =>
      ceilings !== null &&
      ceilings.sampled !== null &&
      (ceilings.sampled.flopsPerSecond > ceilings.flopsPerSecond * (1 + NEAR) ||
        ceilings.sampled.bytesPerSecond > ceilings.bytesPerSecond * (1 + NEAR)),
    says: () => 'what was sampled lies above them',
  },
  {
    path: ['utilisation'],
    broken: ({ utilisation, ceilings }) => (utilisation === null) !== (ceilings === null),
    says: ({ ceilings }) => (ceilings === null ? 'it has no ceilings' : 'it is missing beside its ceilings'),
  },
  ...AS_RUN_LAWS,
  either('layers', 'noLayers'),
  either('energy', 'noEnergy'),
  {
    path: ['layerClock'],
    broken: ({ layers, layerClock }) => layers === null && layerClock !== null,
    says: () => 'no layer was timed',
  },
  {
    path: ['layers'],
    broken: (run) => layersContradict(run) !== null,
    says: (run) => layersContradict(run)?.words ?? '',
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

const windowsOf = (sessions: Run['sessions']): number => sessions.reduce((sum, { windows }) => sum + windows, 0);

/** Mean watts may differ by this part from joules over the time of windows, as gaps lie between. */
const SILENT_PART = 0.25;

function wattsOf({ energy, times: { windows }, input: { n } }: Run): number | null {
  if (energy === null) return null;
  const mean = windows.reduce((sum, ms) => sum + ms, 0) / windows.length;
  return (energy.joulesPerImage * n) / (mean / 1000);
}

/**
 * The same check as in `measure` (trust.ts). Earlier records do not name the clock: both are
 * allowed.
 */
function layersContradict({ layers, layerClock, asRun, times, device, warnings }: Run): Contradiction | null {
  if (!layers) return null;
  const clocks = layerClock === null ? (['device', 'host'] as const) : [CLOCKS[layerClock]];
  const whole = { median: times.median, hostBound: hostBoundOf(device, times) !== false };
  const timed = layers.map(({ milliseconds }) => ({ ms: milliseconds }));
  const others = (asRun?.others ?? []).map(({ milliseconds }) => ({ ms: milliseconds ?? 0 }));
  const kernels = sumOf({ layers: timed, others });
  // On a busy machine windows are long, and other work runs between kernels: then the host's clock
  // is right and the run has a warning.
  const excused = warnings.some(({ kind }) => kind === 'layers-differ');
  const found = clocks.map((clock) => {
    const one = contradiction({ clock, layers: timed, others, whole: asRun?.whole ?? undefined }, whole);
    const low = one?.side === 'below' || (one?.side === 'apart' && kernels < asRun!.whole!);
    return low && clock === 'host' && excused ? null : one;
  });
  return found.includes(null) ? null : found[0]!;
}

const CLOCKS = { gpu: 'device', host: 'host' } as const;
