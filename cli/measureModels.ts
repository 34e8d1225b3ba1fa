// How are several models measured one after the other? Each at each batch: a list of graphs, all of them made before the first runs.

import type { Run } from '../src/measure/run.js';
import { graphOf, type Model } from '../src/model.js';
import { profile, type Profile } from '../src/profile.js';
import { measureGraphs, type Job, type RunFlags } from './measureGraphs.js';
import { imageSize, modelNamed } from './model.js';
import type { Screen } from './screen.js';

export interface MeasureFlags extends RunFlags {
  /** Undefined where the user names none: the model's own. */
  readonly batch: readonly (number | undefined)[];
  readonly input?: string;
}

/**
 * @param finished is told every run as soon as it is done, with the counts of its graph, so that a later failure loses nothing
 * @throws InputError for a model or engine that cannot be had; DeviceFailure and UntrustedRun for a run without a time
 */
export async function measureModels(
  names: readonly string[],
  flags: MeasureFlags,
  screen: Screen,
  finished: (run: Run, counted: Profile) => Promise<void> = () => Promise.resolve(),
): Promise<readonly Run[]> {
  const models: Model[] = [];
  for (const name of names) models.push(await modelNamed(name));
  const jobs = models.flatMap((model) => flags.batch.map((n) => jobOf(model, n, flags.input)));
  return measureGraphs(jobs, flags, screen, (run, { counted }) => finished(run, counted));
}

function jobOf(model: Model, n: number | undefined, input: string | undefined): Job {
  const graph = graphOf(model, n, imageSize(input, model));
  return { graph, counted: profile(graph, { source: model.source }) };
}
