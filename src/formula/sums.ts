// The sums over a graph that closed forms are made of: its counts, and what else is read from it.

import { countsOf, shapedNodes, type Counts } from '../cost.js';
import { add, type Dim } from '../dim/dim.js';
import type { Graph } from '../graph.js';
import { InputError } from '../inputError.js';

/** Sums over the nodes of a graph, by name. */
export type Sums = Readonly<Record<string, Dim>>;

/** Further sums that are computed from a graph beside its counts. */
export type ExtraSums = (graph: Graph) => Sums;

/** Adds up the counts of every node, whether they are numbers or polynomials. */
export function sumCounts(graph: Graph): Counts<Dim> {
  let total: Counts<Dim> | undefined;
  for (const shaped of shapedNodes(graph)) {
    const counts = countsOf(shaped);
    total = total ? combine(total, counts, add) : counts;
  }
  if (!total) throw new InputError(`the model ${graph.name} has no layers`);
  return total;
}

/** Every reading of the counts, with the function that picks the same reading from others. */
export function mapCounts<A, B>(
  counts: Counts<A>,
  change: (value: A, pick: <N>(from: Counts<N>) => N) => B,
): Counts<B> {
  const { memoryAccess } = counts;
  return {
    params: change(counts.params, (from) => from.params),
    multAdds: change(counts.multAdds, (from) => from.multAdds),
    activations: change(counts.activations, (from) => from.activations),
    cio: change(counts.cio, (from) => from.cio),
    memoryAccess: {
      conv: change(memoryAccess.conv, (from) => from.memoryAccess.conv),
      linear: change(memoryAccess.linear, (from) => from.memoryAccess.linear),
      unfused: change(memoryAccess.unfused, (from) => from.memoryAccess.unfused),
      fused: change(memoryAccess.fused, (from) => from.memoryAccess.fused),
    },
  };
}

const combine = <N>(a: Counts<N>, b: Counts<N>, join: (x: N, y: N) => N): Counts<N> =>
  mapCounts(a, (value, pick) => join(value, pick(b)));

/** Counts have their own names. Further sums have a prefix. */
const OTHER = '+';

/** Every sum of a graph, in one record. */
export function sumsOf(graph: Graph, reading?: ExtraSums): Sums {
  return joined({ counts: sumCounts(graph), others: reading?.(graph) ?? {} });
}

/** The record of a closed form. */
export const joined = <N>({ counts, others }: Parted<N>): Readonly<Record<string, N>> => ({
  ...{ params: counts.params, multAdds: counts.multAdds, activations: counts.activations, cio: counts.cio },
  ...counts.memoryAccess,
  ...Object.fromEntries(Object.entries(others).map(([name, sum]) => [OTHER + name, sum])),
});

export interface Parted<N> {
  readonly counts: Counts<N>;
  readonly others: Readonly<Record<string, N>>;
}

/** Splits the record into counts and further sums. */
export function parted<N>(sums: Readonly<Record<string, N>>): Parted<N> {
  const of = (name: string): N => sums[name]!;
  return {
    counts: {
      ...{ params: of('params'), multAdds: of('multAdds'), activations: of('activations'), cio: of('cio') },
      memoryAccess: { conv: of('conv'), linear: of('linear'), unfused: of('unfused'), fused: of('fused') },
    },
    others: Object.fromEntries(
      Object.entries(sums).flatMap(([name, sum]) =>
        name.startsWith(OTHER) ? [[name.slice(OTHER.length), sum] as const] : [],
      ),
    ),
  };
}
