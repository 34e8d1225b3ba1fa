// Which measured runs does a file hold? One, or several; each is checked before a number of it is shown.

import * as z from 'zod';
import { InputError } from '../../inputError.js';
import type { Run } from '../../measure/run.js';
import { quantile } from '../../measure/statistics.js';

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

/** Of a run; records of other measurements share some of them. */
export const runFields = z.object({
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

type Given = z.infer<typeof runFields>;

/** What a record cannot have been measured with: figures that contradict each other. */
interface Law {
  readonly path: readonly string[];
  readonly broken: (run: Given) => boolean;
  /** Completes "PATH is wrong (...)". */
  readonly says: (run: Given) => string;
}

/** Far more than the rounding of a double, far less than anybody would see. */
const NEAR = 1e-6;
const apart = (a: number, b: number): boolean => Math.abs(a - b) > NEAR * Math.max(a, b);
const rises = (...values: readonly number[]): boolean =>
  values.every((value, i) => i === 0 || value >= values[i - 1]! * (1 - NEAR));
const perSecond = ({ times }: Given, amount: number): number => amount / (times.median / 1000);

const rate = (
  key: 'imagesPerSecond' | 'flopsPerSecond' | 'paperFlopsPerSecond',
  what: string,
  of: (run: Given) => number,
): Law => ({
  path: [key],
  broken: (run) => apart(run[key], perSecond(run, of(run))),
  says: (run) => `${run[key]}, where ${what} over the median make ${perSecond(run, of(run))}`,
});

const LAWS: readonly Law[] = [
  {
    // Layers are timed or there is a reason why not; an empty list is neither.
    path: ['layers'],
    broken: ({ layers, noLayers }) => (layers === null ? noLayers === null : layers.length === 0),
    says: () => 'no layer is there, nor a reason for it in noLayers',
  },
  {
    path: ['times', 'median'],
    broken: ({ times: { least, median, most } }) => !rises(least, median, most),
    says: ({ times: { least, median, most } }) => `${median} is not between the least, ${least}, and the most, ${most}`,
  },
  {
    path: ['times'],
    broken: ({ times: { least, lowerQuartile, median, upperQuartile, most } }) =>
      !rises(least, lowerQuartile, median, upperQuartile, most),
    says: ({ times: { lowerQuartile, median, upperQuartile } }) =>
      `the quartiles ${lowerQuartile} and ${upperQuartile} are out of order with the median ${median}, the least and the most`,
  },
  {
    path: ['times', 'median'],
    broken: ({ times: { median, windows } }) => apart(median, quantile(windows, 0.5)),
    says: ({ times: { median, windows } }) => `${median}, where that of its windows is ${quantile(windows, 0.5)}`,
  },
  rate('imagesPerSecond', 'images of the batch', ({ input: { n } }) => n),
  rate('flopsPerSecond', '2 per multiply-add', ({ totals: { multAdds } }) => 2 * multAdds),
  rate('paperFlopsPerSecond', 'its multiply-adds', ({ totals: { multAdds } }) => multAdds),
];

const run = runFields.superRefine((given, context) => {
  for (const { path, broken, says } of LAWS)
    if (broken(given)) context.addIssue({ code: 'custom', path: [...path], message: says(given) });
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
  if (typeof schema === 'string' && /^flopscope\.runs?\/(?!1$)\d{1,6}$/.test(schema))
    throw new InputError(
      `${file}: is a run of another version of flopscope (its schema is ${schema}, this one reads flopscope.run/1); measure again with flopscope measure -o, or use the flopscope that wrote it`,
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

function parsed(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new InputError(`${file}: is not JSON (${(error as Error).message}); make one with flopscope measure -o`);
  }
}
