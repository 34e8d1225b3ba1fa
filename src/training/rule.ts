// The type of a row of the autograd table, and the parts that rows are made of.

import type { ShapedNode } from '../cost.js';
import { mul, product, total, type Dim } from '../dim/dim.js';
import { elements } from '../shape.js';
import type { Layout } from './layout.js';

/** The gradient that needs a kept tensor; `any` where every gradient of the call needs it. */
export type NeededFor = 'any' | 'weights' | 'other input' | 'second input';

export interface KeptInput {
  readonly what: 'input';
  readonly index: number;
  readonly for: NeededFor;
  /**
   * Autocast: the input itself rather than the copy of another type that the call computes with.
   */
  readonly uncast?: true;
}
export interface KeptOutput {
  readonly what: 'output';
  readonly for: NeededFor;
}
/** A tensor that the call allocates for it. */
export interface KeptOwn {
  readonly what: 'indices' | 'mask' | 'statistics' | 'intermediate';
  elements(shapedNode: ShapedNode): Dim;
  /** `value`: the type in which the call computes. */
  readonly type: 'value' | 'float' | 'int32' | 'int64' | 'bool' | 'uint8';
  readonly for: NeededFor;
  /** A buffer of the model, which stays in memory whether it is kept or not. */
  readonly stored?: true;
}
export type Kept = KeptInput | KeptOutput | KeptOwn;

/**
 * A list, or one that depends on the fields and shapes of a node, and on whether the call copies
 * its first input (`Layout.copies`).
 */
export type Keeps = readonly Kept[] | ((shapedNode: ShapedNode, copies: boolean) => readonly Kept[]);

/** @param copies whether the call copies its first input */
export const keptBy = (keeps: Keeps, shapedNode: ShapedNode, copies: boolean): readonly Kept[] =>
  typeof keeps === 'function' ? keeps(shapedNode, copies) : keeps;

/**
 * How the backward pass makes the gradients of the inputs:
 * - `pass`: the same tensor, or a view of it.
 * - `sum`: the same, summed over sides that were broadcast.
 * - `difference`: as `sum`, with the second operand's gradient negated.
 * - `copy`: each element of the output's gradient is read and written.
 * - `crop`: each element of the input's gradient is.
 * - `scatter`: zeros for the whole input, and a copy into them.
 * - `products`: one product for each gradient, which reads the output's gradient anew.
 * - `factors`: the output's gradient times the other operand, one kernel for each gradient.
 * - `compute`: one kernel reads the output's gradient and all that is kept, and writes every other
 *   gradient.
 */
export type GradientMethod =
  'pass' | 'sum' | 'difference' | 'copy' | 'crop' | 'scatter' | 'products' | 'factors' | 'compute';

/**
 * Autocast on CUDA: computes in half precision, in single, in the widest type of its inputs, or in
 * that of its input. `inside`: in single, and its result is cast to the type of its input again.
 * `factor`: its own tensor in single precision widens the result, and a plain number does not.
 *
 * aten/src/ATen/autocast_mode.h of PyTorch lists the ops: AT_FORALL_LOWER_PRECISION_FP is `half`,
 * AT_FORALL_FP32 and AT_FORALL_FP32_SET_OPT_DTYPE are `single`, AT_FORALL_PROMOTE is `widest`. What
 * stands on no list computes in the types that it gets: `same` of one tensor, `widest` of several.
 */
export type Precision = 'half' | 'single' | 'widest' | 'same' | 'inside' | 'factor';

export interface Rule {
  readonly keeps: Keeps;
  /**
   * What is kept where the call overwrites its input; absent where PyTorch has no such form of it.
   */
  readonly inPlace?: Keeps;
  readonly precision: Precision;
  readonly moves: GradientMethod;
  /** Its result has no gradient, and is of this type. */
  readonly stops?: 'bool' | 'int64' | 'value';
  /**
   * Multiply-adds of the gradients of its inputs, where they are not its own once for each input.
   */
  inputMultAdds?(shapedNode: ShapedNode, multAdds: Dim, wanted: readonly boolean[]): Dim;
  /** Multiply-adds of the forward pass that its backward pass computes again. */
  recomputedMultAdds?(): Dim;
  /** Memory layout of its result and copies of inputs, where the layout of its op does not hold. */
  readonly layout?: Layout;
  /** Elements of the memory of its result, where that is larger than the result. */
  memory?(shapedNode: ShapedNode): Dim;
  /** Why the bytes that it keeps are a lower bound. */
  readonly atLeast?: string;
}

