// Collects the times to explain: from run files, from a CSV, or by measuring.

import type { Sample } from '../../../src/explain/sample.js';
import {
  modelOfTime,
  sampleOfTime,
  samplesOfRuns,
  type OwnModels,
  type Samples,
} from '../../../src/explain/samples.js';
import { readRunFiles } from '../../../src/files/runFiles.js';
import { readText } from '../../../src/files/readText.js';
import { InputError } from '../../../src/inputError.js';
import type { Model } from '../../../src/model.js';
import { counted } from '../../../src/plural.js';
import { measureModels, type MeasureFlags } from '../../measuring/measureModels.js';
import { imageSize, modelNamed, modelsNamed } from '../../input/model.js';
import type { Screen } from '../../screen.js';

export interface SampleFlags extends MeasureFlags {
  readonly runs?: readonly string[];
  readonly times?: string;
  readonly device?: string;
  readonly skipUnknown: boolean;
}

/** @param names with --runs and --times: files of models that these name; else what to measure */
export async function sampleSources(names: readonly string[], flags: SampleFlags, screen: Screen): Promise<Samples> {
  if (flags.times !== undefined) return timesElsewhere(flags.times, await namedModels(names), flags, screen);
  const measured = flags.runs === undefined;
  const runs = measured ? await measureModels(names, flags, screen) : await readRunFiles(flags.runs);
  const { samples, device } = samplesOfRuns(runs, await namedModels(names));
  return { samples, device: flags.device ?? device };
}

/** Models of the user's own, by the name that runs and rows give them. */
async function namedModels(names: readonly string[]): Promise<OwnModels> {
  const models = new Map<string, Model>();
  for (const [i, model] of (await modelsNamed(names)).entries()) models.set(names[i]!, model).set(model.name, model);
  return models;
}

async function timesElsewhere(file: string, own: OwnModels, flags: SampleFlags, screen: Screen): Promise<Samples> {
  const { readTimes } = await import('../../../src/records/times/readTimes.js');
  const rows = readTimes(await readText(file), file, flags.batch[0]);
  const samples: Sample[] = [];
  let unknown = 0;
  for (const row of rows) {
    const known = modelOfTime(row.model, own);
    if (known === undefined && flags.skipUnknown) {
      unknown++;
      continue;
    }
    try {
      const model = known ?? (await modelNamed(row.model));
      samples.push(sampleOfTime(row, model, flags.batch[0], imageSize(flags.input, model)));
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      throw new InputError(
        `${file}:${row.line}: ${error.message} (--skip-unknown leaves out models that are not known)`,
      );
    }
  }
  if (unknown > 0) screen.err(`${file}: left out ${counted(unknown, 'row')} of models that are not known\n`);
  return { samples, device: flags.device ?? null };
}
