// Rows of keras.ops in functional models, and of the TensorFlow functions that Keras 2 writes.

import type { Value } from '../../graph.js';
import { InputError } from '../../inputError.js';
import { showShape } from '../../shape.js';
import { shown } from '../../document/problem.js';
import type { Results } from '../kit/call.js';
import { samePadding } from '../kit/samePadding.js';
import { Uncounted } from '../kit/uncounted.js';
import type { KerasRow } from './layerCall.js';
import { combined, MOST, widened } from './merging.js';
import { resized } from './shapes.js';
import { counted, fileSides, sideOf } from './fileSides.js';

type Reduction =
  'mean' | 'sum' | 'max' | 'min' | 'product' | 'variance' | 'deviation' | 'any' | 'all' | 'norm' | 'logSumExp';

/** Along some sides, or all of them. */
export const reducing =
  (mode: Reduction): KerasRow =>
  (call) => {
    const { x, sides } = fileSides(call);
    const given = call.wholeNumbers('axis', 'axes') ?? sides.map((_, i) => i);
    const axes = given.map((axis) => counted(axis, sides.length));
    const ours = axes.map((axis) => call.place(axis, sides.length)).sort((a, b) => a - b);
    const keep = call.option('keepdims', 'keep_dims') === true;
    if (x.shape.length === 4 && ours.join() === '2,3' && (mode === 'mean' || mode === 'max')) {
      const pooled = call.apply(mode === 'mean' ? 'globalAvgPool' : 'globalMaxPool', '', x);
      return keep ? pooled : call.apply('flatten', 'flatten', pooled);
    }
    const made = call.apply('reduce', '', x, { axes: ours, mode, keep: true });
    if (keep) return made;
    const left = sides.filter((_, i) => !axes.includes(i));
    return call.viewed(made, left.length === 0 ? [1] : left, 'sides');
  };

export const placing =
  (op: 'argMax' | 'argMin'): KerasRow =>
  (call) => {
    const { x, sides } = fileSides(call);
    const axis = sideOf(call, sides.length);
    const made = call.apply(op, '', x, { axis: call.place(axis, sides.length), keep: true });
    if (call.option('keepdims') === true) return made;
    return call.viewed(
      made,
      sides.filter((_, i) => i !== axis),
      'sides',
    );
  };

/** Matrices stand in the last two sides of the file. */
export const matmul: KerasRow = (call) => {
  const [a, b] = call.inputs;
  if (!a || !b) throw new InputError(`it takes two inputs, and has ${call.inputs.length}`);
  const [p, q] = [a, b].map((value, i) => call.inFileOrder(value, `input${i}`)) as [Value, Value];
  const flags = {
    transposeFirst: call.option('transpose_a') === true,
    transposeSecond: call.option('transpose_b') === true,
  };
  return call.inOurOrder(call.apply('matmul', '', [p, q], flags), 'result');
};

export const einsum: KerasRow = (call) => {
  const [first] = call.args;
  const equation = call.text(typeof first === 'string' ? first : '', 'subscripts', 'equation').replaceAll(' ', '');
  if (!/^[A-Za-z,]+->[A-Za-z]*$/.test(equation) || equation.split(',').length > 2)
    throw new Uncounted(`its equation is ${shown(equation)}`);
  const inputs = call.inputs.map((value, i) => call.inFileOrder(value, `input${i}`));
  return call.inOurOrder(call.apply('einsum', '', inputs, { equation }), 'result');
};

/** A limit from above, from below, or both; a call may have them as numbers in order. */
export const clip: KerasRow = (call) => {
  const [x] = call.inputs;
  if (!x) throw new InputError('it has no inputs');
  const number = (keys: readonly string[], otherwise: number, place: number): number => {
    const value = call.option(...keys) ?? call.constants[place];
    return typeof value === 'number' && Number.isFinite(value) ? value : otherwise;
  };
  const least = number(['x_min', 'clip_value_min'], -MOST, 0);
  const most = number(['x_max', 'clip_value_max'], MOST, 1);
  return call.apply('clip', '', x, { least, most });
};

/**
 * Functions of two tensors, or of one and a number; of which the first is none that our op takes.
 */
export const binary =
  (
    op:
      | 'powerOf'
      | 'floorDivide'
      | 'modulo'
      | 'squaredDifference'
      | 'greater'
      | 'greaterOrEqual'
      | 'less'
      | 'lessOrEqual'
      | 'equal'
      | 'notEqual'
      | 'and'
      | 'or'
      | 'exclusiveOr'
      | 'arcTangent2',
  ): KerasRow =>
  (call) => {
    const [a, b] = call.inputs;
    if (!a) throw new InputError('it has no inputs');
    if (b) return combined(call, op, '', a, b);
    return op === 'powerOf'
      ? call.apply('power', '', a, { exponent: call.constants[0] ?? 2 })
      : call.apply('shiftBy', '', a, { shape: [1], learnt: false });
  };

