// Records the forward pass of a graph as a tape: what PyTorch runs for each node, in order.

import type { CallName } from '../counters/call.js';
import { callNames } from '../counters/executed.js';
import type { Implementation } from '../counters/implementation.js';
import { shapedNodes, type ShapedNode } from '../cost.js';
import { withoutGradient, type FrameworkCall, type Graph, type Node, type Value } from '../graph.js';
import {
  attentionKernels,
  INSIDE,
  insideKernel,
  kernelNode,
  kernelRule,
  type AttentionKernel,
} from './attentionKernel.js';
import { FILE_RULES, gluKernel } from './fileRules.js';
import { SCALED } from './layout.js';
import { CUDA_RULES } from './opRules.js';
import { inEvalMode, inputFor, keptBy, type Rule } from './rule.js';
import { RULES } from './rules.js';
import type { Tape, TapeOptions } from './tape.js';
import { TapeWriter } from './tapeWriter.js';

/** @throws InputError when a tensor passes 2^53 elements */
export function tapeOf(graph: Graph, implementation: Implementation, options: TapeOptions = {}): Tape {
  const writer = new TapeWriter(graph, options);
  // Where ops are left out of the graph, they may need what no output does.
  const dead = graph.omitted ? new Set(graph.gradientStops?.nodes) : withoutGradient(graph);
  const calls = callNames(graph, implementation);
  const { amp = false, device = amp ? 'cuda' : 'cpu' } = options;
  const ruleOf = (call: CallName): Rule => (device === 'cuda' ? CUDA_RULES[call] : undefined) ?? RULES[call];
  const kernels = attentionKernels(graph, device, new Set([...(options.frozen ?? []), ...dead]));
  const scores = new Map<string, ShapedNode>();
  for (const { name, shape } of graph.inputs)
    if (!graph.generated?.has(name)) writer.dropAfter(name, { name, stage: '', block: '' }, shape);
  for (const shapedNode of shapedNodes(graph)) {
    const { node } = shapedNode;
    const call = calls.get(node.name)!;
    /** Attention that PyTorch computes op by op applies its dropout to the softmax. */
    const called = graph.calls?.get(node.name)?.attention;
    if (dead.has(node.name)) writer.stopAt(node.name);
    const kernel = kernels.get(node.name);
    if (kernel) {
      const { last, scores: product } = kernel.fused;
      if (node.name === product.name) scores.set(node.name, shapedNode);
      if (node.name === last.name)
        writer.step(
          writer.given(kernelNode(shapedNode, kernel)),
          kernelRule(kernel, scores.get(product.name)!),
          false,
          call,
          { detached: detachedReads(graph, kernel) },
        );
      else writer.step(insideKernel(shapedNode), INSIDE, false, call);
      continue;
    }
    const autograd = graph.calls?.get(node.name)?.autograd;
    if (autograd === 'glu') {
      if (node.op !== 'multiply') writer.step(insideKernel(shapedNode), INSIDE, false, call);
      else writer.step(gluKernel(shapedNode, halved(graph, node)), FILE_RULES.glu, false, call);
      continue;
    }
    const dropsScores =
      called !== undefined && called.dropout > 0 && writer.opBehind(node.inputs[0] ?? '') === 'softmax';
    const drops =
      dropsScores ||
      implementation.dropouts?.some(
        ({ stage, before, after }) =>
          node.stage === stage &&
          node.op === before &&
          (after === undefined || writer.opBehind(node.inputs[0]!) === after),
      );
    const inPlace =
      call === 'addInPlace' ||
      (typeof options.inPlace === 'boolean'
        ? options.inPlace
        : implementation.inPlace?.includes(node.op) === true ||
          options.inPlace?.has(node.name) === true ||
          isInPlace(graph.calls?.get(node.name)));
    const read = writer.given(drops ? { ...shapedNode, node: writer.dropout(shapedNode) } : shapedNode);
    const own = autograd ? FILE_RULES[autograd] : ruleOf(call);
    const plain = graph.evalMode?.stays.has(node.name) ? inEvalMode(own) : own;
    const rule = called && isScores(node) ? { ...plain, layout: SCALED } : plain;
    writer.step(read, graph.generated?.has(node.name) ? withFactor(rule, read) : rule, inPlace, call, {
      detached: graph.gradientStops?.inputs.get(node.name),
    });
    writer.dropAfter(node.name, node, node.shape);
  }
  const outputs = graph.outputs.map((name) => writer.nameOf(name));
  return { graph: graph.dropouts ? { ...graph, outputs } : graph, steps: writer.steps, storages: writer.storages };
}

/** The value whose halves a gated linear unit multiplies. */
function halved({ nodes, inputs }: Graph, { inputs: [half] }: Node): Value {
  const value = nodes.find(({ name }) => name === half)!.inputs[0]!;
  return [...nodes, ...inputs].find(({ name }) => name === value)!;
}

/** Whether a node is the product of q and k. */
const isScores = ({ op, attributes }: Node): boolean => op === 'matmul' && attributes['transposeSecond'] === true;

/** Adds that the last input, a factor made from numbers, is kept for the gradient of the first. */
const withFactor = (rule: Rule, { reads }: ShapedNode): Rule => ({
  ...rule,
  keeps: (node, copies) => [...keptBy(rule.keeps, node, copies), inputFor('other input', reads.length - 1)],
});

/** Names of PyTorch's in-place ops end with _. */
const isInPlace = (call: FrameworkCall | undefined): boolean => call?.aten.some((name) => name.endsWith('_')) === true;

/** For each input of a kernel whether the file detaches it. */
function detachedReads(
  { gradientStops: stopped, nodes }: Graph,
  { fused }: AttentionKernel,
): readonly boolean[] | undefined {
  if (!stopped || stopped.inputs.size === 0) return undefined;
  const members = new Set(fused.members.map(({ name }) => name));
  const found = new Set<string>();
  for (const { name, inputs } of nodes)
    if (members.has(name))
      for (const [i, input] of inputs.entries()) if (stopped.inputs.get(name)?.[i]) found.add(input);
  return fused.reads.map((name) => found.has(name));
}
