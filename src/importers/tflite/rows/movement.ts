// Rows of TFLite's operators that move elements: shapes, parts, joins, paddings, picks.

import { add, div, equal, isNumber, sub, type Dim } from '../../../dim/dim.js';
import { show } from '../../../dim/text.js';
import type { Value } from '../../../graph.js';
import { clipped } from '../../../document/problem.js';
import { InputError } from '../../../inputError.js';
import { showShape, type Shape } from '../../../shape.js';
import { completed, splitFields } from '../../kit/moves.js';
import { optionsOf } from '../network.js';
import { aligned, data, fileSides, inOurOrder, like, regrouped, sideOf, type Call } from '../sides.js';
import { activated } from './fused.js';
import { cutsOf } from './strided.js';

/** Sides from the second input, or from the options of old files. One may be -1. */
export function reshape(call: Call): Value {
  const x = data(call, 0);
  const wanted = call.has(1) ? call.sizes(1, 'sides') : optionsOf(call.file, 'Reshape').shape;
  return regrouped(call, x, completed(fileSides(x), wanted));
}

export function squeeze(call: Call): Value {
  const x = data(call, 0);
  const sides = fileSides(x);
  return regrouped(call, x, squeezed(sides, optionsOf(call.file, 'Squeeze').axes));
}

/** Without the named sides of 1, or without all of them. */
export function squeezed(sides: Shape, axes: readonly number[]): Shape {
  const gone = axes.map((axis) => (axis < 0 ? axis + sides.length : axis));
  const odd = gone.find((axis) => sides[axis] !== 1);
  if (odd !== undefined) throw new InputError(`it drops side ${odd} of ${showShape(sides)}, which is not 1`);
  return sides.filter((side, i) => (axes.length > 0 ? !gone.includes(i) : side !== 1));
}

export function expandDims(call: Call): Value {
  const x = data(call, 0);
  return regrouped(call, x, expanded(fileSides(x), call.whole(1, 'axis')[0] ?? 0));
}

export function expanded(sides: Shape, axis: number): Shape {
  const at = axis < 0 ? axis + sides.length + 1 : axis;
  if (!(at >= 0 && at <= sides.length)) throw new InputError(`it puts a side at ${axis} of ${showShape(sides)}`);
  return [...sides.slice(0, at), 1, ...sides.slice(at)];
}

export function transpose(call: Call): Value {
  const x = data(call, 0);
  const rank = x.shape.length;
  const given = call.axes(call.whole(1, 'order'), rank);
  if (given.length !== rank || new Set(given).size !== rank)
    throw new InputError(
      `its order [${clipped(given.join(', '))}] does not name each side of ${showShape(fileSides(x))}`,
    );
  const order: number[] = [];
  given.forEach((from, to) => (order[sideOf(x, to)] = sideOf(x, from)));
  return order.every((side, i) => side === i) ? x : like(x, call.apply('transpose', x, { order }));
}

export function concatenation(call: Call): Value {
  const options = optionsOf(call.file, 'Concatenation');
  const values = aligned(
    call,
    call.inputs.map((_, i) => data(call, i)),
  );
  return activated(call, concat(call, values, options.axis), options.fused);
}

function concat(call: Call, values: readonly Value[], axis: number): Value {
  const [first] = values;
  if (!first) throw new InputError('it joins nothing');
  return like(first, call.apply('concat', values, { axis: sideOf(first, axis) }));
}

export function pack(call: Call): Value {
  const { axis } = optionsOf(call.file, 'Pack');
  const values = call.inputs.map((_, i) => {
    const x = data(call, i);
    return regrouped(call, x, expanded(fileSides(x), axis), `side${i}`);
  });
  return concat(call, aligned(call, values), axis);
}

/** A part of one side of the file: `split` for channels, `slice` for any other side. */
function partOf(call: Call, x: Value, axis: number, sizes: readonly Dim[], part: number, name = ''): Value {
  if (sizes.length === 1) return x;
  const side = sideOf(x, axis);
  if (side === 1) return like(x, call.apply('split', x, splitFields(sizes, part), {}, name));
  const before = sizes.slice(0, part).reduce(add, 0);
  const begin = x.shape.map((_, i) => (i === side ? before : 0));
  const size = x.shape.map((all, i) => (i === side ? sizes[part]! : all));
  return like(x, call.apply('slice', x, { begin, size, step: x.shape.map(() => 1) }, {}, name));
}

