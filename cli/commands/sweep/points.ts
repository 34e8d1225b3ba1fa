// How is a point of a sweep worked out? Its graph is built and counted, and measured where that was asked for; then it is let go.

import { withField } from '../../../src/fieldPath.js';
import { InputError } from '../../../src/inputError.js';
import type { Model } from '../../../src/model.js';
import { profile } from '../../../src/profile.js';
import { refusedRow, rowOf, type Row } from '../../../src/sweep/row.js';
import type { Point } from '../../../src/sweep/space.js';
import type { Job, RunFlags } from '../../measuring/measureSession.js';
import { runLabel } from '../../measuring/runLabel.js';
import type { Screen } from '../../screen.js';

/** A model, and the name under which rows are known to be its own. */
export interface Marked {
  readonly model: Model;
  readonly mark: string;
}

interface PointJob extends Job {
  readonly point: Point;
}

/** The counts of a point, or why there is no such network. */
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
 * Measures points one after the other and keeps each row as soon as it is there; a run that fails is kept with its reason,
 * and the others go on. Only the graph that runs is in memory.
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
  const { inSession } = await import('../../measuring/measureSession.js');
  const refused = async ({ message }: Error, { point, counted }: PointJob): Promise<void> => {
    screen.err(`point ${point.index}: ${message}\n`);
    await keep({ ...rowOf(of.mark, point, counted), refused: message });
  };
  await inSession(flags, screen, count, refused, async (session) => {
    await ready();
    for (const point of points) {
      const made = jobAt(of, point);
      if (isRow(made)) {
        session.pass(`point ${point.index}`);
        await keep(made);
        continue;
      }
      if (!(await session.fits(made))) {
        session.pass(`point ${point.index}`);
        continue;
      }
      const run = await session.measure(made);
      if (run) await keep(rowOf(of.mark, point, made.counted, run, runLabel(run)));
    }
  });
}
