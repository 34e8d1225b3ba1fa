// Finds the attention that PyTorch trains with one kernel, and what that kernel keeps.

import { fusedAttention, type Fused } from '../attention.js';
import { countsOf, type ShapedNode } from '../cost.js';
import { add, equal, mul, product, type Dim } from '../dim/dim.js';
import type { Graph, Node } from '../graph.js';
import { opOf } from '../ops/table.js';
import { elements, type Shape } from '../shape.js';
import { elementwise } from './strides.js';
import { inputFor, output, own, rule, type Kept, type Rule } from './rule.js';

/** One call of scaled dot product attention that runs as one kernel. */
export interface AttentionKernel {
  readonly fused: Fused;
  /** Shapes of q, k, v, and of a mask that the network computes. */
  readonly shapes: readonly Shape[];
  /** The shape of a mask of booleans, which PyTorch converts to numbers. */
  readonly boolMask?: Shape;
}

/**
 * Kernels by the names of all nodes that they run. A .pt2 file names the call of each product; in
 * other files the pattern of nodes tells (`fusedAttention`).
 */
export function attentionKernels(
  graph: Graph,
  device: 'cpu' | 'cuda',
  frozen: ReadonlySet<string>,
): ReadonlyMap<string, AttentionKernel> {
  const nodes = new Map(graph.nodes.map((node) => [node.name, node]));
  const shapes = new Map([...graph.inputs, ...graph.nodes].map(({ name, shape }) => [name, shape]));
  const trained = trainedValues(graph, shapes, frozen);
  const found = new Map<string, AttentionKernel>();
  for (const fused of fusedAttention(graph)) {
    const call = graph.calls?.get(fused.last.name)?.attention;
    // PyTorch's own decomposition scales both factors too, and runs op by op.
    if (graph.calls && (call === undefined || call.kernel === 'math')) continue;
    const sides = fused.reads.map((name) => shapes.get(name)!);
    const mask = fused.mask && ((fused.mask.attributes['shape'] as Shape | undefined) ?? sides[3]);
    // The kernel makes no gradient of a learnt mask, which then runs op by op.
    const learnt = fused.mask !== undefined && learns(fused.mask, shapes) && !frozen.has(fused.mask.name);
    const masked = fused.reads[3] !== undefined && call?.boolMask !== true && trained.has(fused.reads[3]);
    if (learnt || (device === 'cpu' && masked)) continue;
    const dropout = call?.dropout ?? 0;
    if (call?.kernel !== 'fused' && device === 'cpu' && !onCpu(fused, sides, mask, dropout, nodes)) continue;
    const kernel = { fused, shapes: sides, ...(call?.boolMask === true && mask ? { boolMask: mask } : {}) };
    for (const { name } of fused.members) found.set(name, kernel);
  }
  return found;
}

/** Values that depend on parameters that are trained. */
function trainedValues(
  { nodes }: Graph,
  shapes: ReadonlyMap<string, Shape>,
  frozen: ReadonlySet<string>,
): ReadonlySet<string> {
  const found = new Set<string>();
  for (const node of nodes)
    if (node.inputs.some((name) => found.has(name)) || (learns(node, shapes) && !frozen.has(node.name)))
      found.add(node.name);
  return found;
}

const learns = ({ op, inputs, attributes }: Node, shapes: ReadonlyMap<string, Shape>): boolean =>
  Object.keys(
    opOf(op).params?.(
      inputs.map((name) => shapes.get(name)!),
      attributes,
    ) ?? {},
  ).length > 0;

/**
 * Whether PyTorch 2.13 takes its CPU kernel: aten/src/ATen/native/transformers/sdp_utils_cpp.cpp,
 * use_flash_attention_cpp. Elsewhere the same is computed op by op.
 */
function onCpu(
  fused: Fused,
  [q, k, v]: readonly Shape[],
  mask: Shape | undefined,
  dropout: number,
  nodes: ReadonlyMap<string, Node>,
): boolean {
  const four = [q, k, v].every((shape) => shape?.length === 4);
  if (!four || dropout > 0) return false;
  const sameSize = equal(q![3]!, k![3]!) && equal(q![3]!, v![3]!);
  const sameBatch = equal(q![0]!, k![0]!) && equal(q![0]!, v![0]!);
  const together = fused.reads.slice(0, 3).every((name) => lastSideIsTogether(nodes.get(name)));
  return sameSize && sameBatch && together && (!mask || takesMask(mask, [q![0]!, q![1]!, q![2]!, k![2]!]));
}

/**
 * A transpose is a view in PyTorch. Its last side is contiguous only where it was the last side
 * before.
 */
function lastSideIsTogether(node: Node | undefined): boolean {
  if (node?.op !== 'transpose') return true;
  const order = node.attributes['order'] as readonly number[];
  return order.at(-1) === order.length - 1;
}

/** [queries or 1, keys or 1], or the same behind a batch or 1 and heads or 1. */
const takesMask = (mask: Shape, whole: readonly Dim[]): boolean =>
  (mask.length === 2 || mask.length === 4) &&
  mask.every((side, i) => side === 1 || equal(side, whole[i + 4 - mask.length]!));

/**
 * q, k, v, the result, and the logarithm of each query's sum in single precision; a mask
 * (derivatives.yaml, _scaled_dot_product_flash_attention_for_cpu). Its backward pass computes q k^T
 * again, and all three gradients by one formula. On CUDA the flash kernel keeps the same, and so
 * does the memory-efficient one with a mask, but for padding to 32 queries.
 * @param scores the product of q and k
 */
export function kernelRule({ shapes, boolMask }: AttentionKernel, scores: ShapedNode): Rule {
  const [q] = shapes;
  const sums = product(q!.slice(0, -1));
  const masks: readonly Kept[] = boolMask
    ? [own('intermediate', 'value', () => elements(boolMask))]
    : shapes.length > 3
      ? [inputFor('any', 3)]
      : [];
  const products = countsOf(scores).multAdds;
  return {
    ...rule([...[0, 1, 2].map((i) => inputFor('any', i)), output, own('statistics', 'float', () => sums), ...masks], {
      precision: 'half',
    }),
    inputMultAdds: (_, multAdds, wanted) => (wanted.includes(true) ? mul(add(products, multAdds), 2) : 0),
    recomputedMultAdds: () => products,
    // flash_attention_cpu writes into at::empty_like(query).
    layout: { result: ([query], { node }) => elementwise([query!], node.shape) },
  };
}

/**
 * The node of the kernel, at the position of its last node, with the inputs of the whole kernel.
 */
export const kernelNode = (shapedNode: ShapedNode, { fused, shapes }: AttentionKernel): ShapedNode => ({
  ...shapedNode,
  node: { ...shapedNode.node, inputs: fused.reads },
  reads: shapes.map(elements),
});

/** An inner node of the kernel. It reads and writes no memory. */
export const insideKernel = (shapedNode: ShapedNode): ShapedNode => ({
  ...shapedNode,
  node: { ...shapedNode.node, inputs: [] },
  reads: [],
  writes: 0,
});

/** An inner node keeps nothing. Its backward multiply-adds are counted with the kernel. */
export const INSIDE: Rule = { ...rule([], { moves: 'pass', layout: {} }), inputMultAdds: () => 0 };
