// Finds attention that PyTorch runs as one kernel: scaled dot products, softmax, and their values.

import type { Dim } from './dim/dim.js';
import { readersOf, type Graph, type Node } from './graph.js';
import { opOf } from './ops/table.js';

/** Nodes that run as one kernel. The last one writes the result. */
export interface Fused {
  /** The softmax's neighbours, the scaling of q and k, and a mask between them. */
  readonly members: readonly Node[];
  /** The product of q and k. */
  readonly scores: Node;
  /** What adds a mask to it. */
  readonly mask?: Node;
  readonly last: Node;
  /** Values that the kernel reads from memory: q, k, v, and a mask. */
  readonly reads: readonly string[];
}

/**
 * torch.nn.functional.scaled_dot_product_attention has a fused kernel for tensors of four sides.
 */
const SIDES = 4;

/**
 * As torch's exporter writes scaled_dot_product_attention: q and k are both scaled by a number,
 * then `matmul, softmax, matmul`. An attention that a network spells out itself scales only one of
 * them, or their product; PyTorch runs that op by op.
 */
export function fusedAttention(graph: Graph): readonly Fused[] {
  const nodes = new Map(graph.nodes.map((node) => [node.name, node]));
  const readers = readersOf(graph);
  const readOnce = (name: string): boolean => readers.get(name) === 1;
  const found: Fused[] = [];
  for (const last of graph.nodes) {
    if (last.op !== 'matmul' || last.shape.length !== SIDES) continue;
    const softmax = nodes.get(last.inputs[0]!);
    if (softmax?.op !== 'softmax' || !readOnce(softmax.name)) continue;
    const between: Node[] = [];
    let scores = nodes.get(softmax.inputs[0]!);
    const mask = scores !== undefined && MASKS.has(scores.op) && readOnce(scores.name) ? scores : undefined;
    if (mask) {
      between.push(mask);
      scores = nodes.get(mask.inputs[0]!);
    }
    // A file of torch.export says which function was called, and its scaling is of the product.
    const called = graph.calls?.get(last.name)?.attention !== undefined;
    if (called && scores !== undefined && scalesByNumber(scores) && readOnce(scores.name)) {
      between.push(scores);
      scores = nodes.get(scores.inputs[0]!);
    }
    if (scores?.op !== 'matmul' || !readOnce(scores.name)) continue;
    const scales = called ? [] : scores.inputs.map((input) => scaleBehind(input, nodes));
    if (!scales.every((scale) => scale !== undefined)) continue;
    const moves = scales.flatMap((scale, i) => pathTo(scores.inputs[i]!, scale, nodes));
    if (![...moves, ...scales].every(({ name }) => readOnce(name))) continue;
    const operands = called ? scores.inputs : scales.map(({ inputs }) => inputs[0]!);
    // Heads that share keys and values: the kernel reads them once.
    const shared = called ? [...operands, last.inputs[1]!].map((name) => repeats(name, graph, nodes)) : [];
    const reads = [...operands, last.inputs[1]!].map((name, i) => shared[i]?.[0]?.inputs[0] ?? name);
    found.push({
      members: [...scales, ...shared.flat(), scores, ...between, softmax, last],
      scores,
      ...(mask ? { mask } : {}),
      last,
      reads: [...reads, ...(mask?.inputs.slice(1) ?? [])],
    });
  }
  return found;
}

/** The view, repetition and view by which the call itself gives each head of queries its keys. */
function repeats(name: string, graph: Graph, nodes: ReadonlyMap<string, Node>): readonly Node[] {
  const found: Node[] = [];
  let node = nodes.get(name);
  while (node && REPEATS.has(node.op) && graph.calls?.get(node.name)?.attention) {
    found.unshift(node);
    node = nodes.get(node.inputs[0]!);
  }
  return found;
}

const MASKS: ReadonlySet<string> = new Set(['add', 'shiftBy']);
const REPEATS: ReadonlySet<string> = new Set(['view', 'expand']);

const isMove = ({ op }: Node): boolean => op === 'transpose' || opOf(op).traffic === 'view';

/** The multiplication by a stored number that a value comes from, by transposes and views alone. */
function scaleBehind(name: string, nodes: ReadonlyMap<string, Node>): Node | undefined {
  const node = nodes.get(name);
  if (node === undefined) return undefined;
  if (scalesByNumber(node)) return node;
  return isMove(node) ? scaleBehind(node.inputs[0] ?? '', nodes) : undefined;
}

const scalesByNumber = ({ op, attributes }: Node): boolean =>
  op === 'scaleBy' &&
  attributes['learnt'] === false &&
  (attributes['shape'] as readonly Dim[]).every((side) => side === 1);

function pathTo(name: string, end: Node, nodes: ReadonlyMap<string, Node>): readonly Node[] {
  const node = nodes.get(name)!;
  return node === end ? [] : [node, ...pathTo(node.inputs[0]!, end, nodes)];
}
