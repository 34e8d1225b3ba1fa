// Measures several models, each at each batch. All graphs are built before the first one runs.

import { distinct } from '../../src/files/distinctNames.js';
import { runnableModel, type Runnable } from '../../src/files/runnableModel.js';
import type { Run } from '../../src/measure/run.js';
import type { Profile } from '../../src/profile.js';
import { jobOf } from '../../src/measure/job.js';
import type { RunFlags } from './session.js';
import { measureJobs } from './sessions.js';
import { imageSize } from '../input/model.js';
import type { Screen } from '../screen.js';

export interface MeasureFlags extends RunFlags {
  /** Undefined where the user names none: the model's own. */
  readonly batch: readonly (number | undefined)[];
  readonly input?: string;
}

/**
 * @param finished is told every run after each session, with the counts of its graph, so that a
 * later failure loses nothing
 * @throws InputError for a model or engine that is not available; DeviceFailure and UntrustedRun
 * for a run without a time
 */
export async function measureModels(
  names: readonly string[],
  flags: MeasureFlags,
  screen: Screen,
  finished: (run: Run, counted: Profile) => Promise<void> = () => Promise.resolve(),
): Promise<readonly Run[]> {
  const found: Runnable[] = [];
  for (const name of names) found.push(await runnableModel(name));
  const models = distinct(
    found.map(({ model }) => model),
    names,
  );
  const jobs = models.flatMap((model, i) =>
    flags.batch.map((n) => jobOf(model, n, imageSize(flags.input, model), found[i]!.onlyFile)),
  );
  return measureJobs(jobs, flags, screen, { finished: (run, { counted }) => finished(run, counted) });
}

export interface Measured {
  /** Those that were finished. */
  readonly runs: readonly Run[];
  /** The error that ended the work; it is thrown again after the runs are printed. */
  readonly failure: Error | null;
}

/**
 * Like measureModels, but a failure after the first run keeps the runs before it.
 * @throws what measureModels throws while there is no run yet
 */
export async function measureWhatWorks(
  names: readonly string[],
  flags: MeasureFlags,
  screen: Screen,
  finished: (run: Run, counted: Profile) => Promise<void> = () => Promise.resolve(),
): Promise<Measured> {
  const runs = new Map<Profile, Run>();
  try {
    await measureModels(names, flags, screen, (run, counted) => {
      runs.set(counted, run);
      return finished(run, counted);
    });
    return { runs: [...runs.values()], failure: null };
  } catch (error) {
    if (runs.size === 0 || !(error instanceof Error)) throw error;
    return { runs: [...runs.values()], failure: error };
  }
}
