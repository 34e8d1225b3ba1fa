// Which measured runs does a file hold? One, or several; each is checked before a number of it is shown.

import * as z from 'zod';
import { InputError } from '../../inputError.js';
import type { Run } from '../../measure/run.js';

const number = z.number();
const positive = z.number().positive();
const count = z.int().nonnegative();
const text = z.string();

const totals = z.object({
  params: count,
  multAdds: count,
  flops: count,
  activations: count,
  convLayers: count,
  ops: count,
  memoryAccess: z.object({ conv: count, linear: count, unfused: count, fused: count }),
  memoryAccessBound: z.object({ conv: number.nonnegative() }),
});

const fields = z.object({
  schema: z.literal('flopscope.run/1'),
  measuredAt: text,
  flopscope: text,
  model: text.min(1),
  source: z.enum(['built-in', 'config', 'onnx', 'tfjs']),
  input: z.object({ n: count.positive(), c: count.positive(), h: count.positive(), w: count.positive() }),
  engine: text,
  mode: z.enum(['fused', 'eager']),
  precision: text,
  device: z.object({
    vendor: text,
    name: text,
    kind: z.enum(['gpu', 'cpu']),
    software: z.boolean(),
    driver: text.nullable(),
  }),
  versions: z.record(text, text),
  environment: z.object({ platform: text, cpu: text, cores: number, memoryBytes: number }),
  protocol: z.object({
    warmups: count,
    windows: count,
    minWindowSeconds: positive,
    inferencesPerWindow: count,
    seed: number,
    settings: z.record(text, z.union([text, number, z.boolean()])),
  }),
  totals,
  times: z.object({
    median: positive,
    lowerQuartile: positive,
    upperQuartile: positive,
    least: positive,
    most: positive,
    spread: number.nonnegative(),
    windows: z.array(positive).min(1),
    host: number.nonnegative(),
    first: positive,
  }),
  imagesPerSecond: positive,
  flopsPerSecond: number.nonnegative(),
  paperFlopsPerSecond: number.nonnegative(),
  bytesPerSecond: number.nonnegative(),
  ceilings: z.object({ flopsPerSecond: positive, bytesPerSecond: positive, how: text }).nullable(),
  utilisation: z.object({ compute: number.nonnegative(), memory: number.nonnegative() }).nullable(),
  memory: z.object({ peakBytes: number.nonnegative().nullable(), weightBytes: number.nonnegative() }),
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
  noLayers: text.nullable(),
  emulated: z.array(text),
  warnings: z.array(
    z.object({
      kind: z.enum(['host-bound', 'too-short', 'drifting', 'noisy', 'software-device', 'emulated', 'other']),
      message: text,
      flag: text.nullable(),
    }),
  ),
});

/** Layers are timed or there is a reason why not; an empty list is neither. */
const run = fields.refine(({ layers, noLayers }) => (layers === null ? noLayers !== null : layers.length > 0), {
  path: ['layers'],
  message: 'no layer is there, nor a reason for it in noLayers',
}) satisfies z.ZodType<Run>;

/**
 * @param text what `flopscope measure -o` wrote
 * @throws InputError naming the file and the first field that is wrong
 */
export function readRuns(text: string, file: string): readonly Run[] {
  const data = parsed(text, file);
  const { schema, runs } = (typeof data === 'object' && data !== null ? data : {}) as {
    schema?: unknown;
    runs?: unknown;
  };
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

function parsed(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new InputError(`${file}: is not JSON (${(error as Error).message}); make one with flopscope measure -o`);
  }
}
