// The data of a table: columns that write cells for people and programs, rows, and a total.

export interface Column<Row> {
  /** The column's name for programs (csv header, --sort). */
  readonly key: string;
  /** Its heading for people, with the unit. */
  readonly title: string;
  /** Its heading where another column with the same title is hidden. */
  readonly alone?: string;
  readonly align: 'left' | 'right';
  /** The value without rounding. */
  value(row: Row): string | number | null;
  /** The value for people; String(value) where absent, nothing for null. */
  show?(row: Row): string;
  /** 0 stays on every screen; the largest is dropped first when the terminal is narrow. */
  readonly rank?: number;
  /** Its cells are polynomials, which LaTeX writes as formulas. */
  readonly polynomial?: boolean;
  /** Its cells may be polynomials: lines on a screen break at their terms. */
  readonly terms?: boolean;
  /** Left out of tables for people; programs get it. */
  readonly hidden?: boolean;
}

export interface Sheet<Row> {
  /** One line above the table. */
  readonly title: string;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  /** A last row of sums. */
  readonly total?: Row;
  /** Rows that start a new part get a heading of this text; undefined for none. */
  part?(row: Row): string;
  /** A word beside a row that deserves a second look ("worst balance"). */
  mark?(row: Row): string | undefined;
  /** Sentences below the table. */
  readonly notes: readonly string[];
}

/** A sheet whose rows' type no longer matters: all renderers take this. */
export type AnySheet = Sheet<unknown>;

export const sheet = <Row>(definition: Sheet<Row>): AnySheet => definition;

export const cell = (column: Column<unknown>, row: unknown): string => {
  if (column.show) return column.show(row);
  const value = column.value(row);
  return value === null ? '' : String(value);
};
