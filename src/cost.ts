// What does one node cost? Its op gives params and multiply-adds; memory access follows from shapes here and nowhere else.

import { add, equal, mul, total, type Dim } from './dim/dim.js';
import { readersOf, tensorId, type Graph, type Node, type StoredTensor } from './graph.js';
import { locate } from './inputError.js';
import type { LayerKind } from './ops/op.js';
import { isOpName, opOf } from './ops/table.js';
import { elements, type Shape } from './shape.js';

/** ShuffleNetV2's memory access cost (arXiv 1807.11164, section 2), in elements, in four readings. */
export interface MemoryAccess<N> {
  /** Convolutions only, as VoVNet Eq. 1 (arXiv 1904.09730): inputs + outputs + weights without bias. */
  readonly conv: N;
  /** Fully connected layers only, counted the same way. */
  readonly linear: N;
  /** Every op as an eager framework runs it; views are free. */
  readonly unfused: N;
  /** Every op as an inference compiler runs it: elementwise ops absorbed, concat written in place. */
  readonly fused: N;
}

/** Counts that add up from node to node. N is a number for a profile and a Dim for a closed form. */
export interface Counts<N> {
  /** Learnable parameters. */
  readonly params: N;
  /** Multiply-adds of convolutions and fully connected layers. */
  readonly multAdds: N;
  /** Output elements of convolutions and fully connected layers. */
  readonly activations: N;
  readonly memoryAccess: MemoryAccess<N>;
}

export type { LayerKind };

/** A node with all that its costs are read from. */
export interface ShapedNode {
  readonly node: Node;
  readonly inputs: readonly Shape[];
  readonly params: Readonly<Record<string, Shape>>;
  /** Learnable parameters that no earlier node has read. */
  readonly newParams: Dim;
  /** Those of them that are not trained. */
  readonly frozenParams: Dim;
  /** Elements of each input. */
  readonly reads: readonly Dim[];
  /** Elements of the output. */
  readonly writes: Dim;
  /** Elements of the weights that are read: all parameters but the biases of convolutions and linear layers. */
  readonly weights: Dim;
  /** Which input's producer absorbs this elementwise op; undefined where none does. */
  readonly absorbedBy: number | undefined;
}

/** What is known of a value once its node has been walked over. */
interface Known {
  readonly shape: Shape;
  readonly size: Dim;
  /** Not a graph input, which nothing writes, and a view only if it is the one reader of what does. */
  readonly absorbs: boolean;
  /** Height and width are an op's own: a gate of one value per channel, say. */
  readonly ownSides: boolean;
}

/**
 * Every node of the graph with its surroundings, in order of execution.
 * @throws InputError naming the input or node whose tensors pass 2^53 elements
 */
export function* shapedNodes(graph: Graph): Iterable<ShapedNode> {
  const readers = readersOf(graph);
  const known = new Map<string, Known>();
  const counted = graph.nodes.some(({ tensors }) => tensors) ? new Set<string>() : undefined;
  for (const { name, shape } of graph.inputs) {
    try {
      known.set(name, { shape, size: elements(shape), absorbs: false, ownSides: false });
    } catch (error) {
      throw locate(error, `input "${name}"`);
    }
  }
  for (const node of graph.nodes) {
    let site;
    try {
      site = siteOf(node, known, readers, counted);
    } catch (error) {
      throw locate(error, `node "${node.name}" (${node.op})`);
    }
    yield site;
  }
}

