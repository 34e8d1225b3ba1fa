// The rules of a budgets file, one for each mapping. They check files and make the JSON Schema.

import * as z from 'zod';
import { allowedEnd, METRIC_NAMES, metricOf, type MetricName } from '../../metrics/table.js';
import { FORBIDDABLE } from '../../budgets/forbidden.js';
import type { Mapping } from '../../document/check.js';
import { optimizerNames } from '../../training/optimizer.js';
import { HEADER, HEADER_PHRASES } from '../../document/header.js';
import { name, NAME_PHRASE } from '../../document/rules.js';

const LONGEST_PATH = 1000;
const path = z
  .string()
  .min(1)
  .max(LONGEST_PATH)
  .regex(/^[^\u0000-\u001f\u007f-\u009f\u2028\u2029]+$/);
/** A name with the ending of a file is not a built-in name. Such a file is named by `file`. */
const builtInName = name.regex(/^(?!.*\.[A-Za-z][A-Za-z0-9]*$)/);
/**
 * A name without an ending is a built-in model's. A folder (a SavedModel) is named with a slash.
 */
const modelFile = path.regex(/\.[A-Za-z][A-Za-z0-9]*$|[/\\]/);

const EXAMPLE = 'as in - { model: resnet50, limits: { params: 26M } }';

const audits = z.array(z.enum(FORBIDDABLE as [string, ...string[]])).min(1);
const FORBID = `a list of audits: ${FORBIDDABLE.join(', ')}`;

export const fileMapping = {
  owner: 'a budgets file',
  fields: {},
  phrases: {
    budgets: `a list of at least one network, ${EXAMPLE}`,
    baseline: 'the path of a .json file',
    forbid: FORBID,
  },
  rule: z.strictObject({
    baseline: path
      .regex(/\.json$/)
      .meta({
        description: 'where --update-baseline writes; default: beside this file, .baseline.json for .budgets.yaml',
      })
      .optional(),
    forbid: audits.meta({ description: 'findings of flopscope MODEL that no network may have' }).optional(),
    budgets: z.array(z.unknown()).min(1).meta({ description: 'the networks, each with its limits' }),
  }),
};

export const entryMapping = {
  owner: 'a network of the budgets',
  fields: {},
  phrases: {
    ...HEADER_PHRASES,
    name: NAME_PHRASE,
    model: 'a built-in name (flopscope list); a file is named by file:',
    file: 'the path of a model file with its ending (of a folder with a slash: saved/), from the folder of this file',
    batch: 'a positive whole number',
    run: 'the path of a file of flopscope measure -o, from the folder of this file',
    forbid: FORBID,
  },
  rule: z.strictObject({
    model: builtInName.meta({ description: 'a built-in model, or a detector on one; or file' }).optional(),
    file: modelFile.meta({ description: 'a model file, from the folder of this file; or model' }).optional(),
    name: name.meta({ description: 'what tables call it; default: the model or the file' }).optional(),
    input: HEADER.input.optional(),
    batch: z
      .int()
      .min(1)
      .meta({ description: 'images per inference; default: 1, or what the model file was made for' })
      .optional(),
    run: path
      .meta({ description: 'a file of flopscope measure -o with one run of this network at this input' })
      .optional(),
    training: z.unknown().optional(),
    forbid: audits.meta({ description: 'findings of flopscope MODEL that it may not have' }).optional(),
    limits: z.unknown().optional(),
  }),
};

const limit = z.union([z.number(), z.string()]);

/** "params", or "conv" inside of "memoryAccess". */
export const PATHS: readonly (readonly [name: MetricName, path: readonly string[]])[] = METRIC_NAMES.map((metric) => [
  metric,
  metric.split('.'),
]);

const rulesUnder = (group: string | undefined): Record<string, z.ZodType> =>
  Object.fromEntries(
    PATHS.filter(([, path]) => (path.length > 1 ? path[0] : undefined) === group).map(([metric, path]) => {
      const row = metricOf(metric);
      const description = `${row.about} The ${allowedEnd(row)} that is allowed.`;
      return [path.at(-1)!, limit.meta({ description }).optional()];
    }),
  );

/** Groups of metrics: "memoryAccess" and "training". */
export const GROUPS: readonly string[] = [...new Set(PATHS.flatMap(([, path]) => (path.length > 1 ? [path[0]!] : [])))];

export const groupMapping = (group: string): Mapping => ({
  owner: group,
  prefix: `${group}.`,
  fields: {},
  rule: loose(z.strictObject(rulesUnder(group))),
});

const groupRules: Readonly<Record<string, z.ZodType>> = Object.fromEntries(
  GROUPS.map((group) => [
    group,
    z
      .strictObject(rulesUnder(group))
      .meta({ description: group === 'training' ? 'of a training step' : 'in elements' })
      .optional(),
  ]),
);

export const limitsMapping: Mapping = {
  owner: 'the limits',
  fields: {},
  rule: loose(z.strictObject({ ...rulesUnder(undefined), ...groupRules })),
};

const names = z.array(name).min(1);
const trainingRule = z.strictObject({
  freeze: names.meta({ description: 'stages, blocks or layers that are not trained' }).optional(),
  checkpoint: names.meta({ description: 'what runs again: stage, block, concat, or names' }).optional(),
  optimizer: z
    .enum(optimizerNames() as [string, ...string[]])
    .meta({ description: 'whose state is counted; default: sgd' })
    .optional(),
  amp: z.boolean().meta({ description: 'mixed precision, as autocast on CUDA has it' }).optional(),
});

export const trainingMapping: Mapping = {
  owner: 'training',
  prefix: 'training.',
  fields: {},
  phrases: {
    freeze: 'a list of stages, blocks or layers',
    checkpoint: 'a list of stage, block, concat, or names of stages, blocks and layers',
    optimizer: `one of ${optimizerNames().join(', ')}`,
    amp: 'true or false',
  },
  rule: trainingRule,
};

/** Keys are checked here. limitText.ts reads their values, since its messages are more precise. */
function loose({ shape }: z.ZodObject): z.ZodObject {
  return z.strictObject(Object.fromEntries(Object.keys(shape).map((key) => [key, z.unknown()]))).partial();
}

const wholeLimits = z
  .strictObject({ ...rulesUnder(undefined), ...groupRules })
  .meta({ description: 'numbers (8_000_000, 8.1M, 2.87 G, 12 ms, 40%) or changes from the baseline (+2%)' });
const withTraining = entryMapping.rule.extend({
  training: trainingRule.meta({ description: 'how it is trained, for limits of a training step' }).optional(),
});
/** A network with its own limits or forbidden findings. */
const limited = z.union([
  withTraining.extend({ limits: wholeLimits }),
  withTraining.extend({ limits: wholeLimits.optional(), forbid: withTraining.shape.forbid.unwrap() }),
]);
const listOf = (entry: z.ZodType) => z.array(entry).min(1).meta({ description: 'the networks, each with its limits' });

/** The whole file in one rule, for the schema. What it forbids everywhere needs no limits. */
export const budgetsRule = z.union([
  fileMapping.rule.extend({ budgets: listOf(limited) }),
  fileMapping.rule.extend({
    forbid: fileMapping.rule.shape.forbid.unwrap(),
    budgets: listOf(withTraining.extend({ limits: wholeLimits.optional() })),
  }),
]);
