// What an input of a node is while a file is read: a value of the graph, or a constant.

import type { Dim } from '../../dim/dim.js';
import type { StoredTensor, Value } from '../../graph.js';
import type { Shape } from '../../shape.js';

/** A number, or a size that may have symbols in it. */
export type Item = Dim;

/** Known before the network runs: a weight, or numbers that shape the network. */
export interface Constant {
  readonly constant: true;
  readonly shape: Shape;
  readonly type: 'int' | 'float';
  /**
   * In row-major order. Absent where there are too many to matter, or where the file does not hold
   * them.
   */
  readonly items?: readonly Item[];
  /**
   * The learnt tensors of the file that it is, or was computed from. Absent where nothing of it was
   * learnt.
   */
  readonly stored?: readonly StoredTensor[];
  /** The file that holds its numbers, where that is another one. */
  readonly missing?: string;
  /** It is a list of tensors, which costs nothing; the shape is how many. */
  readonly sequence?: readonly Operand[];
}

export type Operand = Value | Constant;

/** The same, of which no gradient comes to what stands before: parameters are not trained by it. */
export const detached = (operand: Operand): Operand =>
  isConstant(operand)
    ? {
        ...operand,
        ...(operand.stored ? { stored: operand.stored.map((one) => ({ ...one, frozen: true as const })) } : {}),
      }
    : { ...operand, detached: operand };

export const isConstant = (operand: Operand): operand is Constant => 'constant' in operand;

/** Items of constants that are kept: shapes, scales, indices, biases of small kernels. */
export const MOST_ITEMS = 4096;

export const constant = (
  type: Constant['type'],
  shape: Shape,
  items?: readonly Item[],
  stored?: readonly StoredTensor[],
): Constant => ({
  constant: true,
  type,
  shape,
  ...(items === undefined ? {} : { items }),
  ...(stored === undefined || stored.length === 0 ? {} : { stored }),
});

/** A list of sizes. */
export const list = (items: readonly Item[]): Constant => constant('int', [items.length], items);

/** Of one element: a number such as the 3 in x + 3. */
export const isSingle = ({ shape }: Constant): boolean => shape.every((side) => side === 1);

/** The learnt tensors of several operands, each once. */
export function storedIn(operands: readonly (Operand | undefined)[]): readonly StoredTensor[] {
  const all = operands.flatMap((one) => (one && isConstant(one) ? (one.stored ?? []) : []));
  return [...new Map(all.map((tensor) => [tensor.id, tensor])).values()];
}
