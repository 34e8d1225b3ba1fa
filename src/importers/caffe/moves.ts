// Caffe's layers that regroup, cut and resize.

import { add, div, isNumber, mul, product, sub, type Dim } from '../../dim/dim.js';
import type { Value } from '../../graph.js';
import { InputError, locate } from '../../inputError.js';
import { sameShape, showShape } from '../../shape.js';
import { Uncounted } from '../kit/uncounted.js';
import { demandInputs, flattened, paramOf, sideOf, stored, type Call } from './settings.js';

export function flatten(call: Call): Value {
  demandInputs(call, 1);
  const x = call.data(0);
  const param = paramOf(call, 'flatten_param');
  const [axis, end] = [sideOf(param.number('axis', 1), x.shape), sideOf(param.number('end_axis', -1), x.shape)];
  if (end < axis) throw new InputError(`it flattens the sides from ${axis} to ${end} of ${showShape(x.shape)}`);
  if (end === axis) return x;
  if (end === x.shape.length - 1) return flattened(call, x, axis, '');
  const shape = [...x.shape.slice(0, axis), product(x.shape.slice(axis, end + 1)), ...x.shape.slice(end + 1)];
  return call.apply('view', x, { shape });
}

/**
 * 0 copies the side at its place, one -1 takes what is left; `axis` and `num_axes` say which sides
 * are replaced.
 */
export function reshape(call: Call): Value {
  demandInputs(call, 1);
  const x = call.data(0);
  const param = paramOf(call, 'reshape_param');
  const dims = param.message('shape').numbers('dim');
  const [first, count] = [param.number('axis', 0), param.number('num_axes', -1)];
  const start = first < 0 ? x.shape.length + first + 1 : first;
  const end = count < 0 ? x.shape.length : start + count;
  if (start < 0 || start > x.shape.length || end > x.shape.length)
    throw new InputError(`it replaces the sides ${start} to ${end - 1} of ${showShape(x.shape)}, which has fewer`);
  const middle = dims.map((dim, i): Dim => {
    if (dim < -1) throw new InputError(`it has a dim of ${dim}: sides are positive, 0 or -1`);
    // A batch that is written down is the one of the file.
    if (start + i === 0 && dim > 1 && dim === call.file.batch) return x.shape[0]!;
    if (dim !== 0) return dim;
    const copied = x.shape[start + i];
    if (copied === undefined)
      throw new InputError(`it copies side ${start + i} of ${showShape(x.shape)}, which has fewer`);
    return copied;
  });
  const shape = [...x.shape.slice(0, start), ...middle, ...x.shape.slice(end)];
  if (shape.filter((side) => side === -1).length > 1) throw new InputError('it has more than one dim of -1');
  if (sameShape(shape, x.shape)) return x;
  try {
    return call.apply('view', x, { shape });
  } catch (error) {
    throw locate(error, 'its shape does not fit');
  }
}

/** Sides that `order` leaves out follow in their own order. */
export function permute(call: Call): Value {
  demandInputs(call, 1);
  const x = call.data(0);
  const given = paramOf(call, 'permute_param').numbers('order');
  const odd = given.find((side, i) => side >= x.shape.length || given.indexOf(side) !== i);
  if (odd !== undefined)
    throw new InputError(`it has ${odd} in its order of ${x.shape.length} sides, where it has no place`);
  const order = [...given, ...x.shape.map((_, i) => i).filter((side) => !given.includes(side))];
  return order.every((side, i) => side === i) ? x : call.apply('transpose', x, { order });
}

/** Cut to the sides of the second blob, of which only the sides matter. */
export function crop(call: Call): Value {
  demandInputs(call, 2);
  const [x, like] = [call.data(0), call.shape(1)];
  const param = paramOf(call, 'crop_param');
  const axis = sideOf(param.number('axis', 2), x.shape);
  const offsets = param.numbers('offset');
  if (like.length !== x.shape.length)
    throw new InputError(`it cuts ${showShape(x.shape)} to ${showShape(like)}, which has another number of sides`);
  if (offsets.length > 1 && offsets.length !== x.shape.length - axis)
    throw new InputError(
      `it has ${offsets.length} offsets for ${x.shape.length - axis} sides: give one, or one for each`,
    );
  const begin = x.shape.map((_, i) => (i < axis ? 0 : (offsets[i - axis] ?? offsets[0] ?? 0)));
  const size = x.shape.map((side, i) => (i < axis ? side : like[i]!));
  return sameShape(size, x.shape) ? x : call.apply('slice', x, { begin, size, step: x.shape.map(() => 1) });
}

