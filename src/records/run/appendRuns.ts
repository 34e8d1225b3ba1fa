// Adds runs to those of a record: the same network under the same settings gets another session.

import { bestCeilings } from '../../measure/raised.js';
import { ratesOf } from '../../measure/rates.js';
import type { Energy, Run, RunSession } from '../../measure/run.js';
import { summarise } from '../../measure/statistics.js';
import { hostBoundOf, joinedWarnings } from '../../measure/warnings.js';
import { LAWS } from './laws.js';

/** @returns the kept runs in their order, with the sessions of added ones, then what is new */
export function appendRuns(kept: readonly Run[], added: readonly Run[]): readonly Run[] {
  const runs = [...kept];
  for (const run of added) {
    const place = runs.findIndex((one) => settingsKey(one) === settingsKey(run));
    if (place < 0) runs.push(run);
    else runs[place] = joined(runs[place]!, run);
  }
  return runs;
}

/** What must be equal for two records to be of one run. */
const settingsKey = (run: Run): string => {
  const { model, source, input, totals, engine, mode, precision, device, versions, environment, weights } = run;
  const { seed, settings, minWindowSeconds } = run.protocol;
  const { params, multAdds, activations, ops } = totals;
  return JSON.stringify(
    inOrder([
      ...[model, source, input, params, multAdds, activations, ops, engine, mode, precision, weights],
      ...[device, versions, environment.cpu, environment.cores, seed, minWindowSeconds, settings],
    ]),
  );
};

/** Keys in one order: a record that was read has that of the schema. */
const inOrder = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(inOrder);
  if (typeof value !== 'object' || value === null) return value;
  return Object.entries(value)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, inner]) => [key, inOrder(inner)]);
};

function joined(before: Run, after: Run): Run {
  const windows = [...before.times.windows, ...after.times.windows];
  const summary = summarise(windows);
  const share = before.times.windows.length / windows.length;
  const [own, other] = [before.times.host, after.times.host];
  const times = {
    ...{ ...summary, windows, first: before.times.first, kernels: before.times.kernels ?? after.times.kernels },
    host: own === null || other === null ? null : Math.min(share * own + (1 - share) * other, summary.median),
  };
  const ceilings =
    before.ceilings && after.ceilings
      ? bestCeilings(before.ceilings, after.ceilings)
      : (before.ceilings ?? after.ceilings);
  const rates = ratesOf({ ...before, times, ceilings });
  const energy = meanEnergy(before, after, windows);
  const run: Run = {
    ...before,
    ...{ times, sessions: [...sessionsOf(before), ...sessionsOf(after)], ceilings },
    ...{ ...rates, hostBound: hostBoundOf(before.device, times) },
    memory: {
      ...before.memory,
      peakTensorBytes: most(before.memory.peakTensorBytes, after.memory.peakTensorBytes),
      peakDeviceBytes: most(before.memory.peakDeviceBytes, after.memory.peakDeviceBytes),
    },
    ...{ energy, noEnergy: energy ? null : (before.noEnergy ?? after.noEnergy ?? 'its sessions had different meters') },
    ...layersOf(before.layers === null ? after : before),
    warnings: joinedWarnings([...before.warnings, ...after.warnings], rates.ceilings?.raised ?? null),
  };
  return LAWS.some(({ path, broken }) => path[0] === 'layers' && broken(run)) ? withoutLayers(run) : run;
}

const layersOf = ({
  layers,
  layerClock,
  noLayers,
  asRun,
}: Run): Pick<Run, 'layers' | 'layerClock' | 'noLayers' | 'asRun'> => ({
  ...{ layers, layerClock, noLayers, asRun },
});

/** The layers of one session do not describe sessions that took another time. */
const withoutLayers = (run: Run): Run => ({
  ...run,
  ...{ layers: null, layerClock: null },
  noLayers: 'the layers of one session contradict the times of the others',
  asRun: run.asRun && {
    ...run.asRun,
    others: run.asRun.others.map((step) => ({ ...step, milliseconds: null })),
    whole: null,
  },
});

/** A record of an earlier version has one session without a name. */
const sessionsOf = ({ sessions, measuredAt, times, protocol }: Run): readonly RunSession[] =>
  sessions.length > 0
    ? sessions
    : [
        {
          ...{ id: `before sessions were recorded, ${measuredAt}`, measuredAt, turn: 0, ownProcess: false },
          ...{ windows: times.windows.length, inferencesPerWindow: protocol.inferencesPerWindow },
        },
      ];

const most = (a: number | null, b: number | null): number | null => (a === null || b === null ? null : Math.max(a, b));

/** Weighted by windows; the watts follow from the joules and the times. */
function meanEnergy(before: Run, after: Run, windows: readonly number[]): Energy | null {
  const [a, b] = [before.energy, after.energy];
  if (!a || !b || a.meter !== b.meter) return null;
  const share = before.times.windows.length / windows.length;
  const joulesPerImage = share * a.joulesPerImage + (1 - share) * b.joulesPerImage;
  const mean = windows.reduce((sum, ms) => sum + ms, 0) / windows.length;
  return {
    ...a,
    joulesPerImage,
    meanWatts: (joulesPerImage * before.input.n) / (mean / 1000),
    samples: a.samples + b.samples,
  };
}
