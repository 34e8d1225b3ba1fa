// An architecture as frozen plain data: a list of nodes, each one op on earlier nodes.

import type { Pair, Padding } from './fields.js';
import type { Dim } from './dim/dim.js';
import type { OpName } from './ops/table.js';
import type { Shape } from './shape.js';

/** The schema name in the JSON of a graph. */
export const GRAPH_SCHEMA = 'flopscope.graph/2';
/** The schemas that are read. graph/1 had `sharesParams`, an earlier node's name, for `tensors`. */
export const GRAPH_SCHEMAS: readonly unknown[] = [GRAPH_SCHEMA, 'flopscope.graph/1'];

export type Attribute = Dim | boolean | string | Pair | Padding | readonly Dim[];

/** A learnt tensor. It is counted once, however many nodes read it and in whatever shape. */
export interface StoredTensor {
  /** Unique in its graph. A node's own parameter is `tensorId(node, parameter)`. */
  readonly id: string;
  /** The number of learnt elements. A node that reads a part of a table counts the whole table. */
  readonly elements: Dim;
  /** It is not trained: `trainable: false` in Keras, `requires_grad = False` in PyTorch. */
  readonly frozen?: true;
}

/** A learnt tensor with the numbers of an earlier one, as they are or transposed. */
export interface StoredCopy {
  readonly id: string;
  /** The id of the earlier one. */
  readonly of: string;
  readonly elements: number;
}

/** The learnt tensors of each parameter, by the op's name of the parameter. */
export type ParameterTensors = Readonly<Record<string, readonly StoredTensor[]>>;

export const tensorId = (node: string, parameter: string): string => `${node}/${parameter}`;

/** One op; its only output carries its name. */
export interface Node {
  readonly name: string;
  readonly op: OpName;
  /** The op's fields with every default filled in. */
  readonly attributes: Readonly<Record<string, Attribute>>;
  /** Names of earlier nodes or of graph inputs. */
  readonly inputs: readonly string[];
  /** Shape of the output. */
  readonly shape: Shape;
  /** Part of the network at one resolution ("stage3", "layer2"); "" outside of any. */
  readonly stage: string;
  /** Repeated unit inside the stage ("OSA3_1", "layer2.0"); "" outside of any. */
  readonly block: string;
  /** Where its parameters come from. A parameter without an entry is the node's own tensor. */
  readonly tensors?: ParameterTensors;
}

/** What a dropout drops while a network is trained: single elements, or whole channels. */
export type Dropped = 'elements' | 'channels';

/**
 * What a file runs in eval mode. With nothing in train mode the file was written for inference, and
 * all of it counts in train mode; else what is in eval mode stays in it.
 */
export interface EvalMode {
  /** Norms with stored statistics in training too. */
  readonly stays: ReadonlySet<string>;
  /** Dropouts that drop nothing in training either. */
  readonly dropouts: number;
  /** Norms and dropouts that count in train mode. */
  readonly trained: { readonly norms: number; readonly dropouts: number };
}

/** A named tensor: a graph input, or the output of a node. */
export interface Value {
  readonly name: string;
  readonly shape: Shape;
  /**
   * Where a file of PyTorch copies a value into another memory layout before it is read: the value,
   * and how it is copied.
   */
  readonly layoutCopy?: { readonly how: LayoutCopy; readonly of: Value };
  /** Where a file stops the gradient in front of its readers: the value itself. */
  readonly detached?: Value;
}

/** `contiguous` copies a tensor that is not contiguous, `copy` copies always. */
export type LayoutCopy = 'contiguous' | 'copy';

/**
 * A tensor that the network makes from numbers alone in every pass: noise, a mask, positions.
 * Stored tensors are not among them.
 */
export interface GeneratedTensor {
  /** The file's name of it. */
  readonly name: string;
  readonly shape: Shape;
  /** "float32", "bool", ... */
  readonly type: string;
}

/** Where a file stops gradients: `.detach()`, `torch.no_grad()`, `tf.stop_gradient`. */
export interface GradientStops {
  /** Nodes that run without gradients. */
  readonly nodes: ReadonlySet<string>;
  /** For each node, which of its inputs it reads without their gradients. */
  readonly inputs: ReadonlyMap<string, readonly boolean[]>;
  /** Outputs without gradients. */
  readonly outputs: ReadonlySet<string>;
}

/** An input of the network: the image, another input, or the output of an op that is left out. */
export interface GraphInput extends Value {
  /** The op of the file that makes it, where that op is left out. */
  readonly omittedOp?: OmittedOp;
}

