// Rows of norms, pools and reductions.

import { isNumber } from '../../dim/dim.js';
import type { Value } from '../../graph.js';
import { InputError } from '../../inputError.js';
import { showShape } from '../../shape.js';
import type { Results, Parameters } from '../kit/call.js';
import { Uncounted } from '../kit/uncounted.js';
import { withoutSides } from './reshaping.js';
import {
  imagePadding,
  imageOf,
  numbers,
  paddingOf,
  pairOf,
  sideOf,
  sizeOf,
  spatial,
  tensor,
  type Call,
} from './tfCall.js';

/**
 * Scale and offset are always present. One that was switched off holds ones or zeros, and the file
 * does not tell it from a learnt one.
 */
export function fusedBatchNorm(call: Call): Results {
  const [scale, shift] = [call.weight(1, 'scales'), call.weight(2, 'offsets')];
  const made = call.apply('batchNorm', imageOf(call), {}, { scale, shift });
  return [call.normed(made, call.file.attributes.flag('is_training', true) ? 'train' : 'eval')];
}

/**
 * Keras's batch norm, written out as single ops; steps.ts joins them. The operands are its scale
 * and its shift, where it has them.
 */
export function writtenOutNorm(call: Call): Value {
  const x = tensor(call, 0);
  const [scale, shift] = [call.constant(1), call.constant(2)];
  const found: Parameters = { ...(scale ? { scale } : {}), ...(shift ? { shift } : {}) };
  const affine = scale !== undefined || shift !== undefined;
  const given = { affine, scale: scale !== undefined, shift: shift !== undefined };
  // Its statistics are stored numbers.
  if (x.shape.length !== 3) return call.normed(call.apply('batchNorm', x, given, found), 'eval');
  // The channels of a list of features stand last, and those of a norm second.
  const [n, length, channels] = x.shape;
  const turned = call.apply('view', x, { shape: [n!, channels!, length!] }, {}, 'input');
  const made = call.normed(call.apply('batchNorm', turned, given, found), 'eval');
  return call.apply('view', made, { shape: x.shape }, {}, 'result');
}

export const pooling =
  (op: 'maxPool' | 'avgPool') =>
  (call: Call): Value => {
    const x = imageOf(call);
    const [kernel, stride] = [spatial(call, 'ksize', 2), spatial(call, 'strides', 2)];
    const padding = imagePadding(call, x, { kernel, stride, dilation: [1, 1] });
    const given = { kernel: pairOf(kernel), stride: pairOf(stride), padding };
    return op === 'maxPool' ? call.apply(op, x, given) : call.apply(op, x, { ...given, countIncludePad: false });
  };

export const pooling3d =
  (op: 'maxPool3d' | 'avgPool3d') =>
  (call: Call): Value => {
    const x = tensor(call, 0);
    if (x.shape.length !== 5) throw new InputError(`it takes a volume, and its input is ${showShape(x.shape)}`);
    const [kernel, stride] = [spatial(call, 'ksize', 3), spatial(call, 'strides', 3)];
    const padding = paddingOf(call, x.shape.slice(2), { kernel, stride, dilation: [1, 1, 1] });
    return op === 'maxPool3d'
      ? call.apply(op, x, { kernel, stride, padding })
      : call.apply(op, x, { kernel, stride, padding, countIncludePad: false });
  };

/** Where the file does not hold the sides of a mean over two sides, they are height and width. */
export const reducing =
  (mode: 'mean' | 'sum' | 'max' | 'min' | 'product' | 'any' | 'all') =>
  (call: Call): Value => {
    const x = tensor(call, 0);
    const rank = x.shape.length;
    const axes = axesOf(call, x);
    const ours = axes.map((axis) => sideOf(call, axis, rank)).sort((a, b) => a - b);
    const keep = call.file.attributes.flag('keep_dims', call.file.attributes.flag('keepdims', false));
    if (rank === 4 && ours.join() === '2,3' && (mode === 'mean' || mode === 'max')) {
      const pooled = call.apply(mode === 'mean' ? 'globalAvgPool' : 'globalMaxPool', x);
      return keep ? pooled : call.apply('flatten', pooled, {}, {}, 'flatten');
    }
    const kept = call.apply('reduce', x, { axes: ours, mode, keep: true });
    return keep ? kept : withoutSides(call, kept, axes);
  };

function axesOf(call: Call, x: Value): readonly number[] {
  const given = call.constant(1);
  const image = x.shape.length === 4 && given !== undefined && sizeOf(given) === 2;
  return given?.items?.every(isNumber) || !image ? numbers(call, 1, 'axes') : [1, 2];
}

/**
 * The index of the largest element along a side: the last side where the file does not hold its
 * number.
 */
export const placing =
  (op: 'argMax' | 'argMin') =>
  (call: Call): Value => {
    const x = tensor(call, 0);
    const axis = call.items(1)?.[0] ?? -1;
    if (!isNumber(axis)) throw new Uncounted('its side is not known before it runs');
    const kept = call.apply(op, x, { axis: sideOf(call, axis, x.shape.length), keep: true });
    return withoutSides(call, kept, [axis]);
  };

export const softmax =
  (op: 'softmax' | 'logSoftmax') =>
  (call: Call): Value => {
    const x = tensor(call, 0);
    return call.apply(op, x, { axis: sideOf(call, -1, x.shape.length) });
  };

/** Local response normalization over neighbouring channels (AlexNet). */
export const localResponseNorm = (call: Call): Value =>
  call.apply('localResponseNorm', imageOf(call), { size: 2 * call.file.attributes.integer('depth_radius', 5) + 1 });

/** Ops that do nothing in inference. */
export const same = (call: Call): Results => call.operand(0);
