// Turns flat nodes into calls: finds constants, joins biases, joins layers that Keras wrote out.

import type { Constant } from '../kit/operand.js';
import type { Layout } from '../kit/layout.js';
import { ARGUMENT, type GraphNode, type Input } from './inline.js';
import { VARIABLES, type Constants } from './stored.js';
import { keyOf, type TfCall } from './tfCall.js';

/**
 * The op of a norm that Keras wrote out as sums and products: (x, scale or none, shift or none).
 */
export const WRITTEN_OUT_NORM = 'batch normalization';

const LAYERS: ReadonlySet<string> = new Set([
  'Conv2D',
  'DepthwiseConv2dNative',
  'MatMul',
  'Conv3D',
  'Conv2DBackpropInput',
]);
const ADDS: ReadonlySet<string> = new Set(['BiasAdd', 'Add', 'AddV2']);
const PASSES: ReadonlySet<string> = new Set([
  'Identity',
  'ReadVariableOp',
  'StopGradient',
  'Snapshot',
  'Enter',
  'Cast',
  'PlaceholderWithDefault',
]);
/** Ops that keep the number of channels. */
const KEEPS_CHANNELS = /^(Relu|Relu6|Elu|Selu|Sigmoid|Tanh|LeakyRelu|BiasAdd|Identity|MaxPool|AvgPool)$/;

interface Reader {
  readonly node: GraphNode;
  readonly at: number;
}

/** A graph's nodes with their constants and readers. */
export class Nodes {
  readonly constants = new Map<string, Constant>();
  private readonly readers = new Map<string, Reader[]>();
  /** How many outputs of the network are this node. */
  private readonly given = new Map<string, number>();

  constructor(
    readonly byName: ReadonlyMap<string, GraphNode>,
    readonly outputs: readonly Input[],
    constants: Constants,
  ) {
    for (const node of byName.values())
      node.inputs.forEach((input, at) => {
        const key = keyOf(input.node, input.output);
        const known = this.readers.get(key);
        if (known) known.push({ node, at });
        else this.readers.set(key, [{ node, at }]);
      });
    for (const { node, output } of outputs) {
      const key = keyOf(node, output);
      this.given.set(key, (this.given.get(key) ?? 0) + 1);
    }
    for (const node of byName.values())
      if (node.op === 'Const' || VARIABLES.has(node.op)) this.constants.set(node.name, constants.of(node));
    this.pass();
  }

  /** A node that only passes a constant on counts as that constant. */
  private pass(): void {
    const open = [...this.constants.keys()];
    for (let key = open.pop(); key !== undefined; key = open.pop())
      for (const { node } of this.readers.get(key) ?? []) {
        if (!PASSES.has(node.op) || this.constants.has(node.name)) continue;
        this.constants.set(node.name, this.constants.get(key)!);
        open.push(node.name);
      }
  }

  readersOf(key: string): readonly Reader[] {
    return this.readers.get(key) ?? [];
  }

  /**
   * The only reader of an output; undefined where there are several, or where it is an output of
   * the network.
   */
  soleReader(name: string): GraphNode | undefined {
    const all = this.readersOf(name);
    return all.length === 1 && !this.given.has(name) ? all[0]!.node : undefined;
  }

  constantAt({ inputs }: GraphNode, i: number): Constant | undefined {
    const input = inputs[i];
    return input && this.constants.get(keyOf(input.node, input.output));
  }

  keyAt({ inputs }: GraphNode, i: number): string | undefined {
    const input = inputs[i];
    return input && keyOf(input.node, input.output);
  }

  nodeAt({ inputs }: GraphNode, i: number): GraphNode | undefined {
    const input = inputs[i];
    return input && this.byName.get(input.node);
  }
}

export function prepared(
  nodes: Nodes,
  order: readonly GraphNode[],
  constants: Constants,
  layout: Layout,
): readonly TfCall[] {
  const absorbed = new Set<string>();
  const calls: TfCall[] = [];
  const outputsOf = outputCounts([...order, { inputs: nodes.outputs }]);
  for (const node of order) {
    if (nodes.constants.has(node.name) || node.op === 'NoOp' || absorbed.has(node.name)) continue;
    if (node.op === 'Placeholder' || node.op === ARGUMENT) continue;
    const found = writtenOutNorm(nodes, node) ?? dilated(nodes, node) ?? withBias(nodes, node);
    const used = found ?? { op: node.op, inputs: node.inputs.map((_, i) => nodes.keyAt(node, i)!), result: node };
    for (const name of found?.absorbed ?? []) absorbed.add(name);
    const { result } = used;
    const missing = node.inputs.flatMap(({ node: input }) => constants.filesOf(input) ?? [])[0];
    const count = outputsOf.get(result.name) ?? 1;
    calls.push({
      op: used.op,
      name: node.name,
      inputs: used.inputs,
      outputs: Array.from({ length: count }, (_, i) => keyOf(result.name, i)),
      attributes: (used.from ?? node).attributes,
      layout,
      ...(used.fused ? { fused: used.fused } : {}),
      ...(missing === undefined ? {} : { missing }),
      ...impliedBy(nodes, result, count),
    });
  }
  return calls;
}

