// Measures networks in one session of one engine: load, warm up, time windows in rounds, check.

import type { AsRun, Engine, Executable, LayerTimes, Memory } from '../engines/engine.js';
import type { Graph, RunnableFile } from '../graph.js';
import type { Profile } from '../profile.js';
import { demandOnDevice } from './asRun.js';
import type { Idle } from './idle.js';
import { timeLayers } from './layers.js';
import type { Meter, NoMeter } from './meter.js';
import { energyBetween } from './power.js';
import type { Energy } from './run.js';
import { summarise } from './statistics.js';
import { checkOutputs } from './trust.js';
import { hostBoundOf } from './warnings.js';
import { namedBy, timeOnce, timeTogether, type Now, type Progress, type Protocol, type Timed } from './windows.js';

/** The result where no layers are timed. */
const NOT_ASKED: LayerTimes = { clock: null, reason: 'not asked for: --layers times every layer' };

/** A network to measure. */
export interface Network {
  /** Without symbols, at the batch that is measured. */
  readonly graph: Graph;
  /** The profile of the same graph. */
  readonly counted: Profile;
  /** The file that the graph was read from. An engine that runs files runs it unchanged. */
  readonly file?: RunnableFile | undefined;
}

export interface TogetherOptions {
  readonly protocol: Protocol;
  readonly seed: number;
  readonly eager: boolean;
  /** Time every layer in a pass of its own. */
  readonly layers: boolean;
  /** The order in which networks run within a round. */
  readonly order?: (places: readonly number[]) => readonly number[];
  readonly progress?: Progress;
  readonly now?: Now;
  /** A time of `now` after which no further round of windows begins. */
  readonly until?: number | undefined;
  /** Other work, done once in the middle of the rounds of several networks. */
  readonly between?: () => Promise<unknown>;
  /**
   * The power meter (meter.ts), started before anything ran, and the idle power of that time
   * (idle.ts).
   */
  readonly power: { readonly meter: Meter | NoMeter; readonly idle: Idle };
  /** Names the network whose work failed. */
  readonly failed?: (place: number, error: unknown) => unknown;
}

/** The result of one session for a network. */
export interface Measured {
  /** ISO 8601, UTC. */
  readonly measuredAt: string;
  /** Milliseconds of the first inference after loading. */
  readonly first: number;
  readonly timed: Timed;
  readonly energy: Energy | { readonly reason: string };
  readonly memory: Memory;
  readonly layerTimes: LayerTimes;
  readonly ran: AsRun | null;
  readonly weights: Executable['weights'];
  readonly emulated: readonly string[];
}

/**
 * Several networks are loaded one after the other first, so that the memory of each can be told.
 * @returns in the order of the networks
 * @throws DeviceFailure, UntrustedRun: no time is ever returned for work that was not done
 */
export async function measureTogether(
  engine: Engine,
  networks: readonly Network[],
  options: TogetherOptions,
): Promise<readonly Measured[]> {
  const { progress = () => undefined, now = () => performance.now(), failed = (_, error: unknown) => error } = options;
  const at = namedBy(failed);
  const modelAt = (place: number): string => networks[place]!.counted.model;
  const measuredAt = new Date().toISOString();
  const alone: FirstRun[] = [];
  if (networks.length > 1)
    for (const [place, network] of networks.entries()) {
      progress('first', place, networks.length, modelAt(place));
      alone.push(await at(place, () => ranAlone(engine, network, options, now)));
    }
  const loaded: Executable[] = [];
  try {
    for (const [place, network] of networks.entries()) {
      progress('load', place, networks.length, modelAt(place));
      await at(place, async () => {
        const executable = await engine.load(network.graph, loadOptions(network, options));
        loaded.push(executable);
        if (networks.length > 1) return;
        engine.resetPeak();
        alone.push({ first: await firstOf(engine, executable, network, now), memory: engine.memory() });
      });
    }
    const { protocol, order, between, until } = options;
    const timed = await timeTogether(engine, loaded, protocol, {
      ...(order ? { order } : {}),
      ...(until === undefined ? {} : { until }),
      // The windows of a single network are one span of time, for the energy, without other work in
      // it.
      ...(between && networks.length > 1 ? { between } : {}),
      progress: (phase, done, all, place) => {
        progress(phase, done, all, place === undefined ? undefined : modelAt(place));
      },
      ...{ now, failed },
    });
    const results: Measured[] = [];
    for (const [place, network] of networks.entries())
      results.push(
        await at(place, () =>
          ended(
            engine,
            network,
            loaded[place]!,
            timed[place]!,
            alone[place]!,
            measuredAt,
            options,
            networks.length > 1,
          ),
        ),
      );
    return results;
  } finally {
    for (const executable of loaded) executable.dispose();
  }
}

