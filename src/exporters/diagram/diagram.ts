// The data of a diagram: boxes of ops inside their stages, and the tensors between them.

import { show } from '../../dim/text.js';
import type { Graph, Node } from '../../graph.js';
import type { Shape } from '../../shape.js';
import { joints } from './joints.js';
import type { DiagramPart } from './part.js';
import { summary } from './summary.js';

export interface Box {
  readonly name: string;
  /** The content in a few words. */
  readonly about: string;
  readonly kind: 'input' | 'ops' | 'output';
  /** Names of the enclosing clusters, outermost first: a stage, and by layer a block. */
  readonly inside: readonly string[];
}

export interface Arrow {
  /** Indices of boxes. */
  readonly from: number;
  readonly to: number;
  /** The tensors that pass, as shapes. */
  readonly shapes: readonly string[];
}

export interface Diagram {
  readonly title: string;
  readonly boxes: readonly Box[];
  readonly arrows: readonly Arrow[];
}

/**
 * One box for each block, layer or stage. Ops outside are boxes of their own, or one box where each
 * feeds only the next.
 */
export function diagram(graph: Graph, by: DiagramPart): Diagram {
  const groups = grouped(graph, by);
  const boxes: Box[] = [];
  /** The box that makes each value. */
  const makers = new Map<string, number>();
  const shapes = new Map<string, Shape>([...graph.inputs, ...graph.nodes].map(({ name, shape }) => [name, shape]));
  for (const { name } of graph.inputs) makers.set(name, boxes.push(end(name, 'input')) - 1);
  for (const nodes of groups) {
    const place = boxes.push(boxOf(nodes, by)) - 1;
    for (const { name } of nodes) makers.set(name, place);
  }
  const arrows = new Map<string, { from: number; to: number; values: Set<string> }>();
  const draw = (value: string, to: number): void => {
    const from = makers.get(value)!;
    if (from === to) return;
    const key = `${from} ${to}`;
    if (!arrows.has(key)) arrows.set(key, { from, to, values: new Set() });
    arrows.get(key)!.values.add(value);
  };
  const sources = joints(graph);
  for (const node of graph.nodes) for (const source of sources(node)) draw(source, makers.get(node.name)!);
  for (const name of graph.outputs) draw(name, boxes.push(end('output', 'output')) - 1);
  const sided = (value: string): string => shapes.get(value)!.map(show).join('x');
  return {
    title: graph.name,
    boxes,
    arrows: [...arrows.values()].map(({ from, to, values }) => ({ from, to, shapes: [...values].map(sided) })),
  };
}

const end = (name: string, kind: 'input' | 'output'): Box => ({ name, about: '', kind, inside: [] });

function boxOf(nodes: readonly Node[], by: DiagramPart): Box {
  const [first, last] = [nodes[0]!, nodes.at(-1)!];
  const { stage, block } = first;
  const group = by === 'stage' ? stage : by === 'block' ? block : '';
  const around = by === 'layer' ? [stage, block] : by === 'block' ? [stage] : [];
  return {
    name: group !== '' ? group : first === last ? first.name : `${first.name} to ${last.name}`,
    about: summary(nodes),
    kind: 'ops',
    inside: [...new Set(around.filter(Boolean))],
  };
}

/** The nodes of each box, in the order of their first nodes. */
function grouped(graph: Graph, by: DiagramPart): readonly (readonly Node[])[] {
  if (by === 'layer') return graph.nodes.map((node) => [node]);
  const readers = new Map<string, number>();
  for (const { inputs } of graph.nodes) for (const input of inputs) readers.set(input, (readers.get(input) ?? 0) + 1);
  const named = new Map<string, Node[]>();
  const groups: Node[][] = [];
  let chain: Node[] = [];
  for (const node of graph.nodes) {
    const { stage, block, inputs } = node;
    const part = by === 'stage' ? stage : block;
    const last = chain.at(-1);
    const follows =
      last?.stage === stage && inputs.length === 1 && inputs[0] === last.name && readers.get(last.name) === 1;
    const key = JSON.stringify([stage, part]);
    const group = part === '' ? (follows ? chain : undefined) : named.get(key);
    if (group) group.push(node);
    else {
      const started = [node];
      groups.push(started);
      if (part === '') chain = started;
      else named.set(key, started);
    }
    if (part !== '') chain = [];
  }
  return groups;
}
