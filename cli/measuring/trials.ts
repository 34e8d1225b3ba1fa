// Measures the jobs and trials of experiments in a session with the command's flags.

import type { MeasureTrials } from '../../src/lab/outcomes.js';
import type { Run } from '../../src/measure/run.js';
import type { Job } from '../../src/measure/session.js';
import type { Screen } from '../screen.js';
import type { RunFlags } from './session.js';

/** @returns the runs in the order of the jobs */
export async function measureJobs(jobs: readonly Job[], flags: RunFlags, screen: Screen): Promise<readonly Run[]> {
  const [{ withSession }, { measureAll }] = await Promise.all([
    import('./session.js'),
    import('../../src/measure/session.js'),
  ]);
  return withSession(flags, screen, jobs.length, (session) => measureAll(session, jobs));
}

export const measuresTrials =
  (flags: Omit<RunFlags, 'layers'>, screen: Screen): MeasureTrials =>
  async (trials) => {
    const { jobsOf } = await import('../../src/lab/trialJobs.js');
    return measureJobs(jobsOf(trials), { ...flags, layers: false }, screen);
  };
