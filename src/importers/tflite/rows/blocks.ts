// Rows of TFLite's paddings, repeats, blocks of places, sizes of images, and picks by index.

import { isNumber, type Dim } from '../../../dim/dim.js';
import type { Padding } from '../../../fields.js';
import type { Value } from '../../../graph.js';
import { clipped } from '../../../document/problem.js';
import { InputError } from '../../../inputError.js';
import { showShape } from '../../../shape.js';
import { isConstant } from '../../kit/operand.js';
import { Uncounted } from '../../kit/uncounted.js';
import { optionsOf } from '../network.js';
import { data, fileSides, image, inFileOrder, inOurOrder, isTurned, like, plain, regrouped } from '../sides.js';
import { sideOf, type Call } from '../sides.js';

/** [[before, after], ...] of the file's sides. */
export function pad(call: Call): Value {
  const x = data(call, 0);
  const ends = call.whole(1, 'paddings');
  if (ends.length !== 2 * x.shape.length || ends.some((end) => end < 0))
    throw new InputError(`it pads ${showShape(fileSides(x))} by [${clipped(ends.join(', '))}]`);
  const before = inOurOrder(
    x,
    x.shape.map((_, i) => ends[2 * i]!),
  );
  const after = inOurOrder(
    x,
    x.shape.map((_, i) => ends[2 * i + 1]!),
  );
  if (ends.every((end) => end === 0)) return x;
  const mode =
    call.op === 'MIRROR_PAD' ? (optionsOf(call.file, 'MirrorPad').mode === 1 ? 'symmetric' : 'reflect') : 'constant';
  const value = call.constant(2)?.items?.[0];
  const plainZeros = mode === 'constant' && !call.has(2);
  if (plainZeros && isTurned(x) && x.shape.length === 4 && before[0] === 0 && after[0] === 0) {
    const padding = [before[2]!, before[3]!, after[2]!, after[3]!] as unknown as Padding;
    return call.apply('pad', x, { padding, channels: [before[1]!, after[1]!] });
  }
  const filled = value !== undefined && isNumber(value) && Number.isFinite(value) ? { value } : {};
  return like(x, call.apply('padSides', x, { before, after, mode, ...filled }));
}

export function tile(call: Call): Value {
  const x = data(call, 0);
  const repeats = call.sizes(1, 'numbers of repeats');
  if (repeats.length !== x.shape.length)
    throw new InputError(`it repeats ${repeats.length} sides of ${showShape(fileSides(x))}`);
  if (repeats.every((times) => times === 1)) return x;
  return like(x, call.apply('tile', x, { repeats: inOurOrder(x, repeats) }));
}

export function broadcastTo(call: Call): Value {
  const x = data(call, 0);
  const wanted = call.sizes(1, 'sides');
  const missing = wanted.length - x.shape.length;
  if (missing < 0) throw new InputError(`it makes ${clipped(showShape(wanted))} of ${showShape(fileSides(x))}`);
  const ready = regrouped(call, x, [...new Array<Dim>(missing).fill(1), ...fileSides(x)], 'sides');
  return like(ready, call.apply('expand', ready, { shape: inOurOrder(ready, wanted) }));
}

export function reverse(call: Call): Value {
  const x = data(call, 0);
  const axes = call.axes(call.whole(1, 'axes'), x.shape.length).map((axis) => sideOf(x, axis));
  return like(x, call.apply('flip', x, { axes: [...new Set(axes)].sort((a, b) => a - b) }));
}

/** Inputs: image, shifts, sides. */
export function roll(call: Call): Value {
  const x = data(call, 0);
  const [shifts, axes] = [call.whole(1, 'shifts'), call.axes(call.whole(2, 'sides'), x.shape.length)];
  if (shifts.length !== axes.length) throw new InputError(`it shifts ${axes.length} sides by ${shifts.length} numbers`);
  return like(x, call.apply('roll', x, { axes: axes.map((axis) => sideOf(x, axis)), shifts }));
}

export const moving =
  (op: 'depthToSpace' | 'spaceToDepth') =>
  (call: Call): Value => {
    const { block } = optionsOf(call.file, op === 'depthToSpace' ? 'DepthToSpace' : 'SpaceToDepth');
    if (!(block >= 1)) throw new InputError(`its block is ${block}`);
    return call.apply(op, image(call, data(call, 0)), { block, order: 'blockFirst' });
  };

