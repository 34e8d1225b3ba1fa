// A column of the page's tables: its values, definition, group totals and shading.

import type { Column } from '../../sheets/sheet.js';

export interface PageColumn<Row> extends Column<Row> {
  /** Key of DEFINITIONS. */
  readonly meaning?: string;
  /** A number as the column writes its values. */
  write?(value: number): string;
  /** The value of a group of rows; null if none is known. */
  total?(rows: readonly Row[]): number | null;
  /** Shaded by its share of the largest value. */
  readonly heat?: boolean;
  /** The value that is not shaded; 0 where absent. */
  readonly coldest?: number;
  /** Paper has no room for it. */
  readonly minor?: boolean;
  /** What a cell says to the pointer; undefined for nothing more than it shows. */
  hint?(row: Row): string | undefined;
}

type Value<Row> = (row: Row) => number | null;

export const numeric = <Row>(
  key: string,
  title: string,
  meaning: string | undefined,
  value: Value<Row>,
  show: (value: number) => string,
  more: Partial<PageColumn<Row>> = {},
): PageColumn<Row> => ({
  ...{ key, title, value },
  ...(meaning === undefined ? {} : { meaning }),
  align: 'right',
  write: show,
  show: (row) => {
    const number = value(row);
    return number === null ? '' : show(number);
  },
  ...more,
});

/** A number whose groups show their sum. */
export const additive = <Row>(
  key: string,
  title: string,
  meaning: string,
  value: Value<Row>,
  show: (value: number) => string,
  heat = true,
): PageColumn<Row> => numeric(key, title, meaning, value, show, { heat, total: (rows) => sum(rows, value) });

export const text = <Row>(
  key: string,
  title: string,
  value: (row: Row) => string,
  meaning?: string,
  minor = false,
): PageColumn<Row> => ({
  ...{ key, title, value, minor },
  align: 'left',
  ...(meaning === undefined ? {} : { meaning }),
});

/** Of the values that are known; null where none is. */
export const sum = <Row>(rows: readonly Row[], value: Value<Row>): number | null =>
  rows.reduce<number | null>((all, row) => {
    const number = value(row);
    return number === null ? all : (all ?? 0) + number;
  }, null);

/** Of what is known of both; null where nothing is, or the second sum is 0. */
export function ratioOfSums<Row>(rows: readonly Row[], above: Value<Row>, below: Value<Row>): number | null {
  const known = rows.filter((row) => above(row) !== null && below(row) !== null);
  const whole = sum(known, below);
  return whole ? sum(known, above)! / whole : null;
}
