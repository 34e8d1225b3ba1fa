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
  /** The value that it is, where a file of PyTorch lays that anew in memory before it is read. */
  readonly relaid?: { readonly how: Relaid; readonly of: Value };
  /** The value that it is, where a file stops the gradient in front of its readers. */
  readonly detached?: Value;
}

/** `contiguous` copies what lies otherwise than in the order of its sides, `copy` copies always. */
export type Relaid = 'contiguous' | 'copy';

/**
 * A tensor that the network makes of numbers alone in every pass: noise, a mask, positions. What is
 * stored is none.
 */
export interface MadeTensor {
  /** The file's name of it. */
  readonly name: string;
  readonly shape: Shape;
  /** "float32", "bool", ... */
  readonly type: string;
}

/** Where a file stops gradients: `.detach()`, `torch.no_grad()`, `tf.stop_gradient`. */
export interface Stopped {
  /** Nodes that run without gradients. */
  readonly nodes: ReadonlySet<string>;
  /** By a node, which of its inputs it reads without their gradients. */
  readonly inputs: ReadonlyMap<string, readonly boolean[]>;
  /** Outputs that are given without their gradients. */
  readonly outputs: ReadonlySet<string>;
}

/** What the network is given. Beside the image, the outputs of ops that are left out. */
export interface GraphInput extends Value {
  /** The op of the file that makes it, where that op is left out. */
  readonly omittedOp?: OmittedOp;
}

/** Where an op that is left out stands in the order of execution. */
export interface OmittedOp {
  /** The values of the graph that it reads. */
  readonly inputs: readonly string[];
  /** The last node before it; absent where it comes before all nodes. */
  readonly after?: string;
}

/** The ops of a file that its graph leaves out. Its counts are a lower bound then. */
export interface Omission {
  /**
   * Ops that flopscope does not read, each with its number of nodes and the name of the first. The
   * reason is given for an op that it reads in other forms only.
   */
  readonly ops: readonly {
    readonly op: string;
    readonly nodes: number;
    readonly first: string;
    readonly why?: string;
  }[];
  /** Further nodes that depend on those, so that their shapes are unknown. */
  readonly behind: number;
}

/** Convolutions into whose weights and bias a batch norm was folded when a file was written. */
export interface Folding {
  /** Names of nodes. */
  readonly convolutions: readonly string[];
  /**
   * `named`: PyTorch's exporter renamed their weights and biases, which it does only when it folds
   * a norm. `possible`: they have a bias and the file has no norm; the network may have had none.
   */
  readonly evidence: 'named' | 'possible';
}

/** What PyTorch runs for a node: a module, a function or a bare operator. */
export interface FrameworkCall {
  /** Class of the module, as a hook finds it; absent where a function or an operator is called. */
  readonly module?: string;
  /** The module holds no others. */
  readonly leaf?: true;
  /**
   * The function of torch.nn.functional that runs, inside a module too; absent for tensor methods
   * and operators.
   */
  readonly functional?: string;
  /** Ops of a trace, of aten unless they name another library. */
  readonly aten: readonly string[];
  /** The code, where it calls neither a module nor a function. */
  readonly code?: string;
  /** The node belongs to a call that another node already records. */
  readonly further?: true;
  /** The call, where autograd keeps something else for it than for the node's op. */
  readonly autograd?: AutogradCall;
  /** The node is part of a call of scaled dot product attention. */
  readonly attention?: AttentionCall;
  /** The norm has a learnt scale, whatever node holds it. Absent where the call is no norm. */
  readonly scaled?: boolean;
  /** Elements that the call adds to a product, as torch.addmm does. */
  readonly added?: Dim;
  /** The input of a linear layer does not lie in one piece, so that its bias is added apart. */
  readonly apart?: true;
  /** The size, or the factor, to which a call enlarges an image. */
  readonly resized?: { readonly size: readonly number[] } | { readonly factors: readonly number[] };
  /** What a hook on the module finds. */
  readonly found?: FoundModule;
}

