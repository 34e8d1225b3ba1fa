// Writes transposes, slices and reductions of any side as ONNX, with every side spelled out.

import type { Dim } from '../../dim/dim.js';
import { sizesOf } from '../../weights/weights.js';
import type { Spot } from './writeDraft.js';

const listOf = (spot: Spot, field: string): readonly number[] => sizesOf(spot.values[field] as readonly Dim[]);
const shapeOf = (spot: Spot): readonly number[] => sizesOf(spot.site.node.shape);

export function transpose(spot: Spot): void {
  spot.result('Transpose', [spot.x], { perm: listOf(spot, 'order') });
}

export function view(spot: Spot): void {
  spot.result('Reshape', [spot.x, spot.ints('shape', shapeOf(spot))]);
}

export function expand(spot: Spot): void {
  spot.result('Expand', [spot.x, spot.ints('shape', shapeOf(spot))]);
}

export function slice(spot: Spot): void {
  const [begin, size, step] = [listOf(spot, 'begin'), listOf(spot, 'size'), listOf(spot, 'step')];
  const ends = begin.map((first, i) => first + (size[i]! - 1) * step[i]! + 1);
  const axes = begin.map((_, i) => i);
  spot.result('Slice', [
    spot.x,
    spot.ints('starts', begin),
    spot.ints('ends', ends),
    spot.ints('axes', axes),
    spot.ints('steps', step),
  ]);
}

const MODES: Readonly<Record<string, string>> = {
  ...{ nearest: 'nearest', bicubic: 'cubic' },
  ...{ linear: 'linear', bilinear: 'linear', trilinear: 'linear' },
};

/** Centres of the new elements are measured in old ones, as PyTorch has it. */
export function resize(spot: Spot): void {
  const mode = MODES[spot.values['mode'] as string]!;
  spot.result('Resize', [spot.x, '', '', spot.ints('sizes', shapeOf(spot))], {
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
export function reduce(spot: Spot): void {
  const type = REDUCTIONS[spot.values['mode'] as string];
  if (type === undefined) {
    composed(spot);
    return;
  }
  const [axes, keepdims] = [listOf(spot, 'axes'), spot.values['keep'] === true ? 1 : 0];
  if (type === 'ReduceSum') spot.result(type, [spot.x, spot.ints('axes', axes)], { keepdims });
  else spot.result(type, [spot.x], { axes, keepdims });
}

/**
 * What ONNX has no reduction for: a variance and its root, and whether any or all elements are not
 * 0.
 */
function composed(spot: Spot): void {
  const mode = spot.values['mode'] as string;
  const [axes, keepdims] = [listOf(spot, 'axes'), spot.values['keep'] === true ? 1 : 0];
  if (mode === 'any' || mode === 'all') {
    const truth = spot.step('Abs', [spot.step('Sign', [spot.x])]);
    spot.result(mode === 'any' ? 'ReduceMax' : 'ReduceMin', [truth], { axes, keepdims });
    return;
  }
  const centred = spot.step('Sub', [spot.x, spot.step('ReduceMean', [spot.x], { axes, keepdims: 1 })]);
  const squares = spot.step('Mul', [centred, centred]);
  if (mode === 'variance') spot.result('ReduceMean', [squares], { axes, keepdims });
  else spot.result('Sqrt', [spot.step('ReduceMean', [squares], { axes, keepdims })]);
}

/** ONNX turns neither side itself. */
export function matmul(spot: Spot): void {
  const side = (i: 0 | 1, field: string): string => {
    if (spot.values[field] !== true) return spot.inputs[i]!;
    const rank = spot.site.inputs[i]!.length;
    const order = Array.from({ length: rank }, (_, at) => at);
    return spot.step('Transpose', [spot.inputs[i]!], { perm: [...order.slice(0, -2), rank - 1, rank - 2] });
  };
  spot.result('MatMul', [side(0, 'transposeFirst'), side(1, 'transposeSecond')]);
}
