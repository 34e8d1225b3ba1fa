// Which ops are the other nodes of TensorFlow? Norms, pools, sums and moves, each along the sides that the file means.

import { div, equal, isNumber, product, sub, type Dim } from '../../dim/dim.js';
import type { Value } from '../../graph.js';
import { InputError } from '../../inputError.js';
import { elements, showShape } from '../../shape.js';
import { demandLast, inner, paddingOf } from './layers.js';
import { asInFile, asOurs, isConstant, placeIn, type NodeCall, type Operand } from './nodeCall.js';
import { against, sizeOf } from './sides.js';

/** Its scale and offset are there in any case; where one was switched off it holds ones or zeros, which nothing says. */
export function fusedBatchNorm(call: NodeCall): Value {
  demandLast(call);
  return call.apply('batchNorm', '', call.image, {}, [call.constant(1), call.constant(2)]);
}

export const pooling =
  (op: 'maxPool' | 'avgPool') =>
  (call: NodeCall): Value => {
    demandLast(call);
    const window = { kernel: inner(call, 'ksize'), stride: inner(call, 'strides') };
    const given = { ...window, padding: paddingOf(call, window) };
    return op === 'maxPool'
      ? call.apply(op, '', call.image, given)
      : call.apply(op, '', call.image, { ...given, countIncludePad: false });
  };

type Two = 'add' | 'subtract' | 'multiply' | 'divide' | 'maximum' | 'minimum';

/** Of two tensors, or of one and a constant: a single number is chosen, more of them are learnt. */
export const combining =
  (op: Two) =>
  (call: NodeCall): Value => {
    const [a, b] = [call.operands[0], call.operands[1]];
    if (a === undefined || b === undefined) throw new InputError('takes two inputs');
    if (!isConstant(a) && !isConstant(b)) {
      if (a.shape.length !== b.shape.length)
        throw new InputError(`combines ${showShape(a.shape)} and ${showShape(b.shape)}, whose sides differ in number`);
      return call.apply(op, '', [a, b]);
    }
    const [x, constant] = isConstant(a) ? [call.value(1), a] : [a, call.constant(1)];
    if (op === 'maximum' || op === 'minimum')
      return call.apply('clip', '', x, op === 'maximum' ? { least: 0, most: MOST } : { least: -MOST, most: 0 });
    const learnt = sizeOf(constant) > 1;
    const shape = against(constant, x);
    const scales = op === 'multiply' || op === 'divide';
    return call.apply(scales ? 'scaleBy' : 'shiftBy', '', x, { shape, learnt }, [learnt ? constant : undefined]);
  };

/** Where a bound is a number that is not known; the cost does not depend on it. */
const MOST = 3.4e38;

export function biasAdd(call: NodeCall): Value {
  demandLast(call);
  const bias = call.constant(1);
  return call.apply('shiftBy', '', call.x, { shape: against(bias, call.x) }, [bias]);
}

export function addN(call: NodeCall): Value {
  const [first, ...rest] = call.operands.map((_, i) => call.value(i));
  if (!first) throw new InputError('has no inputs');
  return rest.reduce((all, next, i) => call.apply('add', i === rest.length - 1 ? '' : `${i + 1}`, [all, next]), first);
}

/** The mean of height and width, where nothing else is known of the sides: two of an image. */
export const reducing =
  (mode: 'mean' | 'sum' | 'max' | 'min' | 'product') =>
  (call: NodeCall): Value => {
    const { x } = call;
    const rank = x.shape.length;
    const image = rank === 4 && sizeOf(call.constant(1)) === 2;
    const given = call.known(1)?.every(isNumber) || !image ? call.numbers(1) : [1, 2];
    const axes = given.map((axis) => placeIn(axis, rank)).sort((a, b) => a - b);
    const keep = call.attributes.flag('keep_dims', false);
    if (rank === 4 && axes.join() === '2,3' && (mode === 'mean' || mode === 'max')) {
      const pooled = call.apply(mode === 'mean' ? 'globalAvgPool' : 'globalMaxPool', '', x);
      return keep ? pooled : call.apply('flatten', 'flatten', pooled);
    }
    const kept = call.apply('reduce', '', x, { axes, mode, keep: true });
    return keep
      ? kept
      : without(
          call,
          kept,
          given.map((axis) => (axis < 0 ? axis + rank : axis)),
        );
  };

/** Sides of 1 of the file left out. */
function without(call: NodeCall, x: Value, axes: readonly number[]): Value {
  if (axes.includes(0)) throw new InputError('takes the batch away');
  return reshaped(
    call,
    x,
    asInFile(x.shape).filter((_, side) => !axes.includes(side)),
    'sides',
  );
}

export function squeeze(call: NodeCall): Value {
  const shape = asInFile(call.x.shape);
  const given = call.attributes.integers('squeeze_dims');
  const axes = given.length > 0 ? given : shape.flatMap((side, i) => (side === 1 && i > 0 ? [i] : []));
  const places = axes.map((axis) => (axis < 0 ? axis + shape.length : axis));
  const odd = places.find((axis) => shape[axis] !== 1);
  if (odd !== undefined) throw new InputError(`takes side ${odd} of ${showShape(shape)} away, which is not 1`);
  return places.length === 0 ? call.x : without(call, call.x, places);
}

export function expandDims(call: NodeCall): Value {
  const shape = asInFile(call.x.shape);
  const [axis = 0] = call.numbers(1);
  const place = axis < 0 ? axis + shape.length + 1 : axis;
  if (place < 1 || place > shape.length) throw new InputError(`puts a side at ${axis} of ${showShape(shape)}`);
  return reshaped(call, call.x, [...shape.slice(0, place), 1, ...shape.slice(place)], '');
}

