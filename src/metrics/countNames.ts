// The names of counts: their paths in totals, and their keys in tables and CSV.

import type { Counts } from '../cost.js';
import { COUNTS } from './counts.js';
import type { CountRow } from './metric.js';

/** What totals hold, by its path in their JSON. */
export type CountName = keyof typeof COUNTS;
export const COUNT_NAMES = Object.keys(COUNTS) as readonly CountName[];

export const countOf = (name: CountName): CountRow => COUNTS[name];

type Flat<Name extends string> = Name extends `${infer First}.${infer Inner}` ? `${First}${Capitalize<Inner>}` : Name;

/** Keys of tables and CSV have no dots: memoryAccessConv. */
export const flatKey = <Name extends string>(name: Name): Flat<Name> =>
  name.replace(/\.(\w)/, (_, first: string) => first.toUpperCase()) as Flat<Name>;

/** The key of a count in tables, CSV and layers. */
export type ColumnKey = Flat<CountName>;

/** @param first names in the order of a table; every other count follows */
export const countsAfter = (first: readonly CountName[]): readonly CountName[] =>
  COUNT_NAMES.filter((name) => !first.includes(name));

type Group = 'memoryAccess';

/** A value for each count, under its path. */
export type AtCounts<V> = {
  readonly [K in CountName as K extends `${string}.${string}` ? never : K]: V;
} & {
  readonly [G in Group]: { readonly [K in CountName as K extends `${G}.${infer Inner}` ? Inner : never]: V };
};

/** The same value of every count, in the form of totals. */
export const countsAt = <V>(value: (name: CountName) => V): AtCounts<V> => treeOf(COUNT_NAMES, value) as AtCounts<V>;

/** Counts that nodes hold as sizes: those that have a closed form. */
const CLOSED_FORMS = COUNT_NAMES.filter((name) => countOf(name).closedForm);

/** The same value of every count that has a closed form. */
export const closedFormsAt = <V>(value: (name: CountName) => V): Counts<V> =>
  treeOf(CLOSED_FORMS, value) as unknown as Counts<V>;

function treeOf<V>(names: readonly CountName[], value: (name: CountName) => V): object {
  const tree: Record<string, V | Record<string, V>> = {};
  for (const name of names) {
    const [first, inner] = name.split('.') as [string, string?];
    if (inner === undefined) tree[first] = value(name);
    else ((tree[first] ??= {} as Record<string, V>) as Record<string, V>)[inner] = value(name);
  }
  return tree;
}

/** The value of one count out of such a tree. */
export const atCount = <V>(tree: AtCounts<V> | Counts<V>, name: CountName): V =>
  name.split('.').reduce<unknown>((inner, key) => (inner as Record<string, unknown>)[key], tree) as V;
