// The work of each layer of a network, as the terms of a predicted time count it.

import { countsOf, flopsOf, shapedNodes, type ShapedNode } from '../cost.js';
import { numberOf } from '../dim/evaluate.js';
import { total, type Dim } from '../dim/dim.js';
import { readersOf, type Graph, type Node } from '../graph.js';
import { opOf } from '../ops/table.js';
import { elements } from '../shape.js';
import { fusedAttention, type Fused } from '../attention.js';
import { DEPTHWISE, OP_CLASSES, type OpClass } from './classes.js';
import { addWork, NO_WORK, type Work } from './terms.js';

/**
 * Which ops run as one pass over memory. `eager`: every op. `compiled`: a run of elementwise ops,
 * as torch.compile's Inductor makes them; convolutions stay on their own. `fused`: elementwise ops
 * are absorbed by convolutions too, and concats are written in place (flopscope's fused memory
 * access). In all of them scaled dot product attention is one kernel.
 */
export type Fusion = 'eager' | 'compiled' | 'fused';
export const FUSIONS: readonly Fusion[] = ['eager', 'compiled', 'fused'];

export interface LayerWork {
  readonly name: string;
  readonly stage: string;
  readonly block: string;
  readonly op: string;
  readonly work: Work;
}

/** @param graph with numbers for every size, at the batch that is asked for; views are left out */
export function layerWorks(graph: Graph, fusion: Fusion): readonly LayerWork[] {
  const kernels = new Map<string, Fused>();
  for (const fused of fusedAttention(graph)) for (const { name } of fused.members) kernels.set(name, fused);
  const sizes = sizesOf(graph);
  const single = singleReads(graph);
  const layers: LayerWork[] = [];
  for (const shapedNode of shapedNodes(graph)) {
    const { node } = shapedNode;
    if (opOf(node.op).traffic === 'view') continue;
    const fused = kernels.get(node.name);
    const work = fused ? attentionWork(shapedNode, fused, sizes) : workOf(shapedNode, fusion, single);
    layers.push({ name: node.name, stage: node.stage, block: node.block, op: node.op, work });
  }
  return layers;
}

export const totalWork = (layers: readonly { readonly work: Work }[]): Work =>
  layers.reduce((all, { work }) => addWork(all, work), NO_WORK);

function workOf(shapedNode: ShapedNode, fusion: Fusion, single: Single): Work {
  const one = classOf(shapedNode);
  const absorbed = absorbedIn(shapedNode, fusion, single);
  return {
    ...computeOf(shapedNode, one),
    [one.traffic]: movedBy(shapedNode, fusion, absorbed),
    weights: numberOf(shapedNode.weights),
    launches: absorbed === undefined && !(fusion === 'fused' && opOf(shapedNode.node.op).traffic === 'gather') ? 1 : 0,
  };
}

/**
 * The work of attention in one kernel: all FLOPs, and at its last node the traffic of the kernel.
 */
function attentionWork(shapedNode: ShapedNode, { last, reads }: Fused, sizes: ReadonlyMap<string, number>): Work {
  const compute = computeOf(shapedNode, OP_CLASSES[shapedNode.node.op]);
  if (shapedNode.node !== last) return compute;
  const moved = reads.reduce((all, name) => all + (sizes.get(name) ?? 0), numberOf(shapedNode.writes));
  return { ...compute, linear: moved, launches: 1 };
}

function computeOf(shapedNode: ShapedNode, one: OpClass): Work {
  const multAdds = numberOf(countsOf(shapedNode).multAdds);
  return {
    ...NO_WORK,
    [one.flops]: numberOf(flopsOf(shapedNode, multAdds)),
    // FLOPs over K, with K multiply-adds for each output element: 2 per output element.
    shortProducts: one.product && multAdds > 0 ? 2 * numberOf(shapedNode.writes) : 0,
  };
}

function classOf({ node, inputs, params }: ShapedNode): OpClass {
  const one = OP_CLASSES[node.op];
  if (one.traffic === 'conv' && isDepthwise(node, numberOf(inputs[0]?.[1] ?? 0))) return DEPTHWISE;
  // A stored number that is not learnt is plain arithmetic.
  return one.traffic === 'learnt' && Object.keys(params).length === 0 ? OP_CLASSES.multiply : one;
}

const isDepthwise = ({ attributes }: Node, channels: number): boolean =>
  channels > 1 && 'groups' in attributes && numberOf(attributes['groups'] as Dim) === channels;

function movedBy(
  { node, reads, writes, fusedReads }: ShapedNode,
  fusion: Fusion,
  absorbed: number | undefined,
): number {
  const gathered = fusion === 'fused' && opOf(node.op).traffic === 'gather';
  if (gathered) return 0;
  const read = (fusion === 'fused' ? fusedReads : reads).filter((_, i) => i !== absorbed);
  return numberOf(total(absorbed === undefined ? [...read, writes] : read));
}

/** Whether a node's input is an elementwise op that only this node reads. */
type Single = (node: Node, input: number) => boolean;

function singleReads(graph: Graph): Single {
  const readers = readersOf(graph);
  const elementwise = new Set(
    graph.nodes.filter(({ op }) => opOf(op).traffic === 'elementwise').map(({ name }) => name),
  );
  return (node, input) => elementwise.has(node.inputs[input]!) && readers.get(node.inputs[input]!) === 1;
}

/**
 * The input that this op shares with the op that absorbs it; undefined where it has its own pass.
 */
function absorbedIn(shapedNode: ShapedNode, fusion: Fusion, single: Single): number | undefined {
  if (fusion === 'eager') return undefined;
  if (fusion === 'fused') return shapedNode.absorbedBy;
  const { node, inputs } = shapedNode;
  if (opOf(node.op).traffic !== 'elementwise') return undefined;
  const found = inputs.findIndex(
    (shape, i) =>
      single(node, i) && shape.length === node.shape.length && shape.every((side, j) => side === node.shape[j]),
  );
  return found < 0 ? undefined : found;
}

const sizesOf = ({ inputs, nodes }: Graph): ReadonlyMap<string, number> =>
  new Map([...inputs, ...nodes].map(({ name, shape }) => [name, numberOf(elements(shape))]));
