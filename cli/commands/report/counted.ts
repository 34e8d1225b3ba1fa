// Counts the networks of a report: those that are named, and built-in ones of the run files.

import { lowerBoundNote } from '../../../reports/sheets/lowerBound.js';
import { builtIn, isBuiltIn } from '../../../src/builtIn.js';
import { sameNetwork } from '../../../reports/report/networks.js';
import type { Run } from '../../../src/measure/run.js';
import { graphOf, type Model } from '../../../src/model.js';
import { profile, type Profile } from '../../../src/profile.js';
import { profileAt } from '../../input/model.js';

/**
 * Named models at every batch that was measured; and built-in models of the names that runs bear,
 * for those that are the same.
 */
export function profilesFor(
  models: readonly Model[],
  runs: readonly Run[],
  options: { readonly batch: readonly (number | undefined)[]; readonly input?: string },
): { readonly profiles: readonly Profile[]; readonly counted: readonly Profile[]; readonly notes: readonly string[] } {
  const batches = runs.length === 0 ? options.batch : [...new Set(runs.map(({ input }) => input.n))];
  const profiles = models.flatMap((model) => batches.map((n) => profileAt(model, n, options.input)));
  const named = new Set(models.map(({ name }) => name));
  const counted: Profile[] = [];
  const notes = new Set<string>();
  for (const run of runs) {
    const { model, source, input } = run;
    if (source !== 'built-in' || !isBuiltIn(model)) continue;
    const own = profile(graphOf(builtIn(model), input.n, [input.c, input.h, input.w]));
    counted.push(own);
    if (models.length > 0 && !named.has(model) && sameNetwork(own, run))
      notes.add(`${model} was not named: it is here because the run files hold it.`);
  }
  for (const { model, lowerBound } of [...profiles, ...counted])
    if (lowerBound) notes.add(lowerBoundNote(lowerBound, model));
  return { profiles, counted, notes: [...notes] };
}
