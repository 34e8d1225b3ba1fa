// Writes a baseline as JSON, one line a layer, so that a diff shows the layers that changed.

import * as z from 'zod';
import { BASELINE_SCHEMA, FIRST_BASELINE_SCHEMA, type Baseline, type BaselineNetwork } from '../../budgets/baseline.js';
import { FIGURES, LATER_FIGURES } from '../../metrics/metric.js';
import { isExact, METRIC_NAMES, metricOf } from '../../metrics/table.js';
import { optimizerNames } from '../../training/optimizer.js';
import { InputError } from '../../inputError.js';
import { parseJson } from '../../document/parseJson.js';
import { shown } from '../../document/problem.js';

/**
 * The same baseline is always the same text: networks by name, metrics and layers in their own
 * order.
 */
export function baselineJson(baseline: Baseline): string {
  const networks = [...baseline].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)).map(networkText);
  return `{\n  "schema": ${JSON.stringify(BASELINE_SCHEMA)},\n  "networks": [${networks.join(',')}\n  ]\n}\n`;
}

function networkText([key, network]: readonly [string, BaselineNetwork]): string {
  const { device, sessions, metrics, layers, lowerBound, training } = network;
  const figures = METRIC_NAMES.filter((name) => metrics[name] !== undefined).map(
    (name) => `        ${JSON.stringify(name)}: ${JSON.stringify(metrics[name])}`,
  );
  return `
    {
      "network": ${JSON.stringify(key)},
      "device": ${JSON.stringify(device)},${sessions ? `\n      "sessions": ${JSON.stringify(sessions)},` : ''}${lowerBound ? `\n      "lowerBound": ${JSON.stringify(lowerBound)},` : ''}
      "metrics": {\n${figures.join(',\n')}\n      },
      "layers": ${list(layers, 8)}${training ? trainingText(training) : ''}
    }`;
}

/** A line for each item. */
const list = (items: readonly object[], indent: number): string =>
  `[\n${items.map((item) => `${' '.repeat(indent)}${JSON.stringify(item)}`).join(',\n')}\n${' '.repeat(indent - 2)}]`;

const trainingText = ({ options, layers }: NonNullable<BaselineNetwork['training']>): string => `,
      "training": {
        "options": ${JSON.stringify(options)},
        "layers": ${list(layers, 10)}
      }`;

const count = z.int().nonnegative();
const figures = z.strictObject({
  name: z.string(),
  op: z.string(),
  ...Object.fromEntries(FIGURES.map((figure) => [figure, LATER_FIGURES.includes(figure) ? count.optional() : count])),
});
const metrics = z
  .strictObject(
    Object.fromEntries(METRIC_NAMES.map((name) => [name, isExact(metricOf(name)) ? count : z.number().nonnegative()])),
  )
  .partial();
const omission = z.strictObject({
  ops: z.array(z.strictObject({ op: z.string(), nodes: count, first: z.string(), why: z.string().optional() })),
  behind: count,
});
const names = z.array(z.string());
const training = z.strictObject({
  options: z.strictObject({
    freeze: names,
    checkpoint: names,
    optimizer: z.enum(optimizerNames() as [string, ...string[]]),
    amp: z.boolean(),
  }),
  layers: z.array(
    z.strictObject({
      name: z.string(),
      op: z.string(),
      multAdds: count,
      inputMultAdds: count,
      weightMultAdds: count,
      recomputedMultAdds: count,
      memoryAccess: count,
      keptBytes: count,
      optimizerBytes: count,
    }),
  ),
});
const rule = z.strictObject({
  schema: z.enum([BASELINE_SCHEMA, FIRST_BASELINE_SCHEMA]),
  networks: z.array(
    z.strictObject({
      network: z.string(),
      device: z.string().nullable(),
      sessions: z.array(z.number().positive()).min(1).optional(),
      metrics,
      layers: z.array(figures),
      training: training.optional(),
      lowerBound: omission.optional(),
    }),
  ),
});

/**
 * @param text what `flopscope check --update-baseline` wrote
 * @throws InputError naming the file and the first thing that is wrong
 */
export function readBaseline(text: string, file: string): Baseline {
  const data = parsed(text, file);
  const schema = (data as { readonly schema?: unknown } | null)?.schema;
  if (schema !== BASELINE_SCHEMA && schema !== FIRST_BASELINE_SCHEMA)
    throw new InputError(
      `${file}: holds no baseline (its schema is ${shown(schema)}, not ${BASELINE_SCHEMA}): nothing is read from it or written over it; name another file with baseline:`,
    );
  const result = rule.safeParse(schema === FIRST_BASELINE_SCHEMA ? renamed(data) : data);
  if (result.success) {
    const networks = result.data.networks.map(
      ({ network, ...figures }) => [network, figures as BaselineNetwork] as const,
    );
    return new Map(networks);
  }
  const { path, message } = result.error.issues[0]!;
  throw new InputError(`${file}: ${path.map(String).join('.')} is wrong (${shown(message)}): ${REMEDY}`);
}

/** What baseline/1 calls otherwise. */
function renamed(data: unknown): unknown {
  const isMapping = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;
  const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? (value as unknown[]) : []);
  for (const network of listOf((data as Record<string, unknown>)['networks'])) {
    if (!isMapping(network)) continue;
    for (const layer of listOf(network['layers'])) {
      if (!isMapping(layer) || !('memoryAccess' in layer)) continue;
      layer['memoryAccessUnfused'] = layer['memoryAccess'];
      delete layer['memoryAccess'];
    }
  }
  return data;
}

const REMEDY = 'remove the file, and run flopscope check --update-baseline';

function parsed(text: string, file: string): unknown {
  const conflict = text.split('\n').findIndex((line) => line.startsWith('<<<<<<< '));
  if (conflict >= 0) throw new InputError(`${file}:${conflict + 1}:1: a merge left its conflict here: ${REMEDY}`);
  return parseJson(text, file, `: ${REMEDY}`);
}
