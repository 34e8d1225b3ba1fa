// One node of TensorFlow as a call of the importer kit, with what its rows read of it.

import { isNumber, type Dim } from '../../dim/dim.js';
import type { Pair, Padding } from '../../fields.js';
import type { Value } from '../../graph.js';
import { InputError } from '../../inputError.js';
import { showShape, type Shape } from '../../shape.js';
import { shown } from '../../document/problem.js';
import type { Call as KitCall, FileCall } from '../kit/call.js';
import { CHANNELS_FIRST, type Layout } from '../kit/layout.js';
import { isConstant, type Constant } from '../kit/operand.js';
import { samePadding } from '../kit/samePadding.js';
import { Uncounted } from '../kit/uncounted.js';
import type { Attributes } from './attribute.js';

export interface TfCall extends FileCall {
  readonly attributes: Attributes;
  readonly layout: Layout;
  /**
   * Ops fused behind a layer: "BiasAdd", then an activation. Their operands follow those of the
   * layer.
   */
  readonly fused?: readonly string[];
  /** The files that hold the numbers that the call needs, where its own file does not. */
  readonly missing?: string;
  /**
   * The length of each output's last side by its readers, for parts whose bounds are not in the
   * file.
   */
  readonly implied?: readonly (number | undefined)[];
  /** The functions of a loop. */
  readonly loop?: { readonly condition: InnerGraph; readonly body: InnerGraph };
}

/** A function that a call runs. Its keys differ from those of other calls. */
export interface InnerGraph {
  readonly inputs: readonly string[];
  /** In an order in which they can run. */
  readonly calls: readonly TfCall[];
  readonly constants: ReadonlyMap<string, Constant>;
  readonly outputs: readonly string[];
}

/** A call with its operands, as a row gets it. */
export type Call = KitCall<TfCall>;

/** The key of an output of a node. */
export const keyOf = (node: string, output: number): string => (output === 0 ? node : `${node}:${output}`);

/** A tensor of the graph; a constant in its place becomes one. */
export const tensor = (call: Call, i: number): Value => call.data(i);

/**
 * Constants keep the sides of the file; only values that are computed from the image are turned.
 */
export const layoutOf = (call: Call): Layout =>
  call.inputs.every((one) => one === undefined || isConstant(one)) ? CHANNELS_FIRST : call.file.layout;

export function imageOf(call: Call, i = 0): Value {
  const x = call.data(i);
  if (x.shape.length !== 4) throw new InputError(`it takes an image, and its input is ${showShape(x.shape)}`);
  return x;
}

/** Sides of an input in the order of the file. */
export const sidesInFile = (call: Call, i: number): Shape => {
  const operand = call.operand(i);
  return isConstant(operand) ? operand.shape : layoutOf(call).theirs(operand.shape);
};

/** Which of our sides an axis of the file is. */
export const sideOf = (call: Call, axis: number, rank: number): number => layoutOf(call).side(axis, rank);

/** The image that a convolution reads. A constant stands as in the file, and is turned. */
export function featureMap(call: Call, i = 0): Value {
  const found = call.operand(i);
  if (!isConstant(found)) return imageOf(call, i);
  return call.value({ ...found, shape: call.file.layout.ours(found.shape) }, `${call.file.inputs[i]!} as an image`);
}

/** Whole numbers without symbols. @throws Uncounted that names the files with the numbers */
export function numbers(call: Call, i: number, what: string): readonly number[] {
  const constant = call.constant(i);
  if (constant && !constant.items && call.file.missing !== undefined)
    throw new Uncounted(`its ${what} are not in the file: put ${call.file.missing} beside the model`);
  return call.whole(i, what);
}

/** The same, symbols too. */
export function dims(call: Call, i: number, what: string): readonly Dim[] {
  return call.items(i) ?? numbers(call, i, what);
}

/** @throws InputError for an order that is not the graph's */
export function isLast(call: Call): boolean {
  const first = call.file.layout === CHANNELS_FIRST;
  const stated = call.file.attributes.text('data_format', first ? 'NCHW' : 'NHWC');
  if (stated.startsWith('NC') === first) return !first;
  throw new InputError(`its data_format is ${shown(stated)}, and that of the graph is ${first ? 'NCHW' : 'NHWC'}`);
}

/** The numbers of the spatial sides, of a list of four or five in the order of the file. */
export function spatial(call: Call, key: string, rank: number): readonly number[] {
  const all = call.file.attributes.integers(key);
  if (all.length === 0) return new Array<number>(rank).fill(1);
  const channels = isLast(call) ? all.at(-1) : all[1];
  const inner = isLast(call) ? all.slice(1, -1) : all.slice(2);
  if (all.length !== rank + 2 || all[0] !== 1 || channels !== 1 || inner.some((one) => one < 1))
    throw new InputError(`its ${key} are ${all.join(', ')}`);
  return inner;
}

export interface Windows {
  readonly kernel: readonly number[];
  readonly stride: readonly number[];
  readonly dilation: readonly number[];
}

/** Padding before each side, then after each side. */
export function paddingOf(call: Call, sides: Shape, { kernel, stride, dilation }: Windows): readonly number[] {
  const kind = call.file.attributes.text('padding', 'VALID');
  const pairs = sides.map((side, i): readonly [number, number] => {
    if (kind === 'VALID') return [0, 0];
    if (kind === 'SAME') return samePadding(side, { kernel: kernel[i]!, stride: stride[i]!, dilation: dilation[i]! });
    const given = call.file.attributes.integers('explicit_paddings');
    const at = 2 * (i + (isLast(call) ? 1 : 2));
    const [before, after] = [given[at], given[at + 1]];
    if (kind !== 'EXPLICIT' || before === undefined || after === undefined || before < 0 || after < 0)
      throw new InputError(`its padding is ${shown(kind)}`);
    return [before, after];
  });
  return [...pairs.map(([before]) => before), ...pairs.map(([, after]) => after)];
}

/** [top, left, bottom, right] of an image. */
export const imagePadding = (call: Call, x: Value, windows: Windows): Padding =>
  paddingOf(call, x.shape.slice(2), windows) as unknown as Padding;

export const pairOf = (numbers: readonly number[]): Pair => numbers as unknown as Pair;

/** A view of a value with its sides in the order of the file. */
export function asInFile(call: Call, x: Value, part: string): Value {
  const sides = layoutOf(call).theirs(x.shape);
  return sides.every((side, i) => side === x.shape[i]) ? x : call.apply('view', x, { shape: sides }, {}, part);
}

/** The opposite. */
export function asOurs(call: Call, x: Value, part: string): Value {
  const sides = layoutOf(call).ours(x.shape);
  return sides.every((side, i) => side === x.shape[i]) ? x : call.apply('view', x, { shape: sides }, {}, part);
}

/** Our sides of a constant operand, without the batch and without leading sides of 1. */
export function against(call: Call, { shape }: Constant, x: Value): Shape {
  const rank = x.shape.length;
  if (shape.length > rank) throw new InputError(`its constant has more sides than ${showShape(x.shape)}`);
  const full = layoutOf(call).ours([...new Array<number>(rank - shape.length).fill(1), ...shape]);
  const first = full[0] === 1 ? full.slice(1) : full;
  return first.length === 0 ? [1] : first;
}

export const sizeOf = ({ shape }: Constant): number =>
  shape.reduce<number>((all, side) => all * (isNumber(side) ? side : NaN), 1);
