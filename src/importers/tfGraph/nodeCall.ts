// What does a row of the table work with? One node: its attributes, its operands, and a way to add nodes of ours.

import type { Builder, OpGiven } from '../../builder.js';
import { isNumber, type Dim } from '../../dim/dim.js';
import type { Value } from '../../graph.js';
import { InputError } from '../../inputError.js';
import { opOf, type OpName } from '../../ops/table.js';
import { showShape, type Shape } from '../../shape.js';
import { shown } from '../../document/problem.js';
import type { Attributes } from './attributes.js';
import type { Constant } from './constants.js';

export type Operand = Value | Constant;

export const isConstant = (operand: Operand): operand is Constant => 'sides' in operand;

/** Where height, width and channels stand with us: [N, H, W, C] to [N, C, H, W]. */
const TURNED = [0, 2, 3, 1] as const;

/** Which of our sides the file's side `axis` is. @throws InputError where there is none */
export function placeIn(axis: number, rank: number): number {
  const side = axis < 0 ? axis + rank : axis;
  if (side < 0 || side >= rank) throw new InputError(`there is no side ${axis} among ${rank}`);
  return rank === 4 ? TURNED[side]! : side;
}

/** Our sides in the order of the file. */
export const asInFile = (shape: Shape): Shape => shape.map((_, side) => shape[placeIn(side, shape.length)]!);

/** Sides in the order of the file as ours. */
export function asOurs<T>(sides: readonly T[]): readonly T[] {
  const turned = [...sides];
  sides.forEach((side, i) => (turned[placeIn(i, sides.length)] = side));
  return turned;
}

export interface Surroundings {
  /** The bias that the only reader of this node adds to it. */
  readonly bias: Constant | undefined;
  /** First nodes by the weights that they have. */
  readonly owners: Map<string, Value>;
  filesOf(constant: Constant): string;
}

export class NodeCall {
  constructor(
    private readonly net: Builder,
    readonly name: string,
    readonly op: string,
    readonly attributes: Attributes,
    readonly operands: readonly Operand[],
    readonly around: Surroundings,
  ) {}

  /** The first operand. @throws InputError where it is a constant */
  get x(): Value {
    return this.value(0);
  }

  get image(): Value {
    const { x } = this;
    if (x.shape.length !== 4) throw new InputError(`takes an image, and its input is ${showShape(x.shape)}`);
    return x;
  }

  value(i: number): Value {
    const operand = this.operands[i];
    if (operand === undefined) throw new InputError(`has no input ${i}`);
    if (isConstant(operand)) throw new InputError(`takes a tensor as input ${i}, and that is a constant`);
    return operand;
  }

  constant(i: number): Constant {
    const operand = this.operands[i];
    if (operand === undefined) throw new InputError(`has no input ${i}`);
    if (!isConstant(operand))
      throw new InputError(`takes a constant as input ${i}, and that is computed from the image`);
    return operand;
  }

  /** Whole numbers that are known; undefined where their file is not there. */
  known(i: number): readonly Dim[] | undefined {
    return this.constant(i).values;
  }

  /** @throws InputError that names the file with the numbers */
  numbers(i: number): readonly number[] {
    const values = this.known(i);
    if (values?.every(isNumber)) return values;
    const constant = this.constant(i);
    throw new InputError(
      `needs the numbers of ${shown(constant.weight ?? 'its input')}: put ${this.around.filesOf(constant)} beside the model`,
    );
  }

  /**
   * @param part tells the ops of one node apart; '' for the one that has its name
   * @param weights constants that it learns: another node with the same shares them
   */
  apply<K extends OpName>(
    op: K,
    part: string,
    inputs: Value | readonly Value[],
    given?: OpGiven<K>,
    weights: readonly (Constant | undefined)[] = [],
  ): Value {
    const names = weights.flatMap((constant) => constant?.weight ?? []);
    const key = names.length > 0 && opOf(op).params ? JSON.stringify([op, ...names]) : undefined;
    const owner = key === undefined ? undefined : this.around.owners.get(key);
    const made = this.net.apply(op, part === '' ? this.name : `${this.name}.${part}`, inputs, given, owner);
    if (key !== undefined && !owner) this.around.owners.set(key, made);
    return made;
  }
}
