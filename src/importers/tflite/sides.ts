// Translates axes between a TFLite file, [N, H, W, C], and our graph, [N, C, H, W].

import { type Dim } from '../../dim/dim.js';
import { sameShape, showShape, type Shape } from '../../shape.js';
import type { Value } from '../../graph.js';
import { InputError } from '../../inputError.js';
import type { Call as KitCall } from '../kit/call.js';
import { CHANNELS_FIRST, CHANNELS_LAST, type Layout } from '../kit/layout.js';
import { isConstant, type Operand } from '../kit/operand.js';
import * as moves from '../kit/moves.js';
import type { TfliteCall } from './network.js';

/** A call with its operands, as a row gets it. */
export type Call = KitCall<TfliteCall>;

const IMAGE_RANK = 4;

/**
 * Values of four sides or more that keep the order of the file: products of matrices, and images
 * with channels first.
 */
const asInFile = new WeakSet<Value>();

/** Marks a value whose sides are in the order of the file. */
export function inFileOrder(value: Value): Value {
  if (value.shape.length >= IMAGE_RANK) asInFile.add(value);
  return value;
}

const layoutOf = (x: Operand): Layout => (isConstant(x) || asInFile.has(x) ? CHANNELS_FIRST : CHANNELS_LAST);
export const isTurned = (x: Value): boolean => x.shape.length >= IMAGE_RANK && !asInFile.has(x);

/** The sides in the order of the file. */
export const fileSides = (x: Operand): Shape => layoutOf(x).theirs(x.shape);

/** Which of our sides the file's axis is. */
export const sideOf = (x: Value, axis: number): number => layoutOf(x).side(axis, x.shape.length);

/** A list with one entry for each side of the file, reordered to our sides. */
export const inOurOrder = <T>(x: Value, items: readonly T[]): readonly T[] => layoutOf(x).ours(items);

/** The result of an op that keeps the order of sides: it has the order of its input. */
export const like = (x: Value, made: Value): Value => (asInFile.has(x) ? inFileOrder(made) : made);

/** An input as a value. A constant among them keeps the order of the file. */
export function data(call: Call, i: number): Value {
  const value = call.data(i);
  return isConstant(call.operand(i)) ? inFileOrder(value) : value;
}

/** The image as [N, C, H, W]. */
export function image(call: Call, x: Value, part = 'image'): Value {
  if (x.shape.length < IMAGE_RANK) throw new InputError(`it takes an image, and its input is ${showShape(x.shape)}`);
  return isTurned(x) ? x : call.apply('view', x, { shape: CHANNELS_LAST.ours(x.shape) }, {}, part);
}

/** A value in the order of the file, for products of its last sides. */
export const plain = (call: Call, x: Value, part = 'matrix'): Value =>
  isTurned(x) ? inFileOrder(call.apply('view', x, { shape: fileSides(x) }, {}, part)) : x;

/** The same elements under other sides, in the order of the file. */
export function regrouped(call: Call, x: Value, wanted: Shape, part = ''): Value {
  const sides = asInFile.has(x) ? wanted : CHANNELS_LAST.ours(wanted);
  if (sameShape(sides, x.shape)) return x;
  moves.completed(fileSides(x), wanted);
  return like(x, moves.regrouped(call, x, sides, part));
}

/** Operands of an op with several inputs, brought to one rank and one order of sides. */
export function aligned(call: Call, values: readonly Value[]): readonly Value[] {
  const rank = Math.max(...values.map(({ shape }) => shape.length));
  const turned = values.some(isTurned);
  return values.map((value, i) => {
    const missing = rank - value.shape.length;
    const part = `side${i}`;
    if (missing > 0) {
      const sides = [...new Array<Dim>(missing).fill(1), ...fileSides(value)];
      const ours = turned ? CHANNELS_LAST.ours(sides) : sides;
      return marked(call.apply('view', value, { shape: ours }, {}, part), turned);
    }
    return turned && rank >= IMAGE_RANK ? image(call, value, part) : value;
  });
}

const marked = (value: Value, turned: boolean): Value => (turned ? value : inFileOrder(value));
