// Rows of nodes that reshape, transpose, join, split and slice tensors.

import { div, equal, isNumber, sub, type Dim } from '../../dim/dim.js';
import type { Value } from '../../graph.js';
import { InputError } from '../../inputError.js';
import { showShape } from '../../shape.js';
import type { Results } from '../kit/call.js';
import { completed, splitFields } from '../kit/moves.js';
import type { Layout } from '../kit/layout.js';
import { Uncounted } from '../kit/uncounted.js';
import { dims, numbers, sideOf, sidesInFile, tensor, layoutOf, type Call } from './tfCall.js';

/** Sides of 1 of the file left out. @param axes negative ones count from the end */
export function withoutSides(call: Call, x: Value, axes: readonly number[]): Value {
  const sides = layoutOf(call).theirs(x.shape);
  const places = axes.map((axis) => (axis < 0 ? axis + sides.length : axis));
  return reshaped(
    call,
    x,
    sides.filter((_, side) => !places.includes(side)),
    'sides',
  );
}

/** @param sides in the order of the file, the batch too */
export function reshaped(
  call: Call,
  x: Value,
  sides: readonly Dim[],
  part: string,
  layout: Layout = layoutOf(call),
): Value {
  const ours = layout.ours(sides);
  const batch = ours[0] !== undefined && x.shape[0] !== undefined && equal(ours[0], x.shape[0]);
  return batch && ours.length > 1
    ? call.apply('reshape', x, { shape: ours.slice(1) }, {}, part)
    : call.apply('view', x, { shape: ours }, {}, part);
}

export function squeeze(call: Call): Value {
  const x = tensor(call, 0);
  const shape = sidesInFile(call, 0);
  const given = call.file.attributes.integers('squeeze_dims');
  const axes = given.length > 0 ? given : shape.flatMap((side, i) => (side === 1 && i > 0 ? [i] : []));
  const places = axes.map((axis) => (axis < 0 ? axis + shape.length : axis));
  const odd = places.find((axis) => shape[axis] !== 1);
  if (odd !== undefined) throw new InputError(`it takes side ${odd} of ${showShape(shape)} away, which is not 1`);
  return places.length === 0 ? x : withoutSides(call, x, places);
}

export function expandDims(call: Call): Value {
  const shape = sidesInFile(call, 0);
  const [axis = 0] = numbers(call, 1, 'side');
  const place = axis < 0 ? axis + shape.length + 1 : axis;
  if (place < 0 || place > shape.length) throw new InputError(`it puts a side at ${axis} of ${showShape(shape)}`);
  return reshaped(call, tensor(call, 0), [...shape.slice(0, place), 1, ...shape.slice(place)], '');
}

/**
 * A reshape to known sides. Where the file does not hold them, they are a list of features or an
 * image of one pixel.
 */
export function reshape(call: Call): Value {
  const x = tensor(call, 0);
  const wanted = call.items(1);
  if (!wanted) {
    const rank = call.constant(1)?.shape[0];
    if (rank === 2) return call.apply('flatten', x);
    if (rank === 4 && x.shape.length === 2) return call.apply('reshape', x, { shape: [x.shape[1]!, 1, 1] });
    numbers(call, 1, 'sides');
  }
  return reshaped(call, x, completed(sidesInFile(call, 0), wanted!), '');
}

export function transpose(call: Call): Results {
  const x = tensor(call, 0);
  const rank = x.shape.length;
  const given = numbers(call, 1, 'order');
  if (given.length !== rank) throw new InputError(`it orders ${given.length} sides of ${showShape(x.shape)}`);
  const order: number[] = [];
  given.forEach((from, to) => (order[sideOf(call, to, rank)] = sideOf(call, from, rank)));
  return order.every((side, i) => side === i) ? x : call.apply('transpose', x, { order });
}

/**
 * @param axisAt the operand that states the side; where the file does not hold it, the side is the
 * channels
 */
function joined(call: Call, inputs: readonly Value[], axisAt: number): Value {
  const [axis = -1] = call.items(axisAt) === undefined ? [-1] : numbers(call, axisAt, 'side');
  return call.apply('concat', inputs, { axis: sideOf(call, axis, inputs[0]?.shape.length ?? 0) });
}

export const concatV2 = (call: Call): Value =>
  joined(
    call,
    call.inputs.slice(0, -1).map((_, i) => tensor(call, i)),
    call.inputs.length - 1,
  );

/** The side comes first. */
export const concat = (call: Call): Value =>
  joined(
    call,
    call.inputs.slice(1).map((_, i) => tensor(call, i + 1)),
    0,
  );

/** A new side along which the inputs stand. */
export function pack(call: Call): Value {
  const inputs = call.inputs.map((_, i) => tensor(call, i));
  const sides = layoutOf(call).theirs(inputs[0]?.shape ?? []);
  const axis = call.file.attributes.integer('axis', 0);
  const place = axis < 0 ? axis + sides.length + 1 : axis;
  if (place < 0 || place > sides.length) throw new InputError(`it stacks along side ${axis} of ${showShape(sides)}`);
  const wide = inputs.map((x, i) =>
    reshaped(call, x, [...sides.slice(0, place), 1, ...sides.slice(place)], `input${i}`),
  );
  return wide.length === 1 ? wide[0]! : call.apply('concat', wide, { axis: sideOf(call, place, sides.length + 1) });
}