function siteOf(
  node: Node,
  known: Map<string, Known>,
  readers: ReadonlyMap<string, number>,
  counted: Set<string> | undefined,
): ShapedNode {
  const op = opOf(node.op);
  const sources = node.inputs.map((name) => known.get(name)!);
  const inputs = sources.map(({ shape }) => shape);
  const params = op.params?.(inputs, node.attributes) ?? {};
  const writes = elements(node.shape);
  const alone = (i: number): boolean => sources[i]!.absorbs && readers.get(node.inputs[i]!) === 1;
  const ownSides = op.ownSides?.(node.attributes) ?? sources.every((source) => source.ownSides);
  // A gate is broadcast by its making: it is not the image that it scales, even where that is 1 x 1 too.
  const whole = (shape: Shape, i: number): boolean => sources[i]!.ownSides === ownSides && sameShape(shape, node.shape);
  const absorber = op.traffic === 'elementwise' ? inputs.findIndex((shape, i) => alone(i) && whole(shape, i)) : -1;
  known.set(node.name, {
    shape: node.shape,
    size: writes,
    absorbs: op.traffic !== 'view' || (sources.length > 0 && alone(0)),
    ownSides,
  });
  return {
    node,
    inputs,
    params,
    ...(counted
      ? firstRead(node, params, counted)
      : { newParams: total(Object.values(params).map(elements)), frozenParams: 0 }),
    reads: sources.map(({ size }) => size),
    writes,
    weights: weightsRead(params),
    absorbedBy: absorber < 0 ? undefined : absorber,
  };
}

/** Elements of the stored tensors of a node that are not in `counted`, which then holds them. */
function firstRead(
  { name, tensors }: Node,
  params: ShapedNode['params'],
  counted: Set<string>,
): Pick<ShapedNode, 'newParams' | 'frozenParams'> {
  let [newParams, frozenParams]: [Dim, Dim] = [0, 0];
  for (const [parameter, shape] of Object.entries(params)) {
    const stored: readonly StoredTensor[] = tensors?.[parameter] ?? [
      { id: tensorId(name, parameter), elements: elements(shape) },
    ];
    for (const tensor of stored) {
      if (counted.has(tensor.id)) continue;
      counted.add(tensor.id);
      newParams = add(newParams, tensor.elements);
      if (tensor.frozen) frozenParams = add(frozenParams, tensor.elements);
    }
  }
  return { newParams, frozenParams };
}

/** Whether a layer is counted as a convolution or as fully connected: a fact of its op. */
export const layerKindOf = ({ op }: { readonly op: string }): LayerKind | undefined =>
  isOpName(op) ? opOf(op).layer : undefined;

export function countsOf(site: ShapedNode): Counts<Dim> {
  const { node, inputs, newParams, writes } = site;
  const op = opOf(node.op);
  const unfused = unfusedAccess(site);
  return {
    params: newParams,
    multAdds: op.multAdds?.(inputs, node.shape, node.attributes) ?? 0,
    activations: op.multAdds ? writes : 0,
    memoryAccess: {
      conv: op.layer === 'conv' ? unfused : 0,
      linear: op.layer === 'linear' ? unfused : 0,
      unfused,
      fused: fusedAccess(site, unfused),
    },
  };
}

/** Hardware operations: 2 per multiply-add, 1 per element (of a window, for a pool) of everything else. */
export function flopsOf({ node, inputs }: ShapedNode, multAdds: Dim): Dim {
  const others = opOf(node.op).elementwise?.(inputs, node.shape, node.attributes) ?? 0;
  return add(mul(2, multAdds), others);
}

function weightsRead(params: Readonly<Record<string, Shape>>): Dim {
  let weights: Dim = 0;
  for (const name in params) if (name !== 'bias') weights = add(weights, elements(params[name]!));
  return weights;
}

function unfusedAccess({ node, reads, writes, weights }: ShapedNode): Dim {
  if (opOf(node.op).traffic === 'view') return 0;
  return add(total(reads), add(writes, weights));
}

function fusedAccess({ node, reads, absorbedBy }: ShapedNode, unfused: Dim): Dim {
  if (opOf(node.op).traffic === 'gather') return 0;
  return absorbedBy === undefined ? unfused : total(reads.filter((_, i) => i !== absorbedBy));
}

const sameShape = (a: Shape, b: Shape): boolean => a.length === b.length && a.every((side, i) => equal(side, b[i]!));