function parts(call: Call, x: Value, axis: number, sizes: readonly Dim[]): readonly (Value | undefined)[] {
  const { outputs } = call.file;
  const side = fileSides(x)[axis]!;
  if (sizes.length !== outputs.length || !equal(sizes.reduce(add, 0), side))
    throw new InputError(`${outputs.length} parts ${clipped(showShape(sizes))} do not make up a side of ${show(side)}`);
  return sizes.map((_, part) => (call.isRead(part) ? partOf(call, x, axis, sizes, part, String(part)) : undefined));
}

export function split(call: Call): readonly (Value | undefined)[] {
  const x = data(call, 1);
  const axis = call.axis(call.whole(0, 'axis')[0] ?? 0, x.shape.length);
  const { length } = call.file.outputs;
  const side = fileSides(x)[axis]!;
  if (isNumber(side) && side % length !== 0) throw new InputError(`a side of ${side} has no ${length} equal parts`);
  return parts(call, x, axis, new Array<Dim>(length).fill(div(side, length)));
}

/** One size may be -1 and takes what is left. */
export function splitV(call: Call): readonly (Value | undefined)[] {
  const x = data(call, 0);
  const axis = call.axis(call.whole(2, 'axis')[0] ?? 0, x.shape.length);
  const given = call.sizes(1, 'parts');
  const known = given.filter((size) => size !== -1).reduce(add, 0);
  const sizes = given.map((size) => (size === -1 ? sub(fileSides(x)[axis]!, known) : size));
  return parts(call, x, axis, sizes);
}

export function unpack(call: Call): readonly (Value | undefined)[] {
  const x = data(call, 0);
  const axis = call.axis(optionsOf(call.file, 'Unpack').axis, x.shape.length);
  const sides = fileSides(x);
  const all = parts(call, x, axis, new Array<Dim>(call.file.outputs.length).fill(1));
  const left = sides.filter((_, i) => i !== axis);
  return all.map((part, i) => part && regrouped(call, part, left, `${i}.sides`));
}

/** Elements from `begin` on, in steps, along each side of the file. */
function sliced(call: Call, x: Value, begin: readonly Dim[], size: readonly Dim[], step: readonly number[]): Value {
  const sides = fileSides(x);
  if (size.some((side) => isNumber(side) && side < 1) || begin.some((first) => isNumber(first) && first < 0))
    throw new InputError(`it takes ${showShape(size)} from ${showShape(begin)} of ${showShape(sides)}`);
  if (size.every((side, i) => equal(side, sides[i]!))) return x;
  const given = { begin: inOurOrder(x, begin), size: inOurOrder(x, size), step: inOurOrder(x, step) };
  const [one, more] = given.size.flatMap((side, i) => (equal(side, x.shape[i]!) ? [] : [i]));
  if (one !== 1 || more !== undefined || given.step[1] !== 1) return like(x, call.apply('slice', x, given));
  const [first, taken] = [given.begin[1]!, given.size[1]!];
  const sizes = [first, taken, sub(x.shape[1]!, add(first, taken))];
  const part = equal(first, 0) ? 0 : 1;
  return like(x, call.apply('split', x, { sizes: sizes.filter((each) => !equal(each, 0)), part }));
}

export function slice(call: Call): Value {
  const x = data(call, 0);
  const sides = fileSides(x);
  const [begin, given] = [call.sizes(1, 'first elements'), call.sizes(2, 'sides')];
  if (begin.length !== sides.length || given.length !== sides.length)
    throw new InputError(`it slices ${begin.length} sides of ${showShape(sides)}`);
  const size = given.map((side, i) => (side === -1 ? sub(sides[i]!, begin[i]!) : side));
  return sliced(
    call,
    x,
    begin,
    size,
    sides.map(() => 1),
  );
}

export function stridedSlice(call: Call): Value {
  const x = data(call, 0);
  const { cuts, sides } = cutsOf(call, fileSides(x));
  const reversed = cuts.flatMap(({ step }, i) => (step < 0 ? [i] : []));
  const axes = reversed.map((axis) => sideOf(x, axis)).sort((a, b) => a - b);
  const turned = axes.length === 0 ? x : like(x, call.apply('flip', x, { axes }, {}, 'flip'));
  const taken = sliced(
    call,
    turned,
    cuts.map(({ first }) => first),
    cuts.map(({ length }) => length),
    cuts.map(({ step }) => Math.abs(step)),
  );
  return regrouped(call, taken, sides, 'sides');
}