interface PatternMatch {
  readonly op: string;
  readonly inputs: readonly (string | undefined)[];
  /** The node whose outputs are those of the call. */
  readonly result: GraphNode;
  /** The node whose attributes the call has, where that is not the first node. */
  readonly from?: GraphNode;
  readonly fused?: readonly string[];
  readonly absorbed?: readonly string[];
}

/** The bias that the only reader of a layer adds to its channels. */
function withBias(nodes: Nodes, node: GraphNode): PatternMatch | undefined {
  if (!LAYERS.has(node.op)) return undefined;
  const reader = nodes.soleReader(node.name);
  const own = node.op === 'Conv2DBackpropInput' ? 3 : 2;
  const bias = reader && biasAdded(nodes, reader, node);
  if (!reader || bias === undefined || node.inputs.length !== own) return undefined;
  const inputs = [...node.inputs.map((_, i) => nodes.keyAt(node, i)), bias];
  return { op: node.op, inputs, result: reader, fused: ['BiasAdd'], absorbed: [reader.name] };
}

function biasAdded(nodes: Nodes, reader: GraphNode, node: GraphNode): string | undefined {
  if (!ADDS.has(reader.op) || reader.inputs.length !== 2) return undefined;
  const at = reader.inputs[0]!.node === node.name ? 1 : 0;
  const [constant, filter] = [nodes.constantAt(reader, at), nodes.constantAt(node, 1)];
  const channels = constant?.shape.at(-1);
  if (!constant || !filter || channels === undefined) return undefined;
  if (constant.shape.slice(0, -1).some((side) => side !== 1) || constant.stored?.length !== 1) return undefined;
  const [seen, made] = filter.shape.slice(-2);
  const makes =
    node.op === 'Conv2DBackpropInput'
      ? seen
      : node.op === 'DepthwiseConv2dNative'
        ? Number(seen) * Number(made)
        : node.op === 'MatMul' && node.attributes.flag('transpose_b', false)
          ? seen
          : made;
  return channels === makes ? nodes.keyAt(reader, at) : undefined;
}

/**
 * Keras's norm: x * (rsqrt(variance + epsilon) * scale) + (shift - mean * rsqrt(variance + epsilon)
 * * scale). The node is the product with x; scale and shift may be missing.
 */
function writtenOutNorm(nodes: Nodes, node: GraphNode): PatternMatch | undefined {
  if (node.op !== 'Mul' || node.inputs.length !== 2) return undefined;
  const sum = nodes.soleReader(node.name);
  if (!sum || !/^(Add|AddV2|Sub)$/.test(sum.op) || sum.inputs.length !== 2) return undefined;
  for (const at of [0, 1]) {
    const factor = factorIn(nodes, nodes.nodeAt(node, at));
    const other = factor && nodes.nodeAt(sum, sum.inputs[0]!.node === node.name ? 1 : 0);
    const shift = other && shiftIn(nodes, other, nodes.nodeAt(node, at)!);
    if (!factor || !shift) continue;
    const inputs = [nodes.keyAt(node, 1 - at), factor.scale, shift.shift];
    return { op: WRITTEN_OUT_NORM, inputs, result: sum, absorbed: [sum.name] };
  }
  return undefined;
}

/** rsqrt(variance + epsilon), times the scale where there is one; both are constants. */
function factorIn(nodes: Nodes, node: GraphNode | undefined): { readonly scale: string | undefined } | undefined {
  if (!node) return undefined;
  if (isDeviation(nodes, node)) return { scale: undefined };
  if (node.op !== 'Mul') return undefined;
  for (const at of [0, 1]) {
    const deviation = nodes.nodeAt(node, at);
    if (deviation && isDeviation(nodes, deviation) && nodes.constantAt(node, 1 - at)?.stored)
      return { scale: nodes.keyAt(node, 1 - at) };
  }
  return undefined;
}

function isDeviation(nodes: Nodes, { op, inputs }: GraphNode): boolean {
  const sum = op === 'Rsqrt' && inputs[0] ? nodes.byName.get(inputs[0].node) : undefined;
  if (!sum || !/^(Add|AddV2)$/.test(sum.op)) return false;
  return nodes.constantAt(sum, 0) !== undefined && nodes.constantAt(sum, 1) !== undefined;
}

