// Makes the record of a network's run from its sessions.

import type { Engine } from '../engines/engine.js';
import { asRunOf } from './asRun.js';
import { numbersOf } from './numbers.js';
import { ratesOf } from './rates.js';
import { reachedBy } from './reached.js';
import { recordedGraph } from './recordedGraph.js';
import type { Ceilings, Energy, LayerTime, Run, RunSession } from './run.js';
import { quantile, summarise } from './statistics.js';
import type { Measured, Network } from './together.js';
import { sumOf } from './trust.js';
import { hostBoundOf, warningsOf } from './warnings.js';
import type { Protocol } from './windows.js';

/** The facts of an engine that a record holds. They outlive the engine. */
export type EngineFacts = Pick<
  Engine,
  'name' | 'device' | 'versions' | 'settings' | 'allocatedIs' | 'handsOver' | 'runsFiles'
>;

/** One session of one network. */
export interface SessionOfRun {
  readonly measured: Measured;
  /** Of the session, the same for all networks that were measured in it. */
  readonly id: string;
  /** Networks of one turn were loaded together. */
  readonly turn: number;
  /** Whether the engine ran in a process that was started for this session. */
  readonly ownProcess: boolean;
}

/** The machine, and the program that runs flopscope. */
export interface Host {
  readonly versions: Readonly<Record<string, string>>;
  readonly environment: Run['environment'];
}

const UNKNOWN: Host = {
  versions: {},
  environment: { platform: 'unknown', cpu: 'unknown', cores: 0, memoryBytes: null },
};

export interface RunOptions {
  readonly protocol: Protocol;
  readonly seed: number;
  readonly eager: boolean;
  /** Null leaves utilisation unknown. */
  readonly ceilings: Ceilings | null;
  /** The facts of the host that a record holds. */
  readonly host?: Host;
  /** The version of flopscope that measures. */
  readonly version: string;
}

/** @param sessions memory, layers and kernels are those of the first */
export function runOf(
  engine: EngineFacts,
  { graph, counted, file }: Network,
  sessions: readonly [SessionOfRun, ...SessionOfRun[]],
  { protocol, seed, eager, ceilings, host = UNKNOWN, version }: RunOptions,
): Run {
  const [{ measured: first }] = sessions;
  const all = sessions.map(({ measured }) => measured);
  const windows = all.flatMap(({ timed }) => timed.windows);
  const summary = summarise(windows);
  const times = {
    ...{ ...summary, windows, first: first.first },
    host: engine.handsOver ? null : hostOf(all, summary.median),
    kernels: engine.handsOver ? (first.ran?.deviceMilliseconds ?? null) : null,
  };
  const mode = eager ? 'eager' : 'fused';
  const { model, source, input, totals } = counted;
  const { memory, layerTimes, ran, weights, emulated } = first;
  const numbers = numbersOf(weights === 'file' ? file : undefined, ran, engine.settings);
  const rates = ratesOf({
    ...{ ...numbers, model, input, mode, totals, times, ceilings },
    reached: reachedBy(layerTimes, counted, mode, numbers.bytesPerElement),
  });
  const energy = meanEnergy(all.map((one) => one.energy));
  const { runsPerWindow } = first.timed;
  const record = recordedGraph(graph, counted);
  return {
    ...{ schema: 'flopscope.run/1', measuredAt: first.measuredAt, flopscope: version, model, source, input },
    ...{ engine: engine.name, mode, ...numbers },
    device: engine.device,
    versions: { ...host.versions, ...engine.versions },
    environment: host.environment,
    protocol: { ...protocol, inferencesPerWindow: runsPerWindow, seed, settings: engine.settings },
    ...(counted.lowerBound ? { lowerBound: counted.lowerBound } : {}),
    ...{ totals, ...(record ? { graph: record } : {}), times, sessions: sessions.map(recordOf), ...rates },
    hostBound: hostBoundOf(engine.device, times),
    memory: {
      peakTensorBytes: memory.peak,
      peakDeviceBytes: memory.peakAllocated,
      deviceBytes: engine.allocatedIs,
      weightBytes: totals.params * numbers.bytesPerElement,
    },
    energy: 'reason' in energy ? null : energy,
    noEnergy: 'reason' in energy ? energy.reason : null,
    layers: layerTimes.clock === null ? null : layerTimes.layers.map((layer) => layerTime(layer, emulated)),
    layerClock: layerTimes.clock === 'device' ? 'gpu' : layerTimes.clock,
    ...{ asRun: ran && asRunOf(graph, ran, layerTimes), weights },
    noLayers: layerTimes.clock === null ? layerTimes.reason : null,
    emulated,
    warnings: warningsOf({
      ...{ engine, sessions: all.map(({ timed }) => timed), times, protocol, batch: input.n, emulated },
      raised: rates.ceilings?.raised ?? null,
      omitted: graph.omitted,
      insteadOfFile: engine.runsFiles && source === 'onnx' && weights === 'seeded',
      layers:
        layerTimes.clock === null
          ? null
          : { ms: layerTimes.whole ?? sumOf(layerTimes), profiled: layerTimes.whole !== undefined },
    }),
  };
}

const recordOf = ({ measured: { measuredAt, timed }, id, turn, ownProcess }: SessionOfRun): RunSession => ({
  ...{ id, measuredAt, turn, ownProcess },
  windows: timed.windows.length,
  inferencesPerWindow: timed.runsPerWindow,
});

/** Caps the host's time: a median of medians may be slightly above the median of all windows. */
const hostOf = (sessions: readonly Measured[], median: number): number =>
  Math.min(
    median,
    quantile(
      sessions.map(({ timed }) => timed.host),
      0.5,
    ),
  );

function layerTime(
  { nodes, op, ms }: { readonly nodes: readonly string[]; readonly op: string; readonly ms: number },
  emulated: readonly string[],
): LayerTime {
  const [name = '', ...absorbed] = nodes;
  return {
    ...{ name, op, absorbed, milliseconds: ms },
    emulation: emulated.includes(name) ? 'put together from other ops' : null,
  };
}

/**
 * The mean over sessions, which have equally many windows. Where one session has no energy, the run
 * has none.
 */
function meanEnergy(energies: readonly Measured['energy'][]): Measured['energy'] {
  const known: Energy[] = [];
  for (const energy of energies) {
    if ('reason' in energy) return energy;
    known.push(energy);
  }
  const mean = (pick: (energy: Energy) => number): number =>
    known.reduce((sum, energy) => sum + pick(energy), 0) / known.length;
  return {
    ...known[0]!,
    joulesPerImage: mean(({ joulesPerImage }) => joulesPerImage),
    meanWatts: mean(({ meanWatts }) => meanWatts),
    samples: known.reduce((sum, { samples }) => sum + samples, 0),
  };
}
