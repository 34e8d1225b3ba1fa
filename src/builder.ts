// Builds a graph node by node. Each shape is known at once, so an error names its node.

import { raiseToLeast } from './dim/atLeast.js';
import { demandWhole, equal, isNumber, sub, type Dim } from './dim/dim.js';
import { show } from './dim/text.js';
import { complete, type Fields, type Given, type Values } from './fields.js';
import { tensorId, type Attribute, type Graph, type GraphInput, type Node } from './graph.js';
import type { Omission, OmittedOp, ParameterTensors, Value } from './graph.js';
import { InputError, locate } from './inputError.js';
import { isOpName, OPS, opOf, type OpName } from './ops/table.js';
import { elements, showShape, type Shape } from './shape.js';

/** A larger graph is a mistake (too many zeros in a repeat), and counting would take minutes. */
const MOST_NODES = 200_000;
const MOST_EDGES = 5_000_000;

type OpFields<K extends OpName> = (typeof OPS)[K] extends { fields: infer F extends Fields } ? F : never;
export type OpGiven<K extends OpName> = Given<OpFields<K>>;

interface Draft {
  readonly inputs: GraphInput[];
  readonly nodes: Node[];
  /** Every value of the graph by its name. */
  readonly values: Map<string, Value>;
  /** Differences of sizes that are assumed nonzero. */
  readonly assumedDistinct: Dim[];
  edges: number;
  /** Elements of each stored tensor that a node names. */
  readonly stored: Map<string, Dim>;
}

/** Where nodes stand in the network; "" outside of any stage or block. */
export interface StageAndBlock {
  readonly stage: string;
  readonly block: string;
}

/** Adds nodes at a path of a graph. `at` goes to a deeper path of the same graph, in call order. */
export class Builder {
  private constructor(
    private readonly draft: Draft,
    private readonly prefix: string,
    private readonly stage: string,
    private readonly block: string,
  ) {}

  static start(): Builder {
    return new Builder(
      { inputs: [], nodes: [], values: new Map(), assumedDistinct: [], edges: 0, stored: new Map() },
      '',
      '',
      '',
    );
  }

  /**
   * A graph input of shape [N, C, H, W].
   * @param omittedOp the op that makes it, where that op is left out of the graph
   */
  input(shape: Shape, name = 'input', omittedOp?: OmittedOp): Value {
    this.demandFree(name);
    const value = Object.freeze({ name, shape: checkedShape(shape), ...(omittedOp ? { omittedOp } : {}) });
    this.draft.values.set(name, value);
    this.draft.inputs.push(value);
    return value;
  }

  /** The builder of the same graph at a deeper path. Names get the prefix `path.`. */
  at(path: string, { stage = this.stage, block = this.block }: Partial<StageAndBlock> = {}): Builder {
    const prefix = path === '' ? this.prefix : `${this.prefix}${path}.`;
    return new Builder(this.draft, prefix, stage, block);
  }

  /**
   * Whether two sizes are equal, for a network whose structure depends on it. Sizes with symbols
   * that are equal at some values only are assumed distinct, and the graph records it.
   */
  knownEqual(a: Dim, b: Dim): boolean {
    const difference = isNumber(a) && isNumber(b) ? a - b : sub(a, b);
    if (!isNumber(difference)) this.draft.assumedDistinct.push(difference);
    return difference === 0;
  }

  /**
   * Adds one node named `name` below this path and returns its output.
   * @param tensors the stored tensors that its parameters are, or the earlier node whose parameters
   * it shares
   * @throws InputError naming the node, for shapes that do not fit, a taken name, or too large a
   * graph
   */
  apply<K extends OpName>(
    op: K,
    name: string,
    inputs: Value | readonly Value[],
    given?: OpGiven<K>,
    tensors?: ParameterTensors | Value,
  ): Value {
    const full = this.prefix + name;
    try {
      return this.add(op, full, 'name' in inputs ? [inputs] : inputs, given ?? {}, tensors);
    } catch (error) {
      throw locate(error, `node "${full}" (${op})`);
    }
  }

  /**
   * The finished graph, frozen.
   * @throws InputError without outputs, or for an output that is not a value of this graph
   */
  finish(name: string, outputs: Value | readonly Value[], omitted?: Omission): Graph {
    const { inputs, nodes, assumedDistinct } = this.draft;
    const results = 'name' in outputs ? [outputs] : outputs;
    if (inputs.length === 0) throw new InputError(`the graph "${name}" has no input`);
    if (results.length === 0) throw new InputError(`the graph "${name}" has no output`);
    const unknown = results.find((value) => !this.knows(value));
    if (unknown)
      throw new InputError(`the output "${unknown.name}" is neither a node nor an input of the graph "${name}"`);
    return Object.freeze({
      name,
      inputs: Object.freeze([...inputs]),
      nodes: Object.freeze([...nodes]),
      outputs: Object.freeze(results.map((value) => value.name)),
      ...(omitted ? { omitted } : {}),
      ...(assumedDistinct.length > 0 ? { assumedDistinct: Object.freeze([...assumedDistinct]) } : {}),
    });
  }

