// A measured network as the fits need it: its time, its counts, and its work in each reading.

import type { Graph } from '../graph.js';
import { InputError } from '../inputError.js';
import { profile, type Profile } from '../profile.js';
import type { Work } from '../devices/terms.js';
import { layerWorks, FUSIONS, totalWork, type Fusion } from '../devices/work.js';

export interface Sample {
  readonly model: string;
  /** Networks of one family are left out of a fit together. */
  readonly family: string;
  readonly input: Profile['input'];
  readonly totals: Profile['totals'];
  /** Per inference of the whole batch. */
  readonly milliseconds: number;
  readonly works: Readonly<Record<Fusion, Work>>;
}

/**
 * @param graph with numbers for every size, at the batch that was measured
 * @param family of the network; its own name where it has no family
 * @throws InputError for a graph that leaves something out, which took time all the same
 */
export function sampleOf(graph: Graph, milliseconds: number, family: string = graph.name): Sample {
  const { model, input, totals, lowerBound } = profile(graph);
  if (lowerBound)
    throw new InputError(
      `what is counted of ${model} is a lower bound, and does not explain the time of the whole: leave it out`,
    );
  const works = Object.fromEntries(
    FUSIONS.map((reading) => [reading, totalWork(layerWorks(graph, reading))]),
  ) as Sample['works'];
  return { model, family, input, totals, milliseconds, works };
}
