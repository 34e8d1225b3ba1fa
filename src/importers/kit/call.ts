// One call of a file with its operands, as a row gets it; `apply` adds nodes to the graph.

import type { OpGiven } from '../../builder.js';
import { shown } from '../../document/problem.js';
import { isNumber, type Dim } from '../../dim/dim.js';
import type { Dropped, Value } from '../../graph.js';
import { InputError } from '../../inputError.js';
import type { OpName } from '../../ops/table.js';
import { showShape, type Shape } from '../../shape.js';
import type { Mode } from './modes.js';
import { isConstant, type Constant, type Item, type Operand } from './operand.js';
import { Uncounted } from './uncounted.js';

/** One op of a file as its decoder gives it. Formats extend it with their own attributes. */
export interface FileCall {
  /** The file's name of the op: "Conv", "CONV_2D", "aten.conv2d". */
  readonly op: string;
  /** The file's name of this call, for messages. */
  readonly name: string;
  /**
   * Keys of the values that it reads, in the op's order. Undefined where an optional one is absent.
   */
  readonly inputs: readonly (string | undefined)[];
  /** Keys of the values that it makes. "" for an output that has no name. */
  readonly outputs: readonly string[];
}

/**
 * Constants by the name that our op gives the parameter. Their learnt tensors count once in the
 * graph.
 */
export type Parameters = Readonly<Record<string, Constant | undefined>>;

/** Where nodes are written. */
export interface Target<C extends FileCall> {
  /** @param part distinguishes the nodes of one call; '' for the node that has the call's name */
  apply<K extends OpName>(
    call: C,
    op: K,
    inputs: readonly Value[],
    given: OpGiven<K>,
    parameters: Parameters,
    part: string,
  ): Value;
  /**
   * A constant that is read as data: a parameter where it was learnt, else an input that costs no
   * parameters.
   */
  asValue(call: C, constant: Constant, key: string): Value;
  /** Runs calls of an inner graph (a branch, a loop body, a function) in place of one call. */
  inline(
    steps: readonly ConversionStep<C>[],
    constants: ReadonlyMap<string, Operand>,
    outputs: readonly string[],
    gradients?: boolean,
  ): Results;
  /** Notes that training drops something of a value before it is read. */
  drop(value: Value, what: Dropped, mode: Mode | undefined): void;
  /** Notes in which mode a norm runs. */
  norm(value: Value, mode: Mode): void;
  /** Whether a call reads the value, or it is an output of the network. */
  isRead(key: string): boolean;
}

/** One call, or several that make up one op of ours. */
export interface ConversionStep<C extends FileCall> {
  readonly call: C;
  /**
   * The op that all parts together are. It gives undefined where they are no such op; then they run
   * one by one.
   */
  readonly whole?: (call: Call<C>) => Results | undefined;
  readonly parts?: readonly C[];
}

/**
 * What a row gives back: one operand for each output of the call, undefined for one that nothing
 * reads.
 */
export type Results = Operand | readonly (Operand | undefined)[];

export const resultsOf = (made: Results): readonly (Operand | undefined)[] =>
  Array.isArray(made) ? (made as readonly (Operand | undefined)[]) : [made as Operand];

/** The first result, which is a value. */
export const valueOf = (made: Results): Value => resultsOf(made)[0] as Value;

/**
 * What one op of a file becomes.
 * @throws Uncounted for a form without a count, InputError for a damaged one
 */
export type OpRow<C extends FileCall> = (call: Call<C>) => Results;

/** One call of a file with its operands. A row reads these and adds nodes. */
export class Call<C extends FileCall = FileCall> {
  constructor(
    readonly file: C,
    readonly inputs: readonly (Operand | undefined)[],
    private readonly target: Target<C>,
  ) {}

  get op(): string {
    return this.file.op;
  }

  /**
   * Adds one node of ours.
   * @param parameters constants that are its learnable parameters
   * @param part distinguishes the nodes of one call
   */
  apply<K extends OpName>(
    op: K,
    inputs: Value | readonly Value[],
    given: OpGiven<K> = {},
    parameters: Parameters = {},
    part = '',
  ): Value {
    return this.target.apply(this.file, op, 'name' in inputs ? [inputs] : inputs, given, parameters, part);
  }

