// Checks that the fields of one config agree: list lengths match, every field has an effect.

import type { Condition, Field, Fields } from './field.js';
import { counted } from './plural.js';

export type GivenValues = Readonly<Record<string, unknown>>;

export interface Disagreement {
  /** The field that a message is about. */
  readonly key: string;
  /** One sentence: what does not fit together and what to do. */
  readonly message: string;
  /** The field itself is wrong here, rather than its value. */
  readonly onKey: boolean;
}

/**
 * All disagreements between the given values and the other defaults, in the order of the fields.
 */
export function disagreements(fields: Fields, given: GivenValues): readonly Disagreement[] {
  const found: Disagreement[] = [];
  for (const key in fields) {
    const { per, within, needs } = fields[key]!;
    if (per) found.push(...lengthFault(key, per, fields, given));
    if (within !== undefined) found.push(...passedNumber(key, within, fields, given));
    const why = needs && isGiven(given[key]) ? whyWithoutEffect(fields, given, key) : undefined;
    if (why !== undefined) found.push({ key, message: `${key} has no effect where ${why}`, onKey: true });
  }
  return found;
}

/** Removes the given fields that have no effect, except `kept`: those are refused later. */
export function withoutIneffective(fields: Fields, given: GivenValues, kept: readonly string[] = []): GivenValues {
  const withoutEffect = Object.keys(given).filter(
    (key) => !kept.includes(key) && whyWithoutEffect(fields, given, key) !== undefined,
  );
  return withoutEffect.length === 0
    ? given
    : Object.fromEntries(Object.entries(given).filter(([key]) => !withoutEffect.includes(key)));
}

/** Why a field would have no effect. Undefined where it has one. */
export function whyWithoutEffect(fields: Fields, given: GivenValues, key: string): string | undefined {
  for (const condition of fields[key]?.needs ?? []) {
    const why = shortfall(condition, valueOf(fields, given, condition.key));
    if (why !== undefined) return why;
  }
  return undefined;
}

/** A field's value: the given one or its default. A default list is cut to the needed length. */
export function valueOf(fields: Fields, given: GivenValues, key: string): unknown {
  const { fallback, per } = fields[key]!;
  const value = given[key];
  if (isGiven(value)) return value;
  return per && Array.isArray(fallback) ? fallback.slice(0, needed(per, fields, given)) : fallback;
}

const isGiven = (value: unknown): boolean => value !== undefined && value !== null;

type Per = NonNullable<Field<unknown>['per']>;

/** A missing list has no items here. The missing field is reported elsewhere. */
const itemsOf = (fields: Fields, given: GivenValues, key: string): readonly unknown[] =>
  (valueOf(fields, given, key) ?? []) as readonly unknown[];

function needed({ key, summed }: Per, fields: Fields, given: GivenValues): number {
  const items = itemsOf(fields, given, key);
  return summed ? (items as readonly number[]).reduce((all, item) => all + item, 0) : items.length;
}

function lengthFault(key: string, per: Per, fields: Fields, given: GivenValues): readonly Disagreement[] {
  const own = isGiven(given[key]);
  const has = itemsOf(fields, given, key).length;
  const needs = needed(per, fields, given);
  if (has === needs) return [];
  const wanted = per.summed ? `${per.key} add up to ${needs}` : `${per.key} has ${needs}`;
  const advice = per.summed ? 'give one for each' : `give one for each of ${per.key}`;
  const message = `${key} has ${counted(has, 'item')}${own ? '' : ' by default'} and ${wanted}: ${advice}`;
  return [{ key: own ? key : per.key, message, onKey: false }];
}

function passedNumber(key: string, other: string, fields: Fields, given: GivenValues): readonly Disagreement[] {
  const value = valueOf(fields, given, key) as number;
  const most = itemsOf(fields, given, other).length;
  if (!(value > most)) return [];
  const message = `${key} is ${value} and ${other} has ${counted(most, 'item')}: give at most ${most}`;
  return [{ key: isGiven(given[key]) ? key : other, message, onKey: false }];
}

/** Why a condition is not met, and what would meet it. Undefined where the condition is met. */
export function shortfall(condition: Condition, value: unknown): string | undefined {
  const { key } = condition;
  if ('is' in condition) {
    const { is } = condition;
    const met = is.includes(value as string | boolean);
    return met ? undefined : `${key} is ${String(value)}: remove it, or give ${key}: ${is.join(' or ')}`;
  }
  const items = (value ?? []) as readonly number[];
  if ('items' in condition)
    return items.length >= condition.items ? undefined : `${key} has ${counted(items.length, 'item')}: remove it`;
  const { some } = condition;
  return items.some((item) => item >= some) ? undefined : `no item of ${key} is ${some} or more: remove it`;
}
