// What does `flopscope formula` answer? The closed forms as text, what each symbol promises, and their values at a point.

import { buildWith, closedForm, mapCounts, sumCounts, type ClosedForm, type FieldSymbols } from './closedForm.js';
import type { Counts } from './cost.js';
import { isNumber, settle, symbol, symbolsOf, type Dim } from './dim/dim.js';
import { substitute } from './dim/evaluate.js';
import { constant, type Letter } from './dim/poly.js';
import { implies, showPromise } from './dim/promise.js';
import { compare, isWhole, rational, toNumber } from './dim/rational.js';
import { show } from './dim/text.js';
import { InputError } from './inputError.js';
import type { Omission } from './graph.js';
import { graphOf, type Model } from './model.js';

export interface Formula extends Counts<string> {
  readonly schema: 'flopscope.formula/1';
  readonly model: string;
  readonly symbols: Readonly<Record<string, FormulaSymbol>>;
  /** Only where the graph leaves something out. */
  readonly lowerBound?: Omission;
  /** Only where values were given: exact numbers, or closed forms in the symbols that are left. */
  readonly at?: { readonly values: Readonly<Record<string, number | string>> } & Counts<number | string>;
}

/** What a symbol stands for, and which values the closed form promises to hold for. */
export interface FormulaSymbol {
  readonly multipleOf: number;
  /** Only where it stands for ratios alone: it may be a fraction. */
  readonly ratio?: true;
  /** `multipleOf` of a ratio as an exact fraction: at other values the network rounds, which no polynomial follows. */
  readonly unit?: string;
  /** Only where it is more than `multipleOf`. */
  readonly least?: number;
  /** Only where there is a greatest value. */
  readonly most?: number;
  readonly field: string;
}

/** A number, a fraction ("3/4") or the name of another symbol ("w=h" makes the image square). */
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
      form.symbols.map((letter) => [letter.name, described(model, letter, fields.get(letter.name))]),
    ),
    ...mapCounts(form.counts, show),
    ...lowerBoundOf(model),
    ...(Object.keys(point).length === 0 ? {} : { at: { values: point, ...valuesAt(model, form, fields, point) } }),
  };
}

function described(model: Model, letter: Letter, paths: readonly string[] | undefined): FormulaSymbol {
  const { multipleOf, unit, least, most } = letter;
  const text = `${unit.numerator}${isWhole(unit) ? '' : `/${unit.denominator}`}`;
  return {
    multipleOf,
    ...(isRatio(model, paths) ? { ratio: true as const, unit: text } : {}),
    ...(compare(least, unit) > 0n ? { least: toNumber(least) } : {}),
    ...(most === undefined ? {} : { most: toNumber(most) }),
    field: paths?.join(', ') ?? OWN_FIELDS[letter.name]!,
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
    const held = typeof value === 'number' ? value : (fraction(value) ?? sameAs(name, value, known));
    if (!isRatio(model, fields.get(name)) && isFraction(held))
      throw new InputError(
        `${name}=${value} is a fraction, and ${name} counts ${fields.get(name)?.join(', ') ?? OWN_FIELDS[name]!}: give a whole number`,
      );
    values[name] = held;
  }
  const counts = mapCounts(form.counts, (count) => substitute(count, values));
  const fixed = Object.values(values).every((value) => symbolsOf([value]).length === 0);
  if (fixed && asked.every((name) => name in values || !known.has(name))) check(model, fields, values, counts);
  return mapCounts(counts, (count) => (isNumber(count) ? count : show(count)));
}

/** "3/4" exactly; undefined for what is no fraction. */
function fraction(text: string): Dim | undefined {
  const [, numerator, denominator] = /^(\d+)\/(\d+)$/.exec(text) ?? [];
  if (numerator === undefined || denominator === undefined) return undefined;
  if (BigInt(denominator) === 0n) throw new InputError(`${text} divides by 0`);
  return settle(constant(rational(BigInt(numerator), BigInt(denominator))));
}

/** A settled size without symbols is a number where it is whole. */
const isFraction = (held: Dim): boolean => (isNumber(held) ? !Number.isInteger(held) : symbolsOf([held]).length === 0);

function sameAs(name: string, other: string, known: ReadonlyMap<string, Letter>): Dim {
  const [own, target] = [known.get(name), known.get(other)];
  if (!target)
    throw new InputError(
      `${name}=${other} names no symbol of the closed form: give a number or one of ${[...known.keys()].join(', ')}`,
    );
  if (own && !implies(target, own))
    throw new InputError(
      `${name} must be ${showPromise(own)}, and ${other} only promises to be ${showPromise(target)}`,
    );
  return symbol(other, target);
}

/** A closed form is trusted only where it equals the counted network; that network must also exist at these sizes. */
function check(
  model: Model,
  fields: ReadonlyMap<string, readonly string[]>,
  values: Readonly<Record<string, Dim>>,
  counts: Counts<Dim>,
): void {
  const config = Object.fromEntries(
    [...fields].flatMap(([name, paths]) => paths.map((path) => [path, asWritten(values[name] ?? 1)])),
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

/** A config says 0.75 where the exact value is 3/4; what no decimal is stays a fraction. */
function asWritten(value: Dim): Dim {
  const text = show(value);
  return /^[\d.]+$/.test(text) ? Number(text) : value;
}
