// Draws dense connections with few arrows: a concat that extends an earlier one reads its output.

import type { Graph, Node } from '../../graph.js';

/**
 * What each node reads, as a picture shows it. In a dense block every layer joins the outputs of
 * all layers before it: L^2 / 2 arrows. Joining is associative, so [a, b, c, d] is [[a, b, c], d],
 * where [a, b, c] is what the layer before has joined already: 2 L arrows for the same tensors.
 */
export function joints(graph: Graph): (node: Node) => readonly string[] {
  /** By its inputs, the first concat that has them. */
  const made = new Map<string, string>();
  const sources = new Map<string, readonly string[]>();
  const key = (inputs: readonly string[]): string => JSON.stringify(inputs);
  for (const { name, op, inputs } of graph.nodes) {
    if (op !== 'concat') continue;
    let length = inputs.length - 1;
    while (length > 1 && !made.has(key(inputs.slice(0, length)))) length--;
    const earlier = made.get(key(inputs.slice(0, length)));
    if (earlier !== undefined && length > 1) sources.set(name, [earlier, ...inputs.slice(length)]);
    if (!made.has(key(inputs))) made.set(key(inputs), name);
  }
  return ({ name, inputs }) => sources.get(name) ?? inputs;
}