/** The position of an op that is left out in the order of execution. */
export interface OmittedOp {
  /** The values of the graph that it reads. */
  readonly inputs: readonly string[];
  /** The last node before it; absent where it comes before all nodes. */
  readonly after?: string;
}

/** The ops of a file that its graph leaves out. Its counts are a lower bound then. */
export interface Omission {
  /**
   * Ops that flopscope does not read, each with its number of nodes and the name of the first.
   * `why` is given for an op that it reads only in other forms.
   */
  readonly ops: readonly {
    readonly op: string;
    readonly nodes: number;
    readonly first: string;
    readonly why?: string;
  }[];
  /** The number of further nodes that depend on those, so that their shapes are unknown. */
  readonly behind: number;
}

/** Convolutions into whose weights and bias a batch norm was folded when a file was written. */
export interface Folding {
  /** Names of nodes. */
  readonly convolutions: readonly string[];
  /**
   * `named`: an exporter renamed their weights and biases, wrote which rule it applied, or joined
   * the names of what it fused. `possible`: they have a bias and the file has no norm; the network
   * may have had none.
   */
  readonly evidence: 'named' | 'possible';
}

/** What PyTorch runs for a node: a module, a function or an operator. */
export interface FrameworkCall {
  /**
   * Class of the module on which a hook fires; absent where a function or an operator is called.
   */
  readonly module?: string;
  /** Whether the module contains no other modules. */
  readonly leaf?: true;
  /**
   * The function of torch.nn.functional that runs, inside a module too; absent for tensor methods
   * and operators.
   */
  readonly functional?: string;
  /** Ops of a trace, of aten unless they name another library. */
  readonly aten: readonly string[];
  /** The Python code, where it calls neither a module nor a function. */
  readonly code?: string;
  /** Whether the node belongs to a call that another node records. */
  readonly further?: true;
  /** The call, where autograd keeps other tensors for it than for the node's op. */
  readonly autograd?: AutogradCall;
  /** The node is part of a call of scaled dot product attention. */
  readonly attention?: AttentionCall;
  /** The norm has a learnt scale, whatever node holds it. Absent where the call is no norm. */
  readonly scaled?: boolean;
  /** Elements that the call adds to a product, as torch.addmm does. */
  readonly added?: Dim;
  /** Whether a linear layer adds its bias by a second op, because its input is not contiguous. */
  readonly separateBias?: true;
  /** The size, or the factor, to which a call enlarges an image. */
  readonly resized?: { readonly size: readonly number[] } | { readonly factors: readonly number[] };
  /** What a hook on the module sees. */
  readonly hooked?: HookedModule;
}

/** A module as a hook sees it: its parameters, inputs and outputs. */
export interface HookedModule {
  /** Learnt elements named "weight" or "bias", of a module without child modules. */
  readonly named: number;
  /** Learnt elements with one of these words in a longer name, such as weight_ih_l0. */
  readonly longerNamed: number;
  /** Sides of its output. */
  readonly output: Shape;
  readonly recurrence?: Recurrence;
  readonly attending?: AttendingModule;
}

/** A recurrent layer of PyTorch, or a single step of one (nn.LSTM, nn.LSTMCell). */
export interface Recurrence {
  readonly kind: 'lstm' | 'gru' | 'simple';
  readonly features: Dim;
  readonly hidden: Dim;
  /** Elements of the state that a step passes to the next, after its projection. */
  readonly state: Dim;
  readonly layers: number;
  readonly directions: number;
  readonly biased: boolean;
  /** Images x steps. */
  readonly runs: Dim;
  /**
   * Whether its input is transposed first, so that the bias of its input is added by a second op.
   */
  readonly transposed?: true;
}

/** An nn.MultiheadAttention: sides of its three inputs. */
export interface AttendingModule {
  readonly images: Dim;
  /** Elements of a vector in one head. */
  readonly headWidth: Dim;
  readonly biased: boolean;
  /** Number of vectors and of their elements. */
  readonly queries: readonly [count: Dim, width: Dim];
  readonly keys: readonly [count: Dim, width: Dim];
  readonly values: readonly [count: Dim, width: Dim];
}

/**
 * `rrelu` makes noise; `glu` is one kernel for several of our nodes; `pow` is a tensor to the power
 * of a number; `numberPow` is a number to the power of a tensor; `runningInstanceNorm` has running
 * statistics.
 */