/** @param sides in the order of the file, the batch too */
function reshaped(call: NodeCall, x: Value, sides: readonly Dim[], part: string): Value {
  const ours = asOurs(sides);
  return equal(ours[0]!, x.shape[0]!)
    ? call.apply('reshape', part, x, { shape: ours.slice(1) })
    : call.apply('view', part, x, { shape: ours });
}

/** To sides that are known, or else to the only ones that networks have: a list of features, or an image of one pixel. */
export function reshape(call: NodeCall): Value {
  const { x } = call;
  const wanted = call.known(1);
  if (!wanted) {
    const [rank] = call.constant(1).sides;
    if (rank === 2) return call.apply('flatten', '', x);
    if (rank === 4 && x.shape.length === 2) return call.apply('reshape', '', x, { shape: [x.shape[1]!, 1, 1] });
    call.numbers(1);
  }
  const sides = [...wanted!];
  if (sides.some((side) => isNumber(side) && (side === 0 || side < -1)))
    throw new InputError(`is a reshape to ${showShape(sides)}`);
  const open = sides.indexOf(-1);
  if (open >= 0) {
    const rest = product(sides.filter((_, i) => i !== open));
    sides[open] = div(elements(x.shape), rest);
  }
  return reshaped(call, x, sides, '');
}

export function concat(call: NodeCall): Value {
  const inputs = call.operands.slice(0, -1).map((_, i) => call.value(i));
  const rank = inputs[0]?.shape.length ?? 0;
  const last = call.operands.length - 1;
  // The channels, unless the file says another side.
  const axis = call.known(last) ? call.numbers(last)[0]! : -1;
  return call.apply('concat', '', inputs, { axis: placeIn(axis, rank) });
}

/** [[before, after], ...] of every side of the file. */
export function pad(call: NodeCall): Value {
  const ends = call.numbers(1);
  const pairs = Array.from({ length: ends.length / 2 }, (_, i) => [ends[2 * i]!, ends[2 * i + 1]!] as const);
  const [batch, rows, columns, channels] = pairs;
  if (pairs.length !== 4 || !batch || !rows || !columns || !channels || batch[0] + batch[1] !== 0)
    throw new InputError(`pads by ${ends.join(', ')}`);
  return call.apply('pad', '', call.image, {
    padding: [rows[0], columns[0], rows[1], columns[1]],
    channels: [...channels],
  });
}

/** Whole factors are an upsampling. */
export const resizing =
  (mode: 'nearest' | 'bilinear') =>
  (call: NodeCall): Value => {
    const size = call.known(1);
    if (size?.length !== 2) call.numbers(1);
    const [h, w] = call.image.shape.slice(2) as [Dim, Dim];
    const [height, width] = size as [Dim, Dim];
    if ([h, w, height, width].every(isNumber)) {
      const scale: [number, number] = [(height as number) / (h as number), (width as number) / (w as number)];
      if (scale.every(Number.isInteger)) return call.apply('upsample', '', call.image, { scale, mode });
    }
    return call.apply('resize', '', call.image, { size: [height, width], mode });
  };

export function transpose(call: NodeCall): Value {
  const { x } = call;
  const rank = x.shape.length;
  const given = call.numbers(1);
  if (given.length !== rank) throw new InputError(`orders ${given.length} sides of ${showShape(x.shape)}`);
  const order: number[] = [];
  given.forEach((from, to) => (order[placeIn(to, rank)] = placeIn(from, rank)));
  return order.every((side, i) => side === i) ? x : call.apply('transpose', '', x, { order });
}

export const softmax = (call: NodeCall): Value =>
  call.apply('softmax', '', call.x, { axis: placeIn(-1, call.x.shape.length) });

/** Equal parts along one side; those of the channels are ours. */
export function split(call: NodeCall): readonly Operand[] {
  const x = call.value(1);
  const [axis = -1] = call.numbers(0);
  const count = call.attributes.integer('num_split', 0);
  const channels = x.shape[1]!;
  if (placeIn(axis, x.shape.length) !== 1 || !(count > 0 && count <= 1024))
    throw new InputError(`splits side ${axis} of ${showShape(x.shape)} into ${count}`);
  const each = div(channels, count);
  const sizes = new Array<Dim>(count).fill(each);
  return sizes.map((_, part) => call.apply('split', `${part}`, x, { sizes, part }));
}

/** Parts of an image between numbers that are known, a step of 1. */
export function slice(call: NodeCall): Value {
  const shape = asInFile(call.x.shape);
  const [begin, given] = [call.numbers(1), call.numbers(2)];
  if (begin.length !== shape.length || given.length !== shape.length)
    throw new InputError(`slices ${begin.length} sides of ${showShape(shape)}`);
  const size = given.map((side, i): Dim => (side === -1 ? sub(shape[i]!, begin[i]!) : side));
  if (begin.some((first) => first < 0) || size.some((side) => isNumber(side) && side < 1))
    throw new InputError(`slices ${showShape(shape)} from ${begin.join(', ')}`);
  const step = new Array<number>(shape.length).fill(1);
  return call.apply('slice', '', call.x, { begin: asOurs(begin), size: asOurs(size), step });
}

/** The sides of a tensor, in the order of the file. */
export const shapeOf = (call: NodeCall): Operand => ({
  sides: [call.x.shape.length],
  values: asInFile(call.x.shape),
});
