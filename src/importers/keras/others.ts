// Which ops are the other layers of Keras? Norms, pools, sums and moves, each along the sides that the file means.

import { isNumber, type Dim } from '../../dim/dim.js';
import type { Pair } from '../../fields.js';
import type { Value } from '../../graph.js';
import { InputError } from '../../inputError.js';
import type { OpName } from '../../ops/table.js';
import { showShape } from '../../shape.js';
import { paddingOf } from './convolutions.js';
import type { LayerCall } from './layerCall.js';

/** The file's axis, which must be our channels. */
function demandChannels(call: LayerCall): void {
  const axes = call.settings.integers('axis', [-1]);
  if (axes.length !== 1 || call.place(axes[0]!, call.x.shape.length) !== 1)
    throw new InputError(`normalises along ${axes.join(', ')} of ${showShape(call.x.shape)}, which are no channels`);
}

export function batchNormalization(call: LayerCall): Value {
  demandChannels(call);
  const [scale, shift] = [call.settings.flag('scale', true), call.settings.flag('center', true)];
  return call.apply('batchNorm', '', call.x, { affine: scale || shift, scale, shift });
}

/** (x - mean) / deviation with numbers that were measured, or x scale + offset with ones that were chosen: nothing is learnt. */
export const fixedScale = (call: LayerCall): Value => call.apply('batchNorm', '', call.x, { affine: false });

/** Both learnt, or neither. */
function affineOf({ settings }: LayerCall): boolean {
  const [scale, center] = [settings.flag('scale', true), settings.flag('center', true)];
  if (scale !== center) throw new InputError('learns one of scale and center: that has no op');
  return scale;
}

export function layerNormalization(call: LayerCall): Value {
  const rank = call.x.shape.length;
  const axes = call.settings.integers('axis', [-1]).map((axis) => call.place(axis, rank));
  return call.apply('layerNorm', '', call.x, { affine: affineOf(call), axes });
}

export function groupNormalization(call: LayerCall): Value {
  demandChannels(call);
  const given = call.settings.integers('groups', [32])[0]!;
  const groups = given === -1 ? call.channels : call.settings.count('groups', 32);
  return call.apply('groupNorm', '', call.x, { affine: affineOf(call), groups });
}

/** `strides` are the window's own sides where nothing is said. */
const pooling =
  (op: 'maxPool' | 'avgPool') =>
  (call: LayerCall): Value => {
    const kernel = call.settings.pair('pool_size', [2, 2]);
    const window = { kernel, stride: call.settings.pair('strides', kernel) };
    const given = { ...window, padding: paddingOf(call, window) };
    return op === 'maxPool'
      ? call.apply(op, '', call.image, given)
      : call.apply(op, '', call.image, { ...given, countIncludePad: false });
  };
export const maxPooling2d = pooling('maxPool');
export const averagePooling2d = pooling('avgPool');

const globalPooling =
  (op: 'globalAvgPool' | 'globalMaxPool') =>
  (call: LayerCall): Value => {
    const pooled = call.apply(op, '', call.image);
    return call.settings.flag('keepdims', false) ? pooled : call.apply('flatten', 'flatten', pooled);
  };
export const globalAveragePooling2d = globalPooling('globalAvgPool');
export const globalMaxPooling2d = globalPooling('globalMaxPool');

/** Two inputs at a time. */
export const merging =
  (op: 'add' | 'multiply' | 'maximum' | 'minimum' | 'subtract') =>
  (call: LayerCall): Value => {
    const [first, ...rest] = call.inputs;
    if (!first || rest.length === 0) throw new InputError(`takes two inputs or more, and has ${call.inputs.length}`);
    return rest.reduce((sum, next, i) => call.apply(op, i === rest.length - 1 ? '' : `${i + 1}`, [sum, next]), first);
  };

