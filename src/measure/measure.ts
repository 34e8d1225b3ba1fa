// Measures a graph: load, warm up, time windows, check. If a check fails there is no time.

import type { Engine, Executable, LayerTimes } from '../engines/engine.js';
import type { Graph, RunnableFile } from '../graph.js';
import type { Profile } from '../profile.js';
import { asRunOf, demandOnDevice } from './asRun.js';
import { environment, nodeVersion } from './environment.js';
import type { Idle } from './idle.js';
import type { Meter, NoMeter } from './meter.js';
import { energyBetween } from './power.js';
import { ratesOf } from './rates.js';
import { reachedBy } from './reached.js';
import type { Ceilings, Energy, LayerTime, Run } from './run.js';
import { timeLayers } from './layers.js';
import { summarise } from './statistics.js';
import { checkOutputs, sumOf } from './trust.js';
import { isHostBound, warningsOf } from './warnings.js';
import { timeOnce, timeWindows, type Now, type Progress, type Protocol } from './windows.js';

/** Layers are not timed, so that no check of them can fail. */
const NOT_ASKED: LayerTimes = { clock: null, reason: 'not asked for: --layers times every layer' };

export interface MeasureOptions {
  readonly protocol: Protocol;
  readonly seed: number;
  readonly eager: boolean;
  /** Runs this file as it is, on an engine that can; it is what the graph was read from. */
  readonly file?: RunnableFile | undefined;
  /** Time every layer in a pass of its own. */
  readonly layers: boolean;
  /**
   * This engine's ceilings on this device, or what samples them once the network was timed; null
   * leaves utilisation unknown.
   */
  readonly ceilings: Ceilings | null | (() => Promise<Ceilings>);
  /** The version of flopscope that measures. */
  readonly version: string;
  readonly progress?: Progress;
  readonly now?: Now;
  /**
   * Runs since before anything ran in this session (meter.ts), with the idle power that it saw then
   * (idle.ts).
   */
  readonly power: { readonly meter: Meter | NoMeter; readonly idle: Idle };
}

/**
 * @param graph concrete, at the batch that is measured
 * @param profile of the same graph
 * @throws DeviceFailure, UntrustedRun: no time is ever returned for work that was not done
 */
export async function measure(engine: Engine, graph: Graph, profile: Profile, options: MeasureOptions): Promise<Run> {
  const { protocol, seed, eager, progress = () => undefined, now = () => performance.now() } = options;
  const measuredAt = new Date().toISOString();
  progress('load', 0, 1);
  const executable = await engine.load(graph, { seed, eager, file: options.file });
  try {
    engine.resetPeak();
    const first = await timeOnce(engine, executable, now);
    checkOutputs(await executable.outputs(), graph);
    await engine.done();
    const timed = await timeWindows(engine, executable, protocol, progress, now);
    checkOutputs(await executable.outputs(), graph);
    const times = summarise(timed.windows);
    const hostBound = isHostBound(engine, timed.host, times.median);
    // The outputs follow the last window. Work that was dropped in it shows here.
    await engine.done();
    const whole = { median: times.median, hostBound };
    // Warnings of the whole alone: layers are timed in a session of their own.
    const layerTimes = options.layers ? await timeLayers(engine, executable, whole, progress, now) : NOT_ASKED;
    const mode = eager ? 'eager' : 'fused';
    const { input, totals } = profile;
    const reached = reachedBy(layerTimes, profile, mode);
    const memory = engine.memory();
    const ran = await executable.asRun();
    if (ran) demandOnDevice(graph, ran, engine.device);
    const ceilings = typeof options.ceilings === 'function' ? await options.ceilings() : options.ceilings;
    const rates = ratesOf({ input, mode, totals, times, ceilings, reached });
    const energy = await energyOf(
      options.power,
      timed.span,
      timed.runsPerWindow * timed.windows.length * profile.input.n,
    );
    return {
      schema: 'flopscope.run/1',
      measuredAt,
      flopscope: options.version,
      model: profile.model,
      source: profile.source,
      input,
      engine: engine.name,
      mode,
      precision: engine.settings['tf32'] === true ? 'tf32' : 'float32',
      device: engine.device,
      versions: { node: nodeVersion(), ...engine.versions },
      environment: environment(),
      protocol: { ...protocol, inferencesPerWindow: timed.runsPerWindow, seed, settings: engine.settings },
      totals,
      ...(profile.lowerBound ? { lowerBound: profile.lowerBound } : {}),
      times: { ...times, windows: timed.windows, host: timed.host, first },
      ...rates,
      memory: {
        peakTensorBytes: memory.peak,
        peakDeviceBytes: memory.peakAllocated,
        deviceBytes: engine.allocatedIs,
        weightBytes: totals.params * 4,
      },
      energy: 'reason' in energy ? null : energy,
      noEnergy: 'reason' in energy ? energy.reason : null,
      layers: layerTimes.clock === null ? null : layerTimes.layers.map((layer) => layerTime(layer, executable)),
      layerClock: layerTimes.clock === 'device' ? 'gpu' : layerTimes.clock,
      asRun: ran && asRunOf(graph, ran, layerTimes),
      weights: executable.weights,
      noLayers: layerTimes.clock === null ? layerTimes.reason : null,
      emulated: executable.emulated,
      warnings: warningsOf({
        ...{ engine, timed, times, protocol, batch: input.n, emulated: executable.emulated },
        raised: rates.ceilings?.raised ?? null,
        omitted: graph.omitted,
        layers: layerTimes.clock === null ? null : (layerTimes.whole ?? sumOf(layerTimes)),
      }),
    };
  } finally {
    executable.dispose();
  }
}

function layerTime(
  { nodes, op, ms }: { nodes: readonly string[]; op: string; ms: number },
  { emulated }: Executable,
): LayerTime {
  const [name = '', ...absorbed] = nodes;
  return {
    name,
    op,
    absorbed,
    milliseconds: ms,
    emulation: emulated.includes(name) ? 'put together from other ops' : null,
  };
}

async function energyOf(
  { meter, idle }: MeasureOptions['power'],
  [from, to]: readonly [number, number],
  images: number,
): Promise<Energy | { reason: string }> {
  if ('reason' in meter) return meter;
  const complete = await meter.reached(to);
  const doubt = meter.doubt();
  if (doubt !== null) return { reason: doubt };
  if (!complete) return { reason: 'nvidia-smi fell silent before the run ended' };
  const used = energyBetween(meter.samples, from, to);
  if ('reason' in used) return used;
  return {
    joulesPerImage: used.joules / images,
    meanWatts: (1000 * used.joules) / (to - from),
    idleWatts: idle.watts,
    idleHow: idle.how,
    samples: used.samples,
    meter: meter.name,
  };
}
