// The steps in which a graph runs: nodes that are not fused, and what can be freed after each.

import { shapedNodes, type ShapedNode } from '../cost.js';
import { readersOf, type Graph } from '../graph.js';
import { DeviceFailure } from './engine.js';
import { FUSED, NOT_FUSED } from './kernels/activation.js';
import type { Kernel, KernelNode, Traits } from './kernels/kernel.js';
import { kernelOf } from './kernels/table.js';
import type { OpName } from '../ops/table.js';
import { sizesOf } from '../weights/weights.js';

export interface PlanStep {
  readonly kernel: Kernel;
  readonly place: KernelNode;
  /** Names of nodes: the one that does the work, then those that it absorbed. */
  readonly nodes: readonly ShapedNode[];
  /** The batch norm whose scale and shift go into the weights. */
  readonly norm: ShapedNode | undefined;
  readonly inputs: readonly string[];
  readonly output: string;
  /** Values that nothing reads after this step. */
  readonly frees: readonly string[];
}

type Draft = Omit<PlanStep, 'frees'>;

/**
 * @param eager one step for every node, as written
 * @param kernels of the engine; left out, those of TensorFlow.js
 * @throws DeviceFailure naming a node whose op no engine runs
 */
export function plan(
  graph: Graph,
  eager: boolean,
  traits: Traits,
  kernels: (op: OpName) => Kernel | undefined = kernelOf,
): readonly PlanStep[] {
  const readers = readersOf(graph);
  const drafts: Draft[] = [];
  /** The index of the draft whose output is this value. */
  const madeBy = new Map<string, number>();
  for (const shapedNode of shapedNodes(graph)) {
    const [only] = shapedNode.node.inputs;
    const index = madeBy.get(only!);
    const merged =
      eager || index === undefined || readers.get(only!) !== 1 ? undefined : absorb(drafts[index]!, shapedNode);
    if (merged) drafts[index!] = merged;
    else drafts.push(start(shapedNode, traits, kernels));
    madeBy.set(shapedNode.node.name, merged ? index! : drafts.length - 1);
  }
  return withFrees(drafts, graph);
}

function start(shapedNode: ShapedNode, traits: Traits, kernels: (op: OpName) => Kernel | undefined): Draft {
  const { node } = shapedNode;
  const place: KernelNode = {
    values: node.attributes,
    inputs: shapedNode.inputs.map(sizesOf),
    out: sizesOf(node.shape),
    fused: NOT_FUSED,
    traits,
  };
  const kernel = kernels(node.op);
  if (!kernel)
    throw new DeviceFailure(`no engine can run the op ${node.op} of node "${node.name}": it is counted, not measured`);
  const lacking = kernel.refuses?.(place);
  if (lacking !== undefined)
    throw new DeviceFailure(
      `no engine can run ${lacking}, as node "${node.name}" (${node.op}): it is counted, not measured`,
    );
  return { kernel, place, nodes: [shapedNode], norm: undefined, inputs: node.inputs, output: node.name };
}

/**
 * The draft with this node inside, where its op takes it: a norm before any activation, then one
 * activation.
 */
function absorb(draft: Draft, shapedNode: ShapedNode): Draft | undefined {
  const { kernel, place, nodes: inside, norm } = draft;
  const { node } = shapedNode;
  if (!kernel.absorbs || place.fused !== NOT_FUSED) return undefined;
  const grown = { ...draft, nodes: [...inside, shapedNode], output: node.name };
  if (node.op === 'batchNorm') return norm || !kernel.absorbs(place) ? undefined : { ...grown, norm: shapedNode };
  const fused = FUSED[node.op]?.(node.attributes);
  return fused && { ...grown, place: { ...place, fused } };
}

function withFrees(drafts: readonly Draft[], graph: Graph): readonly PlanStep[] {
  const kept = new Set([...graph.outputs, ...graph.inputs.map(({ name }) => name)]);
  const lastRead = new Map<string, number>();
  drafts.forEach((draft, i) => {
    lastRead.set(draft.output, i);
    for (const input of draft.inputs) lastRead.set(input, i);
  });
  return drafts.map((draft, i) => ({
    ...draft,
    frees: [...new Set([...draft.inputs, draft.output])].filter((name) => !kept.has(name) && lastRead.get(name) === i),
  }));
}
