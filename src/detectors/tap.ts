// Finds the backbone's feature maps: the last whole map of each stride before the classifier.

import { isNumber, type Dim } from '../dim/dim.js';
import type { Graph, Node } from '../graph.js';
import { opOf, type OpName } from '../ops/table.js';

export interface Tap {
  /**
   * Input rows from one row to the next, rounded to a power of two: 300 rows that become 38 are 8
   * apart.
   */
  readonly stride: number;
  readonly node: Node;
}

/** Ops that drop the spatial dimensions: the classifier starts here. */
const ENDS: readonly OpName[] = ['globalAvgPool', 'adaptiveAvgPool', 'flatten', 'linear', 'reshape'];
const POOLS: readonly OpName[] = ['maxPool', 'avgPool'];

/**
 * One tap per stride, finest first. A tap is a node on every path from the image to the output: a
 * node that a shortcut bypasses is not a whole feature map. Of one stride it is the last such node
 * that a pool halves or that ends its block. Nodes inside a strided block, such as an expansion,
 * are no taps.
 *
 * @param graph with numbers for its sizes
 */
export function tapsOf(graph: Graph): readonly Tap[] {
  const [, , rows] = graph.inputs[0]!.shape;
  const path = bottlenecks(graph);
  const readers = readersOf(graph);
  const taps = new Map<number, Tap>();
  for (const node of path.slice(0, classifierFrom(graph, path))) {
    if (node.shape.length !== 4 || !isNumber(rows!) || !isNumber(node.shape[2]!)) continue;
    const stride = 2 ** Math.round(Math.log2(rows / node.shape[2]));
    if (isWhole(node, readers.get(node.name) ?? []) || !taps.has(stride)) taps.set(stride, { stride, node });
  }
  return [...taps.values()].sort((a, b) => a.stride - b.stride);
}

const isWhole = (node: Node, readers: readonly Node[]): boolean =>
  node.block === '' || readers.every(({ op, block }) => POOLS.includes(op) || block !== node.block);

/** Nodes on every path from the image to the deepest output, in order. */
function bottlenecks({ nodes, outputs }: Graph): readonly Node[] {
  const at = new Map(nodes.map(({ name }, i) => [name, i]));
  const needed = new Set<string>([nodes[Math.max(...outputs.map((name) => at.get(name) ?? -1))]?.name ?? '']);
  for (const { name, inputs } of [...nodes].reverse())
    if (needed.has(name)) for (const input of inputs) needed.add(input);
  const found: Node[] = [];
  // In execution order, a path that bypasses a node has an edge from before it to after it.
  const reaches = new Map<number, number>();
  for (const [i, { name, inputs }] of nodes.entries())
    if (needed.has(name)) for (const input of inputs) reaches.set(at.get(input) ?? -1, i);
  let farthest = reaches.get(-1) ?? -1;
  for (const [i, node] of nodes.entries()) {
    if (!needed.has(node.name)) continue;
    if (farthest <= i) found.push(node);
    farthest = Math.max(farthest, reaches.get(i) ?? -1);
  }
  return found;
}

/** The number of path nodes before the classifier, whose last layer may be a convolution. */
function classifierFrom(graph: Graph, path: readonly Node[]): number {
  const end = path.findIndex(({ op }) => ENDS.includes(op));
  if (end < 0) return path.length;
  const behind = graph.nodes.slice(graph.nodes.indexOf(path[end]!));
  if (behind.some(hasParams)) return end;
  return path.slice(0, end).findLastIndex(hasParams);
}

const hasParams = ({ op }: Node): boolean => opOf(op).params !== undefined;

function readersOf({ nodes }: Graph): ReadonlyMap<string, readonly Node[]> {
  const readers = new Map<string, Node[]>();
  for (const node of nodes) for (const input of node.inputs) readers.set(input, [...(readers.get(input) ?? []), node]);
  return readers;
}

/** The strides and their channels for a message: "4 (256), 8 (512)". */
export const showTaps = (taps: readonly Tap[], show: (dim: Dim) => string): string =>
  taps.map(({ stride, node }) => `${stride} (${show(node.shape[1]!)})`).join(', ');
