// How are several models measured one after the other? Each at each batch: a list of graphs, all of them made before the first runs.

import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { RunnableFile } from '../../src/graph.js';
import { InputError } from '../../src/inputError.js';
import type { Run } from '../../src/measure/run.js';
import { graphOf, type Model } from '../../src/model.js';
import { profile, type Profile } from '../../src/profile.js';
import { measureAll, type Job } from '../../src/measure/session.js';
import { withSession, type RunFlags } from './session.js';
import { imageSize, modelNamed } from '../input/model.js';
import type { Screen } from '../screen.js';

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
  const models: Runnable[] = [];
  for (const name of names) models.push(await runnable(name));
  const jobs = models.flatMap((model) => flags.batch.map((n) => jobOf(model, n, flags.input)));
  return withSession(flags, screen, jobs.length, (session) =>
    measureAll(session, jobs, { finished: (run, { counted }) => finished(run, counted) }),
  );
}

export interface Measured {
  /** Those that were finished. */
  readonly runs: readonly Run[];
  /** What ended the rest; thrown again when the runs have been shown. */
  readonly failure: Error | null;
}

/**
 * As measureModels, but a failure after the first run takes nothing away from those before it.
 * @throws what measureModels throws while there is no run yet
 */
export async function measureWhatWorks(
  names: readonly string[],
  flags: MeasureFlags,
  screen: Screen,
  finished: (run: Run, counted: Profile) => Promise<void> = () => Promise.resolve(),
): Promise<Measured> {
  const runs: Run[] = [];
  try {
    await measureModels(names, flags, screen, (run, counted) => {
      runs.push(run);
      return finished(run, counted);
    });
    return { runs, failure: null };
  } catch (error) {
    if (runs.length === 0 || !(error instanceof Error)) throw error;
    return { runs, failure: error };
  }
}

interface Runnable {
  readonly model: Model;
  /** Why its graph cannot run: it leaves out ops that are not known, which the file itself has. */
  readonly onlyFile?: Error;
}

/** @throws InputError for a file whose graph cannot run, where no runtime can run the file either */
async function runnable(name: string): Promise<Runnable> {
  try {
    return { model: await modelNamed(name) };
  } catch (error) {
    if (!(error instanceof InputError) || !/\.onnx$/i.test(name)) throw error;
    const model = await modelNamed(name, { allowUnknown: true }).catch(() => undefined);
    if (!model?.fileAt) throw error;
    return { model, onlyFile: error };
  }
}

function jobOf({ model, onlyFile }: Runnable, n: number | undefined, input: string | undefined): Job {
  const graph = graphOf(model, n, imageSize(input, model));
  const file = whole(model.fileAt?.(graph.inputs[0]!.shape));
  return { graph, counted: profile(graph, { source: model.source }), file, ...(onlyFile ? { onlyFile } : {}) };
}

/** A file whose weights stand in another one that is not there cannot run; its graph can, with weights of ours. */
const whole = (file: RunnableFile | undefined): RunnableFile | undefined =>
  file?.beside.every((name) => existsSync(join(dirname(file.path), name))) ? file : undefined;
