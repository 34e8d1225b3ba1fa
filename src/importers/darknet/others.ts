// Darknet's other layers: pools with its padding, moves of pixels, norms and outputs.

import { div, floorDiv, isNumber, sub, type Dim } from '../../dim/dim.js';
import { show } from '../../dim/text.js';
import type { Value } from '../../graph.js';
import { InputError } from '../../inputError.js';
import { Uncounted } from '../kit/uncounted.js';
import type { Call } from './calls.js';
import { blurred, flatIn, imageIn, strideOf } from './convolutions.js';

/**
 * `padding` is what both ends have together, less one than the window where nothing is said: the
 * odd element is behind.
 */
function windowsOf({ file }: Call) {
  const { section } = file;
  const stride = strideOf(file);
  const kernel = section.integer('size', section.integer('stride', 1, 1), 1);
  const padding = section.integer('padding', kernel - 1, 0);
  const [before, after] = [Math.floor(padding / 2), Math.ceil(padding / 2)];
  return { kernel, stride, padding: [before, before, after, after] } as const;
}

export function maxpool(call: Call): Value {
  const { section } = call.file;
  if (section.flag('maxpool_depth')) return deepest(call);
  const blur = section.integer('antialiasing', 0);
  const given = { ...windowsOf(call), rule: 'caffe' as const };
  const made = call.apply('maxPool', imageIn(call), blur === 0 ? given : { ...given, stride: 1 });
  return blur === 0 ? made : blurred(call, made, blur);
}

/** The maximum over channels that are `out_channels` apart. */
function deepest(call: Call): Value {
  const x = imageIn(call);
  const channels = call.file.section.integer('out_channels', 1, 1);
  const [n, c, h, w] = x.shape as [Dim, Dim, Dim, Dim];
  if (isNumber(c) && c % channels !== 0)
    throw new InputError(`${channels} output channels do not divide ${c}`, 'out_channels');
  const grouped = call.apply('view', x, { shape: [n, floorDiv(c, channels), channels, h, w] }, {}, 'groups');
  return call.apply('reduce', grouped, { axes: [1], mode: 'max', keep: false });
}

export const localAvgpool = (call: Call): Value =>
  call.apply('avgPool', imageIn(call), { ...windowsOf(call), rule: 'caffe', countIncludePad: false });

export const avgpool = (call: Call): Value => call.apply('globalAvgPool', imageIn(call));

export function upsample(call: Call): Value {
  const { section } = call.file;
  const made = call.apply('upsample', imageIn(call), { scale: section.integer('stride', 2, 1) });
  if (section.real('scale', 1) === 1) return made;
  return call.apply('scaleBy', made, { shape: [1], learnt: false }, {}, 'factor');
}

/** Rows and columns become channels, or with `reverse` channels become rows and columns. */
export function reorg(call: Call): Value {
  const { section } = call.file;
  const block = section.integer('stride', 1, 1);
  if (section.integer('extra', 0) !== 0) throw new Uncounted('it has extra elements, which belong to no image');
  const x = imageIn(call);
  if (block === 1) return x;
  return call.apply(section.flag('reverse') ? 'depthToSpace' : 'spaceToDepth', x, { block, order: 'blockFirst' });
}

/** The middle of the image, as it is cut where a network does not learn. */
export function crop(call: Call): Value {
  const { section } = call.file;
  const x = imageIn(call);
  const [n, c, h, w] = x.shape as [Dim, Dim, Dim, Dim];
  const [height, width] = [section.integer('crop_height', 1, 1), section.integer('crop_width', 1, 1)];
  const first = (side: Dim, kept: number): Dim => {
    if (!isNumber(side) || side < kept)
      throw new InputError(`it cuts ${height}x${width} out of ${show(h)}x${show(w)}, which must be larger`);
    return Math.floor((sub(side, kept) as number) / 2);
  };
  const [top, left] = [first(h, height), first(w, width)];
  if (top === 0 && left === 0 && h === height && w === width) return x;
  return call.apply('slice', x, {
    begin: [0, 0, top, left],
    size: [n, c, height, width],
    step: [1, 1, 1, 1],
  });
}

/** Each channel of a place over the length of all of them. Nothing is learnt. */
export const l2norm = (call: Call): Value => call.apply('l2Norm', imageIn(call), { factor: 'none' });

export const lrn = (call: Call): Value =>
  call.apply('localResponseNorm', imageIn(call), { size: call.file.section.integer('size', 5, 1) });

/** Over everything that an image has, in groups. */
export function softmax(call: Call): Value {
  const groups = call.file.section.integer('groups', 1, 1);
  const x = call.data(0);
  const single = x.shape.slice(2).every((side) => side === 1);
  if (groups === 1) return call.apply('softmax', single ? x : flatIn(call));
  const flat = flatIn(call);
  const [n, features] = flat.shape as [Dim, Dim];
  if (isNumber(features) && features % groups !== 0)
    throw new InputError(`${groups} groups do not divide ${features}`, 'groups');
  const shape = [n, groups, div(features, groups)];
  const made = call.apply('softmax', call.apply('view', flat, { shape }, {}, 'groups'), { axis: 2 });
  return call.apply('view', made, { shape: [n, features] }, {}, 'joined');
}

/** Predictions of boxes are what the layer before made; how they are decoded is data. */
export const boxes =
  (coordinates: number) =>
  (call: Call): Value => {
    const { section } = call.file;
    const x = call.data(0);
    const anchors = section.has('mask') ? section.integers('mask').length : section.integer('num', 1, 1);
    const [classes, coords] = [section.integer('classes', 20, 0), section.integer('coords', coordinates, 0)];
    const [wanted, made] = [anchors * (classes + coords + 1), x.shape[1]!];
    if (x.shape.length === 4 && isNumber(made) && made !== wanted)
      throw new InputError(
        `it reads ${made} channels, and ${anchors} anchors of ${classes} classes and ${coords} coordinates have ${wanted}: set filters=${wanted} before it`,
        'classes',
      );
    return x;
  };
