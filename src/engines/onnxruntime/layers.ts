// Joins the kernels of ONNX Runtime to the nodes of a graph. Nodes of one kernel share a row.

import type { Graph } from '../../graph.js';
import { opOf } from '../../ops/table.js';
import type { AsRun, LayerTime, LayerTimes } from '../engine.js';
import type { Profiled, ProfiledKernel } from './calls.js';
import { PROVIDER_ROWS, type Provider } from './providers.js';

/**
 * Kernels by place in the profile. A kernel may stand for several nodes, and a node may need
 * several kernels.
 */
interface Row {
  readonly nodes: readonly string[];
  readonly kernels: readonly number[];
}

export function asRun({ kernels, times }: Profiled, provider: Provider): AsRun {
  const { kernels: own } = PROVIDER_ROWS[provider];
  const steps = kernels.map((kernel) => ({ ...kernel, onDevice: kernel.provider === own }));
  return times.clock === 'device' ? { steps, deviceMilliseconds: middleSum(times.times) } : { steps };
}

/** Of the passes of a profile, which are an odd number, the one in the middle. */
function middleSum(passes: readonly (readonly number[])[]): number {
  const sums = passes.map((kernels) => kernels.reduce((sum, ms) => sum + ms, 0)).sort((a, b) => a - b);
  return sums[Math.floor(sums.length / 2)]!;
}

/** @param pass which of the profiled inferences */
export function layerTimesOf(graph: Graph, { kernels, times, doubt }: Profiled, pass: number): LayerTimes {
  if (times.clock === null) return times;
  if (doubt !== null) return { clock: null, reason: doubt };
  const ms = times.times[pass]!;
  const ops = new Map(graph.nodes.map(({ name, op }) => [name, op]));
  const layers = rowsOf(graph, kernels).map((row): LayerTime => ({
    nodes: row.nodes,
    op: ops.get(row.nodes[0]!)!,
    ms: row.kernels.reduce((all, i) => all + ms[i]!, 0),
    kernels: row.kernels.map((i) => ({ name: kernels[i]!.name, ms: ms[i]! })),
  }));
  const others = kernels.flatMap(({ name, op, nodes }, i) => (nodes.length === 0 ? [{ name, op, ms: ms[i]! }] : []));
  const whole = times.clock === 'host' ? { whole: times.wholes[pass]! } : {};
  return { clock: times.clock, layers, others, ...whole };
}

/** In the order of the graph. The node that multiplies comes first in its row: it does the work. */
function rowsOf(graph: Graph, kernels: readonly ProfiledKernel[]): readonly Row[] {
  const parts = connected(kernels);
  const order = new Map(graph.nodes.map(({ name }, i) => [name, i]));
  const ops = new Map(graph.nodes.map(({ name, op }) => [name, opOf(op)]));
  const place = (name: string): number => (ops.get(name)!.multAdds ? 0 : order.size) + order.get(name)!;
  return parts
    .map(({ nodes, ...part }): Row => ({ ...part, nodes: [...nodes].sort((a, b) => place(a) - place(b)) }))
    .sort((a, b) => order.get(a.nodes[0]!)! - order.get(b.nodes[0]!)!);
}

/** Kernels that share a node are one row. */
function connected(kernels: readonly ProfiledKernel[]): readonly Row[] {
  const rowOf = new Map<string, { nodes: string[]; kernels: number[] }>();
  kernels.forEach(({ nodes }, i) => {
    const touched = new Set(nodes.flatMap((name) => rowOf.get(name) ?? []));
    const merged = { nodes: [...nodes], kernels: [i] };
    for (const row of touched) {
      merged.nodes.push(...row.nodes);
      merged.kernels.push(...row.kernels);
    }
    for (const name of merged.nodes) rowOf.set(name, merged);
  });
  return [...new Set(rowOf.values())].map((row) => ({
    nodes: [...new Set(row.nodes)],
    kernels: row.kernels.sort((a, b) => a - b),
  }));
}
