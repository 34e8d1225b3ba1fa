// Checks a config against the descriptions of its fields, and fills in defaults.

import { disagreements, valueOf } from './agreement.js';
import { raiseToLeast } from './dim/atLeast.js';
import { demandWhole, type Dim } from './dim/dim.js';
import type { Field, Fields, Kind, Pair, Padding, Values } from './field.js';
import { InputError } from './inputError.js';
import { lookup } from './lookup.js';

export * from './field.js';

/** Values as code may write them: defaults left out, one number for a pair or padding. */
export type Given<F extends Fields> = { readonly [K in keyof F]?: F[K] extends Field<infer T> ? T | Short<T> : never };
type Short<T> = T extends Padding ? number | Pair : T extends Pair ? number : never;

/**
 * Fills in defaults and writes short forms out.
 * @throws InputError naming the field: it is missing, unknown, of a wrong value, of a wrong length,
 * or without effect
 */
export function complete<F extends Fields>(fields: F, given: Given<F>): Values<F> {
  for (const key in given)
    if (!Object.hasOwn(fields, key))
      throw new InputError(`there is no field ${key}: ${Object.keys(fields).join(', ') || 'none'} can be given`, key);
  const values: Record<string, unknown> = {};
  for (const key in fields) {
    const field = fields[key]!;
    const value = valueOf(fields, given, key);
    if (value === undefined) throw new InputError(`the field ${key} (${field.about}) is missing`, key);
    // A default value is always valid.
    if (value !== field.fallback) demandAllowed(key, field, value);
    values[key] =
      field.kind === 'pair' ? toPair(value as Pair) : field.kind === 'padding' ? toPadding(value as Padding) : value;
  }
  const [fault] = disagreements(fields, given);
  if (fault) throw new InputError(fault.message, fault.key);
  return values as Values<F>;
}

const WHOLE: ReadonlySet<Kind> = new Set(['size', 'count', 'whole', 'pair', 'padding']);

/**
 * Checks each number of a value against the field. Sizes with symbols are checked for all values.
 */
function demandAllowed(key: string, field: Field<unknown>, value: unknown): void {
  const { kind, item, options } = field;
  if (options && !options.includes(value as string))
    throw new InputError(`${key} is "${String(value)}": give one of ${options.join(', ')}`, key);
  if (field.length !== undefined && Array.isArray(value) && value.length !== field.length)
    throw new InputError(`${key} holds ${value.length} items: give a list of ${field.length}`, key);
  const whole = WHOLE.has(kind);
  for (const part of Array.isArray(value) ? (value as unknown[]) : [value])
    if (item) demandAllowed(key, item, part);
    else if (typeof part === 'number' && (whole || kind === 'ratio') && !isAllowed(field, part, whole))
      throw new InputError(`${key} holds ${part}: give ${allowed(field, whole)}`, key);
    else if (kind === 'size') demandSize(key, part as Dim, field.least);
}

function demandSize(key: string, value: Dim, least = 1): void {
  demandWhole(value, key);
  raiseToLeast(value, least, key);
}

const isAllowed = ({ least, most = Infinity }: Field<unknown>, value: number, whole: boolean): boolean =>
  whole
    ? Number.isSafeInteger(value) && value >= (least ?? 1) && value <= most
    : Number.isFinite(value) && value > 0 && value >= (least ?? 0) && value <= most;

function allowed({ least, most }: Field<unknown>, whole: boolean): string {
  if (whole) return `whole numbers from ${least ?? 1} ${most === undefined ? 'up' : `to ${most}`}`;
  if (least !== undefined) return `a number from ${least} ${most === undefined ? 'up' : `to ${most}`}`;
  return `a positive number${most === undefined ? '' : ` of at most ${most}`}`;
}

const toPair = (value: number | Pair): Pair => (typeof value === 'number' ? [value, value] : value);

function toPadding(value: number | Pair | Padding): Padding {
  if (typeof value === 'number') return [value, value, value, value];
  return value.length === 4 ? value : [value[0], value[1], value[0], value[1]];
}

/** The field at a path of keys; a key inside a list is an item's number ("channels.2"). */
export function fieldAt(fields: Fields, path: readonly string[]): Field<unknown> | undefined {
  const [first = '', ...rest] = path;
  let found = lookup(fields, first);
  for (const key of rest) found = /^\d+$/.test(key) ? found?.item : undefined;
  return found;
}
