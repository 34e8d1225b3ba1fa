// Joins times to their networks: times of runs, and times that another program measured.

import { builtIn, familyOf, isBuiltIn } from '../builtIn.js';
import type { ImageSize } from '../families/family.js';
import { InputError } from '../inputError.js';
import { runLabel } from '../measure/label.js';
import type { Run } from '../measure/run.js';
import { graphOf, type Model } from '../model.js';
import { sampleOf, type Sample } from './sample.js';

/** The user's own models, by the names that runs and rows give them. */
export type OwnModels = ReadonlyMap<string, Model>;

export interface Samples {
  readonly samples: readonly Sample[];
  /** The device of the times in words; null where it is not known. */
  readonly device: string | null;
}

/**
 * @throws InputError for runs of several devices, and for one whose model is not known or has other
 * counts
 */
export function samplesOfRuns(runs: readonly Run[], own: OwnModels = new Map()): Samples {
  const devices = new Set(runs.map(runLabel));
  if (devices.size > 1)
    throw new InputError(
      `these runs are of ${devices.size} devices or engines (${[...devices].join('; ')}): explain one at a time`,
    );
  return { samples: runs.map((run) => sampleOfRun(run, own)), device: [...devices][0] ?? null };
}

function sampleOfRun(run: Run, own: OwnModels): Sample {
  const { n, c, h, w } = run.input;
  const model = own.get(run.model) ?? (isBuiltIn(run.model) ? builtIn(run.model) : undefined);
  if (model === undefined)
    throw new InputError(
      `a run measured ${JSON.stringify(run.model.slice(0, 80))}, which is not a built-in model: name its file as MODEL so that its layers can be counted`,
    );
  const sample = sampleOf(graphOf(model, n, [c, h, w]), run.times.median, familyOf(run.model));
  if (sample.totals.multAdds !== run.totals.multAdds || sample.totals.params !== run.totals.params)
    throw new InputError(
      `the run of ${run.model} counted ${run.totals.multAdds} multiply-adds and the model of that name has ${sample.totals.multAdds}: it has changed since; measure it again`,
    );
  return sample;
}

/** A time that another program measured. */
export interface TimedNetwork {
  readonly model: string;
  /** Per inference of the whole batch. */
  readonly milliseconds: number;
  /** Undefined for the default. */
  readonly batch: number | undefined;
  readonly input: ImageSize | undefined;
}

/** timm's names of built-in networks, which follow their authors or torchvision. */
const TIMM: Readonly<Record<string, string>> = {
  vovnet39a: 'vovnet39',
  vovnet57a: 'vovnet57',
  mobilenetv1_100: 'mobilenet_v1',
  mobilenetv2_100: 'mobilenet_v2',
};

/** The model of a row's name: the user's own, or a built-in one under our name or timm's. */
export const modelOfTime = (name: string, own: OwnModels = new Map()): Model | undefined => {
  // "resnet50.a1_in1k" has a tag for its weights.
  const plain = /^\w+\.\w+$/.test(name) ? name.replace(/\.\w+$/, '') : name;
  const ours = TIMM[plain] ?? plain;
  return own.get(name) ?? own.get(ours) ?? (isBuiltIn(ours) ? builtIn(ours) : undefined);
};

/**
 * @param batch for a row that names none
 * @param input the image size for a row that names none
 * @throws InputError for a model that does not take the row's input
 */
export const sampleOfTime = (
  row: TimedNetwork,
  model: Model,
  batch: number | undefined,
  input: ImageSize = model.input,
): Sample => sampleOf(graphOf(model, row.batch ?? batch, row.input ?? input), row.milliseconds, familyOf(model.name));
