// Warnings about a measured time: one sentence each, with the flag that helps.

import type { Device, Engine } from '../engines/engine.js';
import type { Graph } from '../graph.js';
import { counted } from '../plural.js';
import type { Run, Warning } from './run.js';
import { drift, quantile, type Summary } from './statistics.js';
import { FULL, shortestWindow, type Protocol, type Timed } from './windows.js';
import { milliseconds, percentage } from '../numberText.js';

/** From this share of host time on, a GPU run measures the host. */
const HOST_BOUND = 0.9;
/** Below this share of kernel time, a GPU waits most of the time. */
const BUSY = 0.5;
const DRIFT = 0.03;
const SPREAD = 0.05;
const SHORT_SECONDS = 0.5;
const SEVERAL_SESSIONS = 3;
const FEW_WINDOWS = 5;
const FEW_WARMUPS = 3;
/**
 * The usual range of the sum of the layers over the whole. Far outside of it the run fails
 * (trust.ts).
 */
const LAYERS = { least: 0.75, most: 1.5 };

const CEILING_PASSED = 'a ceiling was passed (';
const ceilingPassed = (raised: string): string =>
  `${CEILING_PASSED}${raised}): it was measured on a busier machine, or the engine saves work that is counted (Winograd convolutions, say)`;

/**
 * Warnings of sessions that became one run, each once.
 * @param raised what passed the ceilings of the run, in place of the warnings of its sessions about
 * theirs
 */
export function joinedWarnings(warnings: readonly Warning[], raised: string | null): readonly Warning[] {
  const others = warnings.filter(({ message }) => !message.startsWith(CEILING_PASSED));
  return [
    ...new Map(others.map((one) => [one.kind + one.message, one])).values(),
    ...(raised === null ? [] : [{ kind: 'other', message: ceilingPassed(raised), flag: null } as const]),
  ];
}

/**
 * Whether the device waits for the host: by the time in which the host prepares work, or where
 * another process does that, by the time in which the device runs kernels.
 * @returns null where neither is known; false on a CPU
 */
export function hostBoundOf(
  { kind, software }: Pick<Device, 'kind' | 'software'>,
  { host, kernels, median }: Pick<Run['times'], 'host' | 'kernels' | 'median'>,
): boolean | null {
  if (kind !== 'gpu' || software) return false;
  if (host !== null) return host / median > HOST_BOUND;
  return kernels === null ? null : kernels / median < BUSY;
}

const layersDiffer = (layers: Measured['layers'], median: number): string =>
  layers?.profiled
    ? `an inference takes ${milliseconds(layers.ms)} ms while the runtime profiles it, and ${milliseconds(median)} ms without: trust the shares of its layers, not their milliseconds, and measure again when nothing else uses this machine`
    : `the layers, each timed alone, add up to ${milliseconds(layers?.ms ?? 0)} ms, and a whole inference takes ${milliseconds(median)} ms: trust their shares, not their sum, and measure again when nothing else uses this machine`;

/** What was measured, and how. */
export interface Measured {
  readonly engine: Pick<Engine, 'device'>;
  /** Of each session, the first one first. */
  readonly sessions: readonly Timed[];
  readonly times: Summary & Pick<Run['times'], 'host' | 'kernels'>;
  readonly protocol: Protocol;
  readonly batch: number;
  readonly emulated: readonly string[];
  /** What passed the ceilings and so raised them; null where nothing did. */
  readonly raised: string | null;
  /** What ran and was not counted. */
  readonly omitted?: Graph['omitted'];
  /** Whether an engine that runs files ran the graph in place of the file. */
  readonly insteadOfFile?: boolean;
  /**
   * Milliseconds of all layers, or of the inference whose layers a runtime profiled; null where
   * they were not timed.
   */
  readonly layers: { readonly ms: number; readonly profiled: boolean } | null;
}