  private add(
    op: OpName,
    name: string,
    inputs: readonly Value[],
    given: object,
    tensors: ParameterTensors | Value | undefined,
  ): Value {
    const { nodes, values } = this.draft;
    if (!isOpName(op)) throw new InputError('there is no such op');
    const definition = opOf(op);
    const [least, most] = definition.arity;
    if (inputs.length < least || inputs.length > most)
      throw new InputError(`takes ${inputCount(definition.arity)}, got ${inputs.length}`);
    const unknown = inputs.find((input) => !this.knows(input));
    if (unknown)
      throw new InputError(
        `takes its input from "${unknown.name}", which is neither an earlier node nor a graph input`,
      );
    this.demandFree(name);
    this.draft.edges += inputs.length;
    if (nodes.length >= MOST_NODES || this.draft.edges > MOST_EDGES)
      throw new InputError(
        `the graph passes ${MOST_NODES} nodes or ${MOST_EDGES} edges: lower a repeat or a number of layers`,
      );
    const attributes: Values<Fields> = complete(definition.fields, given);
    const shapes = inputs.map((input) => input.shape);
    const shape = checkedShape(definition.outShape(shapes, attributes));
    // Groups that do not divide the channels are found here, because the node's name is known.
    const params = definition.params?.(shapes, attributes) ?? {};
    const plain: Node = {
      name,
      op,
      attributes: frozenCopy(attributes as Record<string, Attribute>),
      inputs: Object.freeze(inputs.map((input) => input.name)),
      shape,
      stage: this.stage,
      block: this.block,
    };
    const shared =
      tensors && (isValue(tensors) ? this.tensorsOf(tensors, op, params) : this.checkedTensors(tensors, params));
    const node = Object.freeze(
      shared && Object.keys(shared).length > 0 ? { ...plain, tensors: Object.freeze({ ...shared }) } : plain,
    );
    nodes.push(node);
    values.set(name, node);
    return node;
  }

  private checkedTensors(tensors: ParameterTensors, params: Readonly<Record<string, Shape>>): ParameterTensors {
    for (const [parameter, stored] of Object.entries(tensors)) {
      if (!Object.hasOwn(params, parameter))
        throw new InputError(`has no parameter "${parameter}": its parameters are ${showParams(params)}`);
      for (const { id, elements } of stored) {
        const known = this.draft.stored.get(id);
        if (known !== undefined && !equal(known, elements))
          throw new InputError(`reads ${show(elements)} numbers of the tensor "${id}", which has ${show(known)}`);
        this.draft.stored.set(id, elements);
      }
    }
    return tensors;
  }

  /** The tensors of another node. They must have the shapes of this op's parameters. */
  private tensorsOf(owner: Value, op: OpName, params: Readonly<Record<string, Shape>>): ParameterTensors {
    const found = this.knows(owner) && 'op' in owner ? (owner as Node) : undefined;
    if (found?.op !== op)
      throw new InputError(`cannot share the parameters of "${owner.name}", which is not an earlier ${op}`);
    const inputs = found.inputs.map((name) => this.draft.values.get(name)!.shape);
    const own = opOf(op).params?.(inputs, found.attributes) ?? {};
    const [ours, theirs] = [showParams(params), showParams(own)];
    if (ours !== theirs)
      throw new InputError(`cannot share the parameters of "${owner.name}", which are ${theirs}: it needs ${ours}`);
    return Object.fromEntries(
      Object.entries(own).map(([name, shape]) => [
        name,
        found.tensors?.[name] ?? [{ id: tensorId(found.name, name), elements: elements(shape) }],
      ]),
    );
  }

  /** A value of the same name may come from another graph. */
  private knows(value: Value): boolean {
    return this.draft.values.get(value.name) === value;
  }

  private demandFree(name: string): void {
    if (this.draft.values.has(name)) throw new InputError(`the name "${name}" is taken: give each node its own`);
  }
}

const isValue = (tensors: ParameterTensors | Value): tensors is Value => typeof tensors.name === 'string';

/** "1 input", "2 to 3 inputs", "at least 1 input" */
function inputCount([least, most]: readonly [number, number]): string {
  if (most !== Infinity && most !== least) return `${least} to ${most} inputs`;
  return `${most === Infinity ? 'at least ' : ''}${least} input${least === 1 ? '' : 's'}`;
}

const showParams = (params: Readonly<Record<string, Shape>>): string =>
  Object.entries(params)
    .map(([name, shape]) => `${name} ${showShape(shape)}`)
    .join(', ') || 'none';

/** Copies lists before they are frozen, so that callers' lists and default values stay unfrozen. */
function frozenCopy(attributes: Readonly<Record<string, Attribute>>): Node['attributes'] {
  const copy: Record<string, Attribute> = {};
  for (const key in attributes) {
    const value = attributes[key]!;
    copy[key] = Array.isArray(value) ? Object.freeze([...(value as readonly Dim[])]) : value;
  }
  return Object.freeze(copy);
}

function checkedShape(shape: Shape): Shape {
  for (const side of shape) {
    if (!isNumber(side)) {
      demandWhole(side, 'a side');
      raiseToLeast(side, 1, 'a side');
    } else if (!(Number.isSafeInteger(side) && side > 0)) {
      throw new InputError(`the shape ${showShape(shape)} has a side of ${show(side)}: sides are positive integers`);
    }
  }
  return Object.freeze([...shape]);
}
