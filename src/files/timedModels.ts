// Joins the rows of a file of times to networks that can be counted.

import { builtInNames, familyOf } from '../builtIn.js';
import { modelOfTime, type OwnModels } from '../explain/samples.js';
import { readText } from './readText.js';
import { pathName } from './standardInput.js';
import type { Graph } from '../graph.js';
import { FORMATS } from '../importers/formats.js';
import { InputError } from '../inputError.js';
import { graphOf, type Model } from '../model.js';
import { near } from '../nearest.js';
import { counted } from '../plural.js';
import { profile, type Profile } from '../profile.js';
import type { GivenTime } from '../records/times/readTimes.js';
import { modelNamed, modelsNamed } from './modelNamed.js';
import type { ImageSize } from '../families/family.js';

export interface TimesOptions {
  readonly batch: readonly (number | undefined)[];
  readonly input?: ImageSize | undefined;
  /** Leave rows of unknown models out, however few they are. */
  readonly skipUnknown: boolean;
}

export interface TimedModel {
  readonly graph: Graph;
  readonly counted: Profile;
  readonly family: string;
  readonly milliseconds: number;
}

export interface TimedModels {
  readonly timed: readonly TimedModel[];
  /** A sentence for each reason why rows are left out. */
  readonly omissions: readonly string[];
}

/** Models of the user's own, by the name that runs and rows give them. */
export async function namedModels(names: readonly string[]): Promise<OwnModels> {
  const models = new Map<string, Model>();
  for (const [i, model] of (await modelsNamed(names)).entries()) models.set(names[i]!, model).set(model.name, model);
  return models;
}

/** Printed millions, and biases where a file has its norms folded, differ by less than this. */
const PARAMS_APART = 0.015;

/**
 * Rows whose model is not known are left out where they are most of the file, or under
 * --skip-unknown; rows whose parameters are those of another network are always left out.
 * @throws InputError with file and line
 */
export async function timedModels(path: string, own: OwnModels, options: TimesOptions): Promise<TimedModels> {
  const file = pathName(path);
  const { readTimes } = await import('../records/times/readTimes.js');
  const { rows, failed } = readTimes(await readText(path), file, options.batch[0]);
  const known: { readonly row: GivenTime; readonly model: Model }[] = [];
  const unknown: GivenTime[] = [];
  for (const row of rows) {
    const model = modelOfTime(row.model, own) ?? (await modelOf(row.model, file, row.line));
    if (model) known.push({ row, model });
    else unknown.push(row);
  }
  if (unknown.length > 0 && !options.skipUnknown && 2 * unknown.length <= rows.length)
    throw unknownModel(unknown[0]!, file);
  const timed: TimedModel[] = [];
  let others = 0;
  for (const { row, model } of known) {
    const one = countedRow(row, model, options, file);
    if (one) timed.push(one);
    else others++;
  }
  const out = [
    [failed, 'without a time'],
    [
      unknown.length,
      `of models that are not known${options.skipUnknown ? '' : ' (most of the file; name files of models to count them)'}`,
    ],
    [others, 'whose parameters are those of another network'],
  ] as const;
  const omissions = out.flatMap(([count, why]) =>
    count > 0 ? [`${file}: left out ${counted(count, 'row')} ${why}`] : [],
  );
  return { timed, omissions };
}

/** Endings of files that are read. A name of timm has a dot, too: "resnet50.a1_in1k". */
const ENDINGS = FORMATS.flatMap(({ endings }) => endings.filter((ending) => ending.startsWith('.')));

/** The model file that a row names; undefined where it names none. */
async function modelOf(name: string, file: string, line: number): Promise<Model | undefined> {
  if (!/[/\\]/.test(name) && !ENDINGS.some((ending) => name.toLowerCase().endsWith(ending))) return undefined;
  try {
    return await modelNamed(name);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    throw new InputError(`${file}:${line}: ${error.message}`);
  }
}

function unknownModel({ model, line }: GivenTime, file: string): InputError {
  const close = near(model, builtInNames()).slice(0, 3);
  const meant = close.length > 0 ? `; did you mean ${close.join(' or ')}?` : '';
  return new InputError(
    `${file}:${line}: there is no built-in model ${JSON.stringify(model.slice(0, 80))}${meant} (--skip-unknown leaves out models that are not known; a MODEL file is counted)`,
  );
}

/** Undefined where the parameters of the row are not those of the network. */
function countedRow(row: GivenTime, model: Model, options: TimesOptions, file: string): TimedModel | undefined {
  const { batch, input, params, milliseconds, line } = row;
  try {
    const graph = graphOf(model, batch ?? options.batch[0], input ?? options.input ?? model.input);
    const counts = profile(graph, { source: model.source });
    if (counts.lowerBound)
      throw new InputError(
        `what is counted of ${model.name} is a lower bound, and does not explain its time: leave it out`,
      );
    const own = counts.totals.params / 1e6;
    if (params !== undefined && Math.abs(params - own) > Math.max(0.0051, PARAMS_APART * own)) return undefined;
    return { graph, counted: counts, family: familyOf(model.name), milliseconds };
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    throw new InputError(`${file}:${line}: ${error.message}`);
  }
}
