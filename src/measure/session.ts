// Measures several networks on one engine, with its idle power and its ceilings.

import { DeviceFailure, type Engine, type OpenOptions } from '../engines/engine.js';
import { engineOf, reopened } from '../engines/choice.js';
import type { Graph, RunnableFile } from '../graph.js';
import type { Profile } from '../profile.js';
import { CeilingMeter } from './ceilings.js';
import { nodeHost } from './environment.js';
import { idlePower } from './idle.js';
import { measureTogether, type TogetherOptions } from './together.js';
import { runOf, type SessionOfRun } from './runOf.js';
import { turnsOf } from './turns.js';
import { meterFor } from './meter.js';
import type { Ceilings, Run } from './run.js';
import { UntrustedRun } from './trust.js';
import type { Progress, Protocol } from './windows.js';

/** How networks are measured. */
export interface MeasureSettings {
  /** An engine's name, or "auto" for the best that works here. */
  readonly engine: string;
  readonly open?: OpenOptions;
  readonly protocol: Protocol;
  /** Of weights and input. */
  readonly seed: number;
  /** Run every op as written: nothing is folded or fused. */
  readonly eager: boolean;
  /** Time every layer in a pass of its own. */
  readonly layers: boolean;
  /** Measure the engine's ceilings first, to which utilisation is relative. */
  readonly ceilings: boolean;
}

/** One network to measure. */
export interface Job {
  /** Concrete, at the batch that is measured. */
  readonly graph: Graph;
  /** The profile of the same graph; its model names the run. */
  readonly counted: Profile;
  /** The file that the graph was read from. An engine that runs files runs it unchanged. */
  readonly file?: RunnableFile | undefined;
  /** Why the graph alone cannot run: it leaves something out. */
  readonly onlyFile?: Error | undefined;
  /** Why a runtime cannot run the graph in place of the file: the file has another precision. */
  readonly otherNumbers?: Error | undefined;
}

/** What a session reports while it works. */
export interface Listener {
  /** The engine that "auto" chose, and the reason. */
  chosen?(engine: string, reason: string): void;
  /** Announces a part of the work by its name. */
  part?(name: string): Progress;
}

interface SessionStart {
  readonly power: TogetherOptions['power'];
  readonly ceilings: CeilingMeter | null;
}

export class Session {
  /** Of this session, in the records of its runs. */
  readonly id = globalThis.crypto.randomUUID();
  private begun: SessionStart | undefined;

  private constructor(
    private engine: Engine,
    private readonly settings: MeasureSettings,
    private readonly listener: Listener,
    private readonly version: string,
    private readonly earlier: CeilingMeter | null,
  ) {}

  /**
   * @param version of flopscope, which the records bear
   * @param earlier the ceilings of sessions before this one: their shapes are sampled again
   * @throws InputError for an engine that cannot be had; DeviceFailure for one that computes wrong
   * numbers
   */
  static async open(
    settings: MeasureSettings,
    version: string,
    listener: Listener = {},
    earlier: CeilingMeter | null = null,
  ): Promise<Session> {
    const { engine, reason } = await engineOf(settings.engine, settings.open);
    if (reason !== undefined) listener.chosen?.(engine.name, reason);
    return new Session(engine, settings, listener, version, earlier);
  }

  get engineName(): string {
    return this.engine.name;
  }

  /** Null before anything was measured, and without ceilings. */
  get ceilings(): Ceilings | null {
    return this.meter?.ceilings ?? null;
  }

  /** The meter of the ceilings, which later sessions go on with. */
  get meter(): CeilingMeter | null {
    return this.begun?.ceilings ?? null;
  }

  /**
   * @throws DeviceFailure naming the network, where it is known beforehand that the device has no
   * room for it
   */
  demandFits(job: Job): void {
    const other = job.onlyFile ?? (this.engine.runsFiles ? job.otherNumbers : undefined);
    if (other && !this.fileOf(job)) throw other;
    try {
      this.engine.demandFits(job.graph, { eager: this.settings.eager, file: this.fileOf(job) });
    } catch (error) {
      throw named(error, job);
    }
  }

  /**
   * The session goes on after a failure, with the engine opened anew where it reported an error.
   * @throws DeviceFailure or UntrustedRun naming the network, for a run without a time
   */
  async measure(job: Job): Promise<Run> {
    const { model, input } = job.counted;
    const session = await this.measureTogether([job], this.part(`${model}, batch ${input.n}`));
    return this.runOf(job, [session[0]!]);
  }

