// Rows of Keras operations that give data another shape or order, without picking elements.

import { div, equal, product, type Dim } from '../../dim/dim.js';
import type { Value } from '../../graph.js';
import { InputError } from '../../inputError.js';
import { elements, showShape } from '../../shape.js';
import type { LayerCall, KerasRow } from './layerCall.js';
import { transposed } from './shapes.js';
import { counted, fileSides } from './fileSides.js';

/** The batch too: -1 takes what is left. */
export const reshape: KerasRow = (call) => {
  const { x, sides } = fileSides(call);
  const wanted =
    call.wholeNumbers('newshape', 'new_shape', 'shape') ??
    call.args
      .slice(1)
      .flat()
      .filter((one) => typeof one === 'number');
  const odd = wanted.find((side) => side === 0 || side < -1);
  if (odd !== undefined) throw new InputError(`newshape has a side of ${odd}`);
  const open = wanted.indexOf(-1);
  const full: Dim[] = [...wanted];
  if (open >= 0) full[open] = div(elements(x.shape), product(wanted.filter((_, i) => i !== open)));
  if (!equal(product(full), elements(x.shape))) {
    // A batch that Keras wrote as a number, or left out.
    if (wanted.length === 0 || !equal(product(full.slice(1)), product(sides.slice(1))))
      throw new InputError(`it does not have the elements of ${showShape(full)}`);
    full[0] = sides[0]!;
  }
  const ours = call.layout.ours(full);
  return equal(ours[0]!, x.shape[0]!) && ours.length > 1
    ? call.apply('reshape', '', x, { shape: ours.slice(1) })
    : call.apply('view', '', x, { shape: ours });
};

export const transpose: KerasRow = (call) => {
  const { x, sides } = fileSides(call);
  const order = call.wholeNumbers('axes', 'perm') ?? sides.map((_, i) => sides.length - 1 - i);
  return ordered(
    call,
    x,
    order.map((axis) => counted(axis, sides.length)),
  );
};

function ordered(call: LayerCall, x: Value, order: readonly number[]): Value {
  if (order.length !== x.shape.length || new Set(order).size !== order.length)
    throw new InputError(`[${order.join(', ')}] is not a permutation of the sides of ${showShape(x.shape)}`);
  return transposed(call, '', x, order);
}

export const swapAxes: KerasRow = (call) => {
  const { x, sides } = fileSides(call);
  const [a, b] = ['axis1', 'axis2'].map((key) => counted(call.wholeNumbers(key)?.[0] ?? 0, sides.length)) as [
    number,
    number,
  ];
  return ordered(
    call,
    x,
    sides.map((_, i) => (i === a ? b : i === b ? a : i)),
  );
};

export const moveAxis: KerasRow = (call) => {
  const { x, sides } = fileSides(call);
  const [from, to] = ['source', 'destination'].map((key) =>
    (call.wholeNumbers(key) ?? []).map((axis) => counted(axis, sides.length)),
  ) as [number[], number[]];
  const order = new Array<number>(sides.length).fill(-1);
  from.forEach((axis, i) => (order[to[i] ?? axis] = axis));
  const rest = sides.map((_, i) => i).filter((i) => !from.includes(i));
  return ordered(
    call,
    x,
    order.map((axis) => (axis < 0 ? rest.shift()! : axis)),
  );
};

export const expandDims: KerasRow = (call) => {
  const { x, sides } = fileSides(call);
  const places = (call.wholeNumbers('axis') ?? [0]).map((axis) => counted(axis, sides.length + 1));
  const wide = places.reduce<Dim[]>((all, place) => [...all.slice(0, place), 1, ...all.slice(place)], [...sides]);
  return call.viewed(x, wide, '');
};

export const squeeze: KerasRow = (call) => {
  const { x, sides } = fileSides(call);
  const axes =
    call.wholeNumbers('axis')?.map((axis) => counted(axis, sides.length)) ??
    sides.flatMap((side, i) => (side === 1 && i > 0 ? [i] : []));
  const odd = axes.find((axis) => sides[axis] !== 1);
  if (odd !== undefined) throw new InputError(`it drops side ${odd} of ${showShape(sides)}, which is not 1`);
  return call.viewed(
    x,
    sides.filter((_, i) => !axes.includes(i)),
    '',
  );
};

export const stack: KerasRow = (call) => {
  const { sides } = fileSides(call);
  const place = counted(call.wholeNumbers('axis')?.[0] ?? 0, sides.length + 1);
  const wide = call.inputs.map((x, i) =>
    call.viewed(x, [...sides.slice(0, place), 1, ...sides.slice(place)], `input${i}`),
  );
  return call.apply('concat', '', wide, { axis: call.place(place, sides.length + 1) });
};

/** All elements in one list. */
export const ravel: KerasRow = (call) => {
  const { x } = fileSides(call);
  return call.apply('view', '', x, { shape: [elements(x.shape)] });
};
