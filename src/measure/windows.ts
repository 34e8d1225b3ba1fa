// Times windows of enqueued runs after a warm-up. Each window is flushed and awaited.

import type { Engine, Workload } from '../engines/engine.js';
import { quantile } from './statistics.js';

export interface Protocol {
  /** Runs before anything counts: shaders compile, caches fill, clocks rise. */
  readonly warmups: number;
  readonly windows: number;
  /**
   * A window holds as many runs as fill this time; they are counted anew where one ends too early.
   */
  readonly minWindowSeconds: number;
}

/** Part of the time that a window has to last: runs are never of one length. */
export const FULL = 0.9;
/** The number of attempts. After them windows are used as they are, with a warning. */
const MOST_RETRIES = 5;
const LEAST_MS = 1e-6;

/**
 * At least 3 warm-ups and 5 windows of 1 s: what design and engines ask of a time that may be
 * printed.
 */
export const PROTOCOL: Protocol = { warmups: 3, windows: 5, minWindowSeconds: 1 };

export interface Timed {
  /** Milliseconds per run, one entry per window. */
  readonly windows: readonly number[];
  /**
   * Milliseconds per run in which the host prepared work: the median of the windows, as the time
   * is. A part of every window, so that it never passes the median of the windows.
   */
  readonly host: number;
  readonly runsPerWindow: number;
  /** Moments (of `now`) at which the first window began and the last one ended. */
  readonly span: readonly [number, number];
}

/** What is being done, and how much of it: for a progress bar. */
export type Progress = (phase: string, done: number, all: number) => void;

/** Milliseconds; tests bring their own. */
export type Now = () => number;

/**
 * Work that may be enqueued before the host waits: a device must not fall seconds behind, nor a
 * queue grow without end.
 */
const MOST_IN_FLIGHT = 50;
const MOST_IN_FLIGHT_MS = 250;

/**
 * @throws DeviceFailure (from `engine.done`) as soon as the device reports an error: no time is
 * returned then
 */
export async function timeWindows(
  engine: Pick<Engine, 'done'>,
  workload: Workload,
  protocol: Protocol,
  progress: Progress = () => undefined,
  now: Now = () => performance.now(),
): Promise<Timed> {
  for (let i = 0; i < protocol.warmups; i++) {
    progress('warm-up', i, protocol.warmups);
    await runs(engine, workload, 1, 1, now);
  }
  const wanted = protocol.minWindowSeconds * 1000;
  let [count, perRun] = [1, 0];
  for (;;) {
    perRun = (await runs(engine, workload, count, chunkOf(perRun), now)).elapsed / count;
    if (perRun * count >= wanted / 4) break;
    count *= 2;
  }
  let runsPerWindow = Math.max(1, Math.ceil(wanted / perRun));
  let [windows, hosts, start]: [number[], number[], number] = [[], [], now()];
  let retries = 0;
  while (windows.length < protocol.windows) {
    progress('window', windows.length, protocol.windows);
    const window = await runs(engine, workload, runsPerWindow, chunkOf(perRun), now);
    perRun = window.elapsed / runsPerWindow;
    if (window.elapsed < FULL * wanted && retries++ < MOST_RETRIES) {
      // The runs were counted on a slower machine. All windows hold equally many, so the earlier
      // ones are dropped.
      runsPerWindow = Math.ceil(wanted / Math.max(perRun, LEAST_MS));
      [windows, hosts, start] = [[], [], now()];
      continue;
    }
    windows.push(perRun);
    hosts.push(window.host / runsPerWindow);
  }
  progress('window', protocol.windows, protocol.windows);
  return { windows, host: quantile(hosts, 0.5), runsPerWindow, span: [start, now()] };
}

/** Seconds of the shortest window. */
export const shortestWindow = ({ windows, runsPerWindow }: Pick<Timed, 'windows' | 'runsPerWindow'>): number =>
  (Math.min(...windows) * runsPerWindow) / 1000;

/** Milliseconds of one run, from an idle device to an idle device. */
export const timeOnce = async (engine: Pick<Engine, 'done'>, workload: Workload, now: Now): Promise<number> =>
  (await runs(engine, workload, 1, 1, now)).elapsed;

const chunkOf = (perRun: number): number =>
  Math.max(1, Math.min(MOST_IN_FLIGHT, Math.floor(MOST_IN_FLIGHT_MS / Math.max(perRun, 0.001))));

/** Waits for an idle device, then for `count` runs, with at most `chunk` in flight. */
async function runs(
  engine: Pick<Engine, 'done'>,
  workload: Workload,
  count: number,
  chunk: number,
  now: Now,
): Promise<{ readonly elapsed: number; readonly host: number }> {
  await engine.done();
  // Progress bars and signals run between windows, never inside one.
  await nextTurn();
  const start = now();
  let host = 0;
  for (let i = 0; i < count; i++) {
    const before = now();
    workload.run();
    host += now() - before;
    if ((i + 1) % chunk === 0 && i + 1 < count) await engine.done();
  }
  await engine.done();
  return { elapsed: now() - start, host };
}

/** Lets other work of the event loop go on, in Node and in a browser. */
const nextTurn = (): Promise<void> =>
  new Promise((resolve) => {
    if (typeof setImmediate === 'function') setImmediate(resolve);
    else setTimeout(resolve, 0);
  });
