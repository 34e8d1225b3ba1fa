// Rows of the layers of Keras that move elements or give them other sides.

import { isNumber, mul, sub, type Dim } from '../../dim/dim.js';
import type { Pair } from '../../fields.js';
import type { Value } from '../../graph.js';
import { InputError } from '../../inputError.js';
import { showShape } from '../../shape.js';
import type { LayerCall, KerasRow } from './layerCall.js';
import { endsOf, perSide } from './windows.js';

const along = (call: LayerCall, sides: number, made: Value): Value => (sides === 1 ? call.marked(made) : made);

export const zeroPadding =
  (sides: number): KerasRow =>
  (call) => {
    const x = call.spatial(sides);
    const ends = endsOf(call.settings, 'padding', sides);
    if (sides === 2) {
      const [[top, bottom], [left, right]] = ends as readonly [readonly [number, number], readonly [number, number]];
      return call.apply('pad', '', x, { padding: [top, left, bottom, right] });
    }
    const before = [0, 0, ...ends.map(([first]) => first)];
    const after = [0, 0, ...ends.map(([, last]) => last)];
    return along(call, sides, call.apply('padSides', '', x, { before, after }));
  };

/** Elements that are cut from the ends of each side. */
export const cropping =
  (sides: number): KerasRow =>
  (call) => {
    const x = call.spatial(sides);
    const ends = endsOf(call.settings, 'cropping', sides);
    const size = x.shape.map((side, i): Dim => (i < 2 ? side : sub(side, ends[i - 2]![0] + ends[i - 2]![1])));
    if (size.some((side) => isNumber(side) && side < 1))
      throw new InputError(`it cuts off all of an input of ${showShape(x.shape)}`);
    const begin = [0, 0, ...ends.map(([first]) => first)];
    return along(call, sides, call.apply('slice', '', x, { begin, size, step: x.shape.map(() => 1) }));
  };

export const upSampling2d: KerasRow = (call) => {
  const mode = call.settings.choice('interpolation', ['nearest', 'bilinear', 'bicubic'], 'nearest');
  const scale = call.settings.pair('size', [2, 2]);
  if (mode !== 'bicubic') return call.apply('upsample', '', call.image, { scale, mode });
  const size = call.sides.map((side, i) => mul(side, scale[i]!));
  return call.apply('resize', '', call.image, { size, mode });
};

export const upSampling =
  (sides: number): KerasRow =>
  (call) => {
    const x = call.spatial(sides);
    const scale = perSide(call.settings, 'size', sides, 2);
    const size = x.shape.slice(2).map((side, i) => mul(side, scale[i]!));
    return along(call, sides, call.apply('resize', '', x, { size, mode: 'nearest' }));
  };

/** As an image of [N, H, W, C]; one without a batch side is no network's. */
export const resizing: KerasRow = (call) => {
  const size: Pair = [call.settings.count('height'), call.settings.count('width')];
  const mode = call.settings.choice(
    'interpolation',
    ['bilinear', 'nearest', 'bicubic', 'area', 'lanczos3', 'lanczos5'],
    'bilinear',
  );
  return resized(call, '', call.image, size, mode);
};

export function resized(call: LayerCall, part: string, x: Value, size: readonly Dim[], mode: string): Value {
  const known = mode === 'nearest' || mode === 'bicubic' ? mode : mode.startsWith('lanczos') ? 'bicubic' : 'bilinear';
  return call.apply('resize', part, x, { size: [...size], mode: known });
}

export const centerCrop: KerasRow = (call) => {
  const [height, width] = [call.settings.count('height'), call.settings.count('width')];
  const x = call.image;
  const [n, c, h, w] = x.shape as [Dim, Dim, Dim, Dim];
  if (!isNumber(h) || !isNumber(w) || h < height || w < width) return resized(call, '', x, [height, width], 'bilinear');
  const begin = [0, 0, Math.floor((h - height) / 2), Math.floor((w - width) / 2)];
  return call.apply('slice', '', x, { begin, size: [n, c, height, width], step: [1, 1, 1, 1] });
};

