// What a call of Keras computes with: outputs of other calls, and arrays that the file holds.

import type { Shape } from '../../shape.js';
import { isData, type Data } from '../tfjs/settings.js';

/** An output of a call of a layer. */
export interface Ref {
  readonly layer: string;
  readonly call: number;
  readonly output: number;
  /**
   * Its sides as Keras 3 states them where it is read, in the order of the file; 0 for an open one.
   */
  readonly shape?: Shape;
}

/**
 * An array of numbers among the arguments of a call, by its sides in the order of the file. It is
 * no parameter.
 */
export interface StoredArray {
  readonly sides: readonly number[];
}

/** What a call computes with: an output of another call, or an array. */
export type Argument = Ref | StoredArray;

export const isRef = (one: Argument): one is Ref => 'layer' in one;

/**
 * Which arguments of an operation are data: arrays of NumPy and tensors, or plain lists of numbers,
 * too. With the other operations such arguments say sides, axes or indices.
 */
export type Arrays = 'none' | 'arrays' | 'lists';

const OF_ELEMENTS: ReadonlySet<string> = new Set([
  ...['Add', 'Subtract', 'Multiply', 'Divide', 'TrueDivide', 'FloorDivide', 'Maximum', 'Minimum', 'Power', 'Mod'],
  ...['Greater', 'GreaterEqual', 'Less', 'LessEqual', 'Equal', 'NotEqual', 'LogicalAnd', 'LogicalOr', 'LogicalXor'],
  ...['Where', 'Hypot', 'Arctan2', 'Logaddexp', 'Fmax', 'Fmin', 'Fmod', 'DivideNoNan'],
]);

const OF_PRODUCTS: ReadonlySet<string> = new Set([
  ...['Matmul', 'Dot', 'Einsum', 'Tensordot', 'Inner', 'Vdot', 'Outer', 'Kron', 'Cross', 'DotProductAttention'],
  ...['Conv', 'DepthwiseConv', 'SeparableConv', 'ConvTranspose', 'Concatenate', 'Stack', 'Hstack', 'Vstack'],
]);

/** Functions of TensorFlow that Keras 2 writes as layers. */
const FUNCTIONS: ReadonlySet<string> = new Set([
  ...['__operators__.add', 'math.add', 'math.subtract', 'math.multiply', 'math.truediv', 'math.divide', 'math.pow'],
  ...['math.maximum', 'math.minimum', 'math.greater', 'linalg.matmul'],
]);

export function arraysOf({ className, config }: { readonly className: string; readonly config: Data }): Arrays {
  if (OF_ELEMENTS.has(className)) return 'lists';
  if (OF_PRODUCTS.has(className)) return 'arrays';
  return className === 'TFOpLambda' && FUNCTIONS.has(String(config['function'])) ? 'lists' : 'none';
}

const CLASSES: ReadonlySet<unknown> = new Set(['__numpy__', '__tensor__']);

/** One number for an array without sides; undefined for what is no array of this operation. */
export function arrayIn(value: unknown, arrays: Arrays): StoredArray | number | undefined {
  if (arrays === 'none') return undefined;
  const isStated = isData(value) && CLASSES.has(value['class_name']);
  const items = isStated && isData(value['config']) ? value['config']['value'] : value;
  if (!isStated && (arrays !== 'lists' || !Array.isArray(items))) return undefined;
  const sides = sidesOf(items);
  return sides?.length === 0 ? Number(items) : sides && { sides };
}

const MOST_SIDES = 8;

/** Sides of a list of lists of numbers. Undefined where it holds anything else. */
export function sidesOf(items: unknown): readonly number[] | undefined {
  const sides: number[] = [];
  let inner = items;
  for (; Array.isArray(inner) && inner.length > 0 && sides.length < MOST_SIDES; inner = inner[0] as unknown)
    sides.push(inner.length);
  return typeof inner === 'number' || typeof inner === 'boolean' ? sides : undefined;
}