/** What a hook on a module finds in it, and in what the module reads and gives. */
export interface FoundModule {
  /** Learnt elements named "weight" or "bias", of a module that holds no others. */
  readonly named: number;
  /** Learnt elements with one of these words in a longer name, as weight_ih_l0. */
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
  /** Elements that a step hands to the next: those of the state, or of its projection. */
  readonly state: Dim;
  readonly layers: number;
  readonly directions: number;
  readonly biased: boolean;
  /** Images x steps. */
  readonly runs: Dim;
  /** Its input is transposed first, so that the bias of its input is added apart. */
  readonly turned?: true;
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
 * `rrelu` makes noise; `glu` is one kernel, of which our nodes are parts; `pow` with an exponent
 * that our op has no need of; `numberPow` is a number to the power of a tensor;
 * `runningInstanceNorm` has running statistics.
 */
export type AutogradCall = 'rrelu' | 'glu' | 'pow' | 'numberPow' | 'runningInstanceNorm';

/** A call of torch.nn.functional.scaled_dot_product_attention. */
export interface AttentionCall {
  /** What the file says: a kernel of its own, products and a softmax, or that PyTorch chooses. */
  readonly kernel: 'fused' | 'math' | 'chosen';
  /** The probability with which it drops scores. */
  readonly dropout: number;
  /** Its mask is of truth values, of which PyTorch makes numbers. */
  readonly boolMask: boolean;
}

export interface Graph {
  readonly name: string;
  readonly inputs: readonly GraphInput[];
  /** In an order of execution: every node comes after the nodes that it reads. */
  readonly nodes: readonly Node[];
  readonly outputs: readonly string[];
  /** Present only if something is left out. */
  readonly omitted?: Omission;
  /** Present only if the norms of a file are folded, or may be. */
  readonly folding?: Folding;
  /** Absent where the file runs nothing in eval mode, or does not say. */
  readonly evalMode?: EvalMode;
  /** Values of a file that drop something in training before they are read. Absent if none. */
  readonly dropouts?: ReadonlyMap<string, Dropped>;
  /** For nodes that read values laid anew, by input. Only files of PyTorch say it. */
  readonly relaid?: ReadonlyMap<string, readonly (Relaid | undefined)[]>;
  /**
   * By a node that has it as a factor, or a graph input that it is. Only files of PyTorch say it.
   */
  readonly made?: ReadonlyMap<string, MadeTensor>;
  /** Absent where a file stops none. */
  readonly stopped?: Stopped;
  /** Calls of a file that compute with parameters alone, of which no node shows. Absent if none. */
  readonly computedParameters?: number;
  /** By the node's name. Only files of PyTorch record the calls. */
  readonly calls?: ReadonlyMap<string, FrameworkCall>;
  /** Learnt elements of a file that no node reads. Absent if none. */
  readonly unread?: number;
  /** Learnt tensors that a file stores again under another name. Absent if none. */
  readonly copies?: readonly StoredCopy[];
  /** Differences of sizes with symbols that this graph assumes nonzero. Absent if none. */
  readonly assumedDistinct?: readonly Dim[];
}

/** The model file of a graph, which a runtime runs with the file's own weights. */
export interface RunnableFile {
  readonly path: string;
  /** The numbers that it computes in: "float32", "float16", "int8 (QDQ)". */
  readonly precision: string;
  /** Bytes of one element of most of its weights. */
  readonly bytesPerElement: number;
  /** Files that hold weights, by their paths from it. */
  readonly beside: readonly string[];
  /** The sides of each input, in the order and under the names of the file. */
  readonly inputs: ReadonlyMap<string, readonly number[]>;
  /** Names of graph nodes that a node of the file stands for, by its first output. */
  readonly stands: ReadonlyMap<string, readonly string[]>;
}

/** How many nodes and graph outputs read each value. */
export function readersOf(graph: Graph): ReadonlyMap<string, number> {
  const readers = new Map<string, number>();
  const read = (name: string): Map<string, number> => readers.set(name, (readers.get(name) ?? 0) + 1);
  for (const node of graph.nodes) for (const input of node.inputs) read(input);
  for (const output of graph.outputs) read(output);
  return readers;
}

/** Nodes that no output depends on. A runtime still runs them. */
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
 * Nodes from which no gradient of an output comes: autograd frees what they keep. Beside dead ends,
 * those that only stopped edges lead from.
 */
export function withoutGradient({ nodes, outputs, stopped }: Graph): ReadonlySet<string> {
  const wanted = new Set(outputs.filter((name) => !stopped?.outputs.has(name)));
  const found = new Set<string>();
  for (const { name, inputs } of nodes.toReversed()) {
    const stops = stopped?.inputs.get(name);
    if (!wanted.has(name) || stopped?.nodes.has(name)) found.add(name);
    else for (const [i, input] of inputs.entries()) if (!stops?.[i]) wanted.add(input);
  }
  return found;
}
