// Writes transposes, slices and reductions of any side as ONNX, with every side spelled out.

import type { Dim } from '../../dim/dim.js';
import { sizesOf } from '../../weights/weights.js';
import type { NodeWriter } from './writeDraft.js';

const listOf = (writer: NodeWriter, field: string): readonly number[] =>
  sizesOf(writer.values[field] as readonly Dim[]);
const shapeOf = (writer: NodeWriter): readonly number[] => sizesOf(writer.shaped.node.shape);

export function transpose(writer: NodeWriter): void {
  writer.result('Transpose', [writer.x], { perm: listOf(writer, 'order') });
}

export function view(writer: NodeWriter): void {
  writer.result('Reshape', [writer.x, writer.ints('shape', shapeOf(writer))]);
}

export function expand(writer: NodeWriter): void {
  writer.result('Expand', [writer.x, writer.ints('shape', shapeOf(writer))]);
}

export function slice(writer: NodeWriter): void {
  const [begin, size, step] = [listOf(writer, 'begin'), listOf(writer, 'size'), listOf(writer, 'step')];
  const ends = begin.map((first, i) => first + (size[i]! - 1) * step[i]! + 1);
  const axes = begin.map((_, i) => i);
  writer.result('Slice', [
    writer.x,
    writer.ints('starts', begin),
    writer.ints('ends', ends),
    writer.ints('axes', axes),
    writer.ints('steps', step),
  ]);
}

const MODES: Readonly<Record<string, string>> = {
  ...{ nearest: 'nearest', bicubic: 'cubic' },
  ...{ linear: 'linear', bilinear: 'linear', trilinear: 'linear' },
};

/** Centres of the new elements are measured in old ones, as PyTorch has it. */
export function resize(writer: NodeWriter): void {
  const mode = MODES[writer.values['mode'] as string]!;
  writer.result('Resize', [writer.x, '', '', writer.ints('sizes', shapeOf(writer))], {
    mode,
    coordinate_transformation_mode: 'half_pixel',
    ...(mode === 'nearest' ? { nearest_mode: 'round_prefer_ceil' } : {}),
  });
}

const REDUCTIONS: Readonly<Record<string, string>> = {
  mean: 'ReduceMean',
  sum: 'ReduceSum',
  max: 'ReduceMax',
  min: 'ReduceMin',
  product: 'ReduceProd',
  norm: 'ReduceL2',
  l1: 'ReduceL1',
  squareSum: 'ReduceSumSquare',
  logSum: 'ReduceLogSum',
  logSumExp: 'ReduceLogSumExp',
};

/** Until opset 18 the sum alone has its sides as an input. */
export function reduce(writer: NodeWriter): void {
  const type = REDUCTIONS[writer.values['mode'] as string];
  if (type === undefined) {
    composed(writer);
    return;
  }
  const [axes, keepdims] = [listOf(writer, 'axes'), writer.values['keep'] === true ? 1 : 0];
  if (type === 'ReduceSum') writer.result(type, [writer.x, writer.ints('axes', axes)], { keepdims });
  else writer.result(type, [writer.x], { axes, keepdims });
}

/**
 * What ONNX has no reduction for: a variance and its root, and whether any or all elements are not
 * 0.
 */
function composed(writer: NodeWriter): void {
  const mode = writer.values['mode'] as string;
  const [axes, keepdims] = [listOf(writer, 'axes'), writer.values['keep'] === true ? 1 : 0];
  if (mode === 'any' || mode === 'all') {
    const truth = writer.step('Abs', [writer.step('Sign', [writer.x])]);
    writer.result(mode === 'any' ? 'ReduceMax' : 'ReduceMin', [truth], { axes, keepdims });
    return;
  }
  const centred = writer.step('Sub', [writer.x, writer.step('ReduceMean', [writer.x], { axes, keepdims: 1 })]);
  const squares = writer.step('Mul', [centred, centred]);
  if (mode === 'variance') writer.result('ReduceMean', [squares], { axes, keepdims });
  else writer.result('Sqrt', [writer.step('ReduceMean', [squares], { axes, keepdims })]);
}

/** ONNX turns neither side itself. */
export function matmul(writer: NodeWriter): void {
  const side = (i: 0 | 1, field: string): string => {
    if (writer.values[field] !== true) return writer.inputs[i]!;
    const rank = writer.shaped.inputs[i]!.length;
    const order = Array.from({ length: rank }, (_, at) => at);
    return writer.step('Transpose', [writer.inputs[i]!], { perm: [...order.slice(0, -2), rank - 1, rank - 2] });
  };
  writer.result('MatMul', [side(0, 'transposeFirst'), side(1, 'transposeSecond')]);
}
