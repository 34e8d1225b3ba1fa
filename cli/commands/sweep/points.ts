// Builds and counts one point of a sweep, measures it where asked, and then frees it.

import { withField } from '../../../src/fieldPath.js';
import { InputError } from '../../../src/inputError.js';
import type { Model } from '../../../src/model.js';
import { profile } from '../../../src/profile.js';
import { refusedRow, rowOf, type Row } from '../../../src/sweep/row.js';
import type { Point } from '../../../src/sweep/space.js';
import type { Job } from '../../../src/measure/session.js';
import type { RunFlags } from '../../measuring/session.js';
import { runLabel } from '../../../src/measure/label.js';
import type { Screen } from '../../screen.js';

/** A model, and the name that identifies its rows. */
export interface Marked {
  readonly model: Model;
  readonly mark: string;
}

interface PointJob extends Job {
  readonly point: Point;
}

/** The counts of a point, or the reason why its network is invalid. */
export function rowAt(of: Marked, point: Point): Row {
  const made = jobAt(of, point);
  return isRow(made) ? made : rowOf(of.mark, point, made.counted);
}

function jobAt({ model, mark }: Marked, point: Point): PointJob | Row {
  const input = point.input ?? model.input;
  try {
    let { config } = model;
    for (const [path, value] of Object.entries(point.values)) config = withField(model, config, path, value);
    const graph = model.build([point.batch, ...input], config);
    return { point, graph, counted: profile(graph, { source: model.source }) };
  } catch (error) {
    if (error instanceof InputError) return refusedRow(mark, point, input, error.message);
    throw error;
  }
}

const isRow = (made: PointJob | Row): made is Row => 'values' in made;

/**
 * Measures points one after the other and keeps each row as soon as it is there; a run that fails
 * is kept with its reason, and the others go on. Only the graph that runs is in memory.
 * @param count of the points
 * @param ready is waited for when the engine is open, before the first row
 * @throws InputError for an engine that cannot be had
 */
export async function measurePoints(
  of: Marked,
  points: Iterable<Point>,
  count: number,
  flags: RunFlags,
  screen: Screen,
  ready: () => Promise<void>,
  keep: (row: Row) => Promise<void>,
): Promise<void> {
  const [{ withSession }, { isWithoutTime }] = await Promise.all([
    import('../../measuring/session.js'),
    import('../../../src/measure/session.js'),
  ]);
  await withSession(flags, screen, count, async (session, bar) => {
    await ready();
    for (const point of points) {
      const made = jobAt(of, point);
      if (isRow(made)) {
        bar.part(`point ${point.index}`)('points', 1, 1);
        await keep(made);
        continue;
      }
      try {
        session.demandFits(made);
        const run = await session.measure(made);
        await keep(rowOf(of.mark, point, made.counted, run, runLabel(run)));
      } catch (error) {
        if (!isWithoutTime(error)) throw error;
        screen.err(`point ${point.index}: ${error.message}\n`);
        await keep({ ...rowOf(of.mark, point, made.counted), refused: error.message });
      }
    }
  });
}
