// The neighbours of each layer: makers of its inputs, and readers of its output.

import type { Graph, Node } from '../graph.js';
import { opOf } from '../ops/table.js';

export interface Surroundings {
  readonly nodes: ReadonlyMap<string, Node>;
  readonly readersOf: (name: string) => readonly Node[];
  /** The only reader of a value; undefined where there are several or the value is an output. */
  readonly onlyReader: (name: string) => Node | undefined;
}

export function surroundingsOf({ nodes, outputs }: Graph): Surroundings {
  const readers = new Map<string, Node[]>();
  for (const node of nodes)
    for (const input of new Set(node.inputs)) {
      const known = readers.get(input);
      if (known) known.push(node);
      else readers.set(input, [node]);
    }
  const ends = new Set(outputs);
  const readersOf = (name: string): readonly Node[] => readers.get(name) ?? [];
  return {
    nodes: new Map(nodes.map((node) => [node.name, node])),
    readersOf,
    onlyReader(name) {
      const found = readersOf(name);
      return found.length === 1 && !ends.has(name) ? found[0] : undefined;
    },
  };
}

/** A norm, an activation or a view: it has one operand and keeps its number of elements. */
export const isUnary = (node: Node): boolean =>
  node.inputs.length === 1 && ['elementwise', 'view'].includes(opOf(node.op).traffic);

/** The chain of unary ops after a node, each with one reader, and the first other op behind it. */
export function chainAfter(
  { name }: Node,
  { onlyReader }: Surroundings,
): { readonly passed: readonly Node[]; readonly end: Node | undefined } {
  const passed: Node[] = [];
  let next = onlyReader(name);
  while (next !== undefined && isUnary(next)) {
    passed.push(next);
    next = onlyReader(next.name);
  }
  return { passed, end: next };
}

/** A convolution that mixes no channels. */
export const isDepthwise = ({ groups, inShape }: { groups: number | null; inShape: readonly number[] }): boolean =>
  groups !== null && groups > 1 && groups === inShape[1];