export const flatten: KerasRow = (call) => {
  const [raw] = call.rawInputs;
  if (!raw || call.rawInputs.length > 1) throw new InputError('it takes one input');
  return call.apply('flatten', '', raw);
};

/** The file's sides after the batch, in our order. */
export const reshape: KerasRow = (call) => {
  const wanted = call.settings.integers('target_shape');
  const odd = wanted.find((side) => side === 0 || side < -1);
  if (odd !== undefined) throw new InputError(`target_shape has a side of ${odd}`);
  const shape = call.layout.ours([1, ...wanted]).slice(1);
  return call.apply('reshape', '', call.x, { shape });
};

/** `dims` counts the sides after the batch from 1. */
export const permute: KerasRow = (call) => {
  const dims = call.settings.integers('dims');
  const rank = call.x.shape.length;
  if (dims.length !== rank - 1 || [...dims].sort((a, b) => a - b).some((side, i) => side !== i + 1))
    throw new InputError(`dims must be a permutation of the sides 1 to ${rank - 1}, not ${dims.join(', ')}`);
  return transposed(call, '', call.x, [0, ...dims]);
};

/** @param order which side of the file each side of the result is */
export function transposed(call: LayerCall, part: string, x: Value, order: readonly number[]): Value {
  const rank = x.shape.length;
  const ours: number[] = [];
  order.forEach((from, to) => (ours[call.place(to, rank)] = call.place(from, rank)));
  return ours.every((side, i) => side === i) ? x : call.apply('transpose', part, x, { order: ours });
}

/** [N, F] to [N, n, F]. */
export const repeatVector: KerasRow = (call) => {
  const x = call.x;
  const [n, features] = x.shape;
  if (x.shape.length !== 2) throw new InputError(`it takes a list of features, not ${showShape(x.shape)}`);
  const one = call.apply('reshape', 'one', x, { shape: [1, features!] });
  return call.apply('expand', '', one, { shape: [n!, call.settings.count('n'), features!] });
};

/** One slope for each element, but for the sides that share theirs. */
export const prelu: KerasRow = (call) => {
  const rank = call.x.shape.length;
  const given = call.settings.raw('shared_axes') === undefined ? [] : call.settings.integers('shared_axes');
  const shared = given.map((axis) => call.place(axis, rank));
  const sides = call.x.shape.map((side, i): Dim => (i === 0 || shared.includes(i) ? 1 : side)).slice(1);
  if (!sides.every(isNumber)) throw new InputError('it has a slope for each element: its image must have a size');
  return call.apply('prelu', '', call.x, { shape: sides });
};

/** [N, T, ...] to [N x T, ...] and back, around a layer that runs on every step. */
export function intoBatch(call: LayerCall, x: Value, part: string): Value {
  const [n, steps, ...rest] = call.layout.theirs(x.shape);
  if (steps === undefined) throw new InputError(`it has no steps in ${showShape(x.shape)}`);
  return call.viewed(x, [mul(n!, steps), ...rest], part);
}

/** @param like has the batch and the steps */
export function outOfBatch(call: LayerCall, made: Value, like: Value, part: string): Value {
  const [n, steps] = call.layout.theirs(like.shape);
  const [, ...rest] = call.layout.theirs(made.shape);
  return call.viewed(made, [n!, steps!, ...rest], part);
}

/** The last step of [N, T, ...], without the side of the steps. */
export function lastStep(call: LayerCall, x: Value, part: string): Value {
  const [n, steps, ...rest] = call.layout.theirs(x.shape);
  const { ours } = call.layout;
  const begin = ours([0, isNumber(steps!) ? steps - 1 : 0, ...rest.map(() => 0)]);
  const size = ours([n!, 1, ...rest]);
  const last = call.apply('slice', `${part}step`, x, { begin: [...begin], size: [...size], step: size.map(() => 1) });
  return call.viewed(last, [n!, ...rest], part);
}