export type AutogradCall = 'rrelu' | 'glu' | 'pow' | 'numberPow' | 'runningInstanceNorm';

/** A call of torch.nn.functional.scaled_dot_product_attention. */
export interface AttentionCall {
  /**
   * The kernel by the file: one kernel, single products and a softmax, or the choice of PyTorch.
   */
  readonly kernel: 'fused' | 'math' | 'chosen';
  /** The probability of its dropout. */
  readonly dropout: number;
  /** Whether its mask is of booleans, which PyTorch converts to numbers. */
  readonly boolMask: boolean;
}

export interface Graph {
  readonly name: string;
  readonly inputs: readonly GraphInput[];
  /** In an order of execution: every node follows the nodes that it reads. */
  readonly nodes: readonly Node[];
  readonly outputs: readonly string[];
  /** Present only if something is left out. */
  readonly omitted?: Omission;
  /** Present only if the norms of a file are folded, or may be. */
  readonly folding?: Folding;
  /** Absent where the file runs nothing in eval mode, or does not say. */
  readonly evalMode?: EvalMode;
  /** Values of a file with a dropout in front of their readers. Absent if none. */
  readonly dropouts?: ReadonlyMap<string, Dropped>;
  /**
   * For nodes that read copies in another memory layout, by input. Only files of PyTorch have it.
   */
  readonly layoutCopies?: ReadonlyMap<string, readonly (LayoutCopy | undefined)[]>;
  /**
   * By the node that multiplies by it, or by the graph input that stands for it. Only files of
   * PyTorch have it.
   */
  readonly generated?: ReadonlyMap<string, GeneratedTensor>;
  /** Absent where a file stops no gradients. */
  readonly gradientStops?: GradientStops;
  /**
   * The number of calls of a file that compute with parameters alone and have no node. Absent if
   * none.
   */
  readonly computedParameters?: number;
  /** By the node's name. Only files of PyTorch record the calls. */
  readonly calls?: ReadonlyMap<string, FrameworkCall>;
  /** The number of learnt elements of a file that no node reads. Absent if none. */
  readonly unread?: number;
  /** Learnt tensors that a file stores again under another name. Absent if none. */
  readonly copies?: readonly StoredCopy[];
  /** Differences of symbolic sizes that this graph assumes to be nonzero. Absent if none. */
  readonly assumedDistinct?: readonly Dim[];
}

/** The model file of a graph, which a runtime runs with the file's own weights. */
export interface RunnableFile {
  readonly path: string;
  /** The precision that it computes in: "float32", "float16", "int8 (QDQ)". */
  readonly precision: string;
  /** Bytes of one element of most of its weights. */
  readonly bytesPerElement: number;
  /** Paths of files with weights, relative to it. */
  readonly weightFiles: readonly string[];
  /** The sides of each input, in the order and under the names of the file. */
  readonly inputs: ReadonlyMap<string, readonly number[]>;
  /** For each node of the file, by its first output, the names of its graph nodes. */
  readonly graphNodes: ReadonlyMap<string, readonly string[]>;
}

/** How many nodes and graph outputs read each value. */
export function readersOf(graph: Graph): ReadonlyMap<string, number> {
  const readers = new Map<string, number>();
  const read = (name: string): Map<string, number> => readers.set(name, (readers.get(name) ?? 0) + 1);
  for (const node of graph.nodes) for (const input of node.inputs) read(input);
  for (const output of graph.outputs) read(output);
  return readers;
}

/** Nodes that no output depends on. An eager framework still runs them. */
export function deadEnds({ nodes, outputs }: Graph): readonly Node[] {
  const needed = new Set(outputs);
  const dead: Node[] = [];
  for (const node of nodes.toReversed()) {
    if (needed.has(node.name)) for (const input of node.inputs) needed.add(input);
    else dead.push(node);
  }
  return dead.reverse();
}

/**
 * Nodes that no gradient of an output reaches, for which autograd keeps nothing: dead ends, and
 * nodes that are read only without gradients.
 */
export function withoutGradient({ nodes, outputs, gradientStops: stopped }: Graph): ReadonlySet<string> {
  const wanted = new Set(outputs.filter((name) => !stopped?.outputs.has(name)));
  const found = new Set<string>();
  for (const { name, inputs } of nodes.toReversed()) {
    const stops = stopped?.inputs.get(name);
    if (!wanted.has(name) || stopped?.nodes.has(name)) found.add(name);
    else for (const [i, input] of inputs.entries()) if (!stops?.[i]) wanted.add(input);
  }
  return found;
}
