// An architecture as frozen plain data: a list of nodes, each one op on earlier nodes.

import type { Pair, Padding } from './fields.js';
import type { Dim } from './dim/dim.js';
import type { OpName } from './ops/table.js';
import type { Shape } from './shape.js';

/** What the JSON of a graph names as its schema. */
export const GRAPH_SCHEMA = 'flopscope.graph/2';
/** What is read. graph/1 had `sharesParams`, the name of an earlier node, in place of `tensors`. */
export const GRAPH_SCHEMAS: readonly unknown[] = [GRAPH_SCHEMA, 'flopscope.graph/1'];

export type Attribute = Dim | boolean | string | Pair | Padding | readonly Dim[];

/** A learnt tensor. It is counted once, however many nodes read it and in whatever shape. */
export interface StoredTensor {
  /** Unique in its graph. A node's own parameter is `tensorId(node, parameter)`. */
  readonly id: string;
  /** Learnt numbers in it, which may be more than one node reads: a part of a table costs the whole table. */
  readonly elements: Dim;
  /** It is not trained: `trainable: false` in Keras, `requires_grad = False` in PyTorch. */
  readonly frozen?: true;
}

/** The learnt tensors that each parameter is or was computed from, by the op's name for the parameter. */
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

/** A named tensor: a graph input, or the output of a node. */
export interface Value {
  readonly name: string;
  readonly shape: Shape;
}

/** What a file has and a graph has not, so that its counts are a lower bound. */
export interface Omission {
  /**
   * Ops that flopscope does not know, with how many nodes each has and the name of the first; of an op that it knows, but
   * not in this form, also why.
   */
  readonly ops: readonly {
    readonly op: string;
    readonly nodes: number;
    readonly first: string;
    readonly why?: string;
  }[];
  /** Further nodes that read what those make, and whose shapes are not known for it. */
  readonly behind: number;
}

/** Convolutions into whose weights and bias a batch norm was folded when a file was written. */
export interface Folding {
  /** Names of nodes. */
  readonly convolutions: readonly string[];
  /**
   * `named`: PyTorch's exporter renamed their weights and biases, as it does with those that it folds a norm into, and
   * with no other. `possible`: they have a bias and the file has no norm, which a network without norms has too.
   */
  readonly evidence: 'named' | 'possible';
}

/** What PyTorch runs for a node: a module, a function or a bare operator. */
export interface FrameworkCall {
  /** Class of the module, as a hook finds it; absent where a function or an operator is called. */
  readonly module?: string;
  /** The module holds no others. */
  readonly leaf?: true;
  /** The function of torch.nn.functional that runs, inside a module too; absent for tensor methods and operators. */
  readonly functional?: string;
  /** Ops of a trace, of aten unless they name another library. */
  readonly aten: readonly string[];
  /** What the code says where it names neither a module nor a function. */
  readonly code?: string;
  /** The node is a further one of a call that another node stands for. */
  readonly further?: true;
}

export interface Graph {
  readonly name: string;
  readonly inputs: readonly Value[];
  /** In an order of execution: every node comes after the nodes that it reads. */
  readonly nodes: readonly Node[];
  readonly outputs: readonly string[];
  /** Only where something is left out. */
  readonly omitted?: Omission;
  /** Only where a file was written with its norms folded, or may have been. */
  readonly folding?: Folding;
  /** By the node's name, where a file says what ran: only files of PyTorch do. */
  readonly calls?: ReadonlyMap<string, FrameworkCall>;
  /** Learnt numbers that a file holds and no node reads: only where there are some. */
  readonly unread?: number;
  /** Differences of sizes that this graph takes not to be 0: only where symbols leave open whether they are. */
  readonly assumedDistinct?: readonly Dim[];
}

/** A model file that a graph was read from, as a runtime runs it with its own weights. */
export interface RunnableFile {
  readonly path: string;
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

/** Nodes that no output depends on. They run all the same. */
export function deadEnds({ nodes, outputs }: Graph): readonly Node[] {
  const needed = new Set(outputs);
  const dead: Node[] = [];
  for (const node of nodes.toReversed()) {
    if (needed.has(node.name)) for (const input of node.inputs) needed.add(input);
    else dead.push(node);
  }
  return dead.reverse();
}