export const select: KerasRow = (call) => {
  const [condition, a, b] = call.inputs;
  if (!condition) throw new InputError('it has no inputs');
  if (!a || !b) return call.apply('scaleBy', '', a ?? condition, { shape: [1], learnt: false });
  const rank = Math.max(condition.shape.length, a.shape.length, b.shape.length);
  const all = [condition, a, b].map((x, i) => widened(call, x, rank, `side${i}`));
  return call.apply('select', '', all);
};

export const softmax =
  (op: 'softmax' | 'logSoftmax'): KerasRow =>
  (call) => {
    const { x, sides } = fileSides(call);
    return call.apply(op, '', x, { axis: call.place(sideOf(call, sides.length), sides.length) });
  };

export const oneHot: KerasRow = (call) => {
  const { x, sides } = fileSides(call);
  const depth = call.wholeNumbers('num_classes', 'depth', 'num_tokens')?.[0];
  if (depth === undefined) throw new Uncounted('it does not say how many classes there are');
  const axis = counted(call.wholeNumbers('axis')?.[0] ?? -1, sides.length + 1);
  return call.inOurOrder(call.apply('oneHot', '', call.inFileOrder(x, 'input'), { depth, axis }), 'result');
};

export const cumSum: KerasRow = (call) => {
  const { x, sides } = fileSides(call);
  return call.apply('cumSum', '', x, { axis: call.place(sideOf(call, sides.length, 0), sides.length) });
};

export const topK: KerasRow = (call): Results => {
  const { x } = fileSides(call);
  const data = call.inFileOrder(x, 'input');
  const k = call.wholeNumbers('k')?.[0] ?? call.constants[0] ?? 1;
  const axis = data.shape.length - 1;
  const both = (['values', 'indices'] as const).map((output, i) =>
    call.apply('topK', i === 0 ? '' : output, data, { k, axis, output }),
  );
  return both;
};

export const resize: KerasRow = (call) => {
  const { x } = fileSides(call);
  const size =
    call.wholeNumbers('size') ??
    call.args
      .slice(1)
      .find((one): one is number[] => Array.isArray(one) && one.every((side) => typeof side === 'number'));
  if (size?.length !== 2 || x.shape.length !== 4)
    throw new InputError(`it resizes ${showShape(x.shape)} to ${shown(size)}`);
  return resized(call, '', x, size, call.text('bilinear', 'interpolation', 'method').toLowerCase());
};

export const blocks =
  (op: 'depthToSpace' | 'spaceToDepth'): KerasRow =>
  (call) => {
    const { x } = fileSides(call);
    const block = call.wholeNumbers('block_size')?.[0] ?? call.constants[0];
    if (block === undefined || x.shape.length !== 4)
      throw new InputError(`it takes an image and a block size, not ${showShape(x.shape)}`);
    return call.apply(op, '', x, { block, order: 'blockFirst' });
  };

/** Over the length of the input along a side. */
export const normalize: KerasRow = (call) => {
  const { x, sides } = fileSides(call);
  return call.apply('layerNorm', '', x, {
    affine: false,
    axes: [call.place(sideOf(call, sides.length), sides.length)],
  });
};

/** Windows of the operation's own arguments. */
export const pooling =
  (kind: 'max' | 'avg'): KerasRow =>
  (call) => {
    const { x } = fileSides(call);
    const size = call.wholeNumbers('pool_size', 'ksize') ?? [2];
    const pair = (list: readonly number[]): [number, number] => [list[0]!, list[1] ?? list[0]!];
    const kernel = pair(size);
    const stride = pair(call.wholeNumbers('strides') ?? size);
    if (x.shape.length !== 4) throw new Uncounted('it pools along one or three sides');
    const same = call.text('valid', 'padding').toLowerCase() === 'same';
    const ends = [0, 1].map((i): readonly [number, number] =>
      same ? samePadding(x.shape[2 + i]!, { kernel: kernel[i]!, stride: stride[i]! }) : [0, 0],
    ) as [readonly [number, number], readonly [number, number]];
    const padding: [number, number, number, number] = [ends[0][0], ends[1][0], ends[0][1], ends[1][1]];
    return kind === 'max'
      ? call.apply('maxPool', '', x, { kernel, stride, padding })
      : call.apply('avgPool', '', x, { kernel, stride, padding, countIncludePad: false });
  };
