// Measures networks in several sessions, until their number, a precision or a time is reached.

import type { CeilingMeter } from './ceilings.js';
import { orderOf } from './order.js';
import type { Ceilings, Run } from './run.js';
import type { SessionOfRun } from './runOf.js';
import { isWithoutTime, Session, type Job, type JobListener, type Listener, type MeasureSettings } from './session.js';
import { imageRatio, sessionTimes } from './sessionTimes.js';
import { relativeHalfWidth, timeInterval } from './significance.js';
import type { Progress } from './windows.js';

/** When to stop. */
export interface SessionPlan {
  /** The number of sessions, or with a budget or a precision the largest number. */
  readonly sessions: number;
  /**
   * Seconds, with opening, ceilings and set-up. No session begins that would probably end later,
   * and in none does a round of windows begin later; the first one always has one round.
   */
  readonly budgetSeconds?: number | undefined;
  /**
   * Half the width of the interval over the ratio (0.02: +-2 %), of each network beside the first
   * one; of one network alone, that of its time.
   */
  readonly precision?: number | undefined;
}

/** Why the work ended. */
export type StopReason = 'sessions' | 'precision' | 'time';

export interface SessionsListener<J extends Job> extends Listener, JobListener<J> {
  /** Networks that do not fit into the memory of the device together. */
  turns?(turns: readonly (readonly J[])[]): void;
  /** Gets why the work ends, and after how many sessions. */
  stopped?(why: StopReason, sessions: number, spent: SecondsSpent): void;
}

/** Seconds in all, and seconds before the first window. */
export interface SecondsSpent {
  readonly all: number;
  readonly beforeWindows: number;
}

/** Seconds that are reserved for work after the windows: ceilings once more, and layers. */
const [CEILINGS_AGAIN, LAYERS_OF_A_NETWORK] = [1, 2];

/** The least number of sessions that give an interval. */
const FEWEST = 3;

interface Gathered<J extends Job> {
  readonly job: J;
  readonly sessions: SessionOfRun[];
}

/**
 * Each session opens the engine anew: engines of TensorFlow.js in this process, ONNX Runtime in a
 * new one. In a session the windows of all networks alternate in random order. `finished` gets
 * every run after every session, each time with all its sessions.
 * @returns the runs in the order of their jobs, without those that were refused
 * @throws DeviceFailure or UntrustedRun for the first job without a time, where `refused` is not
 * given; the others are named in its message
 */
export async function measureInSessions<J extends Job>(
  settings: MeasureSettings,
  version: string,
  jobs: readonly J[],
  plan: SessionPlan,
  listener: SessionsListener<J> = {},
): Promise<readonly Run[]> {
  const start = performance.now();
  const seconds = (): number => (performance.now() - start) / 1000;
  let gathered: readonly Gathered<J>[] = jobs.map((job) => ({ job, sessions: [] }));
  let runs: readonly Run[] = [];
  let meter: CeilingMeter | null = null;
  let { engine } = settings;
  let [longest, beforeWindows] = [0, 0];
  let failure: Error | undefined;
  for (let index = 0; ; index++) {
    const begun = seconds();
    const first = index === 0;
    const { part } = listener;
    const session = await Session.open(
      { ...settings, engine, layers: first && settings.layers },
      version,
      first ? listener : { ...(part ? { part: part.bind(listener) } : {}) },
      meter,
    );
    try {
      engine = session.engineName;
      gathered = await demandFit(session, gathered, listener);
      const failures: Error[] = [];
      const kept =
        (settings.ceilings ? CEILINGS_AGAIN : 0) +
        (first && settings.layers ? LAYERS_OF_A_NETWORK * gathered.length : 0);
      const end = plan.budgetSeconds === undefined ? undefined : start + 1000 * (plan.budgetSeconds - kept);
      const windowsBegin = (): void => {
        beforeWindows ||= seconds();
      };
      gathered = await oneSession(session, index, settings, gathered, listener, plan, failures, { end, windowsBegin });
      [failure] = failures;
      meter = session.meter ?? meter;
      runs = runsOf(session, gathered, meter?.ceilings ?? null);
    } finally {
      await session.close();
    }
    for (const [i, { job }] of gathered.entries()) await listener.finished?.(runs[i]!, job);
    // The failure is thrown after the runs of the other jobs are handed on.
    if (failure) throw failure;
    // Only the first session times layers and searches the shapes of ceilings. About half of it is
    // windows.
    longest = first ? (seconds() - begun) / 2 : Math.max(longest, seconds() - begun);
    const why = stopOf(plan, runs, index + 1, seconds() + longest);
    if (gathered.length > 0 && why === null) continue;
    if (why !== null) listener.stopped?.(why, index + 1, { all: seconds(), beforeWindows });
    return runs;
  }
}

