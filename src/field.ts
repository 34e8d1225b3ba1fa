// The description of a config field: its type, default, validation and documentation.

import type { Dim } from './dim/dim.js';
import type { Poly } from './dim/poly.js';

export type Pair = readonly [number, number];
/** [top, left, bottom, right], in elements. */
export type Padding = readonly [number, number, number, number];
/** A multiplier such as a width: a positive real number, an exact fraction, or a symbol. */
export type Ratio = number | Poly;

/** The kinds of value that a field can hold; a reader of configs has one rule for each. */
export type Kind =
  | 'size' // channels and the like: a positive integer or a symbol
  | 'count' // how often something is repeated: an integer, a symbol only by interpolation
  | 'whole' // any other integer that shapes the graph, such as a stride: never a symbol
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
  /** The value where the config has none. A field without a default must be given. */
  readonly fallback?: T;
  /** The least number that the field may hold. A ratio without one may be any positive number. */
  readonly least?: number;
  /** The greatest number that the field may hold. */
  readonly most?: number;
  readonly options?: readonly string[];
  readonly item?: Field<unknown>;
  /** How many items a list must have. */
  readonly length?: number;
  /** A list field that sets this list's length: by its number of items, or by their sum. */
  readonly per?: { readonly key: string; readonly summed: boolean };
  /** A list field whose length is the greatest value of this number. */
  readonly within?: string;
  /** What other fields must hold, or this one has no effect. */
  readonly needs?: readonly Condition[];
}

/** Something that another field of the same config must hold. */
export type Condition =
  | { readonly key: string; readonly is: readonly (string | boolean)[] }
  | { readonly key: string; readonly items: number }
  | { readonly key: string; readonly some: number };

export type Fields = Readonly<Record<string, Field<unknown>>>;
/** The values of the fields with every default filled in. */
export type Values<F extends Fields> = { readonly [K in keyof F]: F[K] extends Field<infer T> ? T : never };

const field = <T>(kind: Kind, about: string, fallback: T | undefined, more: Partial<Field<T>> = {}): Field<T> => ({
  kind,
  about,
  ...(fallback === undefined ? {} : { fallback }),
  ...more,
});

interface Range {
  readonly least?: number;
  readonly most?: number;
}

/** A size whose default is 0 may be 0. */
export const size = (about: string, fallback?: Dim, least = fallback === 0 ? 0 : 1): Field<Dim> =>
  field('size', about, fallback, { least });
export const count = (about: string, fallback?: number, least = 1): Field<number> =>
  field('count', about, fallback, { least });
export const whole = (about: string, fallback?: number, least = 1): Field<number> =>
  field('whole', about, fallback, { least });
export const ratio = (about: string, fallback?: Ratio, range: Range = {}): Field<Ratio> =>
  field('ratio', about, fallback, range);
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
export const per = <T>(key: string, list: Field<readonly T[]>): Field<readonly T[]> => ({
  ...list,
  per: { key, summed: false },
});

/** A list as long as the sum of the list field `key`: a width for each block of each stage. */
export const perUnit = <T>(key: string, list: Field<readonly T[]>): Field<readonly T[]> => ({
  ...list,
  per: { key, summed: true },
});

/** A number that is at most the length of the list field `key`. */
export const within = <T>(key: string, number: Field<T>): Field<T> => ({ ...number, within: key });

/** A field that is refused where it would have no effect. */
export const only = <T>(needs: readonly Condition[], field: Field<T>): Field<T> => ({ ...field, needs });

/** The field `key` holds one of these values. */
export const where = (key: string, ...is: readonly (string | boolean)[]): Condition => ({ key, is });
/** The list field `key` has at least this many items. */
export const hasItems = (key: string, items: number): Condition => ({ key, items });
/** An item of the list field `key` is at least this large. */
export const hasSome = (key: string, some: number): Condition => ({ key, some });
