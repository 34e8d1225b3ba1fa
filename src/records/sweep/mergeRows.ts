// Puts the row files of a fleet's shards together, in the order of the points.

import type { SweepRow } from '../../sweep/row.js';
import { SweepRows } from '../../sweep/rows.js';
import type { Sweep } from '../../sweep/sweep.js';
import { ROW_FORMATS } from './rows.js';

export interface MergedRows {
  /** One a point, in the order of the points. */
  readonly rows: readonly SweepRow[];
  /** Points of the whole space without a row. */
  readonly missing: number;
}

/**
 * @param files what shards wrote; a name that ends in .csv is CSV, every other is JSON Lines
 * @throws InputError with file and line for what is no row of this sweep, and for two rows of a
 * point that contradict each other
 */
export function mergeRows(sweep: Sweep, files: Iterable<{ readonly name: string; readonly text: string }>): MergedRows {
  const axes = sweep.space.axes.map((axis) => axis.path);
  const rows = new SweepRows(sweep);
  for (const { name, text } of files) {
    const format = ROW_FORMATS[/\.csv$/i.test(name) ? 'csv' : 'jsonl'];
    for (const row of format.read(text, name, axes)) rows.add(row, name);
  }
  return { rows: rows.sorted(), missing: rows.missing };
}
