// The tape of a forward pass: its steps, and the storages that each reads, writes and keeps.

import type { ShapedNode } from '../cost.js';
import { mul, type Dim } from '../dim/dim.js';
import { tensorId, type Graph, type Node, type StoredTensor } from '../graph.js';
import type { OpName } from '../ops/table.js';
import { elements, type Shape } from '../shape.js';
import type { KeptKind } from './keptKinds.js';
import type { Rule } from './rule.js';

/** Bytes of one element. */
export const SINGLE = 4;
export const HALF = 2;

/** The memory of a tensor. Views and in-place results share it. */
export interface Storage {
  /**
   * `image`: a graph input, which the caller holds; `parameter`: a parameter, which stays whether
   * it is kept or not.
   */
  readonly kind: 'value' | 'copy' | 'image' | 'parameter' | KeptKind;
  readonly elements: Dim;
  /** Bytes of one element. */
  readonly bytes: number;
}

export const bytesOf = ({ elements, bytes }: Storage): Dim => mul(elements, bytes);

/**
 * Bytes of a storage that training adds: none for images and parameters, which are there anyway.
 */
export const countedBytes = (storage: Storage): Dim =>
  storage.kind === 'image' || storage.kind === 'parameter' ? 0 : bytesOf(storage);

/** A tensor that autograd keeps for a step. */
export interface KeptStorage {
  readonly what: KeptKind;
  readonly storage: number;
  /** Elements that the backward pass reads. A view has fewer than its storage. */
  readonly elements: Dim;
}

/** One op of the forward pass. */
export interface ForwardStep {
  readonly name: string;
  /** The node that it runs; for a dropout, the node that reads its result. */
  readonly node: string;
  readonly stage: string;
  readonly block: string;
  readonly op: OpName | 'dropout';
  readonly rule: Rule;
  readonly shapedNode: ShapedNode;
  /** Names of the values that it reads. */
  readonly inputs: readonly string[];
  /** The storage of each input. */
  readonly sources: readonly number[];
  /** The storage that the op reads: that of the input, or of its copy in another type. */
  readonly reads: readonly number[];
  readonly writes: number;
  readonly view: boolean;
  readonly inPlace: boolean;
  readonly keeps: readonly KeptStorage[];
  /**
   * The gradients that the backward pass makes: of each input, and of the step's own parameters.
   */
  readonly gradients: { readonly inputs: readonly boolean[]; readonly weights: boolean };
  /** Copies of its weights in half precision, which autocast makes and autograd keeps: bytes. */
  readonly weightCopies: Dim;
}

export interface Tape {
  readonly graph: Graph;
  readonly steps: readonly ForwardStep[];
  readonly storages: readonly Storage[];
}

export interface TapeOptions {
  /** Names of nodes whose parameters are not trained. */
  readonly frozen?: ReadonlySet<string>;
  /** Autocast to half precision, as CUDA does it. */
  readonly amp?: boolean;
  /** Where it runs, which decides what a dropout keeps; CUDA with `amp`, else a CPU. */
  readonly device?: 'cpu' | 'cuda';
  /**
   * Whether activations overwrite their inputs where PyTorch can, in place of what the
   * implementation does; or the nodes that do so beside those of the implementation.
   */
  readonly inPlace?: boolean | ReadonlySet<string>;
}

/** The learnt tensors that a parameter is made of. */
export const storedTensors = (node: Node, parameter: string, shape: Shape): readonly StoredTensor[] =>
  node.tensors?.[parameter] ?? [{ id: tensorId(node.name, parameter), elements: elements(shape) }];
