// The value of a closed form at a point, checked against the counted network.

import { showCoincidence } from './assumedDistinct.js';
import { buildWith, type ClosedForm, type FieldSymbols } from './closedForm.js';
import { equal, isNumber, settle, symbol, symbolsOf, type Dim } from '../dim/dim.js';
import { substitute } from '../dim/evaluate.js';
import { FARTHEST } from '../dim/interpolate.js';
import { constant, type SizeSymbol } from '../dim/poly.js';
import { implies, showPromise } from '../dim/promise.js';
import { rational } from '../dim/rational.js';
import { show } from '../dim/text.js';
import { InputError } from '../inputError.js';
import type { Model } from '../model.js';
import { joined, parted, sumsOf, type Parted, type ExtraSums, type Sums } from './sums.js';
import { kindOf } from './symbolField.js';

/** A number, a fraction ("3/4") or the name of another symbol ("w=h" makes the image square). */
export type Point = Readonly<Record<string, number | string>>;

/** The fields that each symbol stands for, as dotted paths. */
export type FieldsOf = ReadonlyMap<string, readonly string[]>;

export const OWN_FIELDS: Readonly<Record<string, string>> = { n: 'batch', h: 'input height', w: 'input width' };

export function fieldsOf(fieldSymbols: FieldSymbols): FieldsOf {
  const paths = new Map<string, readonly string[]>();
  for (const [path, name] of Object.entries(fieldSymbols)) paths.set(name, [...(paths.get(name) ?? []), path]);
  return paths;
}

/** Whether all of these fields are ratios, so that their symbol may be a fraction. */
export const isRatio = (model: Model, paths: readonly string[] | undefined): boolean =>
  paths?.every((path) => model.fieldAt(path.split('.'))?.kind === 'ratio') ?? false;

/** The model and symbols that a point belongs to. */
interface Asked {
  readonly model: Model;
  readonly fields: FieldsOf;
  readonly point: Point;
  /** The symbols of the closed form. */
  readonly known: ReadonlyMap<string, SizeSymbol>;
  readonly reading: ExtraSums | undefined;
}

type Values = Readonly<Record<string, Dim>>;

/**
 * @returns numbers, or closed forms in the symbols that are left
 * @throws InputError for unknown symbols, values that break a promise, and points where the closed
 * form does not hold
 */
export function valuesAt(
  model: Model,
  form: ClosedForm,
  fields: FieldsOf,
  point: Point,
  reading?: ExtraSums,
): Parted<number | string> {
  const known = new Map(form.symbols.map((symbol) => [symbol.name, symbol]));
  const asked = { model, fields, point, known, reading };
  const values = Object.fromEntries(Object.keys(point).map((name) => [name, valueOf(name, asked)]));
  const sums = eachSum(joined(form), (sum) => substitute(sum, values));
  demandDistinct(form, values);
  check(asked, values, sums);
  return parted(eachSum(sums, (sum) => (isNumber(sum) ? sum : show(sum))));
}

const eachSum = <N>(sums: Sums, change: (sum: Dim) => N): Readonly<Record<string, N>> =>
  Object.fromEntries(Object.entries(sums).map(([name, sum]) => [name, change(sum)]));

function valueOf(name: string, { model, fields, point, known }: Asked): Dim {
  if (!known.has(name) && !(name in OWN_FIELDS) && !fields.has(name))
    throw new InputError(`the closed form has no symbol ${name}: its symbols are ${[...known.keys()].join(', ')}`);
  const [end, value] = followed(name, point);
  const settled = typeof value === 'number' ? value : (fraction(value) ?? sameAs(end, value, known));
  if (isRatio(model, fields.get(name)) || !isFraction(settled)) return settled;
  const counts = fields.get(name)?.join(', ') ?? OWN_FIELDS[name]!;
  throw new InputError(`${name}=${point[name]!} is a fraction, and ${name} counts ${counts}: give a whole number`);
}

/** Follows references: for w in `w=h,h=224` the last symbol is h and the value is 224. */
function followed(name: string, point: Point): readonly [end: string, value: number | string] {
  let [end, value] = [name, point[name]!];
  for (let steps = 0; typeof value === 'string' && Object.hasOwn(point, value); steps++) {
    if (steps > Object.keys(point).length)
      throw new InputError(`${name}=${point[name]!} leads back to where it began: give one of these symbols a number`);
    [end, value] = [value, point[value]!];
  }
  return [end, value];
}

/** The exact value of "3/4". Undefined for text that is not a fraction. */
function fraction(text: string): Dim | undefined {
  const [, numerator, denominator] = /^(\d+)\/(\d+)$/.exec(text) ?? [];
  if (numerator === undefined || denominator === undefined) return undefined;
  if (BigInt(denominator) === 0n) throw new InputError(`${text} divides by 0`);
  return settle(constant(rational(BigInt(numerator), BigInt(denominator))));
}

const isFixed = (size: Dim): boolean => isNumber(size) || symbolsOf([size]).length === 0;

/** A size without symbols is a number if it is an integer, else a polynomial. */
const isFraction = (size: Dim): boolean => (isNumber(size) ? !Number.isInteger(size) : isFixed(size));

function sameAs(name: string, other: string, known: ReadonlyMap<string, SizeSymbol>): Dim {
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

/** @throws InputError where two sizes are equal that the closed form assumes distinct */
function demandDistinct({ model, unless }: ClosedForm, values: Values): void {
  for (const { symbol: free, value } of unless) {
    const [own, other] = [symbol(free.name, free), value].map((side) => substitute(side, values));
    if (equal(own!, other!))
      throw new InputError(
        `the closed form of ${model} does not hold where ${showCoincidence({ symbol: free, value })}: two sizes are equal there that it takes to differ (a shortcut needs no convolution, say), so use profile for that network`,
      );
  }
}

/** Builds the network at these sizes and compares its counts with the closed form. */
function check({ model, fields, known, reading }: Asked, values: Values, sums: Sums): void {
  const config: Record<string, Dim> = {};
  for (const [name, paths] of fields) {
    const value = values[name] ?? (known.has(name) ? undefined : 1);
    if (value === undefined || !isFixed(value)) return;
    for (const path of paths) {
      // Networks that are too deep to build are skipped. Smaller depths have confirmed the closed
      // form.
      if (isNumber(value) && value > FARTHEST && kindOf(model, path) === 'count') return;
      config[path] = asWritten(value);
    }
  }
  const own = (name: string, fallback: number): Dim =>
    values[name] ?? (known.has(name) ? symbol(name, known.get(name)) : fallback);
  const [, height, width] = model.input;
  const graph = buildWith(model, own('n', 1), own('h', height), own('w', width), config);
  for (const [name, sum] of Object.entries(sumsOf(graph, reading)))
    if (!equal(sum, sums[name]!))
      throw new InputError(
        `the closed form of ${model.name} does not hold at these values: two sizes that it takes to differ are equal there, or a ratio rounds channels; use profile for this network`,
      );
}

/** Writes 3/4 as 0.75 for a config. A fraction without finite decimals stays a fraction. */
function asWritten(value: Dim): Dim {
  const text = show(value);
  return /^[\d.]+$/.test(text) ? Number(text) : value;
}