const loadOptions = ({ file }: Network, { seed, eager }: TogetherOptions) => ({ seed, eager, file });

/** What is known before windows are timed. */
interface FirstRun {
  readonly first: number;
  readonly memory: Memory;
}

async function ranAlone(engine: Engine, network: Network, options: TogetherOptions, now: Now): Promise<FirstRun> {
  const executable = await engine.load(network.graph, loadOptions(network, options));
  try {
    engine.resetPeak();
    return { first: await firstOf(engine, executable, network, now), memory: engine.memory() };
  } finally {
    executable.dispose();
  }
}

async function firstOf(engine: Engine, executable: Executable, { graph }: Network, now: Now): Promise<number> {
  const first = await timeOnce(engine, executable, now);
  checkOutputs(await executable.outputs(), graph, executable.weights);
  await engine.done();
  return first;
}

/** Checks the outputs of the last window, then times layers and reads memory and power. */
async function ended(
  engine: Engine,
  { graph, counted }: Network,
  executable: Executable,
  timed: Timed,
  { first, memory }: FirstRun,
  measuredAt: string,
  options: TogetherOptions,
  several: boolean,
): Promise<Measured> {
  const { progress = () => undefined, now = () => performance.now() } = options;
  checkOutputs(await executable.outputs(), graph, executable.weights);
  // Throws where work of the last window was dropped.
  await engine.done();
  // Memory is read before layers are timed, because their passes take memory of their own.
  const memoryOfWindows = engine.memory();
  const { median } = summarise(timed.windows);
  const named: Progress = (phase, done, all) => {
    progress(phase, done, all, counted.model);
  };
  // The time of kernels is known only later. Until then a GPU may have waited for the host.
  const host = engine.handsOver ? null : timed.host;
  const whole = { median, hostBound: hostBoundOf(engine.device, { host, median, kernels: null }) !== false };
  const layerTimes = options.layers ? await timeLayers(engine, executable, whole, named, now) : NOT_ASKED;
  const ran = await executable.asRun();
  if (ran) demandOnDevice(graph, ran, engine.device);
  return {
    ...{ measuredAt, first, timed, layerTimes, ran },
    energy: await energyOf(options.power, timed, counted.input.n),
    memory: several ? memory : memoryOfWindows,
    weights: executable.weights,
    emulated: executable.emulated,
  };
}

async function energyOf(
  { meter, idle }: TogetherOptions['power'],
  { spans, windows, runsPerWindow }: Timed,
  batch: number,
): Promise<Measured['energy']> {
  if ('reason' in meter) return meter;
  const complete = await meter.reached(spans.at(-1)![1]);
  const doubt = meter.doubt();
  if (doubt !== null) return { reason: doubt };
  if (!complete) return { reason: 'nvidia-smi fell silent before the run ended' };
  let [joules, samples, milliseconds] = [0, 0, 0];
  for (const [from, to] of spans) {
    const used = energyBetween(meter.samples, from, to);
    if ('reason' in used) return used;
    joules += used.joules;
    samples += used.samples;
    milliseconds += to - from;
  }
  return {
    joulesPerImage: joules / (runsPerWindow * windows.length * batch),
    meanWatts: (1000 * joules) / milliseconds,
    idleWatts: idle.watts,
    idleHow: idle.how,
    samples,
    meter: meter.name,
  };
}
