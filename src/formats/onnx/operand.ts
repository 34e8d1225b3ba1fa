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
}

export type Operand = Value | Constant;

export const isConstant = (operand: Operand): operand is Constant => 'constant' in operand;

export const constant = (type: Constant['type'], shape: Shape, items?: readonly Item[]): Constant => ({
  constant: true,
  type,
  shape,
  ...(items === undefined ? {} : { items }),
});

/** Items of constants that are kept: shapes, scales, indices, small kernels' biases. */
export const MOST_ITEMS = 1024;