/** A device has one ceiling. Where a network passes it, it is raised for all networks. */
function runsOf<J extends Job>(
  session: Session,
  gathered: readonly Gathered<J>[],
  sampled: Ceilings | null,
): readonly Run[] {
  const run = ({ job, sessions: [one, ...more] }: Gathered<J>, ceilings: Ceilings | null): Run =>
    session.runOf(job, [one!, ...more], ceilings);
  const reached = gathered.reduce((ceilings, one) => run(one, ceilings).ceilings, sampled);
  return gathered.map((one) => run(one, reached));
}

function stopOf(
  { sessions, budgetSeconds, precision }: SessionPlan,
  runs: readonly Run[],
  done: number,
  nextEnd: number,
): StopReason | null {
  if (precision !== undefined && done >= FEWEST && widest(runs) <= precision) return 'precision';
  if (budgetSeconds !== undefined && nextEnd > budgetSeconds) return 'time';
  return done >= sessions ? 'sessions' : null;
}

/** The widest interval relative to its value. */
function widest([first, ...others]: readonly Run[]): number {
  if (!first) return 0;
  const compared = others.map((run) => imageRatio(run, first));
  return Math.max(...(compared.length > 0 ? compared : [timeInterval(sessionTimes(first))]).map(relativeHalfWidth));
}

async function demandFit<J extends Job>(
  session: Session,
  gathered: readonly Gathered<J>[],
  listener: SessionsListener<J>,
): Promise<readonly Gathered<J>[]> {
  const fitting: Gathered<J>[] = [];
  for (const one of gathered)
    try {
      session.demandFits(one.job);
      fitting.push(one);
    } catch (error) {
      await refuse(error, one.job, listener);
    }
  return fitting;
}

/**
 * @param failures collects failed jobs where the listener has no `refused`
 * @returns those that have a time of this session, too
 */
async function oneSession<J extends Job>(
  session: Session,
  index: number,
  { seed }: MeasureSettings,
  gathered: readonly Gathered<J>[],
  listener: SessionsListener<J>,
  { sessions, budgetSeconds }: SessionPlan,
  failures: Error[],
  { end, windowsBegin }: { readonly end: number | undefined; readonly windowsBegin: () => void },
): Promise<readonly Gathered<J>[]> {
  const turns = session.turnsOf(gathered, ({ job }) => job);
  if (index === 0 && turns.length > 1) listener.turns?.(turns.map((turn) => turn.map(({ job }) => job)));
  const order = orderOf(index, seed);
  const timed: Gathered<J>[] = [];
  const measure = async (turn: readonly Gathered<J>[], number: number): Promise<void> => {
    const name = `session ${index + 1}${sessions > 1 && budgetSeconds === undefined ? ` of ${sessions}` : ''}`;
    const shown = listener.part?.(name) ?? (() => undefined);
    const progress: Progress = (phase, ...step) => {
      if (phase === 'window') windowsBegin();
      shown(phase, ...step);
    };
    const measured = await session.measureTogether(
      turn.map(({ job }) => job),
      progress,
      { turn: number, order, until: untilOf(number) },
    );
    turn.forEach(({ sessions }, i) => sessions.push(measured[i]!));
    timed.push(...turn);
  };
  // Each turn gets its share of the time that is left.
  const untilOf = (number: number): number | undefined => {
    if (end === undefined) return undefined;
    const from = performance.now();
    return from + (end - from) / Math.max(1, turns.length - number);
  };
  let number = 0;
  for (const turn of turns)
    try {
      await measure(turn, number++);
    } catch (error) {
      if (!isWithoutTime(error)) throw error;
      // Jobs of a failed turn run again one by one, so that one failure does not end the others.
      if (turn.length === 1) await refuse(error, turn[0]!.job, listener, failures);
      else
        for (const one of turn)
          try {
            await measure([one], number++);
          } catch (failure) {
            await refuse(failure, one.job, listener, failures);
          }
    }
  return timed;
}

async function refuse<J extends Job>(
  error: unknown,
  job: J,
  { refused }: JobListener<J>,
  failures?: Error[],
): Promise<void> {
  if (!isWithoutTime(error)) throw error;
  if (refused) await refused(error, job);
  else if (failures) failures.push(error);
  else throw error;
}
