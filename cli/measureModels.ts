// How are several models measured one after the other? On one engine, its ceilings first, each model at each batch.

import { measureCeilings } from '../src/measure/ceilings.js';
import { measure } from '../src/measure/measure.js';
import type { Run } from '../src/measure/run.js';
import { graphOf, type Model } from '../src/model.js';
import { profile, type Profile } from '../src/profile.js';
import { engineNamed } from './engine.js';
import { imageSize, modelNamed } from './model.js';
import { progressBar } from './progressBar.js';
import type { Screen } from './screen.js';
import { VERSION } from './version.js';

export interface MeasureFlags {
  readonly engine: string;
  readonly batch: readonly number[];
  readonly input?: string;
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
  const sizes = models.map((model) => imageSize(flags.input, model));
  const engine = await engineNamed(
    flags.engine,
    { allowSoftware: flags.allowSoftware, ...(flags.dawnToggle ? { dawnToggles: flags.dawnToggle } : {}) },
    screen,
  );
  const jobs = models.flatMap((model, i) => flags.batch.map((n) => ({ model, n, size: sizes[i]! })));
  const bar = await progressBar(jobs.length + (flags.ceilings ? 1 : 0), screen.progress);
  try {
    const ceilings = flags.ceilings ? await measureCeilings(engine, bar.part(engine.name)) : null;
    const runs: Run[] = [];
    for (const { model, n, size } of jobs) {
      const graph = graphOf(model, n, size);
      const counted = profile(graph, { source: model.source });
      const run = await measure(engine, graph, counted, {
        protocol: { warmups: flags.warmups, windows: flags.windows, minWindowSeconds: flags.minWindow },
        seed: flags.seed,
        eager: flags.eager,
        layers: flags.layers,
        ceilings,
        version: VERSION,
        progress: bar.part(`${model.name}, batch ${n}`),
      });
      runs.push(run);
      await finished(run, counted);
    }
    return runs;
  } finally {
    bar.stop();
    await engine.close();
  }
}
