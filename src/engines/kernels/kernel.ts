// The interface of a kernel: tensors that are made once, and a function from inputs to the output.

import type * as tfjs from '@tensorflow/tfjs-core';
import type { Poly } from '../../dim/poly.js';
import type { Pair, Padding, Values } from '../../fields.js';
import type { Op } from '../../ops/op.js';
import type { OPS, OpName } from '../../ops/table.js';
import type { Weights } from '../../weights/weights.js';

export type Tf = typeof tfjs;
export type Tensor = tfjs.Tensor;
export type Tensor1D = tfjs.Tensor1D;
export type Tensor2D = tfjs.Tensor2D;
export type Tensor4D = tfjs.Tensor4D;
export type Tensor5D = tfjs.Tensor5D;

/** An array on the host that is about to become a tensor. */
export interface HostTensor {
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

/** An activation that the op computes along with its own output. */
export interface FusedActivation {
  readonly activation: 'linear' | 'relu' | 'relu6' | 'sigmoid' | 'leakyrelu';
  /** Slope of a leaky ReLU. */
  readonly alpha?: number;
}

type Concrete<T> = T extends Pair | Padding
  ? T
  : T extends number | Poly
    ? number
    : T extends readonly (number | Poly)[]
      ? readonly number[]
      : T;
/** An op's fields, all sizes numbers. */
export type ValuesOf<K extends OpName> =
  (typeof OPS)[K] extends Op<infer F> ? { readonly [N in keyof Values<F>]: Concrete<Values<F>[N]> } : never;

/** The differences between backends that kernels must know. */
export interface Traits {
  /** Whether the max pool takes explicit padding; TensorFlow's does not. */
  readonly padsMaxPool: boolean;
  /** Whether an additional op is cheap, as on a CPU. On a GPU it needs a launch. */
  readonly cheapLaunches: boolean;
}

/** What is known before a run. Shapes are the graph's, [N, C, H, W]. */
export interface KernelNode<V = unknown> {
  readonly values: V;
  readonly inputs: readonly (readonly number[])[];
  readonly out: readonly number[];
  readonly fused: FusedActivation;
  readonly traits: Traits;
}

/** Tensors of one run. Inside, channels come last: [N, H, W, C]. */
export interface KernelCall<V = unknown> extends KernelNode<V> {
  readonly tf: Tf;
  readonly x: Tensor;
  readonly tensors: readonly Tensor[];
  /** What `prepare` made. */
  readonly prepared: Readonly<Record<string, Tensor>>;
}

export interface Kernel<V = unknown> {
  /** Tensors that stay on the device: weights in the engine's layout, masks, constants. */
  prepare?(place: KernelNode<V>, weights: Weights): Readonly<Record<string, HostTensor>>;
  /** Never returns one of its inputs. The caller frees every other tensor that it makes. */
  run(call: KernelCall<V>): Tensor;
  /**
   * The feature of this op that engines lack, as the object of a sentence. Such a network is
   * refused.
   */
  refuses?(place: KernelNode<V>): string | undefined;
  /**
   * Whether a batch norm that follows can be folded into its weights; such an op also takes a fused
   * activation.
   */
  absorbs?(place: KernelNode<V>): boolean;
  /** Whether the engine lacks the op here, so that others stand in for it. */
  emulated?(place: KernelNode<V>): boolean;
  /**
   * Elements of the largest tensor that it makes on the way, where that is larger than its input
   * and output.
   */
  scratch?(place: KernelNode<V>): number;
}

/** Keeps the op's field types inside the literal. */
export const kernel = <K extends OpName>(definition: Kernel<ValuesOf<K>>): Kernel<ValuesOf<K>> => definition;

export const scalar = (value: number): HostTensor => ({ shape: [], values: Float32Array.of(value) });

/** 1 where an element is not 0. */
export const truth = (tf: Tf, x: Tensor): Tensor => tf.step(tf.abs(x));

/** Swaps sides of an array: `order[i]` is the old side that becomes side i. */
export function permuted(values: Float32Array, shape: readonly number[], order: readonly number[]): HostTensor {
  if (shape.length < 2) return { shape, values };
  const strides = shape.map((_, i) => shape.slice(i + 1).reduce((all, side) => all * side, 1));
  const sides = order.map((i) => shape[i]!);
  const steps = order.map((i) => strides[i]!);
  const result = new Float32Array(values.length);
  const at = sides.map(() => 0);
  const last = sides.length - 1;
  for (let to = 0, from = 0; to < result.length;) {
    for (let i = 0; i < sides[last]!; i++) result[to++] = values[from + i * steps[last]!]!;
    for (let side = last - 1; side >= 0; side--) {
      from += steps[side]!;
      if (++at[side]! < sides[side]!) break;
      from -= sides[side]! * steps[side]!;
      at[side] = 0;
    }
  }
  return { shape: sides, values: result };
}

/** The shape that a tensor of the graph has inside: channels last. */
export const inside = ([n, c, ...rest]: readonly number[]): number[] => [n!, ...rest, c!];

/** [N, ..., C] to [N, C, ...]: the order in which the graph counts elements. */
export const channelsFirst = (tf: Tf, x: Tensor): Tensor =>
  moved(tf, x, [0, x.rank - 1, ...Array.from({ length: x.rank - 2 }, (_, i) => i + 1)]);

/** [N, C, ...] to [N, ..., C]. */
export const channelsLast = (tf: Tf, x: Tensor): Tensor =>
  moved(tf, x, [0, ...Array.from({ length: x.rank - 2 }, (_, i) => i + 2), 1]);

/** A transposition, or a mere reshape where only sides of 1 change their place. */
function moved(tf: Tf, x: Tensor, order: number[]): Tensor {
  const real = order.filter((side) => x.shape[side] !== 1);
  if (real.every((side, i) => i === 0 || side > real[i - 1]!))
    return tf.reshape(
      x,
      order.map((side) => x.shape[side]!),
    );
  return tf.transpose(x, order);
}
