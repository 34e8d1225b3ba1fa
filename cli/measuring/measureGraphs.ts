// How are several graphs measured one after the other? All in one session: networks, blocks, stacks of blocks.

import type { Run } from '../../src/measure/run.js';
import { inSession, type Job, type RunFlags } from './measureSession.js';
import type { Screen } from '../screen.js';

/**
 * @param finished is told every run as soon as it is done, with its job, so that a later failure loses nothing
 * @param refused is told every job that has no room or whose time cannot be trusted, and why, and the others go on; without
 * it the first such job ends the session, before anything runs where that is known then
 * @returns the runs in the order of their jobs
 * @throws InputError for an engine that cannot be had; DeviceFailure and UntrustedRun for a run without a time
 */
export function measureGraphs<J extends Job>(
  jobs: readonly J[],
  flags: RunFlags,
  screen: Screen,
  finished: (run: Run, job: J) => Promise<void> = () => Promise.resolve(),
  refused?: (failure: Error, job: J) => Promise<void>,
): Promise<readonly Run[]> {
  return inSession(flags, screen, jobs.length, refused, async (session) => {
    // What cannot fit is said now, not when everything before it has been measured.
    const fitting: J[] = [];
    for (const job of jobs) if (await session.fits(job)) fitting.push(job);
    const runs: Run[] = [];
    for (const job of fitting) {
      const run = await session.measure(job);
      if (!run) continue;
      runs.push(run);
      await finished(run, job);
    }
    return runs;
  });
}
