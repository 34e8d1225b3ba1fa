// A measured network as the fits need it: its time, and the work of each op.

import { countsOf, flopsOf, shapedNodes } from '../cost.js';
import { evaluate } from '../dim/evaluate.js';
import { isNumber, type Dim } from '../dim/dim.js';
import type { Graph } from '../graph.js';
import { InputError } from '../inputError.js';
import { opOf } from '../ops/table.js';
import { profile, type Profile } from '../profile.js';

/** The reading of data movement: every op on its own, or as an inference compiler runs it. */
export type MemoryReading = 'unfused' | 'fused';
export const READINGS: readonly MemoryReading[] = ['unfused', 'fused'];

/** One op with work. Views are left out. */
export interface Work {
  /** Hardware operations, 2 per multiply-add. */
  readonly flops: number;
  /** Elements moved in each reading. */
  readonly moved: Readonly<Record<MemoryReading, number>>;
  /** Whether it is a launch in each reading. Absorbed ops and concats are none in the fused one. */
  readonly launched: Readonly<Record<MemoryReading, boolean>>;
}

export interface Sample {
  readonly model: string;
  readonly input: Profile['input'];
  readonly totals: Profile['totals'];
  /** Per inference of the whole batch. */
  readonly milliseconds: number;
  readonly work: readonly Work[];
}

/**
 * @param graph with numbers for every size, at the batch that was measured
 * @throws InputError for a graph that leaves something out, which took time all the same
 */
export function sampleOf(graph: Graph, milliseconds: number): Sample {
  const { model, input, totals, lowerBound } = profile(graph);
  if (lowerBound)
    throw new InputError(
      `what is counted of ${model} is a lower bound, and does not explain the time of the whole: leave it out`,
    );
  return { model, input, totals, milliseconds, work: workOf(graph) };
}

/** How many launches a network takes in one reading. */
export const launches = ({ work }: Sample, reading: MemoryReading): number =>
  work.filter(({ launched }) => launched[reading]).length;

function workOf(graph: Graph): readonly Work[] {
  const work: Work[] = [];
  for (const shaped of shapedNodes(graph)) {
    const { traffic } = opOf(shaped.node.op);
    if (traffic === 'view') continue;
    const { multAdds, memoryAccess } = countsOf(shaped);
    work.push({
      flops: number(flopsOf(shaped, multAdds)),
      moved: { unfused: number(memoryAccess.unfused), fused: number(memoryAccess.fused) },
      launched: { unfused: true, fused: traffic !== 'gather' && shaped.absorbedBy === undefined },
    });
  }
  return work;
}

const number = (dim: Dim): number => (isNumber(dim) ? dim : evaluate(dim, {}));
