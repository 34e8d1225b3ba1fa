// Reads a device record that flopscope device wrote. It is checked before it is used.

import * as z from 'zod';
import { ORIGINS, type Device } from '../../devices/device.js';
import { MODE_NAMES } from '../../devices/modes.js';
import { RATIO_NAMES } from '../../devices/rates.js';
import { clipped } from '../../document/problem.js';
import { parseJson } from '../../document/parseJson.js';
import { InputError } from '../../inputError.js';

const rate = z.number().positive().max(1e18);
const share = z.number().nonnegative();
const text = z.string().min(1).max(400);
const range = z
  .tuple([z.number().nonnegative(), z.number().nonnegative()])
  .refine(([least, most]) => most >= least, 'its end is below its beginning');

const device = z.strictObject({
  schema: z.literal('flopscope.device/1'),
  name: z.string().regex(/^[\w.+-]{1,60}$/, 'must be letters, digits and any of ._+-'),
  title: text,
  kind: z.enum(['gpu', 'cpu']).optional(),
  mode: z.enum(MODE_NAMES),
  precision: z.string().min(1).max(40),
  bytesPerElement: z.number().positive().max(16),
  flopsPerSecond: rate,
  bytesPerSecond: rate,
  weightBytesPerSecond: rate.nullable(),
  secondsPerLaunch: share.max(10),
  halfLength: share.max(1e6).nullable(),
  ratios: z
    .strictObject(
      Object.fromEntries(RATIO_NAMES.map((name) => [name, rate])) as Record<(typeof RATIO_NAMES)[number], typeof rate>,
    )
    .nullable(),
  origin: z.enum(ORIGINS),
  source: text,
  fittedOn: z
    .strictObject({
      networks: z.int().positive(),
      batch: range,
      side: range,
      multAdds: range,
      transformers: z.boolean(),
      launchShare: share.max(1),
    })
    .nullable(),
  error: z
    .strictObject({
      median: share,
      p90: share,
      networks: z.int().positive(),
      leftOut: z.enum(['networks', 'families', 'device']),
    })
    .refine(({ median, p90 }) => p90 >= median, 'its 90th percentile is below its median'),
}) satisfies z.ZodType<Device>;

const HELP = '; make one with flopscope device calibrate -o';

/** @throws InputError naming the file and the first field that is wrong */
export function readDevice(text: string, file: string): Device {
  const data = parseJson(text, file, HELP);
  const schema = (typeof data === 'object' && data !== null ? data : {}) as { readonly schema?: unknown };
  if (schema.schema !== 'flopscope.device/1')
    throw new InputError(
      `${file}: is not a device record (its schema is ${clipped(JSON.stringify(schema.schema ?? null), 60)}, not flopscope.device/1)${HELP}`,
    );
  const result = device.safeParse(data);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw new InputError(
    `${file}: ${issue?.path.join('.') || 'the record'} is wrong (${clipped(issue?.message ?? '', 200)})${HELP}`,
  );
}