/** A sum, and one multiplication of each element. */
export function average(call: LayerCall): Value {
  const [first, ...rest] = call.inputs;
  if (!first || rest.length === 0) throw new InputError(`takes two inputs or more, and has ${call.inputs.length}`);
  const sum = rest.reduce((all, next, i) => call.apply('add', `${i + 1}`, [all, next]), first);
  return call.apply('scaleBy', '', sum, { shape: [1], learnt: false });
}

export function concatenate(call: LayerCall): Value {
  if (call.inputs.length === 0) throw new InputError('has no inputs');
  const [axis = -1] = call.settings.integers('axis', [-1]);
  return call.apply('concat', '', call.inputs, { axis: call.place(axis, call.inputs[0]!.shape.length) });
}

export const zeroPadding2d = (call: LayerCall): Value =>
  call.apply('pad', '', call.image, { padding: call.settings.padding('padding') });

export function upSampling2d(call: LayerCall): Value {
  const mode = call.settings.choice('interpolation', ['nearest', 'bilinear'], 'nearest');
  return call.apply('upsample', '', call.image, { scale: call.settings.pair('size', [2, 2]), mode });
}

export function resizing(call: LayerCall): Value {
  const size: Pair = [call.settings.count('height'), call.settings.count('width')];
  const mode = call.settings.choice('interpolation', ['bilinear', 'nearest', 'bicubic'], 'bilinear');
  return call.apply('resize', '', call.image, { size, mode });
}

export const flatten = (call: LayerCall): Value => call.apply('flatten', '', call.x);

/** The file's sides after the batch, in our order. */
export function reshape(call: LayerCall): Value {
  const wanted = call.settings.integers('target_shape');
  const odd = wanted.find((side) => side === 0 || side < -1);
  if (odd !== undefined) throw new InputError(`target_shape has a side of ${odd}`);
  const rank = wanted.length + 1;
  const shape: number[] = [];
  wanted.forEach((side, i) => (shape[call.place(i + 1, rank) - 1] = side));
  return call.apply('reshape', '', call.x, { shape });
}

/** `dims` counts the sides after the batch from 1. */
export function permute(call: LayerCall): Value {
  const dims = call.settings.integers('dims');
  const rank = call.x.shape.length;
  if (dims.length !== rank - 1 || [...dims].sort((a, b) => a - b).some((side, i) => side !== i + 1))
    throw new InputError(`dims must be an order of the sides 1 to ${rank - 1}, not ${dims.join(', ')}`);
  const order = [0];
  dims.forEach((from, i) => (order[call.place(i + 1, rank)] = call.place(from, rank)));
  return order.every((side, i) => side === i) ? call.x : call.apply('transpose', '', call.x, { order });
}

/** One slope for each element, but for the sides that share theirs. */
export function prelu(call: LayerCall): Value {
  const rank = call.x.shape.length;
  const given = call.settings.raw('shared_axes') === undefined ? [] : call.settings.integers('shared_axes');
  const shared = given.map((axis) => call.place(axis, rank));
  const sides = call.x.shape.map((side, i): Dim => (i === 0 || shared.includes(i) ? 1 : side)).slice(1);
  if (!sides.every(isNumber)) throw new InputError('has a slope for each element: its image must have a size');
  return call.apply('prelu', '', call.x, { shape: sides });
}

/** An operation on two tensors, or on a tensor and a number. */
export const arithmetic =
  (op: 'add' | 'subtract' | 'multiply' | 'divide', constant: 'shiftBy' | 'scaleBy') =>
  (call: LayerCall): Value => {
    if (call.inputs.length === 1 && call.constants.length === 1)
      return call.apply(constant, '', call.x, { shape: [1], learnt: false });
    if (call.inputs.length !== 2) throw new InputError(`takes two inputs, and has ${call.inputs.length}`);
    return call.apply(op, '', call.inputs);
  };

export const unary =
  (op: OpName) =>
  (call: LayerCall): Value =>
    call.apply(op, '', call.x);
