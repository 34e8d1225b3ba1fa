// The cost of one node: params and multiply-adds by its op, memory access from shapes.

import { add, equal, mul, total, type Dim } from './dim/dim.js';
import { tensorId, type Graph, type Node, type StoredTensor } from './graph.js';
import { locate } from './inputError.js';
import type { LayerKind, Traffic } from './ops/op.js';
import { isOpName, opOf } from './ops/table.js';
import { elements, sameShape, type Shape } from './shape.js';

/**
 * ShuffleNetV2's memory access cost (arXiv 1807.11164, section 2), in elements, in four readings.
 */
export interface MemoryAccess<N> {
  /**
   * Convolutions only, as VoVNet Eq. 1 (arXiv 1904.09730): inputs + outputs + weights without bias.
   */
  readonly conv: N;
  /** Fully connected layers only, counted the same way. */
  readonly linear: N;
  /** Every op as an eager framework runs it; views are free. */
  readonly unfused: N;
  /**
   * Every op as an inference compiler runs it at best. A concat is a view of what its producers
   * wrote; an elementwise op is absorbed by its only producer or its only reader, and adds only its
   * other operand; so is a transposition, where that one takes either order.
   */
  readonly fused: N;
}

/**
 * Counts that add up from node to node. N is a number for a profile and a Dim for a closed form.
 */
export interface Counts<N> {
  /** Learnable parameters. */
  readonly params: N;
  /** Multiply-adds of convolutions and fully connected layers. */
  readonly multAdds: N;
  /** Output elements of convolutions and fully connected layers. */
  readonly activations: N;
  /**
   * HarDNet's convolutional input/output (arXiv 1909.00948, Eq. 1): input plus output elements of
   * convolutions.
   */
  readonly cio: N;
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
  /**
   * Elements of the weights that are read: all parameters but the biases of convolutions and linear
   * layers.
   */
  readonly weights: Dim;
  /** The same as `reads`, where ops that this one absorbs read in its place. */
  readonly fusedReads: readonly Dim[];
  /** Which input this op has in common with the op that absorbs it; undefined where none does. */
  readonly absorbedBy: number | undefined;
}

/** What is known of a value after its node was visited. */
interface Known {
  readonly shape: Shape;
  readonly size: Dim;
  /**
   * Elements that its reader reads where it is fused: those of the operand, where the op that made
   * it is absorbed.
   */
  readonly source: Dim;
  /**
   * One op made it and writes it, so that its only reader can be absorbed there. A concat is
   * written by several.
   */
  readonly absorbs: boolean;
  /** The op's fields alone set its height and width, as for a gate of one value per channel. */
  readonly ownSides: boolean;
  /** The node that wrote it, seen through views that nothing else reads. */
  readonly writer?: Pick<Node, 'op' | 'shape'>;
}

/**
 * Every node of the graph with its surroundings, in order of execution.
 * @throws InputError naming the input or node whose tensors pass 2^53 elements
 */
export function* shapedNodes(graph: Graph): Iterable<ShapedNode> {
  const readers = executedReaders(graph);
  const known = new Map<string, Known>();
  const counted = graph.nodes.some(({ tensors }) => tensors) ? new Set<string>() : undefined;
  for (const { name, shape } of graph.inputs) {
    try {
      const size = elements(shape);
      known.set(name, { shape, size, source: size, absorbs: false, ownSides: false });
    } catch (error) {
      throw locate(error, `input "${name}"`);
    }
  }
  for (const node of graph.nodes) {
    let shaped;
    try {
      shaped = shapedNodeOf(node, known, readers, counted);
    } catch (error) {
      throw locate(error, `node "${node.name}" (${node.op})`);
    }
    yield shaped;
  }
}

/**
 * Who reads a value when the network runs. Views and concats do not run: who reads them reads what
 * they are made of.
 */
interface Readers {
  readonly count: number;
  /** The reader, where there is one and it reads the value itself. */
  readonly only?: Node;
}

/** The caller reads a graph output, so its elements must be written. */
const OUTPUT: Readers = { count: 2 };

function executedReaders({ nodes, outputs }: Graph): ReadonlyMap<string, Readers> {
  const readers = new Map<string, Readers>();
  const read = (name: string, more: Readers): void => {
    const known = readers.get(name);
    readers.set(name, known ? { count: known.count + more.count } : more);
  };
  for (const name of outputs) read(name, OUTPUT);
  for (let i = nodes.length - 1; i >= 0; i--) {
    const node = nodes[i]!;
    const { traffic } = opOf(node.op);
    const runs = traffic !== 'view' && traffic !== 'gather';
    const more: Readers = runs ? { count: 1, only: node } : { count: readers.get(node.name)?.count ?? 0 };
    for (const input of node.inputs) read(input, more);
  }
  return readers;
}

