// Rows of the norms of Keras, each along the sides that the file means.

import { isNumber, type Dim } from '../../dim/dim.js';
import type { Value } from '../../graph.js';
import { InputError } from '../../inputError.js';
import { showShape } from '../../shape.js';
import { Uncounted } from '../kit/uncounted.js';
import type { LayerCall, KerasRow } from './layerCall.js';

/** The input with its channels second, as norms along the channels take it. */
function channelsSecond(call: LayerCall): Value {
  const [raw] = call.rawInputs;
  const axes = call.settings.integers('axis', [-1]);
  const rank = raw?.shape.length ?? 0;
  const [axis = -1] = axes;
  if (axes.length === 1 && rank === 3 && (axis === -1 || axis === 2)) return call.spatial(1);
  if (axes.length === 1 && call.place(axis, rank) === 1) return call.x;
  throw new Uncounted(
    `it normalises along ${axes.join(', ')} of ${showShape(raw?.shape ?? [])}, which are not the channels`,
  );
}

/** As the input was: a list of features stays one. */
const finished = (call: LayerCall, x: Value, made: Value): Value => (x.shape.length === 3 ? call.marked(made) : made);

export const batchNormalization: KerasRow = (call) => {
  const x = channelsSecond(call);
  const [scale, shift] = [call.settings.flag('scale', true), call.settings.flag('center', true)];
  const made = call.apply('batchNorm', '', x, { affine: scale || shift, scale, shift });
  return finished(call, x, call.normed(made));
};

/**
 * (x - mean) / deviation with numbers that were measured, or x scale + offset with ones that were
 * chosen: nothing is learnt.
 */
export const fixedScale: KerasRow = (call) => {
  const [x] = call.rawInputs;
  if (!x || call.rawInputs.length > 1) throw new InputError('it takes one input');
  const made =
    x.shape.length === 1
      ? call.apply('scaleBy', '', x, { shape: [1], learnt: false })
      : call.apply('batchNorm', '', x, { affine: false });
  return call.alongSequences ? call.marked(made) : made;
};

/** A scale and a shift beside the norm, where it learns one of them alone. */
function affine(call: LayerCall, made: Value, sides: readonly Dim[], learnt: readonly ('scale' | 'shift')[]): Value {
  return learnt.reduce(
    (value, kind) =>
      call.apply(kind === 'scale' ? 'scaleBy' : 'shiftBy', kind, value, { shape: [...sides], learnt: true }),
    made,
  );
}

/** Sides of a list of learnt numbers along some sides of a value, those behind it 1. */
function sidesAlong(x: Value, axes: readonly number[]): readonly Dim[] {
  const first = Math.min(...axes);
  return x.shape.slice(first).map((side, i): Dim => (axes.includes(first + i) ? side : 1));
}

export const layerNormalization: KerasRow = (call) => {
  const x = call.x;
  const rank = x.shape.length;
  const axes = call.settings.integers('axis', [-1]).map((axis) => call.place(axis, rank));
  const scaled = call.settings.flag('rms_scaling', false);
  const [scale, center] = [call.settings.flag('scale', true), !scaled && call.settings.flag('center', true)];
  if (scale === center) return call.apply('layerNorm', '', x, { affine: scale, axes });
  const made = call.apply('layerNorm', '', x, { affine: false, axes });
  return affine(call, made, sidesAlong(x, axes), scale ? ['scale'] : ['shift']);
};

/** Over the mean of the squares; it has no mean to subtract, and no shift. */
export const rmsNormalization: KerasRow = (call) => {
  const axes = [call.place(call.settings.integers('axis', [-1])[0]!, call.x.shape.length)];
  const made = call.apply('layerNorm', '', call.x, { affine: false, axes });
  return affine(call, made, sidesAlong(made, axes), ['scale']);
};

/** To a length of 1; nothing is learnt. */
export const unitNormalization: KerasRow = (call) => {
  const rank = call.x.shape.length;
  const axes = call.settings.integers('axis', [-1]).map((axis) => call.place(axis, rank));
  return call.apply('layerNorm', '', call.x, { affine: false, axes });
};

export const groupNormalization: KerasRow = (call) => {
  const x = channelsSecond(call);
  const given = call.settings.integers('groups', [32])[0]!;
  const channels = x.shape[1]!;
  const groups = given === -1 ? channels : call.settings.count('groups', 32);
  const [scale, center] = [call.settings.flag('scale', true), call.settings.flag('center', true)];
  const made = call.apply('groupNorm', '', x, { affine: scale && center, groups });
  if (scale === center) return finished(call, x, made);
  const sides = [channels, ...x.shape.slice(2).map(() => 1)];
  return finished(call, x, affine(call, made, sides, scale ? ['scale'] : ['shift']));
};

/** ConvNeXt's: one learnt factor for each channel. */
export const layerScale: KerasRow = (call) => {
  const x = call.x;
  const channels = call.settings.count('projection_dim');
  const sides = call.isTurned(x.shape.length) ? [channels, ...x.shape.slice(2).map(() => 1)] : [channels];
  const has = x.shape[call.place(-1, x.shape.length)]!;
  if (isNumber(has) && has !== channels)
    throw new InputError(`it scales ${channels} channels of ${showShape(x.shape)}`);
  return call.apply('scaleBy', '', x, { shape: sides, learnt: true });
};