/** [N, L, C] and [N, H, W, C] with the channels second. Nothing is moved. */
function channelsSecond(call: Call, x: Value): Value {
  if (x.shape.length > 3) return image(call, x);
  const [n, length, channels] = x.shape;
  if (x.shape.length !== 3) throw new InputError(`it takes an image, and its input is ${showShape(x.shape)}`);
  return call.apply('view', x, { shape: [n!, channels!, length!] }, {}, 'image');
}

function channelsLastAgain(call: Call, x: Value): Value {
  if (x.shape.length > 3) return x;
  const [n, channels, length] = x.shape;
  return call.apply('view', x, { shape: [n!, length!, channels!] }, {}, 'sides');
}

/** [[before, after], ...] as all before, then all after. */
const endsOf = (all: readonly number[]): readonly number[] => [
  ...all.filter((_, i) => i % 2 === 0),
  ...all.filter((_, i) => i % 2 === 1),
];

/** TensorFlow writes a dilated convolution as spaceToBatch, convolution and batchToSpace. */
export function spaceToBatch(call: Call): Value {
  const x = channelsSecond(call, data(call, 0));
  const given = { block: call.whole(1, 'block'), padding: endsOf(call.whole(2, 'paddings')) };
  return channelsLastAgain(call, call.apply('spaceToBatch', x, given));
}

export function batchToSpace(call: Call): Value {
  const x = channelsSecond(call, data(call, 0));
  const given = { block: call.whole(1, 'block'), crops: endsOf(call.whole(2, 'crops')) };
  return channelsLastAgain(call, call.apply('batchToSpace', x, given));
}

export const resize =
  (mode: 'nearest' | 'bilinear') =>
  (call: Call): Value => {
    const x = image(call, data(call, 0));
    const size = call.sizes(1, 'height and width');
    if (size.length !== 2) throw new InputError(`it resizes to ${size.length} sides, and an image has 2`);
    const factors = size.map((side, i) => {
      const own = x.shape[i + 2]!;
      return isNumber(side) && isNumber(own) ? side / own : undefined;
    });
    const [height, width] = factors;
    if (
      height !== undefined &&
      width !== undefined &&
      factors.every((factor) => Number.isInteger(factor) && factor! >= 1)
    )
      return call.apply('upsample', x, { scale: [height, width], mode });
    return call.apply('resize', x, { size, mode });
  };

/** Picks rows of a table, or elements along one side. */
export function gather(call: Call): Value {
  const { axis: given, batchDims } = optionsOf(call.file, 'Gather');
  const [table, indices] = [call.operand(0), call.operand(1)];
  const axis = call.axis(given, table.shape.length);
  if (batchDims !== 0) return gatheredWithin(call, axis, batchDims);
  const [entries, features] = table.shape;
  if (isConstant(table) && table.stored && !isConstant(indices) && axis === 0 && table.shape.length === 2)
    return inFileOrder(
      call.apply('embedding', plain(call, indices), { entries: entries!, features: features! }, { weight: table }),
    );
  const x = plain(call, data(call, 0));
  if (isConstant(indices)) return inFileOrder(call.apply('gather', x, { axis, shape: indices.shape }));
  return inFileOrder(call.apply('gather', [x, plain(call, indices, 'indices')], { axis }));
}

/** Each image of a batch has indices of its own. */
function gatheredWithin(call: Call, axis: number, given: number): Value {
  const [x, places] = [plain(call, data(call, 0)), plain(call, data(call, 1), 'indices')];
  const batch = given < 0 ? given + places.shape.length : given;
  if (axis !== batch) throw new Uncounted('it picks behind another side than the batch');
  const each = call.apply('view', places, { shape: [...places.shape, 1] }, {}, 'places');
  return inFileOrder(call.apply('gatherNd', [x, each], { batch }));
}

export function gatherNd(call: Call): Value {
  const x = plain(call, data(call, 0));
  const indices = call.operand(1);
  if (isConstant(indices)) return inFileOrder(call.apply('gatherNd', x, { shape: indices.shape }));
  return inFileOrder(call.apply('gatherNd', [x, plain(call, indices, 'indices')], {}));
}
