// Counts the points of a design space, one row a point.

import { withField } from '../fieldPath.js';
import { InputError } from '../inputError.js';
import type { Job } from '../measure/session.js';
import type { Model } from '../model.js';
import { profile } from '../profile.js';
import { refusedRow, rowOf, type SweepRow } from './row.js';
import { pointsIn, pointsOf, type DesignSpace, type Point, type Shard } from './space.js';

/** A design space, the model that it varies, and the part of it that is computed. */
export interface Sweep {
  readonly space: DesignSpace;
  readonly model: Model;
  /** The model's identity in rows: `modelMark()`. */
  readonly mark: string;
  /** The whole space where it is absent. */
  readonly shard?: Shard;
}

const WHOLE: Shard = { i: 1, n: 1 };

/** How many points the shard has, those that are done among them. */
export const pointsToCount = ({ space, shard = WHOLE }: Sweep): number =>
  Math.floor((pointsIn(space) - shard.i) / shard.n) + 1;

/** @param done points that need no work */
export function* remainingPoints({ space, shard = WHOLE }: Sweep, done: ReadonlySet<number>): Iterable<Point> {
  for (const point of pointsOf(space, shard)) if (!done.has(point.index)) yield point;
}

/** Counts of each point. A point whose network is invalid has a row with the reason. */
export function* countedRows(of: Pick<Sweep, 'model' | 'mark'>, points: Iterable<Point>): Iterable<SweepRow> {
  for (const point of points) {
    const job = jobAt(of, point);
    yield isRow(job) ? job : rowOf(of.mark, point, job.counted);
  }
}

/** A point's network, ready to measure; a row with the reason where it is invalid. */
export function jobAt({ model, mark }: Pick<Sweep, 'model' | 'mark'>, point: Point): Job | SweepRow {
  const input = point.input ?? model.input;
  try {
    let { config } = model;
    for (const [path, value] of Object.entries(point.values)) config = withField(model, config, path, value);
    const graph = model.build([point.batch, ...input], config);
    return { graph, counted: profile(graph, { source: model.source }) };
  } catch (error) {
    if (error instanceof InputError) return refusedRow(mark, point, input, error.message);
    throw error;
  }
}

export const isRow = (job: Job | SweepRow): job is SweepRow => 'values' in job;
