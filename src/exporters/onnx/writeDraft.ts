// An ONNX graph before it is written: nodes and tensors in order, with unique names.

import type { ShapedNode } from '../../cost.js';
import type { Graph } from '../../graph.js';
import type { Shape } from '../../shape.js';
import { ownersIn, type OwnerOf } from '../../weights/owners.js';
import { sizesOf, type Weights } from '../../weights/weights.js';

/** A plain number is an integer attribute; a real number is marked. */
export type AttributeValue = number | string | readonly number[] | { readonly float: number };
export type Attributes = Readonly<Record<string, AttributeValue>>;

export interface DraftNode {
  readonly name: string;
  readonly type: string;
  readonly inputs: readonly string[];
  readonly output: string;
  readonly attributes: Attributes;
  readonly stage: string;
  readonly block: string;
  /** Our op, where the ONNX nodes do not show it. The metadata of the last node carries it. */
  readonly op?: string;
  /** The node of our graph that this node is, or is a part of. */
  readonly of: string;
}

export interface DraftTensor {
  readonly name: string;
  readonly type: 'float' | 'int64';
  readonly sides: readonly number[];
  /** Learnable or a statistic, rather than a constant of the op. */
  readonly learnt: boolean;
  /** Made on demand and not kept: a filter can have half a gigabyte. */
  values(): Float32Array | BigInt64Array;
}

/** A side of a reshape that says "as the input has it", so that any batch will do. */
export const AS_INPUT = 0;
/** All sides but the batch. */
export const inner = (shape: Shape): readonly number[] => sizesOf(shape.slice(1));

export const float = (value: number): { readonly float: number } => ({ float: value });

/** What exporters of PyTorch call each parameter. */
const TENSOR_NAMES: Readonly<Record<string, string>> = {
  scale: 'weight',
  shift: 'bias',
  mean: 'running_mean',
  variance: 'running_var',
};

/** Half of a surrogate pair has no bytes in UTF-8. */
export const encodable = (text: string): string => text.replaceAll(/\p{Surrogate}/gu, '\ufffd');

export class Draft {
  readonly nodes: DraftNode[] = [];
  readonly tensors: DraftTensor[] = [];
  private readonly taken = new Set<string>();
  /** Names of parameters by owner, parameter and sides. */
  private readonly shared = new Map<string, string>();
  /** The ONNX name of each value. Only names that UTF-8 cannot encode change. */
  private readonly named = new Map<string, string>();
  readonly ownerOf: OwnerOf;

  constructor(graph: Graph) {
    this.ownerOf = ownersIn(graph);
    for (const { name } of [...graph.inputs, ...graph.nodes]) this.named.set(name, this.free(encodable(name)));
  }

  nameOf(value: string): string {
    return this.named.get(value)!;
  }

  /**
   * @returns the name of an owner's parameter, which is added where no node has used it yet with
   * these sides
   */
  tensor(owner: string, parameter: string, tensor: Omit<DraftTensor, 'name'>): string {
    const key = JSON.stringify([owner, parameter, tensor.sides]);
    const known = this.shared.get(key);
    if (known !== undefined) return known;
    const name = this.free(`${this.nameOf(owner)}.${TENSOR_NAMES[parameter] ?? parameter}`);
    this.shared.set(key, name);
    this.tensors.push({ name, ...tensor });
    return name;
  }

  /** @param weights made anew for each tensor that is read, which happens once */
  at(shaped: ShapedNode, weights: () => Weights): NodeWriter {
    return new NodeWriter(this, shaped, weights);
  }

  free(wanted: string): string {
    let name = wanted;
    for (let i = 1; this.taken.has(name); i++) name = `${wanted}_${i}`;
    this.taken.add(name);
    return name;
  }
}

/** One node of our graph, and the ONNX nodes that it becomes. */
export class NodeWriter {
  readonly values: ShapedNode['node']['attributes'];
  readonly inputs: readonly string[];
  private readonly name: string;

  constructor(
    private readonly draft: Draft,
    readonly shaped: ShapedNode,
    private readonly weights: () => Weights,
  ) {
    this.values = shaped.node.attributes;
    this.inputs = shaped.node.inputs.map((input) => draft.nameOf(input));
    this.name = draft.nameOf(shaped.node.name);
  }

  /** The first input. */
  get x(): string {
    return this.inputs[0]!;
  }

  /** An intermediate node. */
  step(type: string, inputs: readonly string[], attributes: Attributes = {}): string {
    return this.add(this.draft.free(`${this.name}/${type}`), type, inputs, attributes);
  }

  /** The node whose output is that of our node, and which has its name. */
  result(type: string, inputs: readonly string[] = [this.x], attributes: Attributes = {}): void {
    this.add(this.name, type, inputs, attributes);
  }

  /** The same for the last of several nodes that a reader would not know for our op. */
  marked(type: string, inputs: readonly string[]): void {
    this.add(this.name, type, inputs, {}, this.shaped.node.op);
  }

  has(parameter: string): boolean {
    return Object.hasOwn(this.shaped.params, parameter);
  }

  /**
   * A parameter or a statistic, once for all nodes that share it; `arrange` puts its values in the
   * order of `sides`.
   */
  weight(
    parameter: string,
    sides: readonly number[],
    arrange = (values: Float32Array): Float32Array => values,
  ): string {
    const values = (): Float32Array => arrange(this.weights()[parameter]!);
    const owner = this.draft.ownerOf(this.shaped.node, parameter);
    return this.draft.tensor(owner, parameter, { type: 'float', sides, learnt: true, values });
  }

  ints(label: string, values: readonly number[]): string {
    return this.constant(label, 'int64', [values.length], BigInt64Array.from(values, BigInt));
  }

  floats(label: string, values: readonly number[], sides: readonly number[] = [values.length]): string {
    return this.constant(label, 'float', sides, Float32Array.from(values));
  }

  private constant(
    label: string,
    type: DraftTensor['type'],
    sides: readonly number[],
    values: Float32Array | BigInt64Array,
  ): string {
    const name = this.draft.free(`${this.name}/${label}`);
    this.draft.tensors.push({ name, type, sides, learnt: false, values: () => values });
    return name;
  }

  private add(name: string, type: string, inputs: readonly string[], attributes: Attributes, op?: string): string {
    const { stage, block } = this.shaped.node;
    const marked = op === undefined ? {} : { op };
    this.draft.nodes.push({
      name,
      type,
      inputs,
      output: name,
      attributes,
      stage,
      block,
      ...marked,
      of: this.shaped.node.name,
    });
    return name;
  }
}
