// The inner graphs of If and loops, which read values around them by name.

import { ordered } from '../kit/order.js';
import { composed } from './compose/compose.js';
import { constantIn } from './external.js';
import type { OnnxGraph, OnnxNode } from './messages.js';
import { callOf, type Branch, type FileFacts, type OnnxCall } from './onnxCall.js';
import { titleOf } from './title.js';

const [THEN, ELSE, BODY] = ['then_branch', 'else_branch', 'body'];
const LOOPS: ReadonlySet<string> = new Set(['Loop', 'Scan', 'SequenceMap']);

/** Graphs among a node's attributes. */
export const graphsOf = ({ attribute }: OnnxNode): readonly OnnxGraph[] => attribute.flatMap(({ g }) => (g ? [g] : []));

/** The calls of nodes, with those of their branches inside. */
export function callsOf(nodes: readonly OnnxNode[], facts: FileFacts): readonly OnnxCall[] {
  return nodes.map((node) => {
    const call = callOf(withCaptures(node), facts);
    const [holds, fails, body] = [THEN, ELSE, BODY].map(
      (name) => node.attribute.find((one) => one.name === name && one.g)?.g,
    );
    if (LOOPS.has(node.opType ?? '') && body)
      return { ...call, body: { ...branchOf(body, facts), inputs: body.input.map(({ name = '' }) => name) } };
    return node.opType === 'If' && holds && fails
      ? { ...call, branches: [branchOf(holds, facts), branchOf(fails, facts)] }
      : call;
  });
}

function branchOf({ node, initializer, output }: OnnxGraph, facts: FileFacts): Branch {
  const calls = callsOf(node, facts);
  const constants = new Map(initializer.map((tensor) => [tensor.name ?? '', constantIn(tensor)]));
  const outputs = output.map(({ name = '' }) => name);
  const own = new Set(calls.flatMap((call) => call.outputs));
  const around = { has: (name: string) => !own.has(name) };
  return {
    ...{ calls, constants, outputs },
    steps: () =>
      composed(
        ordered(calls, around, ({ node: one }) => titleOf(one)),
        outputs,
        constants,
      ),
  };
}

/** All calls, those of branches behind the one that has them. */
export const withInner = (calls: readonly OnnxCall[]): readonly OnnxCall[] =>
  calls.flatMap((call) => [
    call,
    ...[...(call.branches ?? []), ...(call.body ? [call.body] : [])].flatMap((inner) => withInner(inner.calls)),
  ]);

/** All nodes, those of branches behind the node that has them. */
export const innerNodes = (nodes: readonly OnnxNode[]): readonly OnnxNode[] =>
  nodes.flatMap((node) => [node, ...graphsOf(node).flatMap((graph) => innerNodes(graph.node))]);

/**
 * The node with all that its graphs read from outside as inputs behind its own, so that it runs
 * after what makes them.
 */
function withCaptures(node: OnnxNode): OnnxNode {
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

/** The same node with every name replaced, inside of its graphs, too. */
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
    input: graph.input.map(one),
    output: graph.output.map(one),
  };
}
