// How does one node of the file become nodes of ours? A row reads the call, and applies ops; what it makes may be a constant too.

import type { OpGiven } from '../../../builder.js';
import type { Value } from '../../../graph.js';
import { InputError } from '../../../inputError.js';
import type { OpName } from '../../../ops/table.js';
import { showShape, type Shape } from '../../../shape.js';
import { Call } from '../call.js';
import type { OnnxNode } from '../messages.js';
import { isConstant, type Constant, type Operand } from '../operand.js';
import { Uncounted } from '../uncounted.js';

/** Learnt constants by the name that our op gives the parameter. */
export type Learnt = Readonly<Record<string, Constant | undefined>>;

/** Where nodes are written. */
export interface Target {
  /** @param part distinguishes the ops of one node of the file */
  apply<K extends OpName>(
    op: K,
    inputs: readonly Value[],
    given: OpGiven<K>,
    place: { readonly node: OnnxNode; readonly part: string; readonly learnt: Learnt },
  ): Value;
  /** A constant that is an operand like any other: a parameter where it was learnt, else read as an input of the network is. */
  held(constant: Constant, node: OnnxNode, name: string): Value;
  /** Whether a node reads the value, or it is an output. */
  isRead(name: string): boolean;
}

export class Conversion extends Call {
  constructor(
    node: OnnxNode,
    opset: number,
    inputs: readonly (Operand | undefined)[],
    private readonly target: Target,
  ) {
    super(node, opset, inputs);
  }

  apply<K extends OpName>(
    op: K,
    inputs: Value | readonly Value[],
    given: OpGiven<K> = {},
    learnt: Learnt = {},
    part = '',
  ): Value {
    const { node } = this;
    return this.target.apply(op, 'name' in inputs ? [inputs] : inputs, given, { node, part, learnt });
  }

  /** Whether anything reads this output of the node. */
  isRead(output: number): boolean {
    const name = this.node.output[output] ?? '';
    return name !== '' && this.target.isRead(name);
  }

  /** What the network computes, or a constant in its place. */
  data(i: number): Value {
    const found = this.operand(i);
    return isConstant(found) ? this.target.held(found, this.node, this.node.input[i]!) : found;
  }

  /**
   * A parameter: its shape is known, its numbers need not be.
   * @throws InputError where the network computes it
   */
  weight(i: number, what: string): Constant {
    const found = this.operand(i);
    if (isConstant(found)) return found;
    throw new Uncounted(`its ${what} are computed by the network, which no layer of flopscope has`);
  }

  /** The same, where it is optional. */
  optional(i: number, what: string): Constant | undefined {
    return this.inputs[i] && this.weight(i, what);
  }

  misfit(what: string, shape: Shape, input: Shape): InputError {
    return new InputError(`its ${what} ${showShape(shape)} do not fit its input ${showShape(input)}`);
  }
}

export type Made = Operand | readonly (Operand | undefined)[];

/** One for each output of the node. */
export const resultsOf = (made: Made): readonly (Operand | undefined)[] =>
  Array.isArray(made) ? (made as readonly (Operand | undefined)[]) : [made as Operand];

export interface Row {
  /** Inputs that hold parameters: a graph input that is read there is no image. */
  readonly weights?: readonly number[];
  convert(call: Conversion): Made;
}
