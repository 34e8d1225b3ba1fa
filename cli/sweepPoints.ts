// How is a point of a sweep worked out? Its graph is built and counted, and measured where that was asked for.

import { withField } from '../src/fieldPath.js';
import { InputError } from '../src/inputError.js';
import type { Run } from '../src/measure/run.js';
import type { Model } from '../src/model.js';
import { profile } from '../src/profile.js';
import { refusedRow, rowOf, type Row } from '../src/sweep/row.js';
import type { DesignSpace, Point } from '../src/sweep/space.js';
import type { Job, RunFlags } from './measureGraphs.js';
import { runLabel } from './runLabel.js';
import type { Screen } from './screen.js';

export interface PointJob extends Job {
  readonly point: Point;
}

/** What a point came to: a job to count or measure, or the row that says why there is no such network. */
export function jobAt(model: Model, point: Point): PointJob | Row {
  try {
    let { config } = model;
    for (const [path, value] of Object.entries(point.values)) config = withField(model, config, path, value);
    const graph = model.build([point.batch, ...(point.input ?? model.input)], config);
    return { point, graph, counted: profile(graph, { source: model.source }) };
  } catch (error) {
    if (error instanceof InputError) return refusedRow(point, error.message);
    throw error;
  }
}

export const isRow = (made: PointJob | Row): made is Row => 'values' in made;

/** @throws InputError, at its place in the file, for a field that the model has not */
export function checkAxes({ axes }: DesignSpace, model: Model): void {
  for (const { path, place } of axes)
    if (model.fieldAt(path.split('.')) === undefined)
      throw new InputError(
        `${place}: ${model.name} has no field ${JSON.stringify(path.slice(0, 80))}; its fields are ${Object.keys(model.fields).slice(0, 12).join(', ')}`,
      );
}

/** Measures jobs and keeps each as soon as it is done; one that fails is kept with its reason, and the others go on. */
export async function measurePoints(
  jobs: readonly PointJob[],
  flags: RunFlags,
  screen: Screen,
  keep: (rows: readonly Row[]) => Promise<void>,
): Promise<void> {
  const { measureGraphs } = await import('./measureGraphs.js');
  await measureGraphs(
    jobs,
    flags,
    screen,
    (run: Run, { point, counted }) => keep([rowOf(point, counted, run, runLabel(run))]),
    async ({ message }, { point, counted }) => {
      screen.err(`point ${point.index}: ${message}\n`);
      await keep([{ ...rowOf(point, counted), refused: message }]);
    },
  );
}
