// The order of nodes: as the file lists them, or each after those that it reads.

import type { GraphDef } from './graphDef.js';
import type { GraphNode, Input } from './inline.js';

export const inFileOrder = ({ nodes }: GraphDef, byName: ReadonlyMap<string, GraphNode>): readonly GraphNode[] =>
  [...nodes.keys()].flatMap((name) => byName.get(name) ?? []);

/**
 * Whether each node stands after those that it reads: a frozen graph may list its nodes in any
 * order.
 */
export function canRun(order: readonly GraphNode[]): boolean {
  const seen = new Set<string>();
  return order.every(({ name, inputs }) => {
    seen.add(name);
    return inputs.every(({ node }) => seen.has(node));
  });
}

/**
 * Puts each node after those that it reads. It uses no recursion: graphs are deeper than the call
 * stack.
 */
export function dependenciesFirst(
  byName: ReadonlyMap<string, GraphNode>,
  outputs: readonly Input[],
): readonly GraphNode[] {
  const order: GraphNode[] = [];
  const seen = new Set<string>();
  for (const { node: output } of outputs) {
    if (seen.has(output)) continue;
    seen.add(output);
    const stack = [{ node: byName.get(output)!, next: 0 }];
    for (let top = stack.at(-1); top; top = stack.at(-1)) {
      const input = top.node.inputs[top.next++];
      if (input === undefined) {
        order.push(top.node);
        stack.pop();
      } else if (!seen.has(input.node)) {
        seen.add(input.node);
        stack.push({ node: byName.get(input.node)!, next: 0 });
      }
    }
  }
  return order;
}