export function warningsOf(measured: Measured): readonly Warning[] {
  const { engine, protocol, batch, emulated, raised, layers } = measured;
  const { sessions } = measured;
  const { runsPerWindow } = sessions[0]!;
  const windows = sessions.flatMap((timed) => timed.windows);
  const { median, spread, host, kernels } = measured.times;
  const omitted = (measured.omitted?.ops ?? []).reduce((all, { nodes }) => all + nodes, 0);
  const hostBound = hostBoundOf(engine.device, measured.times);
  const shortest = Math.min(...sessions.map(shortestWindow));
  const drifted = quantile(
    sessions.map((timed) => drift(timed.windows) - 1),
    0.5,
  );
  // Short windows matter less with several sessions: each one starts and warms up anew.
  const short = sessions.length < SEVERAL_SESSIONS && shortest < FULL * SHORT_SECONDS;
  const more = sessions.length > 1 ? `--sessions ${sessions.length * 2}` : `--windows ${windows.length * 3}`;
  const rows: readonly (readonly [boolean, Warning['kind'], string, string | null])[] = [
    [
      measured.insteadOfFile ?? false,
      'other',
      'the file itself did not run, because it states another batch or input, or lacks its weights: this is its graph in float32 with seeded weights',
      null,
    ],
    [
      hostBound === true,
      'host-bound',
      host === null
        ? `the GPU runs kernels in ${percentage((kernels ?? 0) / median)} of the time: it waits for the host, which hands over kernels, images and outputs, and its speed is not seen`
        : `preparing work on the host takes ${percentage(host / median)} of the time: the GPU waits, and its speed is not seen`,
      `--batch ${batch * 8}`,
    ],
    [
      hostBound === null,
      'other',
      'whether the GPU waits for the host cannot be told: the engine tells neither the time of the host nor that of the kernels; it does where a larger batch has more images/s',
      `--batch ${batch * 8}`,
    ],
    [
      shortest < FULL * protocol.minWindowSeconds,
      'too-short',
      `the shortest window lasted ${shortest.toPrecision(2)} s instead of ${protocol.minWindowSeconds} s: the device changes its speed from window to window`,
      `--warmups ${Math.max(3 * protocol.warmups, runsPerWindow)}`,
    ],
    [
      short || windows.length < FEW_WINDOWS,
      'too-short',
      `${counted(windows.length, 'window')} of ${shortest.toPrecision(2)} s ${windows.length === 1 ? 'is' : 'are'} few or short: clocks and caches may not have settled`,
      short ? '--min-window 1' : `--windows ${FEW_WINDOWS}`,
    ],
    [
      protocol.warmups < FEW_WARMUPS,
      'too-short',
      `${counted(protocol.warmups, 'warm-up')} ${protocol.warmups === 1 ? 'is' : 'are'} few: the first windows may still compile kernels and raise clocks`,
      `--warmups ${FEW_WARMUPS}`,
    ],
    [
      Math.abs(drifted) > DRIFT,
      'drifting',
      `the second half of the run is ${percentage(Math.abs(drifted))} ${drifted > 0 ? 'slower than the first: the device heats up, or something else began to use it' : 'faster than the first: it was still warming up, or something else ended'}`,
      // Three warm-ups of a small network are too short for clocks to rise. A window's worth of
      // runs is enough.
      drifted > 0 ? more : `--warmups ${Math.max(3 * protocol.warmups, runsPerWindow)}`,
    ],
    [
      spread !== null && spread > SPREAD,
      'noisy',
      `half of the windows lie ${percentage(spread ?? 0)} apart: something else uses this machine`,
      more,
    ],
    [
      layers !== null &&
        (layers.ms > LAYERS.most * median || (layers.ms < LAYERS.least * median && hostBound === false)),
      'layers-differ',
      layersDiffer(layers, median),
      `--windows ${windows.length * 3}`,
    ],
    [raised !== null, 'other', ceilingPassed(raised ?? ''), null],
    [
      engine.device.software,
      'software-device',
      'a software driver played the GPU: these times say nothing about any GPU',
      null,
    ],
    [
      omitted > 0,
      'other',
      `the file ran as a whole, and ${counted(omitted, 'node')} of it ${omitted === 1 ? 'is' : 'are'} not counted: FLOP/s and bytes/s are lower bounds`,
      null,
    ],
    [
      emulated.length > 0,
      'emulated',
      `${counted(emulated.length, 'grouped convolution')} ${emulated.length === 1 ? 'was' : 'were'} put together from other ops, which this engine does not have: a native one would be faster`,
      null,
    ],
  ];
  return rows.filter(([applies]) => applies).map(([, kind, message, flag]) => ({ kind, message, flag }));
}
