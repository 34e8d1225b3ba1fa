// Describes a graph as a runtime ran it: fused nodes, inserted copies, and their memory access.

import { opOf } from '../ops/table.js';
import { isNumber } from '../dim/dim.js';
import { shapedNodes, type ShapedNode } from '../cost.js';
import { connected } from '../engines/connected.js';
import type { AsRun, Device, LayerTimes } from '../engines/engine.js';
import type { Graph } from '../graph.js';
import { counted } from '../plural.js';
import type { RunAsRun } from './run.js';
import { UntrustedRun } from './trust.js';

/**
 * @throws UntrustedRun where a layer that multiplies ran elsewhere than on the GPU that was asked
 * for
 */
export function demandOnDevice(graph: Graph, { steps }: AsRun, { kind, name }: Device): void {
  if (kind !== 'gpu') return;
  const heavy = new Set(graph.nodes.filter(({ op }) => opOf(op).multAdds).map((node) => node.name));
  // Kernels that name no node of the graph are judged by their op.
  if (steps.length > 0 && !steps.some(({ onDevice }) => onDevice))
    throw new UntrustedRun(
      `no kernel ran on ${name}, all of them on ${steps[0]!.provider}: the time is no time of that device; use another --provider, or --provider cpu`,
    );
  const elsewhere = steps.filter(
    ({ onDevice, nodes, op }) =>
      !onDevice && (nodes.length === 0 ? /Conv|MatMul|Gemm/.test(op) : nodes.some((node) => heavy.has(node))),
  );
  const [first] = elsewhere;
  if (!first) return;
  throw new UntrustedRun(
    `${counted(elsewhere.length, 'kernel')} of convolutions or matrix products ran on ${first.provider} (the first is "${first.nodes[0] ?? first.name}") and not on ${name}: the time is no time of that device; use another --provider, or --provider cpu`,
  );
}

export function asRunOf(graph: Graph, { steps }: AsRun, times: LayerTimes): RunAsRun {
  const providers: Record<string, number> = {};
  for (const { provider } of steps) providers[provider] = (providers[provider] ?? 0) + 1;
  const sets = steps.map(({ nodes }) => nodes);
  const timed = times.clock === null ? undefined : times;
  const others = steps
    .filter(({ nodes }) => nodes.length === 0)
    .map(({ name, op, elements }, i) => ({ name, op, elements, milliseconds: timed?.others?.[i]?.ms ?? null }));
  return {
    kernels: steps.length,
    providers,
    fused: sets.filter(({ length }) => length > 1),
    // A node that runs as several kernels moves its data once.
    memoryAccess:
      accessOf(
        graph,
        connected(sets).map(({ nodes }) => nodes),
      ) + others.reduce((all, { elements }) => all + elements, 0),
    others,
    whole: timed?.whole ?? null,
  };
}

/**
 * Elements that sets of nodes move. A set reads its weights and the results of other sets, and
 * writes what other sets read. A set of views moves nothing.
 */
export function accessOf(graph: Graph, sets: readonly (readonly string[])[]): number {
  const all = new Map([...shapedNodes(graph)].map((shapedNode) => [shapedNode.node.name, shapedNode]));
  const sizes = sizesOf(graph, all);
  const readers = readersOf(graph);
  return sets.reduce((sum, set) => sum + accessOfSet(set, { all, sizes, readers }), 0);
}

interface Known {
  readonly all: ReadonlyMap<string, ShapedNode>;
  /** Elements of each value. */
  readonly sizes: ReadonlyMap<string, number>;
  /** Names of the nodes that read each value; undefined stands for the output of the graph. */
  readonly readers: ReadonlyMap<string, readonly (string | undefined)[]>;
}

function accessOfSet(set: readonly string[], { all, sizes, readers }: Known): number {
  const inside = new Set(set);
  const own = set.map((name) => all.get(name)!);
  if (own.every(({ node }) => opOf(node.op).traffic === 'view')) return 0;
  const read = new Set(own.flatMap(({ node }) => node.inputs).filter((name) => !inside.has(name)));
  const written = set.filter((name) => (readers.get(name) ?? []).some((reader) => !inside.has(reader ?? '')));
  const values = [...read, ...written].reduce((sum, name) => sum + sizes.get(name)!, 0);
  return own.reduce((sum, { weights }) => sum + numberOf(weights), values);
}

const sizesOf = (graph: Graph, all: ReadonlyMap<string, ShapedNode>): ReadonlyMap<string, number> =>
  new Map([
    ...graph.inputs.map(({ name, shape }) => [name, shape.map(numberOf).reduce((a, b) => a * b, 1)] as const),
    ...[...all].map(([name, { writes }]) => [name, numberOf(writes)] as const),
  ]);

function readersOf(graph: Graph): ReadonlyMap<string, readonly (string | undefined)[]> {
  const readers = new Map<string, (string | undefined)[]>();
  const add = (name: string, reader: string | undefined): void => {
    const known = readers.get(name);
    if (known) known.push(reader);
    else readers.set(name, [reader]);
  };
  for (const node of graph.nodes) for (const input of node.inputs) add(input, node.name);
  for (const output of graph.outputs) add(output, undefined);
  return readers;
}

/** Graphs that run have no symbols. */
const numberOf = (size: ShapedNode['writes']): number => (isNumber(size) ? size : NaN);
