// On what are several graphs measured? On one engine, opened once, its ceilings taken once; graphs come one at a time.

import { DeviceFailure } from '../../src/engines/engine.js';
import type { Graph } from '../../src/graph.js';
import { measureCeilings } from '../../src/measure/ceilings.js';
import { idlePower, type Idle } from '../../src/measure/idle.js';
import { meterFor, type Meter, type NoMeter } from '../../src/measure/meter.js';
import { measure } from '../../src/measure/measure.js';
import type { Ceilings, Run } from '../../src/measure/run.js';
import { UntrustedRun } from '../../src/measure/trust.js';
import type { Profile } from '../../src/profile.js';
import { engineNamed, reopened } from './engine.js';
import { progressBar } from '../output/progressBar.js';
import type { Screen } from '../screen.js';
import { VERSION } from '../output/version.js';

/** How graphs are measured, as the flags of cli/flags/measureOptions.ts say it. */
export interface RunFlags {
  readonly engine: string;
  readonly layers: boolean;
  readonly eager: boolean;
  readonly warmups: number;
  readonly windows: number;
  readonly minWindow: number;
  readonly seed: number;
  readonly ceilings: boolean;
  readonly allowSoftware: boolean;
  readonly dawnToggle?: readonly string[];
}

/** One graph to measure. */
export interface Job {
  /** Concrete, at the batch that is measured. */
  readonly graph: Graph;
  /** The profile of the same graph; its model names the run. */
  readonly counted: Profile;
}

/** An open engine. */
export interface Session<J extends Job> {
  /** Whether the device has room for a job; one that has none is told to `refused`, or thrown. */
  fits(job: J): Promise<boolean>;
  /** The run of a job that fits; undefined for one that was refused. */
  measure(job: J): Promise<Run | undefined>;
  /** What needs no run is a part of the progress bar too. */
  pass(name: string): void;
}

/**
 * Opens the engine, does the work and closes everything again, however it ends.
 * @param parts of the progress bar: jobs that are to come
 * @param refused is told every job that has no room or whose time cannot be trusted, and why; without it, such a job throws
 * @throws InputError for an engine that cannot be had; DeviceFailure and UntrustedRun for a run without a time
 */
export async function inSession<J extends Job, T>(
  flags: RunFlags,
  screen: Screen,
  parts: number,
  refused: ((failure: Error, job: J) => Promise<void>) | undefined,
  work: (session: Session<J>) => Promise<T>,
): Promise<T> {
  const options = {
    allowSoftware: flags.allowSoftware,
    ...(flags.dawnToggle ? { dawnToggles: flags.dawnToggle } : {}),
  };
  let engine = await engineNamed(flags.engine, options, screen);
  const bar = await progressBar(parts + 1, screen.progress);
  let meter: Meter | NoMeter | undefined;
  let begun:
    | { readonly power: { readonly meter: Meter | NoMeter; readonly idle: Idle }; readonly ceilings: Ceilings | null }
    | undefined;
  /** Its result; undefined for a job that was refused. */
  const tried = async <R>(job: J, act: () => R | Promise<R>): Promise<R | undefined> => {
    try {
      return await act();
    } catch (error) {
      if (!(error instanceof DeviceFailure || error instanceof UntrustedRun)) throw error;
      error.message = `${job.counted.model} at batch ${job.counted.input.n}: ${error.message}`;
      if (!refused) throw error;
      await refused(error, job);
      return undefined;
    }
  };
  /** Idle power before the ceilings: a card that has worked is warm and boosted. */
  const begin = async (): Promise<NonNullable<typeof begun>> => {
    const start = bar.part(engine.name);
    start('idle power', 0, 1);
    meter = await meterFor(engine);
    const power = { meter, idle: await idlePower(meter) };
    return { power, ceilings: flags.ceilings ? await measureCeilings(engine, start) : null };
  };
  try {
    return await work({
      fits: async (job) =>
        (await tried(job, () => (engine.demandFits(job.graph, { eager: flags.eager }), true))) ?? false,
      measure: async (job) => {
        begun ??= await begin();
        const { graph, counted } = job;
        const progress = bar.part(`${counted.model}, batch ${counted.input.n}`);
        const run = await tried(job, () =>
          measure(engine, graph, counted, {
            protocol: { warmups: flags.warmups, windows: flags.windows, minWindowSeconds: flags.minWindow },
            ...{ seed: flags.seed, eager: flags.eager, layers: flags.layers },
            ...{ ...begun!, progress, version: VERSION },
          }),
        );
        if (!run && engine.failures().length > 0) {
          // An engine that reported an error gives no time ever after.
          await engine.close();
          engine = await reopened(engine, options);
        }
        return run;
      },
      pass: (name) => {
        bar.part(name)('points', 1, 1);
      },
    });
  } finally {
    bar.stop();
    if (meter && 'stop' in meter) meter.stop();
    await engine.close();
  }
}