/** One slice for each element of a side; the side is removed. */
export function unpack(call: Call): Results {
  const x = tensor(call, 0);
  const axis = call.file.attributes.integer('axis', 0);
  const sides = layoutOf(call).theirs(x.shape);
  const place = axis < 0 ? axis + sides.length : axis;
  const count = sides[place];
  if (count === undefined || !isNumber(count))
    throw new InputError(`it unpacks side ${axis} of ${showShape(sides)}, whose length is not known`);
  return call.file.outputs.map((_, i) => {
    if (i >= count) throw new InputError(`it has ${count} outputs`);
    if (!call.isRead(i)) return undefined;
    return withoutSides(call, partOf(call, x, place, i, 1, String(i)), [place]);
  });
}

/** Elements `first` to `first + size` along one side of the file. */
export function partOf(call: Call, x: Value, axis: number, first: number, size: Dim, name: string): Value {
  const side = sideOf(call, axis, x.shape.length);
  const begin = x.shape.map((_, i): number => (i === side ? first : 0));
  const sizes = x.shape.map((all, i): Dim => (i === side ? size : all));
  return call.apply('slice', x, { begin, size: sizes, step: x.shape.map(() => 1) }, {}, name);
}

/** Parts along one side: `split` for channels, `slice` for any other side. */
export function splitInto(call: Call, x: Value, axis: number, sizes: readonly Dim[]): Results {
  const side = sideOf(call, axis, x.shape.length);
  if (side === 1)
    return sizes.map((_, part) =>
      call.isRead(part) ? call.apply('split', x, splitFields(sizes, part), {}, `${part}`) : undefined,
    );
  let first: Dim = 0;
  return sizes.map((size, part) => {
    const begin = first;
    if (!isNumber(begin) || !isNumber(size)) throw new Uncounted('its parts are not known before it runs');
    first = begin + size;
    return call.isRead(part) ? partOf(call, x, axis, begin, size, `${part}`) : undefined;
  });
}

/** (side, x) into equal parts. */
export function split(call: Call): Results {
  const x = tensor(call, 1);
  const axis = call.items(0) === undefined ? -1 : numbers(call, 0, 'side')[0]!;
  const count = call.file.attributes.integer('num_split', 0);
  if (!(count > 0 && count <= 1024)) throw new InputError(`it splits into ${count} parts`);
  const each = div(x.shape[sideOf(call, axis, x.shape.length)]!, count);
  return splitInto(call, x, axis, new Array<Dim>(count).fill(each));
}

/**
 * (x, sizes, side); a size of -1 is what is left. Sizes that the file does not hold follow from
 * what reads the parts.
 */
export function splitV(call: Call): Results {
  const x = tensor(call, 0);
  const axis = call.items(2) === undefined ? -1 : numbers(call, 2, 'side')[0]!;
  const side = x.shape[sideOf(call, axis, x.shape.length)]!;
  const sizes = [...(call.items(1) ?? impliedSizes(call, side) ?? numbers(call, 1, 'sizes'))];
  const open = sizes.indexOf(-1);
  if (open >= 0) sizes[open] = sizes.reduce<Dim>((left, size, i) => (i === open ? left : sub(left, size)), side);
  return splitInto(call, x, axis, sizes);
}

/** The sizes of two parts, one of which is read by a filter of known channels. */
function impliedSizes(call: Call, side: Dim): readonly Dim[] | undefined {
  const count = call.file.attributes.integer('num_split', 0);
  const known = call.file.implied;
  const sizes = Array.from({ length: count }, (_, i) => known?.[i]);
  if (sizes.filter((size) => size === undefined).length > 1 || !isNumber(side) || count > 1024) return undefined;
  const left = side - sizes.reduce<number>((sum, size) => sum + (size ?? 0), 0);
  return sizes.map((size) => size ?? left);
}

/** A slice with known bounds and a step of 1. */
export function slice(call: Call): Value {
  const x = tensor(call, 0);
  const shape = sidesInFile(call, 0);
  const [begin, given] = [numbers(call, 1, 'begins'), dims(call, 2, 'sizes')];
  if (begin.length !== shape.length || given.length !== shape.length)
    throw new InputError(`it slices ${begin.length} sides of ${showShape(shape)}`);
  const size = given.map((side, i): Dim => (side === -1 ? sub(shape[i]!, begin[i]!) : side));
  if (begin.some((first) => first < 0) || size.some((side) => isNumber(side) && side < 1))
    throw new InputError(`it slices ${showShape(shape)} from ${begin.join(', ')}`);
  const { ours } = layoutOf(call);
  return call.apply('slice', x, { begin: [...ours(begin)], size: [...ours(size)], step: shape.map(() => 1) });
}
