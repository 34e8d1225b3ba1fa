// What is a value of an ONNX graph? Either what the network computes, or a constant: a weight, or numbers that shape the network.

import type { Dim } from '../../dim/dim.js';
import type { Value } from '../../graph.js';
import type { Shape } from '../../shape.js';

/** A number, or a size that may have symbols in it. */
export type Item = Dim;

export interface Constant {
  readonly constant: true;
  readonly shape: Shape;
  readonly type: 'int' | 'float';
  /** In row-major order; left out where there are too many to matter, or where they are not known. */
  readonly items?: readonly Item[];
  /** The tensor of the file that was learnt and is this one, or was made into it: it is counted once. */
  readonly learnt?: string;
  /** Where it is only a part of what was learnt, or repeats it: the ops that make it of that, for those that read it as data. */
  readonly asData?: () => Value;
}

export type Operand = Value | Constant;

export const isConstant = (operand: Operand): operand is Constant => 'constant' in operand;

/** Of one element: a number such as the 3 in x + 3. */
export const isSingle = ({ shape }: Constant): boolean => shape.every((side) => side === 1);

/** "scales.0.scale": a name that exporters give what a module learns, and nothing that they compute. */
const OF_MODULE = /^[A-Za-z_]\w*(\.\w+)+$/;

/**
 * Whether a constant that is read as data was learnt: real numbers that are stored in the file. A single one is taken as
 * a number of the formula, unless it has the name of a module's parameter.
 */
export const isParameter = (constant: Constant): boolean =>
  constant.learnt !== undefined && (!isSingle(constant) || OF_MODULE.test(constant.learnt));

export const constant = (type: Constant['type'], shape: Shape, items?: readonly Item[]): Constant => ({
  constant: true,
  type,
  shape,
  ...(items === undefined ? {} : { items }),
});

/** Items of constants that are kept: shapes, scales, indices, small kernels' biases. */
export const MOST_ITEMS = 1024;
