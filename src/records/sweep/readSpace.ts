// Reads a space file: a model, and a list of values or a range for each field.

import * as z from 'zod';
import type { ImageSize } from '../../families/family.js';
import type { Axis, DesignSpace } from '../../sweep/space.js';
import { check, type Mapping } from '../../document/check.js';
import { HEADER, HEADER_PHRASES, imageSize, type GivenInput } from '../../document/header.js';
import { readDocument, type TextDocument } from '../../document/document.js';
import { demandNoProblem, Problems, shown, type Path, type Problem } from '../../document/problem.js';
import { name, NAME_PHRASE } from '../../document/rules.js';

const WORDING = { kind: 'a design space', start: 'name a model and what to vary' };
const MOST_VALUES = 100_000;

const spaceMapping: Mapping = {
  owner: 'a design space',
  fields: {},
  phrases: {
    model: NAME_PHRASE,
    file: 'the path of a model file, from the folder of this file',
    vary: 'fields with their values, as in { growth: { from: 16, to: 48, step: 8 } }',
    inputs: `a list of ${HEADER_PHRASES.input}`,
    batches: 'a list of positive whole numbers',
  },
  rule: z.strictObject({
    model: name.meta({ description: 'a built-in model; or file' }).optional(),
    file: z.string().min(1).max(1000).meta({ description: 'a model file, from the folder of this file' }).optional(),
    vary: z
      .record(z.string(), z.unknown())
      .meta({ description: 'dotted paths of config fields and their values' })
      .optional(),
    inputs: z.array(HEADER.input).min(1).optional(),
    batches: z.array(z.int().min(1)).min(1).optional(),
  }),
};

interface GivenSpace {
  readonly model?: string;
  readonly file?: string;
  readonly vary?: Readonly<Record<string, unknown>>;
  readonly inputs?: readonly GivenInput[];
  readonly batches?: readonly number[];
}

/** @throws InputError of one line, "file:line:column: what is wrong and what to do" */
export function readSpace(text: string, fileName: string): DesignSpace {
  const document = readDocument(text, fileName, WORDING);
  try {
    if (document.data === null) demandNoProblem([{ message: `the file is empty: ${WORDING.start}`, path: [] }]);
    demandNoProblem(check(spaceMapping, document.data, []));
    const { model = null, file = null, vary = {}, inputs, batches } = document.data as GivenSpace;
    if ((model === null) === (file === null))
      demandNoProblem([{ message: 'a design space names its model by model: or by file:, one of the two', path: [] }]);
    demandNoProblem([
      ...twice('inputs', inputs?.map((given) => imageSize(given).join('x')) ?? []),
      ...twice('batches', batches ?? []),
    ]);
    const read = Object.entries(vary).map(([path, given]) => axisOf(path, given));
    demandNoProblem(read.flatMap((one) => ('problems' in one ? one.problems : [])));
    if (read.length === 0 && inputs === undefined && batches === undefined)
      demandNoProblem([
        {
          message: `nothing varies: give vary (${spaceMapping.phrases!['vary']!}), inputs or batches`,
          path: 'vary' in (document.data as GivenSpace) ? ['vary'] : [],
        },
      ]);
    return {
      model,
      file,
      axes: read.flatMap((one) =>
        'values' in one
          ? [{ ...one, place: document.place(['vary', one.path], true), places: placesOf(one, vary, document) }]
          : [],
      ),
      inputs: inputs?.map((given): ImageSize => imageSize(given)) ?? [null],
      batches: batches ?? [1],
      place: document.place([]),
    };
  } catch (error) {
    throw error instanceof Problems ? document.refuse(error.problems) : error;
  }
}

const plainValue = z.union([z.number(), z.string(), z.boolean()]);
const range = z.strictObject({ from: z.number(), to: z.number(), step: z.number().positive() });

/** Values that occur twice in a list, whose points would occur twice. */
const twice = (key: string, values: readonly (number | string)[]): readonly Problem[] =>
  values.flatMap((value, i) =>
    values.indexOf(value) < i
      ? [{ message: `${key} has the value ${shown(value)} twice: remove one`, path: [key, i] }]
      : [],
  );

const placesOf = (
  { path, values }: Omit<Axis, 'place' | 'places'>,
  vary: NonNullable<GivenSpace['vary']>,
  document: TextDocument,
): readonly string[] => values.map((_, i) => document.place(['vary', path, ...(Array.isArray(vary[path]) ? [i] : [])]));

function axisOf(
  path: string,
  given: unknown,
): Omit<Axis, 'place' | 'places'> | { readonly problems: readonly Problem[] } {
  const at: Path = ['vary', path];
  const wrong = (message: string): { readonly problems: readonly Problem[] } => ({ problems: [{ message, path: at }] });
  const listed = z.array(plainValue).min(1).max(MOST_VALUES).safeParse(given);
  if (listed.success) {
    const twice = listed.data.find((value, i) => listed.data.indexOf(value) < i);
    return twice === undefined
      ? { path, values: listed.data }
      : wrong(`${path} has the value ${shown(twice)} twice: remove one`);
  }
  const spanned = range.safeParse(given);
  if (!spanned.success)
    return wrong(
      `${path} must be a list of values, as in [16, 24, 32], or a range, as in { from: 16, to: 48, step: 8 }, not ${shown(given)}`,
    );
  const { from, to, step } = spanned.data;
  const count = Math.floor((to - from) / step + 1e-9) + 1;
  if (!(count >= 1 && count <= MOST_VALUES))
    return wrong(`${path} has no value, or too many, from ${from} to ${to} by steps of ${step}`);
  // 0.1 x 3 is not 0.3 in binary: values are rounded to their decimal form.
  return { path, values: Array.from({ length: count }, (_, i) => Number((from + i * step).toPrecision(12))) };
}