  /**
   * @param constants operands that the inner graph sees under these keys
   * @param gradients whether it runs with gradients; by default as the call itself
   */
  inline(
    steps: readonly ConversionStep<C>[],
    constants: ReadonlyMap<string, Operand>,
    outputs: readonly string[],
    gradients?: boolean,
  ): Results {
    return this.target.inline(steps, constants, outputs, gradients);
  }

  /**
   * A dropout, which does nothing once a network is trained.
   * @param mode undefined where the file does not say it
   */
  dropped(i: number, what: Dropped = 'elements', mode?: Mode): Operand {
    const operand = this.operand(i);
    if (!isConstant(operand)) this.target.drop(operand, what, mode);
    return operand;
  }

  /** Training drops elements of a value that a row made, before it is read. */
  dropsOf(value: Value, mode?: Mode): void {
    this.target.drop(value, 'elements', mode);
  }

  /** A norm with running statistics. @returns the same value */
  normed(value: Value, mode: Mode): Value {
    this.target.norm(value, mode);
    return value;
  }

  /** Whether anything reads this output. */
  isRead(output: number): boolean {
    const key = this.file.outputs[output] ?? '';
    return key !== '' && this.target.isRead(key);
  }

  /** @throws InputError where the call lacks it */
  operand(i: number): Operand {
    const found = this.inputs[i];
    if (found) return found;
    throw new InputError(`its input ${i} is missing`);
  }

  has(i: number): boolean {
    return this.inputs[i] !== undefined;
  }

  shape(i: number): Shape {
    return this.operand(i).shape;
  }

  rank(i: number): number {
    return this.shape(i).length;
  }

  /** A value of the graph. A constant in its place becomes one. */
  data(i: number): Value {
    const found = this.operand(i);
    return isConstant(found) ? this.value(found, this.file.inputs[i]!) : found;
  }

  /** @param key names the constant in the file: read twice, it is one value */
  value(constant: Constant, key: string): Value {
    return this.target.asValue(this.file, constant, key);
  }

  /** The constant that an input is, undefined where it is computed or absent. */
  constant(i: number): Constant | undefined {
    const found = this.inputs[i];
    return found && isConstant(found) ? found : undefined;
  }

  /**
   * A parameter: its shape is known, its numbers need not be.
   * @throws Uncounted where the network computes it
   */
  weight(i: number, what: string): Constant {
    const found = this.operand(i);
    if (isConstant(found)) return found;
    throw new Uncounted(`its ${what} are computed by the network`);
  }

  /** The same, undefined where it is absent. */
  optional(i: number, what: string): Constant | undefined {
    return this.inputs[i] && this.weight(i, what);
  }

  items(i: number): readonly Item[] | undefined {
    return this.constant(i)?.items;
  }

  /** @throws Uncounted where the sizes are computed from the image, or are not in the file */
  sizes(i: number, what: string): readonly Dim[] {
    const found = this.items(i);
    if (found) return found;
    const { missing } = this.constant(i) ?? {};
    const remedy = missing === undefined ? '' : `: put ${shown(missing)} beside the model`;
    throw new Uncounted(
      isConstant(this.operand(i))
        ? `its ${what} are not in the file${remedy}`
        : `its ${what} are computed from the image, so that its shape is not known before it runs`,
    );
  }

  /** Whole numbers without symbols, such as axes. */
  whole(i: number, what: string): readonly number[] {
    return this.sizes(i, what).map((item) => {
      if (isNumber(item) && (Number.isInteger(item) || Math.abs(item) === Infinity)) return item;
      throw new InputError(`its ${what} are not whole numbers`);
    });
  }

  /** The same axis counted from 0. */
  axis(axis: number, rank = this.rank(0)): number {
    const counted = axis < 0 ? axis + rank : axis;
    if (Number.isInteger(counted) && counted >= 0 && counted < rank) return counted;
    throw new InputError(`there is no axis ${axis} in ${showShape(this.shape(0))}`);
  }

  axes(axes: readonly number[], rank = this.rank(0)): readonly number[] {
    return axes.map((axis) => this.axis(axis, rank));
  }

  misfit(what: string, shape: Shape, input: Shape): InputError {
    return new InputError(`its ${what} ${showShape(shape)} do not fit its input ${showShape(input)}`);
  }
}
