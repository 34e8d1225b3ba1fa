// Times windows of enqueued runs after a warm-up. Each window is flushed and awaited.

import type { Engine, Workload } from '../engines/engine.js';
import { quantile } from './statistics.js';

export interface Protocol {
  /** Runs before anything counts: shaders compile, caches fill, clocks rise. */
  readonly warmups: number;
  readonly windows: number;
  /**
   * A window has as many runs as fill this time. Where a window is too short, the number is raised.
   */
  readonly minWindowSeconds: number;
}

/** The part of that time that a window must last, because runs vary. */
export const FULL = 0.9;
/** The number of attempts. After them windows are used as they are, with a warning. */
const MOST_RETRIES = 5;
const LEAST_MS = 1e-6;

/** At least 3 warm-ups and 5 windows of 1 s: fewer give no time that may be printed. */
export const PROTOCOL: Protocol = { warmups: 3, windows: 5, minWindowSeconds: 1 };

export interface Timed {
  /** Milliseconds per run, one entry per window. */
  readonly windows: readonly number[];
  /**
   * Milliseconds per run in which the host prepared work: the median over the windows. It is a part
   * of every window, so it is at most the median time.
   */
  readonly host: number;
  readonly runsPerWindow: number;
  /** Start and end of its windows by `now`: one span for all, or one for each window. */
  readonly spans: readonly (readonly [from: number, to: number])[];
}

/** For a progress bar: what is being done, how much of it, and with which network. */
export type Progress = (phase: string, done: number, all: number, network?: string) => void;

/** Milliseconds; tests bring their own. */
export type Now = () => number;

/** The most work in the queue before the host waits, so that the device is never seconds behind. */
const MOST_IN_FLIGHT = 50;
const MOST_IN_FLIGHT_MS = 250;

/** How windows of several workloads are timed. */
export interface RoundOptions {
  /** The order of a round, given the order in which the workloads stand. */
  readonly order?: (places: readonly number[]) => readonly number[];
  /** @param place of the workload, for a step of a single one */
  readonly progress?: (phase: string, done: number, all: number, place?: number) => void;
  readonly now?: Now;
  /** A time of `now` after which no further round begins; there is one in any case. */
  readonly until?: number;
  /** Other work, once, when half of the rounds are done. */
  readonly between?: () => Promise<unknown>;
  /** Names the workload whose work failed. */
  readonly failed?: (place: number, error: unknown) => unknown;
}

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
  const [timed] = await timeTogether(engine, [workload], protocol, {
    progress: (phase, done, all) => {
      progress(phase, done, all);
    },
    now,
  });
  return timed!;
}

interface Pace {
  /** Runs in a window. */
  count: number;
  /** Milliseconds of a run, as it was last seen. */
  perRun: number;
}

interface Window {
  readonly perRun: number;
  readonly host: number;
  readonly from: number;
  readonly to: number;
}

/** Runs a step of one workload and passes its failure through `failed`. */
export const namedBy =
  (failed: NonNullable<RoundOptions['failed']>) =>
  async <T>(place: number, step: () => Promise<T>): Promise<T> => {
    try {
      return await step();
    } catch (error) {
      throw failed(place, error);
    }
  };

/**
 * Times windows of several workloads in rounds: each round has one window of each, so that whatever
 * slows the machine down hits all alike. Window i of every workload is of round i.
 * @throws what `engine.done` throws, through `failed`
 */
export async function timeTogether(
  engine: Pick<Engine, 'done'>,
  workloads: readonly Workload[],
  protocol: Protocol,
  {
    order = (places) => places,
    progress = () => undefined,
    now = () => performance.now(),
    failed = (_, error) => error,
    between,
    until = Infinity,
  }: RoundOptions = {},
): Promise<readonly Timed[]> {
  const at = namedBy(failed);
  const wanted = protocol.minWindowSeconds * 1000;
  const paces: Pace[] = [];
  for (const [place, workload] of workloads.entries())
    paces.push(
      await at(place, async () => {
        for (let i = 0; i < protocol.warmups; i++) {
          progress('warm-up', place * protocol.warmups + i, workloads.length * protocol.warmups, place);
          await runs(engine, workload, 1, 1, now);
        }
        return paceOf(engine, workload, wanted, now);
      }),
    );
  const places = [...workloads.keys()];
  let rounds: Window[][] = [];
  let retries = 0;
  let half = Math.ceil(protocol.windows / 2);
  while (rounds.length < protocol.windows && (rounds.length === 0 || now() < until)) {
    progress('window', rounds.length, protocol.windows);
    const round: Window[] = [];
    let short = false;
    for (const place of order(places)) {
      const [pace, workload] = [paces[place]!, workloads[place]!];
      const from = now();
      const { elapsed, host } = await at(place, () => runs(engine, workload, pace.count, chunkOf(pace.perRun), now));
      pace.perRun = elapsed / pace.count;
      round[place] = { perRun: pace.perRun, host: host / pace.count, from, to: now() };
      if (elapsed < FULL * wanted && retries < MOST_RETRIES) {
        // The machine was slower when the runs were counted. All windows have the same number of
        // runs, so the earlier rounds are dropped.
        short = true;
        pace.count = Math.ceil(wanted / Math.max(pace.perRun, LEAST_MS));
      }
    }
    if (short) retries++;
    rounds = short ? [] : [...rounds, round];
    if (rounds.length === half) {
      await between?.();
      half = Infinity;
    }
  }
  progress('window', protocol.windows, protocol.windows);
  return places.map((place) =>
    timedOf(
      rounds.map((round) => round[place]!),
      paces[place]!.count,
      places.length === 1,
    ),
  );
}

/** Doubles the number of runs until they take a quarter of a window. */
async function paceOf(engine: Pick<Engine, 'done'>, workload: Workload, wanted: number, now: Now): Promise<Pace> {
  let [count, perRun] = [1, 0];
  for (;;) {
    perRun = (await runs(engine, workload, count, chunkOf(perRun), now)).elapsed / count;
    if (perRun * count >= wanted / 4) break;
    count *= 2;
  }
  return { count: Math.max(1, Math.ceil(wanted / perRun)), perRun };
}

function timedOf(windows: readonly Window[], runsPerWindow: number, alone: boolean): Timed {
  const spans = windows.map(({ from, to }) => [from, to] as const);
  return {
    windows: windows.map(({ perRun }) => perRun),
    host: quantile(
      windows.map(({ host }) => host),
      0.5,
    ),
    runsPerWindow,
    spans: alone ? [[spans[0]![0], spans.at(-1)![1]]] : spans,
  };
}

/** Seconds of the shortest window. */
export const shortestWindow = ({ windows, runsPerWindow }: Pick<Timed, 'windows' | 'runsPerWindow'>): number =>
  (Math.min(...windows) * runsPerWindow) / 1000;

/** Milliseconds of one run that starts and ends with an idle device. */
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
  // Progress bars and signals are handled between windows, never inside one.
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

/** Yields to the event loop, in Node and in a browser. */
const nextTurn = (): Promise<void> =>
  new Promise((resolve) => {
    const { setImmediate: soon } = globalThis as { readonly setImmediate?: (step: () => void) => unknown };
    if (soon) soon(resolve);
    else setTimeout(resolve, 0);
  });
