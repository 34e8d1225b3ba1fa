// Reads a record that guidelines or study wrote with -o. It is checked before it is used.

import * as z from 'zod';
import { InputError } from '../../inputError.js';
import type { Outcome, LabResult } from '../../lab/outcome.js';
import type { OsaStudy } from '../../lab/osaStudy.js';
import { RECORDED_TOTALS, RUN } from '../../measure/run.js';
import type { Setup } from '../../measure/setup.js';
import type { VoVNetTables } from '../../studies/voVNetTables.js';
import { parseJson } from '../../document/parseJson.js';

const number = z.number();
const positive = z.number().positive();
const count = z.int().positive();
const text = z.string();

const setup = z
  .object({
    ...RUN.pick({
      ...{ flopscope: true, engine: true, mode: true, precision: true, device: true, versions: true },
      environment: true,
    }).shape,
    measured: z.tuple([text, text]),
    protocol: RUN.shape.protocol.omit({ inferencesPerWindow: true }),
  })
  .nullable() satisfies z.ZodType<Setup | null>;

const trial = z.object({
  scale: positive,
  variant: text,
  widths: text,
  published: z.object({ gpu: positive.nullable(), arm: positive.nullable() }),
  totals: RECORDED_TOTALS,
  milliseconds: positive.nullable(),
  flopsPerSecond: number.nonnegative().nullable(),
  peakTensorBytes: number.nonnegative().nullable(),
  joulesPerImage: number.nonnegative().nullable(),
  noEnergy: text.nullable(),
  ratios: z.object({
    multAdds: positive,
    memoryAccess: positive,
    time: positive.nullable(),
    uncertainty: number.nonnegative().nullable(),
    interval: z.tuple([positive, positive]).nullable().optional(),
    comparison: z
      .object({
        verdict: z.enum(['slower', 'faster', 'no difference', 'cannot tell']),
        basis: z.enum(['sessions', 'windows', 'allowance', 'none']),
        sessions: number.nonnegative(),
      })
      .nullable()
      .optional(),
  }),
  bearing: z.enum(['bears it out', 'contradicts it', 'within noise']).nullable(),
  warnings: z.array(text),
  emulated: z.boolean(),
});

const outcome = z.object({
  key: text,
  claim: text,
  source: text,
  protocol: text,
  measure: z.enum(['time', 'saving', 'timePerMultAdd']),
  trials: z.array(trial).min(1),
  verdict: z.enum(['holds', 'does not hold', 'within noise', 'mixed']).nullable(),
  because: text.nullable(),
}) satisfies z.ZodType<Outcome>;

const guidelines = z.object({
  schema: z.literal('flopscope.guidelines/1'),
  assumptions: z.object({
    ...{ batch: count, side: count, blocks: count, widths: z.enum(['gpu', 'arm']) },
    ...{ scales: z.array(count).min(1), squeeze: count },
  }),
  device: text.nullable(),
  setup,
  outcomes: z.array(outcome).min(1),
}) satisfies z.ZodType<LabResult>;

const deviation = z.object({ params: number.optional(), multAdds: number.optional() }).nullable();

const osa = z.object({
  schema: z.literal('flopscope.study.osa/1'),
  assumptions: z.object({
    ...{ batch: count, image: z.tuple([count, count]), strides: z.array(count).min(1), layers: count },
  }),
  device: text.nullable(),
  setup,
  outcomes: z.array(outcome.extend({ part: text, deviations: z.array(deviation) })).min(1),
  printed: z.array(z.object({ variant: text, printed: text, elements: number, holds: z.boolean() })),
});

const compared = z.object({
  ours: number,
  paper: text.nullable(),
  off: number.nullable(),
  allowed: z.tuple([number, number]).nullable(),
  inside: z.boolean().nullable(),
  tells: z.boolean().nullable(),
  verdict: z.enum(['all digits', 'within 1 %', 'as far as printed', 'differs']).nullable(),
});
const table = z.enum(['2', '3', '4', '7', 'readme', 'centermask2']);
const printed = text.optional();

const tables = z.object({
  schema: z.literal('flopscope.study.vovnet-tables/1'),
  device: text.nullable(),
  setup,
  rows: z
    .array(
      z.object({
        ...{ table, detector: text, backbone: text, model: text, multAdds: z.int().nonnegative() },
        ...{ flops: compared, params: compared, paramsOf: text.nullable(), note: text },
        figures: z.object({
          ...{ flops: printed, params: printed, fps: printed, milliseconds: printed },
          ...{ memory: printed, energy: printed, efficiency: printed },
        }),
        measured: z
          .object({
            ...{ framesPerSecond: positive, peakMegabytes: number.nullable(), joulesPerImage: number.nullable() },
            ...{ memoryOf: z.enum(['tensors', 'device']), gigaflopsPerSecond: number },
          })
          .nullable(),
      }),
    )
    .min(1),
  differences: z.array(
    z.object({ table, detector: text, to: text, from: text, flops: compared.nullable(), params: compared }),
  ),
});

const RULES = {
  'flopscope.guidelines/1': guidelines,
  'flopscope.study.osa/1': osa,
  'flopscope.study.vovnet-tables/1': tables,
} as const;

/** A description of each kind of record. */
export interface Records {
  readonly 'flopscope.guidelines/1': LabResult;
  readonly 'flopscope.study.osa/1': OsaStudy;
  readonly 'flopscope.study.vovnet-tables/1': VoVNetTables;
}

/** The command that writes a record of each kind. */
const COMMANDS: Readonly<Record<keyof Records, string>> = {
  'flopscope.guidelines/1': 'flopscope study guidelines',
  'flopscope.study.osa/1': 'flopscope study osa',
  'flopscope.study.vovnet-tables/1': 'flopscope study vovnet-tables',
};

/**
 * @param content what `-o` wrote
 * @throws InputError naming the file, and what it holds instead or the first field that is wrong
 */
export function readLab<S extends keyof Records>(content: string, file: string, schema: S): Records[S] {
  const data = parseJson(content, file, `; make one with ${COMMANDS[schema]} -o record.json`);
  const found = (typeof data === 'object' && data !== null ? data : {}) as { readonly schema?: unknown };
  const other = Object.keys(COMMANDS).find((known) => known === found.schema) as keyof Records | undefined;
  if (other !== schema)
    throw new InputError(
      other
        ? `${file}: is a record of ${COMMANDS[other]}: give it to ${COMMANDS[other]} --from`
        : `${file}: holds no record of ${COMMANDS[schema]} (its schema is ${JSON.stringify(found.schema ?? null).slice(0, 60)}, not ${schema}); make one with ${COMMANDS[schema]} -o`,
    );
  const result = RULES[schema].safeParse(data);
  if (result.success) return result.data as unknown as Records[S];
  const [issue] = result.error.issues;
  throw new InputError(
    `${file}: ${issue?.path.join('.') ?? 'it'} is wrong (${issue?.message ?? 'not a record'}); make it again with ${COMMANDS[schema]} -o`,
  );
}
