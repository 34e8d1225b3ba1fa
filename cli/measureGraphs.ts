// How are several graphs measured one after the other? On one engine, opened once, its ceilings first: networks, blocks, stacks of blocks.

import { DeviceFailure } from '../src/engines/engine.js';
import type { Graph } from '../src/graph.js';
import { measureCeilings } from '../src/measure/ceilings.js';
import { idlePower } from '../src/measure/idle.js';
import { meterFor, type Meter, type NoMeter } from '../src/measure/meter.js';
import { measure } from '../src/measure/measure.js';
import type { Run } from '../src/measure/run.js';
import { UntrustedRun } from '../src/measure/trust.js';
import type { Profile } from '../src/profile.js';
import { engineNamed, reopened } from './engine.js';
import { progressBar } from './progressBar.js';
import type { Screen } from './screen.js';
import { VERSION } from './version.js';

/** How graphs are measured, as the flags of cli/declare/measureOptions.ts say it. */
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

/**
 * @param finished is told every run as soon as it is done, with its job, so that a later failure loses nothing
 * @param refused is told every job that has no room or whose time cannot be trusted, and why, and the others go on; without
 * it the first such job ends the session, before anything runs where that is known then
 * @returns the runs in the order of their jobs
 * @throws InputError for an engine that cannot be had; DeviceFailure and UntrustedRun for a run without a time
 */
export async function measureGraphs<J extends Job>(
  jobs: readonly J[],
  flags: RunFlags,
  screen: Screen,
  finished: (run: Run, job: J) => Promise<void> = () => Promise.resolve(),
  refused?: (failure: Error, job: J) => Promise<void>,
): Promise<readonly Run[]> {
  const options = {
    allowSoftware: flags.allowSoftware,
    ...(flags.dawnToggle ? { dawnToggles: flags.dawnToggle } : {}),
  };
  let engine = await engineNamed(flags.engine, options, screen);
  const bar = await progressBar(jobs.length + 1, screen.progress);
  let meter: Meter | NoMeter | undefined;
  /** Its result; undefined for a job that was refused. */
  const tried = async <T>(job: J, work: () => T | Promise<T>): Promise<T | undefined> => {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof DeviceFailure || error instanceof UntrustedRun)) throw error;
      error.message = `${job.counted.model} at batch ${job.counted.input.n}: ${error.message}`;
      if (!refused) throw error;
      await refused(error, job);
      return undefined;
    }
  };
  try {
    // What cannot fit is said now, not when everything before it has been measured.
    const fitting: J[] = [];
    for (const job of jobs)
      if (await tried(job, () => (engine.demandFits(job.graph, { eager: flags.eager }), true))) fitting.push(job);
    const start = bar.part(engine.name);
    start('idle power', 0, 1);
    meter = await meterFor(engine);
    // Before the ceilings: a card that has worked is warm and boosted.
    const power = { meter, idle: await idlePower(meter) };
    const ceilings = flags.ceilings && fitting.length > 0 ? await measureCeilings(engine, start) : null;
    const runs: Run[] = [];
    for (const job of fitting) {
      const { graph, counted } = job;
      const progress = bar.part(`${counted.model}, batch ${counted.input.n}`);
      const run = await tried(job, () =>
        measure(engine, graph, counted, {
          protocol: { warmups: flags.warmups, windows: flags.windows, minWindowSeconds: flags.minWindow },
          ...{ seed: flags.seed, eager: flags.eager, layers: flags.layers },
          ...{ ceilings, power, progress, version: VERSION },
        }),
      );
      if (run) {
        runs.push(run);
        await finished(run, job);
      } else if (engine.failures().length > 0) {
        // An engine that reported an error gives no time ever after.
        await engine.close();
        engine = await reopened(engine, options);
      }
    }
    return runs;
  } finally {
    bar.stop();
    if (meter && 'stop' in meter) meter.stop();
    await engine.close();
  }
}
