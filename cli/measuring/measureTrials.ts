// How are the trials of an experiment measured? All on one engine, in their order.

import type { Trial } from '../../src/lab/experiment.js';
import type { Run } from '../../src/measure/run.js';
import { profile } from '../../src/profile.js';
import type { RunFlags } from './measureSession.js';
import type { Screen } from '../screen.js';

/** @returns the runs in the order of the trials */
export async function measureTrials(
  trials: readonly Trial[],
  flags: Omit<RunFlags, 'layers'>,
  screen: Screen,
): Promise<readonly Run[]> {
  const { measureGraphs } = await import('./measureGraphs.js');
  const jobs = trials.map(({ graph }) => ({ graph, counted: profile(graph) }));
  return measureGraphs(jobs, { ...flags, layers: false }, screen);
}
