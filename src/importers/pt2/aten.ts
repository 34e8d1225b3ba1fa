// One call of a PyTorch op as its row sees it: arguments by their names in the op's schema.

import type { OpGiven } from '../../builder.js';
import { isNumber, type Dim } from '../../dim/dim.js';
import type { Dropped, Value } from '../../graph.js';
import { InputError } from '../../inputError.js';
import type { OpName } from '../../ops/table.js';
import { showShape, type Shape } from '../../shape.js';
import type { Call, Results, Parameters } from '../kit/call.js';
import type { Mode } from '../kit/modes.js';
import { isConstant, type Constant, type Operand } from '../kit/operand.js';
import { Uncounted } from '../kit/uncounted.js';
import type { Argument, Item } from './program.js';
import type { TorchCall } from './torchCall.js';

export type AtenRow = (aten: Aten) => Results;
export type AtenRows = Readonly<Record<string, AtenRow>>;

export class Aten {
  constructor(readonly call: Call<TorchCall>) {}

  /** "conv2d" of "aten.conv2d", "add_" of "aten.add_.Tensor". */
  get name(): string {
    return this.call.op.split('.')[1] ?? this.call.op;
  }

  apply<K extends OpName>(
    op: K,
    inputs: Value | readonly Value[],
    given: OpGiven<K> = {},
    parameters: Parameters = {},
    part = '',
  ): Value {
    return this.call.apply(op, inputs, given, learntAlone(parameters), part);
  }

  /** The value of an argument; undefined where it is absent, None, or no tensor. */
  operand(name: string): Operand | undefined {
    const slot = this.slots(name)[0];
    return slot === undefined ? undefined : this.call.inputs[slot];
  }

  /** @throws InputError where the argument is absent */
  data(name: string): Value {
    const slot = this.slots(name)[0];
    if (slot === undefined) throw this.missing(name);
    return this.call.data(slot);
  }

  /** The result of a dropout: its input, which training drops elements or channels of. */
  dropped(name: string, what: Dropped, mode: Mode): Operand {
    const slot = this.slots(name)[0];
    if (slot === undefined) throw this.missing(name);
    return this.call.dropped(slot, what, mode);
  }

  /** The items of a list of tensors. */
  list(name: string): readonly Value[] {
    return this.slots(name).map((slot) => this.call.data(slot));
  }

  /** Items of a list of tensors, of which some may be None. */
  operands(name: string): readonly (Operand | undefined)[] {
    return this.slots(name).map((slot) => this.call.inputs[slot]);
  }

  /** A tensor of a list as a value. */
  dataOf(name: string, i: number): Value {
    return this.call.data(this.slots(name)[i]!);
  }

  /** An operand as a value: a constant of the program becomes one. */
  valueOf(operand: Operand, name: string): Value {
    return isConstant(operand) ? this.call.value(operand, name) : operand;
  }

  /** @throws Uncounted where the network computes it */
  weight(name: string, what: string): Constant {
    const found = this.optional(name, what);
    if (found) return found;
    throw this.missing(name);
  }

  optional(name: string, what: string): Constant | undefined {
    const found = this.operand(name);
    if (!found || isConstant(found)) return found;
    throw new Uncounted(`its ${what} are computed by the network`);
  }

  has(name: string): boolean {
    const kind = this.argument(name)?.kind;
    return kind !== undefined && kind !== 'none';
  }

  /** A number, or a size with symbols. */
  size(name: string, fallback?: Dim): Dim {
    const argument = this.argument(name);
    if (argument?.kind === 'number') return argument.value;
    if (argument?.kind === 'flag') return Number(argument.value);
    if (argument?.kind === 'computed' || argument?.kind === 'tensor') return this.itemAt(this.slots(name)[0]!);
    if (fallback !== undefined) return fallback;
    throw this.missing(name);
  }

  /** A number without symbols. */
  number(name: string, fallback?: number): number {
    const size = this.size(name, fallback);
    if (isNumber(size)) return size;
    throw new Uncounted(`its ${name} depends on the size of the image`);
  }

  whole(name: string, fallback?: number): number {
    const number = this.number(name, fallback);
    if (Number.isInteger(number)) return number;
    throw new InputError(`its ${name} is not a whole number`);
  }

  flag(name: string, fallback: boolean): boolean {
    const argument = this.argument(name);
    return argument?.kind === 'flag' ? argument.value : argument?.kind === 'number' ? argument.value !== 0 : fallback;
  }

  text(name: string): string | undefined {
    const argument = this.argument(name);
    return argument?.kind === 'text' ? argument.value : undefined;
  }

  /** A list of sizes; a single number is a list of one. */
  sizes(name: string): readonly Dim[] | undefined {
    const argument = this.argument(name);
    if (argument?.kind === 'number' || argument?.kind === 'computed') return [this.size(name)];
    if (argument?.kind !== 'numbers') return undefined;
    let computed = 0;
    const slots = this.slots(name);
    return argument.items.map((item: Item): Dim => (typeof item === 'number' ? item : this.itemAt(slots[computed++]!)));
  }

  /** @throws InputError where the list is absent */
  someSizes(name: string): readonly Dim[] {
    const found = this.sizes(name);
    if (found) return found;
    throw this.missing(name);
  }

  /** Whole numbers without symbols, such as axes and kernels. */
  wholes(name: string): readonly number[] | undefined {
    return this.sizes(name)?.map((size) => {
      if (!isNumber(size)) throw new Uncounted(`its ${name} depend on the size of the image`);
      if (Number.isInteger(size)) return size;
      throw new InputError(`its ${name} are not whole numbers`);
    });
  }

  flags(name: string): readonly boolean[] | undefined {
    const argument = this.argument(name);
    return argument?.kind === 'flags' ? argument.values : undefined;
  }

  /** An axis counted from 0. */
  axis(axis: number, { shape }: { readonly shape: Shape }): number {
    const counted = axis < 0 ? axis + shape.length : axis;
    if (counted >= 0 && counted < shape.length) return counted;
    throw new InputError(`there is no axis ${axis} in ${showShape(shape)}`);
  }

  /** The axes of an argument; all of them where it is absent or empty. In order, each once. */
  axes(name: string, value: { readonly shape: Shape }): readonly number[] {
    const given = this.wholes(name);
    const all = given === undefined || given.length === 0 ? value.shape.map((_, i) => i) : given;
    return [...new Set(all.map((axis) => this.axis(axis, value)))].sort((a, b) => a - b);
  }

  argument(name: string): Argument | undefined {
    return this.call.file.operation.inputs.get(name);
  }

  isRead(output: number): boolean {
    return this.call.isRead(output);
  }

  missing(name: string): InputError {
    return new InputError(`its argument "${name}" is missing`);
  }

  private slots(name: string): readonly number[] {
    return this.call.file.slots.get(name) ?? [];
  }

  /** The number that a value holds. */
  private itemAt(slot: number): Dim {
    const found = this.call.inputs[slot];
    const item = found && isConstant(found) ? found.items?.[0] : undefined;
    if (item !== undefined) return item;
    throw new Uncounted('it needs a number that is not known before the network runs');
  }
}

/** The program says which tensors are parameters. A layer with a buffer as weights has none. */
const learntAlone = (parameters: Parameters): Parameters =>
  Object.fromEntries(
    Object.entries(parameters).map(([name, found]) => [name, found && { ...found, stored: found.stored ?? [] }]),
  );
