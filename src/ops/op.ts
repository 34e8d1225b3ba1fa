// The type of an op: its output shape and three counts. Memory access follows from the shapes.

import type { Dim } from '../dim/dim.js';
import type { Fields, Values } from '../fields.js';
import { InputError } from '../inputError.js';
import { elements, showShape, type Shape } from '../shape.js';

/**
 * How an op's data moves when an inference compiler runs it (cost.ts turns this into elements):
 * `compute` reads its inputs and writes its output; `elementwise` can be absorbed by the op that
 * made its input; `gather` is written in place by the ops that made its inputs; `view` moves
 * nothing in any reading.
 */
export type Traffic = 'compute' | 'elementwise' | 'gather' | 'view';

/** The kind of a layer with multiply-adds: `memoryAccess.conv` or `memoryAccess.linear` has it. */
export type LayerKind = 'conv' | 'linear';

export interface Op<F extends Fields = Fields> {
  /** One line of documentation. */
  readonly about: string;
  readonly traffic: Traffic;
  /**
   * Whether a compiler can merge it into the padding of the convolution or pool that alone reads
   * it.
   */
  padsReader?(values: Values<F>): boolean;
  /** The order into which it puts the sides of its input, where that is all that it does. */
  orderOf?(values: Values<F>): readonly number[];
  /**
   * Whether it reads its input, and writes its output, just as well with their sides in this order,
   * so that a compiler can drop a transposition before or behind it.
   */
  takesOrder?(order: readonly number[]): boolean;
  /** A convolution or a fully connected layer; absent for every other op. */
  readonly layer?: LayerKind;
  /** The least and the greatest number of inputs. */
  readonly arity: readonly [number, number];
  readonly fields: F;
  /** Whether the fields alone set the output's height and width. Otherwise the inputs set them. */
  ownSides?(values: Values<F>): boolean;
  /** @throws InputError when the inputs do not fit the op. */
  outShape(inputs: readonly Shape[], values: Values<F>): Shape;
  /** Shapes of the learnable parameters by name. Memory access never includes `bias` (design). */
  params?(inputs: readonly Shape[], values: Values<F>): Readonly<Record<string, Shape>>;
  /** Multiply-adds of convolutions and fully connected layers; 0 when absent. */
  multAdds?(inputs: readonly Shape[], out: Shape, values: Values<F>): Dim;
  /** Other operations, one per element (per window element for a pool); 0 when absent. */
  elementwise?(inputs: readonly Shape[], out: Shape, values: Values<F>): Dim;
}

/**
 * Checks the types of the fields in the literal and drops them, so that one table holds all ops.
 */
export const op = <F extends Fields>(definition: Op<F>): Op<F> => definition;

/** Splits [N, C, H, W], or throws an error with the shape. */
export function image(shape: Shape): readonly [Dim, Dim, Dim, Dim] {
  const [n, c, h, w] = shape;
  if (shape.length !== 4) throw new InputError(`needs an input of shape [N, C, H, W], got ${showShape(shape)}`);
  return [n!, c!, h!, w!];
}

const SIDES: Readonly<Record<number, string>> = { 1: 'L', 2: 'H, W', 3: 'D, H, W' };

/** Splits an input with `rank` sides after its channels, or throws an error with its shape. */
export function spatial(shape: Shape, rank: number): { readonly n: Dim; readonly c: Dim; readonly sides: Shape } {
  const [n, c, ...sides] = shape;
  if (n === undefined || c === undefined || sides.length !== rank)
    throw new InputError(`needs an input of shape [N, C, ${SIDES[rank]}], got ${showShape(shape)}`);
  return { n, c, sides };
}

/** An input with at least one side after its channels. */
export function withPlaces(shape: Shape): { readonly n: Dim; readonly c: Dim; readonly sides: Shape } {
  const [n, c, ...sides] = shape;
  if (n === undefined || c === undefined || sides.length === 0)
    throw new InputError(`needs an input of shape [N, C, ...] with at least one further side, got ${showShape(shape)}`);
  return { n, c, sides };
}

/** @throws InputError where a shape has no side of this number */
export function demandSides(shape: Shape, axes: readonly number[]): void {
  const odd = axes.find((axis) => axis >= shape.length);
  if (odd !== undefined)
    throw new InputError(`there is no side ${odd} in ${showShape(shape)}: sides are counted from 0`);
}

/** The only input of an op of arity 1. */
export const only = (inputs: readonly Shape[]): Shape => inputs[0]!;

/** One input and an output of its shape, at one operation per element. */
export const elementFunction = <F extends Fields>(about: string, fields: F) =>
  op<F>({
    about,
    traffic: 'elementwise',
    arity: [1, 1],
    fields,
    outShape: only,
    elementwise: (_, out) => elements(out),
  });
