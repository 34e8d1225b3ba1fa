// Reads the measured runs of a file, one or several. Each is checked before it is used.

import * as z from 'zod';
import { InputError } from '../../inputError.js';
import type { Run } from '../../measure/run.js';
import { FEWEST } from '../../measure/statistics.js';
import { parseJson } from '../../document/parseJson.js';
import { LAWS } from './laws.js';

const number = z.number();
const positive = z.number().positive();
const count = z.int().nonnegative();
const text = z.string();

/** Of a counted network. */
export const totals = z.object({
  params: count,
  multAdds: count,
  flops: count,
  activations: count,
  convLayers: count,
  ops: count,
  // Earlier versions did not count these.
  cio: count.optional(),
  peakActivations: count.optional(),
  peakActivationsOutOfPlace: count.optional(),
  memoryAccess: z.object({ conv: count, linear: count, unfused: count, fused: count }),
  memoryAccessBound: z.object({ conv: number.nonnegative() }),
});

const memory = z.object({
  peakTensorBytes: number.nonnegative().nullable(),
  peakDeviceBytes: number.nonnegative().nullable().default(null),
  deviceBytes: text.nullable().default(null),
  weightBytes: number.nonnegative(),
});

/** Earlier versions called it peakBytes. */
const renamed = (given: unknown): unknown =>
  typeof given === 'object' && given !== null && 'peakBytes' in given
    ? { ...given, peakTensorBytes: given.peakBytes }
    : given;

const times = z.object({
  median: positive,
  lowerQuartile: positive,
  upperQuartile: positive,
  least: positive,
  most: positive,
  spread: number.nonnegative().nullable(),
  windows: z.array(positive).min(1),
  host: number.nonnegative(),
  first: positive,
});

const asRun = z.object({
  kernels: count.positive(),
  providers: z.record(text, count),
  fused: z.array(z.array(text).min(2)),
  memoryAccess: count,
  others: z.array(z.object({ name: text, op: text, elements: count, milliseconds: number.nonnegative().nullable() })),
  whole: positive.nullable(),
});

/** Earlier versions gave two windows a spread of 0. */
const unspread = (given: unknown): unknown =>
  typeof given === 'object' &&
  given !== null &&
  'windows' in given &&
  Array.isArray(given.windows) &&
  given.windows.length < FEWEST
    ? { ...given, spread: null }
    : given;

/** Of a run; records of other measurements share some of them. */
export const runFields = z.object({
  schema: z.literal('flopscope.run/1'),
  measuredAt: z.iso.datetime(),
  flopscope: text,
  model: text.min(1),
  source: z.enum(['built-in', 'config', 'onnx', 'tfjs', 'pt2', 'tflite', 'darknet', 'caffe']),
  input: z.object({ n: count.positive(), c: count.positive(), h: count.positive(), w: count.positive() }),
  engine: text,
  mode: z.enum(['fused', 'eager']),
  precision: text,
  device: z.object({
    // Earlier versions wrote a word for what is not known.
    vendor: text.nullable().transform((vendor) => (vendor === 'unknown' ? null : vendor)),
    name: text,
    kind: z.enum(['gpu', 'cpu']),
    software: z.boolean(),
    driver: text.nullable(),
  }),
  versions: z.record(text, text),
  environment: z.object({ platform: text, cpu: text, cores: number, memoryBytes: number }),
  protocol: z.object({
    warmups: count,
    windows: count.positive(),
    minWindowSeconds: positive,
    inferencesPerWindow: count.positive(),
    seed: number,
    settings: z.record(text, z.union([text, number, z.boolean()])),
  }),
  totals,
  times: z.preprocess(unspread, times),
  imagesPerSecond: positive,
  flopsPerSecond: number.nonnegative(),
  paperFlopsPerSecond: number.nonnegative(),
  bytesPerSecond: number.nonnegative(),
  ceilings: z.object({ flopsPerSecond: positive, bytesPerSecond: positive, how: text }).nullable(),
  utilisation: z.object({ compute: number.nonnegative(), memory: number.nonnegative() }).nullable(),
  memory: z.preprocess(renamed, memory),
  energy: z
    .object({
      joulesPerImage: number.nonnegative(),
      meanWatts: number.nonnegative(),
      idleWatts: number.nonnegative().nullable(),
      idleHow: text.nullable().default(null),
      samples: count,
      meter: text,
    })
    .nullable(),
  noEnergy: text.nullable(),
  layers: z
    .array(
      z.object({
        name: text,
        op: text,
        absorbed: z.array(text),
        milliseconds: number.nonnegative(),
        emulation: text.nullable(),
      }),
    )
    .nullable(),
  layerClock: z.enum(['gpu', 'host']).nullable().default(null),
  asRun: asRun.nullable().default(null),
  weights: z.enum(['seeded', 'file']).default('seeded'),
  noLayers: text.nullable(),
  emulated: z.array(text),
  warnings: z.array(
    z.object({
      kind: z.enum([
        'host-bound',
        'too-short',
        'drifting',
        'noisy',
        'layers-differ',
        'software-device',
        'emulated',
        'other',
      ]),
      message: text,
      flag: text.nullable(),
    }),
  ),
});

const run = runFields.superRefine((given, context) => {
  for (const { path, broken, says } of LAWS)
    if (broken(given)) context.addIssue({ code: 'custom', path: [...path], message: says(given) });
}) satisfies z.ZodType<Run>;

const OTHER_VERSION = /^flopscope\.runs?\/(?!1$)\d{1,6}$/;

/**
 * @param text what `flopscope measure -o` wrote
 * @throws InputError naming the file and the first field that is wrong
 */
export function readRuns(text: string, file: string): readonly Run[] {
  const data = parseJson(text, file, '; make one with flopscope measure -o');
  const { schema, runs } = (typeof data === 'object' && data !== null ? data : {}) as {
    schema?: unknown;
    runs?: unknown;
  };
  const inside = Array.isArray(runs) ? runs.map((one: { readonly schema?: unknown } | null) => one?.schema) : [];
  const other = [schema, ...inside].find((one) => typeof one === 'string' && OTHER_VERSION.test(one));
  if (typeof other === 'string')
    throw new InputError(
      `${file}: is a run of another version of flopscope (its schema is ${other}, this one reads flopscope.run/1); measure again with flopscope measure -o, or use the flopscope that wrote it`,
    );
  if (schema !== 'flopscope.run/1' && schema !== 'flopscope.runs/1')
    throw new InputError(
      `${file}: holds no measured run (its schema is ${JSON.stringify(schema ?? null).slice(0, 60)}, not flopscope.run/1); make one with flopscope measure -o`,
    );
  const several = schema === 'flopscope.runs/1';
  const result = z
    .array(run)
    .min(1)
    .safeParse(several ? runs : [data]);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const path = (several ? ['runs', ...(issue?.path ?? [])] : (issue?.path ?? []).slice(1)).join('.');
  throw new InputError(
    `${file}: ${path || 'runs'} is wrong (${issue?.message ?? 'not a run'}); measure again with flopscope measure -o`,
  );
}
