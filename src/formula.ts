// What does `flopscope formula` answer? The closed forms as text, what each symbol promises, and their values at a point.

import { buildWith, closedForm, mapCounts, sumCounts, type ClosedForm, type FieldSymbols } from './closedForm.js';
import type { Counts } from './cost.js';
import { isNumber, symbol, type Dim } from './dim/dim.js';
import { substitute } from './dim/evaluate.js';
import { show } from './dim/text.js';
import { InputError } from './inputError.js';
import type { Omission } from './graph.js';
import { graphOf, type Model } from './model.js';

export interface Formula extends Counts<string> {
  readonly schema: 'flopscope.formula/1';
  readonly model: string;
  /** `ratio` where the symbol stands for ratios alone: it may be a fraction, wherever the network rounds nothing. */
  readonly symbols: Readonly<
    Record<string, { readonly multipleOf: number; readonly field: string; readonly ratio?: true }>
  >;
  /** Only where the graph leaves something out. */
  readonly lowerBound?: Omission;
  /** Only where values were given: exact numbers, or closed forms in the symbols that are left. */
  readonly at?: { readonly values: Readonly<Record<string, number | string>> } & Counts<number | string>;
}

/** A number (of a ratio also a fraction), or the name of another symbol ("w=h" makes the image square). */
export type Point = Readonly<Record<string, number | string>>;

const OWN_FIELDS: Readonly<Record<string, string>> = { n: 'batch', h: 'input height', w: 'input width' };

/**
 * @throws InputError for unknown fields and symbols, values that break a promise, and where no closed form exists
 */
export function formula(model: Model, fieldSymbols: FieldSymbols, point: Point = {}): Formula {
  const form = closedForm(model, fieldSymbols);
  const fields = pathsOf(fieldSymbols);
  return {
    schema: 'flopscope.formula/1',
    model: form.model,
    symbols: Object.fromEntries(
      form.symbols.map(({ name, multipleOf }) => [
        name,
        {
          ...{ multipleOf, field: fields.get(name)?.join(', ') ?? OWN_FIELDS[name]! },
          ...(isRatio(model, fields.get(name)) ? { ratio: true as const } : {}),
        },
      ]),
    ),
    ...mapCounts(form.counts, show),
    ...lowerBoundOf(model),
    ...(Object.keys(point).length === 0 ? {} : { at: { values: point, ...valuesAt(model, form, fields, point) } }),
  };
}

/** What a file's graph leaves out is the same at every size. */
function lowerBoundOf(model: Model): { readonly lowerBound?: Omission } {
  const omitted = model.partial ? graphOf(model).omitted : undefined;
  return omitted ? { lowerBound: omitted } : {};
}

const isRatio = (model: Model, paths: readonly string[] | undefined): boolean =>
  paths?.every((path) => model.fieldAt(path.split('.'))?.kind === 'ratio') ?? false;

/** The fields that each symbol stands for. */
function pathsOf(fieldSymbols: FieldSymbols): ReadonlyMap<string, readonly string[]> {
  const paths = new Map<string, readonly string[]>();
  for (const [path, name] of Object.entries(fieldSymbols)) paths.set(name, [...(paths.get(name) ?? []), path]);
  return paths;
}

function valuesAt(
  model: Model,
  form: ClosedForm,
  fields: ReadonlyMap<string, readonly string[]>,
  point: Point,
): Counts<number | string> {
  const known = new Map(form.symbols.map((letter) => [letter.name, letter]));
  const asked = [...Object.keys(OWN_FIELDS), ...fields.keys()];
  const values: Record<string, Dim> = {};
  for (const [name, value] of Object.entries(point)) {
    if (!known.has(name) && !asked.includes(name))
      throw new InputError(`the closed form has no symbol ${name}: its symbols are ${[...known.keys()].join(', ')}`);
    if (typeof value === 'number' && !Number.isInteger(value) && !isRatio(model, fields.get(name)))
      throw new InputError(
        `${name}=${value} is a fraction, and ${name} counts ${fields.get(name)?.join(', ') ?? OWN_FIELDS[name]!}: give a whole number`,
      );
    values[name] = typeof value === 'number' ? value : sameAs(name, value, known);
  }
  const counts = mapCounts(form.counts, (count) => substitute(count, values));
  if (Object.values(values).every(isNumber) && asked.every((name) => name in values || !known.has(name)))
    check(model, fields, values as Record<string, number>, counts);
  return mapCounts(counts, (count) => (isNumber(count) ? count : show(count)));
}

function sameAs(name: string, other: string, known: ReadonlyMap<string, { readonly multipleOf: number }>): Dim {
  const target = known.get(other);
  if (!target)
    throw new InputError(
      `${name}=${other} names no symbol of the closed form: give a number or one of ${[...known.keys()].join(', ')}`,
    );
  const needed = known.get(name)?.multipleOf ?? 1;
  if (target.multipleOf % needed !== 0)
    throw new InputError(`${name} must be a multiple of ${needed}, and ${other} only promises ${target.multipleOf}`);
  return symbol(other, target.multipleOf);
}

/** A closed form is trusted only where it equals the counted network; that network must also exist at these sizes. */
function check(
  model: Model,
  fields: ReadonlyMap<string, readonly string[]>,
  values: Record<string, number>,
  counts: Counts<Dim>,
): void {
  const config = Object.fromEntries(
    [...fields].flatMap(([name, paths]) => paths.map((path) => [path, values[name] ?? 1])),
  );
  const { n = 1, h = model.input[1], w = model.input[2] } = values;
  const counted = sumCounts(buildWith(model, n, h, w, config));
  mapCounts(counted, (count, pick) => {
    const predicted = pick(counts);
    if (count !== predicted)
      throw new InputError(
        `the closed form of ${model.name} does not hold at these values: two sizes that it takes to differ are equal there (a shortcut that needs no convolution, say), or a ratio rounds channels; use profile for this network`,
      );
  });
}
