// The sums over a graph that closed forms are made of: its counts, and what else is read from it.

import { countsOf, shapedNodes, type Counts } from '../cost.js';
import { add, type Dim } from '../dim/dim.js';
import type { Graph } from '../graph.js';
import { InputError } from '../inputError.js';
import { atCount, closedFormsAt } from '../metrics/countNames.js';

/** Sums over the nodes of a graph, by name. */
export type Sums = Readonly<Record<string, Dim>>;

/** Further sums that are computed from a graph beside its counts. */
export type ExtraSums = (graph: Graph) => Sums;

/** Adds up the counts of every node, whether they are numbers or polynomials. */
export function sumCounts(graph: Graph): Counts<Dim> {
  let total: Counts<Dim> | undefined;
  for (const shaped of shapedNodes(graph)) {
    const counts = countsOf(shaped);
    total = total ? added(total, counts) : counts;
  }
  if (!total) throw new InputError(`the model ${graph.name} has no layers`);
  return total;
}

export const mapCounts = <A, B>(counts: Counts<A>, change: (value: A) => B): Counts<B> =>
  closedFormsAt((name) => change(atCount(counts, name)));

const added = (a: Counts<Dim>, b: Counts<Dim>): Counts<Dim> =>
  closedFormsAt((name) => add(atCount(a, name), atCount(b, name)));

/** Counts have their own names. Further sums have a prefix. */
const OTHER = '+';

/** Every sum of a graph, in one record. */
export function sumsOf(graph: Graph, reading?: ExtraSums): Sums {
  return joined({ counts: sumCounts(graph), others: reading?.(graph) ?? {} });
}

/** The record of a closed form. */
export const joined = <N>({ counts, others }: Parted<N>): Readonly<Record<string, N>> => {
  const sums: Record<string, N> = {};
  closedFormsAt((name) => (sums[name] = atCount(counts, name)));
  for (const [name, sum] of Object.entries(others)) sums[OTHER + name] = sum;
  return sums;
};

export interface Parted<N> {
  readonly counts: Counts<N>;
  readonly others: Readonly<Record<string, N>>;
}

/** Splits the record into counts and further sums. */
export const parted = <N>(sums: Readonly<Record<string, N>>): Parted<N> => ({
  counts: closedFormsAt((name) => sums[name]!),
  others: Object.fromEntries(
    Object.entries(sums).flatMap(([name, sum]) =>
      name.startsWith(OTHER) ? [[name.slice(OTHER.length), sum] as const] : [],
    ),
  ),
});
