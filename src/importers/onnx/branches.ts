// What is an If of a file? Two graphs of its own, of which one is taken; they read what stands around them by its name.

import type { OnnxGraph, OnnxNode } from './messages.js';

const [THEN, ELSE] = ['then_branch', 'else_branch'];

/** Graphs among a node's attributes. */
export const graphsOf = ({ attribute }: OnnxNode): readonly OnnxGraph[] => attribute.flatMap(({ g }) => (g ? [g] : []));

/** Whether a node has both branches: an If whose graphs are nested too deep to be read has none. */
export const isBranching = (node: OnnxNode): boolean =>
  node.opType === 'If' && [THEN, ELSE].every((name) => node.attribute.some((one) => one.name === name && one.g));

/** The graph that is run where the condition holds, or where it does not. */
export const branchOf = ({ attribute }: OnnxNode, holds: boolean): OnnxGraph =>
  attribute.find(({ name, g }) => name === (holds ? THEN : ELSE) && g)!.g!;

/** The node with all that its graphs read from outside as inputs behind its own, so that it runs after what makes them. */
export function withCaptures(node: OnnxNode): OnnxNode {
  const graphs = graphsOf(node);
  if (graphs.length === 0) return node;
  return { ...node, input: [...node.input, ...new Set(graphs.flatMap(readOutside))] };
}

function readOutside({ node, initializer, input, output }: OnnxGraph): readonly string[] {
  const own = new Set([...initializer, ...input].map(({ name = '' }) => name));
  for (const inner of node) for (const name of inner.output) own.add(name);
  const read = [...node.flatMap((inner) => withCaptures(inner).input), ...output.map(({ name = '' }) => name)];
  return read.filter((name) => name !== '' && !own.has(name));
}

/** All nodes, those of branches behind the node that has them. */
export const withInner = (nodes: readonly OnnxNode[]): readonly OnnxNode[] =>
  nodes.flatMap((node) => [node, ...graphsOf(node).flatMap((graph) => withInner(graph.node))]);

/** The same node where every name outside and inside of its graphs is another. */
export function renamed(node: OnnxNode, named: (name: string) => string): OnnxNode {
  return {
    ...node,
    input: node.input.map(named),
    output: node.output.map(named),
    attribute: node.attribute.map((attribute) =>
      attribute.g ? { ...attribute, g: renamedGraph(attribute.g, named) } : attribute,
    ),
  };
}

function renamedGraph(graph: OnnxGraph, named: (name: string) => string): OnnxGraph {
  const one = <T extends { readonly name: string | undefined }>(value: T): T => ({
    ...value,
    name: named(value.name ?? ''),
  });
  return {
    ...graph,
    node: graph.node.map((node) => renamed(node, named)),
    initializer: graph.initializer.map(one),
    output: graph.output.map(one),
  };
}