  /**
   * Windows of the jobs alternate, in an order that is random and follows from the seed.
   * @param turn of the session: jobs of one turn are loaded together
   * @throws DeviceFailure or UntrustedRun naming the network, for a job without a time; the session
   * goes on, as with `measure`
   */
  async measureTogether(
    jobs: readonly Job[],
    progress: Progress,
    { turn = 0, order, until, layers = this.settings.layers }: TurnOptions = {},
  ): Promise<readonly SessionOfRun[]> {
    const begun = (this.begun ??= await this.begin(progress, until));
    const { protocol, seed, eager } = this.settings;
    try {
      const measured = await measureTogether(
        this.engine,
        jobs.map((job) => ({ ...job, file: this.fileOf(job) })),
        {
          ...{ protocol, seed, eager, layers, progress, until, power: begun.power },
          ...(order ? { order } : {}),
          between: () => begun.ceilings?.again(this.engine) ?? Promise.resolve(),
          failed: (place, error) => named(error, jobs[place]!),
        },
      );
      progress('ceilings again', 0, 1);
      await begun.ceilings?.again(this.engine);
      return measured.map((one) => ({ measured: one, id: this.id, turn, ownProcess: this.ownProcess }));
    } catch (error) {
      if (this.engine.failures().length > 0) await this.reopen();
      throw error;
    }
  }

  /**
   * The record of a job from all its sessions.
   * @param ceilings this engine's ceilings on this device; those of this session by default
   */
  runOf(job: Job, sessions: readonly [SessionOfRun, ...SessionOfRun[]], ceilings = this.ceilings): Run {
    const { protocol, seed, eager } = this.settings;
    return runOf(this.engine, job, sessions, {
      ...{ protocol, seed, eager, ceilings, version: this.version },
      host: nodeHost(),
    });
  }

  /** Groups jobs into turns. The networks of a turn fit into the device's memory together. */
  turnsOf<T>(items: readonly T[], jobOf: (item: T) => Job): readonly (readonly T[])[] {
    return turnsOf(items, (item) => jobOf(item).counted, this.engine.maxTotalBytes);
  }

  async close(): Promise<void> {
    const { meter } = this.begun?.power ?? {};
    if (meter && 'stop' in meter) meter.stop();
    await this.engine.close();
  }

  /** ONNX Runtime runs in a process that is started with the engine. */
  private get ownProcess(): boolean {
    return this.engine.name === 'onnxruntime';
  }

  private fileOf({ file }: Job): RunnableFile | undefined {
    return this.engine.runsFiles ? file : undefined;
  }

  /** Idle power is measured before the ceilings, which warm the GPU up. */
  private async begin(progress: Progress, until: number | undefined): Promise<SessionStart> {
    progress('idle power', 0, 1);
    const meter = await meterFor(this.engine);
    const power = { meter, idle: await idlePower(meter) };
    if (!this.settings.ceilings) return { power, ceilings: null };
    progress('ceilings', 0, 2);
    await this.earlier?.again(this.engine);
    const half = until === undefined ? undefined : (performance.now() + until) / 2;
    return { power, ceilings: this.earlier ?? (await CeilingMeter.open(this.engine, progress, undefined, half)) };
  }

  /** Opens the engine anew after an error that the device reported. */
  private async reopen(): Promise<void> {
    await this.engine.close();
    this.engine = await reopened(this.engine.name, this.settings.open);
  }

  private part(name: string): Progress {
    return this.listener.part?.(name) ?? (() => undefined);
  }
}

/** How jobs are measured together. */
export interface TurnOptions {
  readonly turn?: number;
  readonly order?: (places: readonly number[]) => readonly number[];
  /** Time every layer. One session is enough for that. */
  readonly layers?: boolean;
  /** Milliseconds of `performance.now()` after which no further round of windows begins. */
  readonly until?: number | undefined;
}

function named(error: unknown, { counted: { model, input } }: Job): unknown {
  if (isWithoutTime(error)) error.message = `${model} at batch ${input.n}: ${error.message}`;
  return error;
}

/** Whether a run failed because of the device or its own checks, not a bug of flopscope. */
export const isWithoutTime = (error: unknown): error is DeviceFailure | UntrustedRun =>
  error instanceof DeviceFailure || error instanceof UntrustedRun;

/** Callbacks of measureAll. */
export interface JobListener<J extends Job> {
  /** A run is reported as soon as it is done, so that a later failure loses nothing. */
  finished?(run: Run, job: J): void | Promise<void>;
  /**
   * Gets a job without a time and the reason, and the others go on. Without this callback the first
   * such job ends the work.
   */
  refused?(failure: Error, job: J): void | Promise<void>;
}

/**
 * Measures all jobs in order. What cannot fit is found before the first one runs.
 * @returns the runs in the order of their jobs
 * @throws DeviceFailure or UntrustedRun for the first job without a time, where `refused` is not
 * given
 */
export async function measureAll<J extends Job>(
  session: Session,
  jobs: readonly J[],
  { finished, refused }: JobListener<J> = {},
): Promise<readonly Run[]> {
  const attempt = async <R>(job: J, step: () => R | Promise<R>): Promise<R | undefined> => {
    try {
      return await step();
    } catch (error) {
      if (!refused || !isWithoutTime(error)) throw error;
      await refused(error, job);
      return undefined;
    }
  };
  const fitting: J[] = [];
  for (const job of jobs) if ((await attempt(job, () => (session.demandFits(job), true))) === true) fitting.push(job);
  const runs: Run[] = [];
  for (const job of fitting) {
    const run = await attempt(job, () => session.measure(job));
    if (!run) continue;
    runs.push(run);
    await finished?.(run, job);
  }
  return runs;
}