/** shift - mean * factor, or -mean * factor where no shift is learnt. */
function shiftIn(nodes: Nodes, node: GraphNode, factor: GraphNode): { readonly shift: string | undefined } | undefined {
  const isMean = (one: GraphNode | undefined): boolean => {
    if (one?.op !== 'Mul') return false;
    const reads = one.inputs.findIndex((input) => input.node === factor.name);
    if (reads < 0) return false;
    const other = nodes.nodeAt(one, 1 - reads);
    return (
      nodes.constantAt(one, 1 - reads) !== undefined ||
      (other?.op === 'Neg' && nodes.constantAt(other, 0) !== undefined)
    );
  };
  if (node.op === 'Sub' && nodes.constantAt(node, 0) && isMean(nodes.nodeAt(node, 1)))
    return { shift: nodes.keyAt(node, 0) };
  if (/^(Add|AddV2)$/.test(node.op))
    for (const at of [0, 1])
      if (nodes.constantAt(node, at) && isMean(nodes.nodeAt(node, 1 - at))) return { shift: nodes.keyAt(node, at) };
  if (node.op === 'Neg' && isMean(nodes.nodeAt(node, 0))) return { shift: undefined };
  return isMean(node) ? { shift: undefined } : undefined;
}

/**
 * Keras's dilation: spaceToBatch, a convolution without padding, batchToSpace. The layer is one
 * dilated convolution.
 */
function dilated(nodes: Nodes, node: GraphNode): PatternMatch | undefined {
  if (node.op !== 'SpaceToBatchND') return undefined;
  const convolution = nodes.soleReader(node.name);
  const back = convolution && nodes.soleReader(convolution.name);
  if (!convolution || !back || back.op !== 'BatchToSpaceND' || !/^(Conv2D|DepthwiseConv2dNative)$/.test(convolution.op))
    return undefined;
  const { attributes } = convolution;
  const plain =
    attributes.text('padding', 'VALID') === 'VALID' &&
    ['strides', 'dilations'].every((key) => attributes.integers(key).every((one) => one === 1));
  const [block, pads] = [nodes.constantAt(node, 1)?.items, nodes.constantAt(node, 2)?.items];
  const [again, crops] = [nodes.constantAt(back, 1)?.items, nodes.constantAt(back, 2)?.items];
  if (!plain || block?.length !== 2 || pads?.length !== 4 || crops?.length !== 4) return undefined;
  if (again?.some((one, i) => one !== block[i]) ?? true) return undefined;
  const inputs = [
    nodes.keyAt(node, 0),
    nodes.keyAt(convolution, 1),
    ...[1, 2].map((i) => nodes.keyAt(node, i)),
    nodes.keyAt(back, 2),
  ];
  return {
    op: convolution.op === 'Conv2D' ? DILATED : DILATED_DEPTHWISE,
    ...{ inputs, result: back, from: convolution, absorbed: [convolution.name, back.name] },
  };
}

/** (x, filter, dilation, paddings, crops). */
export const DILATED = 'Conv2D with dilation';
export const DILATED_DEPTHWISE = 'DepthwiseConv2dNative with dilation';

/** One more than the largest output that is read. */
function outputCounts(readers: readonly Pick<GraphNode, 'inputs'>[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { inputs } of readers)
    for (const { node, output } of inputs) counts.set(node, Math.max(counts.get(node) ?? 1, output + 1));
  return counts;
}

/** The channels that the filter of a reader needs, for slices whose bounds are not in the file. */
function impliedBy(nodes: Nodes, { name, op }: GraphNode, count: number): Pick<TfCall, 'implied'> {
  if (op !== 'StridedSlice' && op !== 'SplitV' && op !== 'Slice') return {};
  const implied = Array.from({ length: count }, (_, i) => channelsRead(nodes, keyOf(name, i)));
  return { implied };
}

function channelsRead(nodes: Nodes, start: string): number | undefined {
  const open = [start];
  const seen = new Set(open);
  for (let key = open.pop(); key !== undefined && seen.size < 64; key = open.pop())
    for (const { node, at } of nodes.readersOf(key)) {
      const filter = /^(_Fused)?(Conv2D|MatMul)$|DepthwiseConv2dNative$/.test(node.op)
        ? nodes.constantAt(node, 1)
        : undefined;
      const channels = filter?.shape.at(-2);
      if (at === 0 && typeof channels === 'number') return channels;
      if (!KEEPS_CHANNELS.test(node.op) || seen.has(node.name)) continue;
      seen.add(node.name);
      open.push(node.name);
    }
  return undefined;
}
