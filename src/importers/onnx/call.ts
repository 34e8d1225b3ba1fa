// What is a node given? Its inputs, as far as they are known, and its attributes; opsets that moved one to the other are told apart here.

import { isNumber, type Dim } from '../../dim/dim.js';
import { InputError } from '../../inputError.js';
import { showShape, type Shape } from '../../shape.js';
import { Attributes } from './attributes.js';
import type { OnnxNode } from './messages.js';
import { isConstant, type Constant, type Item, type Operand } from './operand.js';
import { Uncounted } from './uncounted.js';

export class Call {
  readonly attributes: Attributes;

  /** @param inputs in the node's order; undefined where an optional one is left out */
  constructor(
    readonly node: OnnxNode,
    readonly opset: number,
    readonly inputs: readonly (Operand | undefined)[],
  ) {
    this.attributes = new Attributes(node);
  }

  get op(): string {
    return this.node.opType ?? '';
  }

  /** @throws InputError where the node lacks it */
  operand(i: number): Operand {
    const found = this.inputs[i];
    if (found) return found;
    throw new InputError(`its input ${i} is missing`);
  }

  shape(i: number): Shape {
    return this.operand(i).shape;
  }

  rank(i: number): number {
    return this.shape(i).length;
  }

  /** The constant that an input is, undefined where it is computed or left out. */
  constant(i: number): Constant | undefined {
    const found = this.inputs[i];
    return found && isConstant(found) ? found : undefined;
  }

  items(i: number): readonly Item[] | undefined {
    return this.constant(i)?.items;
  }

  /** @throws InputError where the sizes are left to the network, or to another file */
  sizes(i: number, what: string): readonly Dim[] {
    const found = this.items(i);
    if (found) return found;
    const operand = this.operand(i);
    throw new Uncounted(
      isConstant(operand)
        ? `its ${what} are not in the file`
        : `its ${what} are computed from the image, so that its shape is not known before it runs`,
    );
  }

  /** Whole numbers without symbols, such as axes. */
  whole(i: number, what: string): readonly number[] {
    return this.sizes(i, what).map((item) => {
      if (isNumber(item) && (Number.isInteger(item) || Math.abs(item) === Infinity)) return item;
      throw new InputError(`its ${what} are no whole numbers`);
    });
  }

  /** A list that older opsets have as an attribute and newer ones as an input. */
  list(name: string, i: number): readonly number[] | undefined {
    return this.attributes.ints(name) ?? (this.inputs[i] ? this.whole(i, name) : undefined);
  }

  /** A number that older opsets have as an attribute and newer ones as an input. */
  number(name: string, i: number): number | undefined {
    if (this.attributes.has(name)) return this.attributes.float(name, 0);
    if (!this.inputs[i]) return undefined;
    const [item] = this.sizes(i, name);
    if (item !== undefined && isNumber(item)) return item;
    throw new InputError(`its ${name} is no number`);
  }

  /** The same axis counted from 0. */
  axis(axis: number, rank = this.rank(0)): number {
    const counted = axis < 0 ? axis + rank : axis;
    if (Number.isInteger(counted) && counted >= 0 && counted < rank) return counted;
    throw new InputError(`the axis ${axis} is none of ${showShape(this.shape(0))}`);
  }

  axes(axes: readonly number[], rank = this.rank(0)): readonly number[] {
    return axes.map((axis) => this.axis(axis, rank));
  }
}
