// Collects the times to explain: from run files, from a CSV, or by measuring.

import { sampleOf, type Sample } from '../../../src/explain/sample.js';
import { InputError } from '../../../src/inputError.js';
import type { Run } from '../../../src/measure/run.js';
import { graphOf, type Model } from '../../../src/model.js';
import { isBuiltIn } from '../../../src/builtIn.js';
import { counted } from '../../../src/plural.js';
import { measureModels, type MeasureFlags } from '../../measuring/measureModels.js';
import { imageSize, modelNamed } from '../../input/model.js';
import { readRunFiles } from '../../input/runFiles.js';
import { readText } from '../../input/readText.js';
import { runLabel } from '../../../src/measure/label.js';
import type { Screen } from '../../screen.js';

export interface SampleFlags extends MeasureFlags {
  readonly runs?: readonly string[];
  readonly times?: string;
  readonly device?: string;
  readonly skipUnknown: boolean;
}

export interface Samples {
  readonly samples: readonly Sample[];
  readonly device: string | null;
}

/** @param names with --runs and --times: files of models that these name; else what to measure */
export async function sampleSources(names: readonly string[], flags: SampleFlags, screen: Screen): Promise<Samples> {
  if (flags.times !== undefined) return timesElsewhere(flags.times, await namedModels(names), flags, screen);
  const measured = flags.runs === undefined;
  const runs = measured ? await measureModels(names, flags, screen) : await readRunFiles(flags.runs);
  return recorded(runs, await namedModels(names), flags.device);
}

/** Models of the user's own, by the name that runs and rows give them. */
async function namedModels(names: readonly string[]): Promise<ReadonlyMap<string, Model>> {
  const models = new Map<string, Model>();
  for (const name of names) {
    const model = await modelNamed(name);
    models.set(name, model).set(model.name, model);
  }
  return models;
}

async function recorded(
  runs: readonly Run[],
  own: ReadonlyMap<string, Model>,
  label: string | undefined,
): Promise<Samples> {
  const devices = new Set(runs.map(runLabel));
  if (devices.size > 1)
    throw new InputError(
      `these runs are of ${devices.size} devices or engines (${[...devices].join('; ')}): explain one at a time`,
    );
  const samples: Sample[] = [];
  for (const run of runs) {
    const { n, c, h, w } = run.input;
    const model = own.get(run.model) ?? (isBuiltIn(run.model) ? await modelNamed(run.model) : undefined);
    if (model === undefined)
      throw new InputError(
        `a run measured ${JSON.stringify(run.model.slice(0, 80))}, which is no built-in model: name its file as MODEL so that its layers can be counted`,
      );
    const sample = sampleOf(graphOf(model, n, [c, h, w]), run.times.median);
    if (sample.totals.multAdds !== run.totals.multAdds || sample.totals.params !== run.totals.params)
      throw new InputError(
        `the run of ${run.model} counted ${run.totals.multAdds} multiply-adds and the model of that name has ${sample.totals.multAdds}: it has changed since; measure it again`,
      );
    samples.push(sample);
  }
  return { samples, device: label ?? [...devices][0] ?? null };
}

/**
 * timm's names of built-in networks, which follow their authors or torchvision.
 */
const TIMM: Readonly<Record<string, string>> = {
  vovnet39a: 'vovnet39',
  vovnet57a: 'vovnet57',
  mobilenetv1_100: 'mobilenet_v1',
  mobilenetv2_100: 'mobilenet_v2',
};

async function timesElsewhere(
  file: string,
  own: ReadonlyMap<string, Model>,
  flags: SampleFlags,
  screen: Screen,
): Promise<Samples> {
  const { readTimes } = await import('../../../src/records/times/readTimes.js');
  const rows = readTimes(await readText(file), file, flags.batch[0]);
  const samples: Sample[] = [];
  const unknown: string[] = [];
  for (const { model: name, milliseconds, batch, input, line } of rows) {
    const known = own.get(name) ?? own.get(TIMM[name] ?? name);
    const builtIn = TIMM[name] ?? name;
    if (known === undefined && !isBuiltIn(builtIn) && flags.skipUnknown) {
      unknown.push(name);
      continue;
    }
    try {
      const model = known ?? (await modelNamed(builtIn));
      const size = input ?? imageSize(flags.input, model);
      samples.push(sampleOf(graphOf(model, batch ?? flags.batch[0], size), milliseconds));
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      throw new InputError(`${file}:${line}: ${error.message} (--skip-unknown leaves out models that are not known)`);
    }
  }
  if (unknown.length > 0)
    screen.err(`${file}: left out ${counted(unknown.length, 'row')} of models that are not known\n`);
  return { samples, device: flags.device ?? null };
}