/** Bilinear, to a size, or by what is first shrunk and then zoomed; padding below 0 cuts off. */
export function interp(call: Call): Value {
  demandInputs(call, 1, 2);
  const x = call.data(0);
  if (x.shape.length !== 4) throw new InputError(`it resizes images, and reads ${showShape(x.shape)}`);
  const param = paramOf(call, 'interp_param');
  const around = param.number('pad_beg', 0) + param.number('pad_end', 0);
  if (around > 0) throw new InputError('it has a padding above 0, which Caffe refuses');
  const [shrink, zoom] = [param.number('shrink_factor', 1), param.number('zoom_factor', 1)];
  if (shrink < 1 || zoom < 1) throw new InputError('it has a factor below 1');
  const resized = (side: Dim): Dim => {
    const cut = add(side, around);
    const small = shrink === 1 ? cut : add(div(sub(sub(cut, 1), isNumber(cut) ? (cut - 1) % shrink : 0), shrink), 1);
    return add(small, mul(sub(small, 1), zoom - 1));
  };
  const stated = param.has('height', 'width');
  if (stated && !(param.has('height') && param.has('width'))) throw new InputError('it needs both height and width');
  const like = call.has(1) ? call.shape(1).slice(2) : undefined;
  const size = stated ? [param.number('height', 0), param.number('width', 0)] : (like ?? x.shape.slice(2).map(resized));
  return call.apply('resize', x, { size, mode: 'bilinear' });
}

export function shuffleChannel(call: Call): Value {
  demandInputs(call, 1);
  const groups = paramOf(call, 'shuffle_channel_param').number('group', 1);
  return groups === 1 ? call.data(0) : call.apply('channelShuffle', call.data(0), { groups });
}

export function tile(call: Call): Value {
  demandInputs(call, 1);
  const x = call.data(0);
  const param = paramOf(call, 'tile_param');
  const [axis, tiles] = [sideOf(param.number('axis', 1), x.shape), param.number('tiles', 0)];
  if (tiles < 1) throw new InputError('it has no tiles: give how often the side is repeated');
  return tiles === 1 ? x : call.apply('tile', x, { repeats: x.shape.map((_, i) => (i === axis ? tiles : 1)) });
}

const REDUCING = { SUM: 'sum', ASUM: 'l1', SUMSQ: 'squareSum', MEAN: 'mean' } as const;

/** All sides from `axis` on become one number. */
export function reduction(call: Call): Value {
  demandInputs(call, 1);
  const x = call.data(0);
  const param = paramOf(call, 'reduction_param');
  const axis = sideOf(param.number('axis', 0), x.shape);
  if (axis === 0) throw new Uncounted('it reduces over the batch too');
  const axes = x.shape.map((_, i) => i).slice(axis);
  const mode = REDUCING[param.text('operation', 'SUM') as keyof typeof REDUCING];
  const made = call.apply('reduce', x, { axes, mode, keep: false }, {}, param.number('coeff', 1) === 1 ? '' : 'reduce');
  return param.number('coeff', 1) === 1 ? made : call.apply('scaleBy', made, { shape: [1], learnt: false });
}

/**
 * Nearest copies by a whole factor. With the places of maxima it is SegNet's, where most elements
 * become 0.
 */
export function upsample(call: Call): Value {
  demandInputs(call, 1, 2);
  const x = call.data(0);
  const param = paramOf(call, 'upsample_param');
  if (x.shape.length !== 4) throw new InputError(`it enlarges images, and reads ${showShape(x.shape)}`);
  if (param.has('upsample_h') || param.has('upsample_w')) {
    const size = [param.number('upsample_h', 0), param.number('upsample_w', 0)];
    return call.apply('resize', x, { size, mode: 'nearest' });
  }
  const scale = param.number('scale', 2);
  return call.apply('upsample', x, { scale: [param.number('scale_h', scale), param.number('scale_w', scale)] });
}

export function reorg(call: Call): Value {
  demandInputs(call, 1);
  const param = paramOf(call, 'reorg_param');
  const block = param.number('stride', 1);
  if (block === 1) return call.data(0);
  const op = param.flag('reverse', false) ? 'depthToSpace' : 'spaceToDepth';
  return call.apply(op, call.data(0), { block, order: 'blockFirst' });
}

/** A learnt blob that others read. */
export function parameter(call: Call): Value {
  const shape = paramOf(call, 'parameter_param').message('shape').numbers('dim');
  const given = { shape };
  return call.apply('parameter', [], given, stored(call.file.layer, 'parameter', [], given, ['value']));
}
