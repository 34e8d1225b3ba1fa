// Several small graphs as one graph, so that an engine loads them once.

import type { Graph } from '../../src/graph.js';

/** The name that a node or an input of a graph has in all of them: the number of its graph stands in front. */
export const nameIn = (place: number, name: string): string => `graph${place}.${name}`;

/** The graphs side by side, in their order: no node of one reads a node of another. */
export function sideBySide(graphs: readonly Graph[]): Graph {
  return {
    ...graphs[0]!,
    name: `${graphs.length} graphs`,
    inputs: graphs.flatMap(({ inputs }, place) => inputs.map((one) => ({ ...one, name: nameIn(place, one.name) }))),
    nodes: graphs.flatMap(({ nodes }, place) =>
      nodes.map((node) => ({
        ...node,
        name: nameIn(place, node.name),
        inputs: node.inputs.map((name) => nameIn(place, name)),
      })),
    ),
    outputs: graphs.flatMap(({ outputs }, place) => outputs.map((name) => nameIn(place, name))),
  };
}
