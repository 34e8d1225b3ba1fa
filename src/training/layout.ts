// The memory layout of each op's result, and which inputs PyTorch makes contiguous first.

import { equal, mul, product, type Dim } from '../dim/dim.js';
import type { ShapedNode } from '../cost.js';
import { opOf, type OpName } from '../ops/table.js';
import { elements, type Shape } from '../shape.js';
import {
  byStride,
  contiguous,
  elementwise,
  expanded,
  formattedAs,
  inOrder,
  isChannelsLast,
  isContiguous,
  viewed,
  type StridedTensor,
  type Strides,
} from './strides.js';

/** An input with its memory layout, and whether it has a gradient. */
export interface StridedInput extends StridedTensor {
  readonly requiresGrad: boolean;
}

/** How an op treats inputs that are not contiguous. */
export interface Layout {
  /** The strides of its result. Absent: the result is contiguous. */
  result?(inputs: readonly StridedInput[], shapedNode: ShapedNode): Strides;
  /** Elements of the copy that it makes of each input, undefined where it makes none. */
  copies?(inputs: readonly StridedInput[], shapedNode: ShapedNode): readonly (Dim | undefined)[];
  /** For ops that make views: the strides of the view, undefined where PyTorch has to copy. */
  view?(input: StridedTensor, shapedNode: ShapedNode): Strides | undefined;
}

/** Made by TensorIterator. */
const like: Layout = { result: (inputs, { node }) => elementwise(inputs, node.shape) };
/** In the memory format of the image that it reads. */
const format: Layout = { result: (inputs, { node }) => formattedAs(inputs.slice(0, 1), node.shape) };
const regrouping: Layout = { view: (input, { node }) => viewed(input, node.shape) };
const plain: Layout = {};

/** The first input is made contiguous in its memory format. */
const copiesFirst: NonNullable<Layout['copies']> = ([x]) => [
  isContiguous(x!) || isChannelsLast(x!) ? undefined : elements(x!.shape),
];

/** A reduction keeps the order of the sides that are left. */
function reduced([x]: readonly StridedTensor[], { node }: ShapedNode): Strides {
  const { axes, keep } = node.attributes as { axes: readonly number[]; keep: boolean };
  const ordered = elementwise([x!], x!.shape);
  const whole = contiguous(x!.shape);
  if (ordered.every((stride, i) => equal(stride, whole[i]!))) return contiguous(node.shape);
  const left = byStride(ordered).filter((side) => keep || !axes.includes(side));
  const places = keep ? left : left.map((side) => side - axes.filter((axis) => axis < side).length);
  return node.shape.length === places.length ? inOrder(node.shape, places) : contiguous(node.shape);
}

/** linear folds its input to a matrix. */
const linear: Layout = {
  copies: ([x]) => {
    const { shape } = x!;
    if (shape.length < 3) return [undefined];
    return [viewed(x!, [product(shape.slice(0, -1)), shape.at(-1)!]) ? undefined : elements(shape)];
  },
};

/**
 * aten/src/ATen/native/LinearAlgebra.cpp, _matmul_impl: matrices of a batch are expanded to equal
 * sides, and their leading sides become one.
 */
const matmul: Layout = {
  copies(inputs, { node }) {
    const turned = (['transposeFirst', 'transposeSecond'] as const).map((name) => node.attributes[name] === true);
    const [a, b] = inputs.map((one, i): StridedInput => (turned[i] ? { ...one, ...swapped(one) } : one));
    if (a!.shape.length < 2 || b!.shape.length < 2) return [];
    if (a!.shape.length === 2 && b!.shape.length === 2) return [];
    if (b!.shape.length === 2 && (b!.requiresGrad || folded(a!) !== undefined))
      return [folded(a!) ? undefined : elements(a!.shape)];
    if (a!.shape.length === 2 && a!.requiresGrad)
      return [undefined, folded(swapped(b!)) ? undefined : elements(b!.shape)];
    const batch = node.shape.slice(0, -2);
    return [a!, b!].map((one) => {
      const whole = [...batch, ...one.shape.slice(-2)];
      const laid = { shape: whole, strides: expanded(one, whole) };
      return viewed(laid, [product(batch), ...one.shape.slice(-2)]) ? undefined : elements(whole);
    });
  },
};

/** _scaled_dot_product_attention_math multiplies q and k by the root of the scale. */
export const SCALED: Layout = { copies: (inputs) => inputs.map(({ shape }) => elements(shape)) };

const folded = (laid: StridedTensor): Strides | undefined =>
  viewed(laid, [product(laid.shape.slice(0, -1)), laid.shape.at(-1)!]);

const swapped = ({ shape, strides }: StridedTensor): StridedTensor => ({ shape: turn(shape), strides: turn(strides) });
const turn = <T>(sides: readonly T[]): readonly T[] => [...sides.slice(0, -2), sides.at(-1)!, sides.at(-2)!];

/** Ops whose results may not be contiguous. */
const LAYOUTS: Readonly<Partial<Record<OpName | 'dropout', Layout>>> = {
  dropout: like,
  transpose: {
    view: ({ strides }, { node }) => (node.attributes['order'] as readonly number[]).map((side) => strides[side]!),
  },
  slice: {
    view: ({ strides }, { node }) => strides.map((stride, i) => mul(stride, (node.attributes['step'] as Shape)[i]!)),
  },
  split: { view: ({ strides }) => strides },
  subsample: {
    view: ({ strides }, { node }) => {
      const step = node.attributes['step'] as readonly number[];
      return strides.map((stride, i) => (i < 2 ? stride : mul(stride, step[i - 2]!)));
    },
  },
  expand: { view: (input, { node }) => expanded(input, node.shape) },
  view: regrouping,
  reshape: regrouping,
  flatten: regrouping,
  linear,
  matmul,
  ...{ conv: format, convTranspose: format, conv3d: format, convTranspose3d: format },
  ...{ batchNorm: format, maxPool: format, avgPool: format, maxPool3d: format, avgPool3d: format },
  ...{ upsample: format, resize: format, pad: format, flip: like, roll: format },
  concat: { result: (inputs, { node }) => formattedAs(inputs, node.shape) },
  groupNorm: { ...format, copies: copiesFirst },
  instanceNorm: { copies: ([x]) => [isContiguous(x!) ? undefined : elements(x!.shape)] },
  layerNorm: plain,
  softmax: plain,
  logSoftmax: plain,
  reduce: { result: reduced },
};

export const layoutOf = (op: OpName | 'dropout'): Layout =>
  LAYOUTS[op] ?? (op !== 'dropout' && opOf(op).traffic === 'elementwise' ? like : plain);
