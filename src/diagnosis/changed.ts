// Builds a network again with some layers changed, and counts what the change saves.

import { Builder } from '../builder.js';
import { deadEnds, type Graph, type Node, type Value } from '../graph.js';
import { InputError } from '../inputError.js';
import { profile, type Totals } from '../profile.js';
import type { Saving, Subject } from './finding.js';

/** Gives the replacement of a node; undefined keeps the node, on its new inputs. */
export type Edit = (net: Builder, node: Node, inputs: readonly Value[]) => Value | undefined;

/**
 * The same network with the nodes that an edit gives in place of its own. Nodes that nothing reads
 * any more are left out.
 * @throws InputError where a later node does not fit what the edit made
 */
export function changed(graph: Graph, edit: Edit): Graph {
  const built = rebuilt(graph, edit);
  // Nodes that fed nothing before still count.
  const needed = new Set([...built.outputs, ...deadEnds(graph).map(({ name }) => name)]);
  const nodes = built.nodes.toReversed().filter(({ name, inputs }) => {
    if (!needed.has(name)) return false;
    for (const input of inputs) needed.add(input);
    return true;
  });
  return { ...built, nodes: nodes.reverse() };
}

function rebuilt(graph: Graph, edit: Edit): Graph {
  const start = Builder.start();
  const values = new Map<string, Value>();
  for (const { name, shape, omittedOp } of graph.inputs) values.set(name, start.input(shape, name, omittedOp));
  for (const node of graph.nodes) {
    const net = start.at('', { stage: node.stage, block: node.block });
    const inputs = node.inputs.map((name) => values.get(name)!);
    values.set(node.name, edit(net, node, inputs) ?? again(net, node, inputs));
  }
  const outputs = graph.outputs.map((name) => values.get(name)!);
  return start.finish(graph.name, outputs, graph.omitted);
}

/**
 * Adds the node again with other inputs or fields. A parameter whose shape changes is a new one.
 */
export function again(
  net: Builder,
  node: Node,
  inputs: readonly Value[],
  fields: Readonly<Record<string, unknown>> = {},
): Value {
  const given = { ...node.attributes, ...fields } as Node['attributes'];
  return net.apply(node.op, node.name, inputs, given, Object.keys(fields).length > 0 ? undefined : node.tensors);
}

/** What a change saves; undefined where the changed network cannot be built. */
export function savingOf(subject: Subject, edit: Edit): Saving | undefined {
  try {
    return savingWith(subject, changed(subject.graph, edit));
  } catch (error) {
    if (error instanceof InputError) return undefined;
    throw error;
  }
}

/** What another graph saves against a network. It includes time where a device is named. */
export function savingWith({ profile: { totals }, savedTime }: Subject, after: Graph): Saving {
  const milliseconds = savedTime?.(after) ?? null;
  return { ...difference(totals, profile(after).totals), ...(milliseconds === null ? {} : { milliseconds }) };
}

/** Only the quantities that differ. */
export function difference(before: Totals, after: Totals): Saving {
  const all: Saving = {
    params: before.params - after.params,
    multAdds: before.multAdds - after.multAdds,
    memoryAccessUnfused: before.memoryAccess.unfused - after.memoryAccess.unfused,
    memoryAccessFused: before.memoryAccess.fused - after.memoryAccess.fused,
    peakActivations: before.peakActivations - after.peakActivations,
    launches: before.ops - after.ops,
  };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== 0));
}
