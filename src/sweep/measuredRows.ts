// Measures the points of a design space, one row a point.

import { runLabel } from '../measure/label.js';
import { isWithoutTime, type Session } from '../measure/session.js';
import { rowOf, type SweepRow } from './row.js';
import type { Point } from './space.js';
import { isRow, jobAt, type Sweep } from './sweep.js';

/**
 * Measures points one after the other; a row is given as soon as it is there. A run that fails
 * gives a row with its counts and the reason. Only the graph that runs is in memory.
 */
export async function* measuredRows(
  of: Pick<Sweep, 'model' | 'mark'>,
  points: Iterable<Point>,
  session: Pick<Session, 'demandFits' | 'measure'>,
): AsyncIterable<SweepRow> {
  for (const point of points) {
    const job = jobAt(of, point);
    if (isRow(job)) {
      yield job;
      continue;
    }
    try {
      session.demandFits(job);
      const run = await session.measure(job);
      yield rowOf(of.mark, point, job.counted, run, runLabel(run));
    } catch (error) {
      if (!isWithoutTime(error)) throw error;
      yield { ...rowOf(of.mark, point, job.counted), refused: error.message };
    }
  }
}
