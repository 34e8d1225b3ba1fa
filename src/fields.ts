// What may a config say? One description of each field serves its type, its default, its validation and its documentation.

import { isNumber, type Dim } from './dim/dim.js';
import type { Poly } from './dim/poly.js';
import { InputError } from './inputError.js';
import { counted } from './plural.js';

export type Pair = readonly [number, number];
/** [top, left, bottom, right], in elements. */
export type Padding = readonly [number, number, number, number];
/** A multiplier such as a width: a positive real number or a symbol. */
export type Ratio = number | Poly;

/** The kinds of value that a field can hold; a reader of configs has one rule for each. */
export type Kind =
  | 'size' // channels and the like: a positive integer or a symbol
  | 'count' // how often something is repeated: an integer that shapes the graph, so never a symbol
  | 'ratio' // a positive real number or a symbol
  | 'real' // any real number
  | 'flag'
  | 'text'
  | 'choice' // one of `options`
  | 'pair' // [height, width] in elements; one number for both
  | 'padding' // [top, left, bottom, right]; one number for all, two for [height, width]
  | 'shape' // sizes of which one may be -1
  | 'list'; // of `item`

export interface Field<T> {
  readonly kind: Kind;
  /** One line of documentation, with the unit. */
  readonly about: string;
  /** The value where the config says nothing; a field without one must be given. */
  readonly fallback?: T;
  /** The least integer that a size, count, pair or padding may hold. */
  readonly least?: number;
  /** The greatest integer that a count may hold. */
  readonly most?: number;
  readonly options?: readonly string[];
  readonly item?: Field<unknown>;
  /** How many items a list must have. */
  readonly length?: number;
  /** A list field that this list needs one item for each of. */
  readonly per?: string;
}

export type Fields = Readonly<Record<string, Field<unknown>>>;
/** What the fields hold once every default is filled in. */
export type Values<F extends Fields> = { readonly [K in keyof F]: F[K] extends Field<infer T> ? T : never };

const field = <T>(kind: Kind, about: string, fallback: T | undefined, more: Partial<Field<T>> = {}): Field<T> => ({
  kind,
  about,
  ...(fallback === undefined ? {} : { fallback }),
  ...more,
});

/** A size whose default is 0 may be 0. */
export const size = (about: string, fallback?: Dim, least = fallback === 0 ? 0 : 1): Field<Dim> =>
  field('size', about, fallback, { least });
export const count = (about: string, fallback?: number, least = 1): Field<number> =>
  field('count', about, fallback, { least });
export const ratio = (about: string, fallback?: Ratio): Field<Ratio> => field('ratio', about, fallback);
export const real = (about: string, fallback?: number): Field<number> => field('real', about, fallback);
export const flag = (about: string, fallback?: boolean): Field<boolean> => field('flag', about, fallback);
export const text = (about: string, fallback?: string): Field<string> => field('text', about, fallback);
export const shape = (about: string): Field<readonly Dim[]> => field<readonly Dim[]>('shape', about, undefined);
export const choice = <const T extends string>(about: string, options: readonly T[], fallback?: T): Field<T> =>
  field('choice', about, fallback, { options });
export const pair = (about: string, fallback?: number): Field<Pair> =>
  field<Pair>('pair', about, fallback === undefined ? undefined : [fallback, fallback], { least: 1 });
export const padding = (about: string): Field<Padding> => field<Padding>('padding', about, [0, 0, 0, 0], { least: 0 });
export const list = <T>(about: string, item: Field<T>, fallback?: readonly T[], length?: number): Field<readonly T[]> =>
  field('list', about, fallback, { item, ...(length === undefined ? {} : { length }) });

/** A list with one item for each item of the list field `key`, such as a width for each stage. */
export const per = <T>(key: string, list: Field<readonly T[]>): Field<readonly T[]> => ({ ...list, per: key });

/** What code may write: defaults left out, one number for a pair or padding. */
export type Given<F extends Fields> = { readonly [K in keyof F]?: F[K] extends Field<infer T> ? T | Short<T> : never };
type Short<T> = T extends Padding ? number | Pair : T extends Pair ? number : never;

/**
 * Fills in defaults and writes short forms out.
 * @throws InputError when a field without a default is missing, one that does not exist is given, a value is not what
 * its field may hold, or a list is shorter than the one that it goes with
 */
export function complete<F extends Fields>(fields: F, given: Given<F>): Values<F> {
  for (const key in given)
    if (!Object.hasOwn(fields, key))
      throw new InputError(`there is no field ${key}: ${Object.keys(fields).join(', ') || 'none'} can be given`);
  const values: Record<string, unknown> = {};
  for (const key in fields) {
    const field = fields[key]!;
    const value = given[key] ?? field.fallback;
    if (value === undefined) throw new InputError(`the field ${key} (${field.about}) is missing`);
    demandAllowed(key, field, value);
    values[key] =
      field.kind === 'pair' ? toPair(value as Pair) : field.kind === 'padding' ? toPadding(value as Padding) : value;
  }
  for (const key in fields) demandItems(key, fields[key]!, values);
  return values as Values<F>;
}

/** A symbol keeps its own promise; of the numbers in a value, each must be one that the field may hold. */
function demandAllowed(key: string, field: Field<unknown>, value: unknown): void {
  const { item, options, least = -Infinity, most = Infinity } = field;
  if (options && !options.includes(value as string))
    throw new InputError(`${key} is "${String(value)}": give one of ${options.join(', ')}`);
  const whole = field.least !== undefined;
  for (const part of Array.isArray(value) ? (value as unknown[]) : [value])
    if (item) demandAllowed(key, item, part);
    else if (whole && typeof part === 'number' && !(Number.isSafeInteger(part) && part >= least && part <= most))
      throw new InputError(
        `${key} holds ${part}: give whole numbers from ${least} ${most === Infinity ? 'up' : `to ${most}`}`,
      );
}

function demandItems(key: string, { per }: Field<unknown>, values: Readonly<Record<string, unknown>>): void {
  if (per === undefined) return;
  const [has, needs] = [(values[key] as unknown[]).length, (values[per] as unknown[]).length];
  if (has < needs)
    throw new InputError(`${key} has ${counted(has, 'item')} and ${per} has ${needs}: give one for each of ${per}`);
}

const toPair = (value: number | Pair): Pair =>
  isNumber(value as Dim) ? [value as number, value as number] : (value as Pair);

function toPadding(value: number | Pair | Padding): Padding {
  if (typeof value === 'number') return [value, value, value, value];
  return value.length === 4 ? value : [value[0], value[1], value[0], value[1]];
}

/** The field at a path of keys; a key inside a list is an item's number ("channels.2"). */
export function fieldAt(fields: Fields, path: readonly string[]): Field<unknown> | undefined {
  const [first = '', ...rest] = path;
  let found = Object.hasOwn(fields, first) ? fields[first] : undefined;
  for (const key of rest) found = /^\d+$/.test(key) ? found?.item : undefined;
  return found;
}
