// Measures the jobs and trials of experiments in a session with the command's flags.

import type { MeasureTrials } from '../../src/lab/outcomes.js';
import type { Run } from '../../src/measure/run.js';
import type { Job } from '../../src/measure/session.js';
import type { Screen } from '../screen.js';
import type { RunFlags } from './session.js';

/** @returns the runs in the order of the jobs */
export const measureJobs = async (jobs: readonly Job[], flags: RunFlags, screen: Screen): Promise<readonly Run[]> =>
  (await import('./sessions.js')).measureJobs(jobs, flags, screen);

export const measuresTrials =
  (flags: Omit<RunFlags, 'layers'>, screen: Screen): MeasureTrials =>
  async (trials) => {
    const { jobsOf } = await import('../../src/lab/trialJobs.js');
    return measureJobs(jobsOf(trials), { ...flags, layers: false }, screen);
  };