/** What a reader of this node reads, where absorbed ops are looked through. */
function sourceOf(
  traffic: Traffic,
  writes: Dim,
  sources: readonly Known[],
  fusedReads: readonly Dim[],
  byReader: number,
): Dim {
  if (byReader >= 0) return fusedReads[byReader]!;
  if (traffic === 'gather') return total(fusedReads);
  // A part of a value: elements that nothing reads cost nothing.
  if (traffic === 'view' && sources.length > 0 && knownSame(sources[0]!.size, writes)) return fusedReads[0]!;
  return writes;
}

function shapedNodeOf(
  node: Node,
  known: Map<string, Known>,
  readers: ReadonlyMap<string, Readers>,
  counted: Set<string> | undefined,
): ShapedNode {
  const op = opOf(node.op);
  const sources = node.inputs.map((name) => known.get(name)!);
  const inputs = sources.map(({ shape }) => shape);
  const params = op.params?.(inputs, node.attributes) ?? {};
  const writes = elements(node.shape);
  const readOnce = (i: number): boolean => readers.get(node.inputs[i]!)?.count === 1;
  const alone = (i: number): boolean => sources[i]!.absorbs && readOnce(i);
  const ownSides = op.ownSides?.(node.attributes) ?? sources.every((source) => source.ownSides);
  // A gate of one value per channel is not the image that it scales, even where that image is 1 x
  // 1.
  const whole = (shape: Shape, i: number): boolean => sources[i]!.ownSides === ownSides && sameShape(shape, node.shape);
  const elementwise = op.traffic === 'elementwise';
  const operandOfReader = (): number => {
    if (elementwise) return inputs.findIndex(whole);
    const reader = readers.get(node.name)?.only;
    if (order && reader && opOf(reader.op).takesOrder?.(order)) return 0;
    return op.padsReader?.(node.attributes) === true && reader && 'padding' in opOf(reader.op).fields ? 0 : -1;
  };
  const order = op.orderOf?.(node.attributes);
  const isWritten = ({ writer }: Known, shape: Shape): boolean =>
    writer !== undefined && sameShape(writer.shape, shape) && opOf(writer.op).takesOrder?.(order!) === true;
  const byProducer = elementwise
    ? inputs.findIndex((shape, i) => alone(i) && whole(shape, i))
    : order && alone(0) && isWritten(sources[0]!, inputs[0]!)
      ? 0
      : -1;
  // An op that its reader computes while it reads: never written, so nothing can be absorbed behind
  // it.
  const byReader = byProducer < 0 && readers.get(node.name)?.count === 1 ? operandOfReader() : -1;
  const absorber = byProducer < 0 ? byReader : byProducer;
  const fusedReads = sources.map(({ source }) => source);
  known.set(node.name, {
    shape: node.shape,
    size: writes,
    source: sourceOf(op.traffic, writes, sources, fusedReads, byReader),
    ...(op.traffic === 'view'
      ? sources[0]?.writer && alone(0)
        ? { writer: sources[0].writer }
        : {}
      : { writer: node }),
    absorbs: op.traffic === 'view' ? sources.length > 0 && alone(0) : op.traffic !== 'gather' && byReader < 0,
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
    fusedReads,
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

export function countsOf(shaped: ShapedNode): Counts<Dim> {
  const { node, inputs, newParams, reads, writes } = shaped;
  const op = opOf(node.op);
  const unfused = unfusedAccess(shaped);
  return {
    params: newParams,
    multAdds: op.multAdds?.(inputs, node.shape, node.attributes) ?? 0,
    activations: op.multAdds ? writes : 0,
    cio: op.layer === 'conv' ? add(reads[0]!, writes) : 0,
    memoryAccess: {
      conv: op.layer === 'conv' ? unfused : 0,
      linear: op.layer === 'linear' ? unfused : 0,
      unfused,
      fused: fusedAccess(shaped),
    },
  };
}

/**
 * Hardware operations: 2 per multiply-add, 1 per element (of a window, for a pool) of everything
 * else.
 */
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

function fusedAccess({ node, fusedReads, writes, weights, absorbedBy }: ShapedNode): Dim {
  const { traffic } = opOf(node.op);
  if (traffic === 'gather' || traffic === 'view') return 0;
  const read = total(fusedReads.filter((_, i) => i !== absorbedBy));
  return absorbedBy === undefined ? add(read, add(writes, weights)) : read;
}

const knownSame = (a: Dim, b: Dim): boolean => a === b || equal(a, b);