export const rule = (keeps: Keeps, more: Partial<Rule> = {}): Rule => ({
  keeps,
  precision: 'same',
  moves: 'compute',
  ...more,
});

export const inputFor = (reason: NeededFor, index = 0): KeptInput => ({ what: 'input', index, for: reason });
export const input = inputFor('any');
export const output: Kept = { what: 'output', for: 'any' };
export const own = (
  what: KeptOwn['what'],
  type: KeptOwn['type'],
  elements: (shapedNode: ShapedNode) => Dim,
  reason: NeededFor = 'any',
): KeptOwn => ({ what, type, elements, for: reason });

export const written = ({ writes }: ShapedNode): Dim => writes;
export const firstRead = ({ reads }: ShapedNode): Dim => reads[0]!;
export const indices = own('indices', 'int64', written);
/** As large as the result. */
export const another = own('intermediate', 'value', written);
/**
 * A call that needs its input but overwrites it keeps a copy: gen_variable_type.py saves
 * `self.clone()`.
 */
const copied = own('intermediate', 'value', firstRead);

/** The derivative is a function of the result. */
export const fromResult = rule([output]);
/** The derivative is a function of the input; an in-place call keeps a copy. */
export const fromInput = rule([input], { inPlace: [copied] });
/** In place the derivative is a function of the result, else of the input. */
export const eitherWay = rule([input], { inPlace: [output] });
export const keepsInput = rule([input]);
export const keepsNothing = rule([]);
export const single = { precision: 'single' } as const;
export const inside = { precision: 'inside' } as const;
export const widest = { precision: 'widest' } as const;
export const bothOperands = [inputFor('any', 0), inputFor('any', 1)];
export const otherOperands = [inputFor('other input', 0), inputFor('other input', 1)];

/** One number for each group of elements that is normalised together. */
export function normalised({ inputs, node }: ShapedNode): Dim {
  const axes = node.attributes['axes'] as readonly number[];
  return product(inputs[0]!.filter((_, i) => !axes.includes(i)));
}
/**
 * The rule of a norm in eval mode: it keeps its running statistics in place of the batch's
 * (Normalization.cpp, native_batch_norm: save_mean and save_invstd are empty).
 */
export const inEvalMode = ({ keeps, ...others }: Rule): Rule => ({
  ...others,
  keeps: (shapedNode, copies) =>
    keptBy(keeps, shapedNode, copies).map((kept) => (kept.what === 'statistics' ? { ...kept, stored: true } : kept)),
});

/** Mean and inverse deviation. */
export const statistics = (count: (shapedNode: ShapedNode) => Dim): Kept =>
  own('statistics', 'float', (shapedNode) => mul(2, count(shapedNode)));

/** Level, left, top, right and bottom of each box. */
export const boxes = own('intermediate', 'value', ({ node }) => mul(node.shape[0]!, 5));

/**
 * x.max(dim) keeps indices; over several sides it is x.amax, whose formula compares the input with
 * the result.
 */
export const extreme = rule(({ node }) => {
  const axes = node.attributes['axes'];
  return Array.isArray(axes) && axes.length > 1 ? [input, output] : [indices];
});

/**
 * An adaptive mean to one element is x.mean, which keeps nothing; to any other size it keeps its
 * input.
 */
export const adaptiveMean = rule(({ node }) => (node.shape.slice(2).every((side) => side === 1) ? [] : [input]));

/**
 * Elements of all parameters of a node, biases of convolutions and fully connected layers apart.
 */
export const weightElements = ({ params }: ShapedNode): Dim =>
  total(Object.entries(params).flatMap(([name, shape]) => (name === 'bias' ? [] : [elements(shape)])));
