// Counts the networks of a report: those that are named, and built-in ones of the run files.

import { lowerBoundNote } from '../sheets/lowerBound.js';
import { modelOfProfile } from '../../src/builtIn.js';
import { sameNetwork } from './networks.js';
import { distinct } from '../../src/files/distinctNames.js';
import type { ImageSize } from '../../src/families/family.js';
import type { Graph } from '../../src/graph.js';
import { countedRecord, type RecordedGraph } from '../../src/measure/recordedGraph.js';
import type { Run } from '../../src/measure/run.js';
import { graphOf, profileOf, type Model } from '../../src/model.js';
import { profile, type Profile } from '../../src/profile.js';

interface Networks {
  /** The models that the user named, under the names of their profiles. */
  readonly models: readonly Model[];
  /** Networks that run files hold. */
  readonly graphs: ReadonlyMap<Profile, Graph>;
  /** Those that the user named. */
  readonly profiles: readonly Profile[];
  /** Further networks of the runs. */
  readonly counted: readonly Profile[];
  /** Under the names of their networks. */
  readonly runs: readonly Run[];
  readonly notes: readonly string[];
}

/**
 * Named models at every batch that was measured, and built-in models with the names and the counts
 * of runs.
 */
export function profilesFor(
  { models: found, paths }: { readonly models: readonly Model[]; readonly paths: readonly string[] },
  given: readonly Run[],
  options: { readonly batch: readonly (number | undefined)[]; readonly input?: ImageSize | undefined },
): Networks {
  const models = distinct(found, paths);
  const batches = given.length === 0 ? options.batch : [...new Set(given.map(({ input }) => input.n))];
  const profiles = models.flatMap((model) => batches.map((n) => profileOf(model, { batch: n, input: options.input })));
  const runs = given.map((run) => underName(run, profiles, found, models));
  const named = new Set(models.map(({ name }) => name));
  const counted: Profile[] = [];
  const graphs = new Map<Profile, Graph>();
  const notes = new Set<string>();
  for (const run of runs) {
    const { model, input } = run;
    const recorded = run.graph && countedRecord(run.graph as RecordedGraph, run, run.lowerBound);
    if (recorded) {
      graphs.set(recorded.profile, recorded.graph);
      counted.push(recorded.profile);
    }
    const builtInModel = modelOfProfile(run);
    if (!builtInModel) continue;
    const own = profile(graphOf(builtInModel, input.n, [input.c, input.h, input.w]));
    counted.push(own);
    if (models.length > 0 && !named.has(model) && sameNetwork(own, run))
      notes.add(`${model} was not named: it is here because the run files hold it.`);
  }
  for (const { model, lowerBound } of [...profiles, ...counted, ...runs])
    if (lowerBound) notes.add(lowerBoundNote(lowerBound, model));
  return { models, graphs, profiles, counted, runs, notes: [...notes] };
}

/** A run under the name that its network has here. It differs where two files have one name. */
function underName(run: Run, profiles: readonly Profile[], found: readonly Model[], models: readonly Model[]): Run {
  const own = profiles.find(
    (profile) =>
      found[models.findIndex(({ name }) => name === profile.model)]?.name === run.model &&
      sameNetwork({ ...profile, model: run.model }, run),
  );
  return own ? { ...run, model: own.model } : run;
}
