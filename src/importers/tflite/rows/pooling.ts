// Rows of TFLite's pools, reductions and norms without parameters.

import { isNumber, type Dim } from '../../../dim/dim.js';
import type { Value } from '../../../graph.js';
import { InputError } from '../../../inputError.js';
import { optionsOf } from '../network.js';
import { data, fileSides, image, isTurned, like, regrouped, sideOf, type Call } from '../sides.js';
import { activated } from './fused.js';
import { imageWindows } from './windows.js';

export const pool =
  (op: 'maxPool' | 'avgPool' | 'lpPool') =>
  (call: Call): Value => {
    const x = image(call, data(call, 0));
    const options = optionsOf(call.file, 'Pool2D');
    const { kernel, stride, padding } = imageWindows(
      x.shape.slice(2),
      {
        kernel: [options.filterH, options.filterW],
        stride: [options.strideH, options.strideW],
        dilation: [1, 1],
      },
      options.padding,
    );
    const windows = { kernel, stride, padding };
    const made =
      op === 'avgPool'
        ? call.apply(op, x, { ...windows, countIncludePad: false })
        : op === 'lpPool'
          ? call.apply(op, x, { ...windows, power: 2 })
          : call.apply(op, x, windows);
    return activated(call, made, options.fused);
  };

type Mode = 'mean' | 'sum' | 'max' | 'min' | 'product' | 'any' | 'all';

export const reduction =
  (mode: Mode) =>
  (call: Call): Value => {
    const x = data(call, 0);
    const rank = x.shape.length;
    const axes = [...new Set(call.axes(call.whole(1, 'axes'), rank))];
    const keep = optionsOf(call.file, 'Reducer').keep === 1;
    if (axes.length === 0) return x;
    const kept = reduced(call, x, axes, mode);
    if (keep) return kept;
    const left = fileSides(x).filter((_, side) => !axes.includes(side));
    return regrouped(call, kept, left, 'sides');
  };

/** With reduced sides as 1. The mean and the maximum of an image have ops of their own. */
function reduced(call: Call, x: Value, axes: readonly number[], mode: Mode): Value {
  const sides = axes.map((axis) => sideOf(x, axis)).sort((a, b) => a - b);
  const whole = isTurned(x) && x.shape.length === 4 && sides.join() === '2,3';
  if (whole && mode === 'mean') return call.apply('globalAvgPool', x);
  if (whole && mode === 'max') return call.apply('globalMaxPool', x);
  return like(x, call.apply('reduce', x, { axes: sides, mode, keep: true }));
}

export function l2Normalization(call: Call): Value {
  const x = data(call, 0);
  const made = like(x, call.apply('l2Norm', x, { axes: [sideOf(x, -1)], factor: 'none' }));
  return activated(call, made, optionsOf(call.file, 'L2Norm').fused);
}

export function localResponseNormalization(call: Call): Value {
  const { radius } = optionsOf(call.file, 'LocalResponseNormalization');
  if (!(radius >= 0 && radius < 1e6)) throw new InputError(`its radius is ${radius}`);
  return call.apply('localResponseNorm', image(call, data(call, 0)), { size: 2 * radius + 1 });
}

const softmaxOf =
  (op: 'softmax' | 'logSoftmax') =>
  (call: Call): Value => {
    const x = data(call, 0);
    return like(x, call.apply(op, x, { axis: sideOf(x, -1) }));
  };

export const softmax = softmaxOf('softmax');
export const logSoftmax = softmaxOf('logSoftmax');

export const places =
  (op: 'argMax' | 'argMin') =>
  (call: Call): Value => {
    const x = data(call, 0);
    const [axis = -1] = call.whole(1, 'axis');
    const at = call.axis(axis, x.shape.length);
    const made = like(x, call.apply(op, x, { axis: sideOf(x, at), keep: true }));
    return regrouped(
      call,
      made,
      fileSides(x).filter((_, side) => side !== at),
      'sides',
    );
  };

/** Values and their places, along the last side. */
export function topK(call: Call): readonly (Value | undefined)[] {
  const x = data(call, 0);
  const [k] = call.whole(1, 'number of elements');
  const axis = sideOf(x, -1);
  return (['values', 'indices'] as const).map((output, i) =>
    call.isRead(i) ? like(x, call.apply('topK', x, { k: k ?? 1, axis, output }, {}, i === 0 ? '' : output)) : undefined,
  );
}

export function cumSum(call: Call): Value {
  const x = data(call, 0);
  const [axis = 0] = call.whole(1, 'axis');
  return like(x, call.apply('cumSum', x, { axis: sideOf(x, axis) }));
}

export function oneHot(call: Call): Value {
  const x = data(call, 0);
  const [depth] = call.sizes(1, 'depth') as readonly (Dim | undefined)[];
  const { axis } = optionsOf(call.file, 'OneHot');
  const rank = x.shape.length;
  const at = axis < 0 ? axis + rank + 1 : axis;
  if (depth === undefined || !(isNumber(depth) && depth >= 1 && at >= 0 && at <= rank))
    throw new InputError(`it makes no side at ${axis} of ${rank}`);
  const flat = rank < 3 ? x : regrouped(call, x, [...fileSides(x)], 'sides');
  return call.apply('oneHot', flat, { depth, axis: at });
}
