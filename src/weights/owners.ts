// Finds the first node that reads a parameter's tensors. Its readers share one copy.

import type { Graph, Node } from '../graph.js';

/** @returns the name of the first node whose parameter has the same stored tensors */
export type OwnerOf = (node: Node, parameter: string) => string;

/** Running statistics are not parameters. They have the owner of the norm's parameter. */
const FOLLOWS: Readonly<Record<string, readonly string[]>> = {
  mean: ['scale', 'shift'],
  variance: ['scale', 'shift'],
};

export function ownersIn({ nodes }: Graph): OwnerOf {
  const byName = new Map(nodes.map((node) => [node.name, node]));
  const first = new Map<string, string>();
  for (const node of nodes)
    for (const parameter of Object.keys(node.tensors ?? {})) {
      const key = keyOf(node, parameter);
      if (!first.has(key)) first.set(key, ownNode(node, parameter, byName) ?? node.name);
    }
  return (node, parameter) => {
    const stated = [parameter, ...(FOLLOWS[parameter] ?? [])].find((name) => node.tensors?.[name]);
    return stated === undefined ? node.name : first.get(keyOf(node, stated))!;
  };
}

const keyOf = ({ op, tensors }: Node, parameter: string): string =>
  JSON.stringify([op, parameter, ...tensors![parameter]!.map(({ id }) => id)]);

/** The earlier node of the same op that owns the parameter. */
function ownNode({ op, tensors }: Node, parameter: string, byName: ReadonlyMap<string, Node>): string | undefined {
  const [tensor, ...more] = tensors![parameter]!;
  if (!tensor || more.length > 0 || !tensor.id.endsWith(`/${parameter}`)) return undefined;
  const owner = byName.get(tensor.id.slice(0, -parameter.length - 1));
  return owner?.op === op ? owner.name : undefined;
}
