// Joins the kernels of ONNX Runtime to the nodes of a graph. Nodes of one kernel share a row.

import type { Graph } from '../../graph.js';
import { opOf } from '../../ops/table.js';
import { connected, type Connected } from '../connected.js';
import type { AsRun, LayerTime, LayerTimes } from '../engine.js';
import type { Profiled, ProfiledKernel } from './calls.js';
import { FREE_CAST } from './fusedSets.js';
import { PROVIDER_ROWS, type Provider } from './providers.js';

/** Kernels of products whose weights are integers. */
const OF_INTEGERS =
  /^(QLinear(Conv|MatMul)|QGemm|QAttention|DynamicQuantize(MatMul|LSTM)|(Conv|MatMul)Integer|MatMulNBits)/;

export function asRun({ kernels, times }: Profiled, provider: Provider): AsRun {
  const { kernels: own } = PROVIDER_ROWS[provider];
  const steps = kernels.map((kernel) => ({ ...kernel, onDevice: kernel.provider === own }));
  return {
    steps,
    widened: kernels.some(({ name }) => name.startsWith(FREE_CAST)),
    integerProducts: kernels.some(({ op }) => OF_INTEGERS.test(op)),
    ...(times.clock === 'device' ? { deviceMilliseconds: middleSum(times.times) } : {}),
  };
}

/** The pass with the median time. The number of passes is odd. */
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

/**
 * In the order of the graph. In a row the node that multiplies comes first, because it does the
 * work.
 */
function rowsOf(graph: Graph, kernels: readonly ProfiledKernel[]): readonly Connected[] {
  const parts = connected(kernels.map(({ nodes }) => nodes));
  const order = new Map(graph.nodes.map(({ name }, i) => [name, i]));
  const ops = new Map(graph.nodes.map(({ name, op }) => [name, opOf(op)]));
  const place = (name: string): number => (ops.get(name)!.multAdds ? 0 : order.size) + order.get(name)!;
  return parts
    .map(({ nodes, ...part }): Connected => ({ ...part, nodes: [...nodes].sort((a, b) => place(a) - place(b)) }))
    .sort((a, b) => order.get(a.nodes[0]!)! - order.get(b.nodes[0]!)!);
}
