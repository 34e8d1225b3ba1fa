// Rows of keras.ops in functional models, and of the TensorFlow functions that Keras 2 writes.

import { div, equal, isNumber, product, sub, type Dim } from '../../dim/dim.js';
import type { Value } from '../../graph.js';
import { InputError } from '../../inputError.js';
import { elements, showShape } from '../../shape.js';
import { shown } from '../../document/problem.js';
import type { Results } from '../kit/conversion.js';
import { samePadding } from '../kit/samePadding.js';
import { Uncounted } from '../kit/uncounted.js';
import { isData } from '../tfjs/settings.js';
import type { LayerCall, KerasRow } from './layerCall.js';
import { combined, MOST } from './merging.js';
import { resized, transposed } from './shapes.js';

/** Sides of the only or first input in the order of the file. */
function fileSides(call: LayerCall): { readonly x: Value; readonly sides: readonly Dim[] } {
  const [x] = call.inputs;
  if (!x) throw new InputError('has no inputs');
  return { x, sides: call.layout.theirs(x.shape) };
}

function counted(axis: number, rank: number): number {
  const side = axis < 0 ? axis + rank : axis;
  if (!(side >= 0 && side < rank)) throw new InputError(`there is no side ${axis} among ${rank}`);
  return side;
}

/** Where one side stands among those of the file; the last without another word. */
const sideOf = (call: LayerCall, rank: number, fallback = -1): number =>
  counted(call.wholeNumbers('axis', 'dim')?.[0] ?? fallback, rank);

type Reduction =
  'mean' | 'sum' | 'max' | 'min' | 'product' | 'variance' | 'deviation' | 'any' | 'all' | 'norm' | 'logSumExp';

/** Along some sides, or all of them. */
export const reducing =
  (mode: Reduction): KerasRow =>
  (call) => {
    const { x, sides } = fileSides(call);
    const given = call.wholeNumbers('axis', 'axes') ?? sides.map((_, i) => i);
    const axes = given.map((axis) => counted(axis, sides.length));
    const ours = axes.map((axis) => call.place(axis, sides.length)).sort((a, b) => a - b);
    const keep = call.option('keepdims', 'keep_dims') === true;
    if (x.shape.length === 4 && ours.join() === '2,3' && (mode === 'mean' || mode === 'max')) {
      const pooled = call.apply(mode === 'mean' ? 'globalAvgPool' : 'globalMaxPool', '', x);
      return keep ? pooled : call.apply('flatten', 'flatten', pooled);
    }
    const made = call.apply('reduce', '', x, { axes: ours, mode, keep: true });
    if (keep) return made;
    const left = sides.filter((_, i) => !axes.includes(i));
    return call.viewed(made, left.length === 0 ? [1] : left, 'sides');
  };

export const placing =
  (op: 'argMax' | 'argMin'): KerasRow =>
  (call) => {
    const { x, sides } = fileSides(call);
    const axis = sideOf(call, sides.length);
    const made = call.apply(op, '', x, { axis: call.place(axis, sides.length), keep: true });
    if (call.option('keepdims') === true) return made;
    return call.viewed(
      made,
      sides.filter((_, i) => i !== axis),
      'sides',
    );
  };

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
      throw new InputError(`does not have the elements of ${showShape(full)}`);
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
    throw new InputError(`[${order.join(', ')}] is no order of the sides of ${showShape(x.shape)}`);
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
  if (odd !== undefined) throw new InputError(`takes side ${odd} of ${showShape(sides)} away, which is not 1`);
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

/** Into a number of equal parts, or at some places. */
export const split: KerasRow = (call) => {
  const { x, sides } = fileSides(call);
  const axis = sideOf(call, sides.length, 0);
  const given =
    call.option('indices_or_sections', 'num_or_size_splits') ??
    call.args.slice(1).find((one) => typeof one === 'number' || Array.isArray(one));
  const side = sides[axis]!;
  const sizes = sizesOf(given, side, call.option('num_or_size_splits') !== undefined);
  const place = call.place(axis, sides.length);
  let first: Dim = 0;
  return sizes.map((size, part): Value | undefined => {
    const begin: Dim = first;
    first = isNumber(first) && isNumber(size) ? first + size : first;
    if (!call.isRead(part)) return undefined;
    if (place === 1) return call.apply('split', `${part}`, x, { sizes: [...sizes], part });
    return call.apply('slice', `${part}`, x, {
      begin: x.shape.map((_, i) => (i === place ? begin : 0)),
      size: x.shape.map((all, i) => (i === place ? size : all)),
      step: x.shape.map(() => 1),
    });
  });
};

/** @param isSizes whether a list says sizes, and not where parts begin */
function sizesOf(given: unknown, side: Dim, isSizes: boolean): readonly Dim[] {
  if (typeof given === 'number' && given >= 1 && given <= 4096) return new Array<Dim>(given).fill(div(side, given));
  if (!Array.isArray(given) || !given.every((one): one is number => Number.isSafeInteger(one)) || given.length > 4096)
    throw new InputError(`is split into ${shown(given)}`);
  if (isSizes) return given;
  return [...given, side].map((end, i) => sub(end, i === 0 ? 0 : given[i - 1]!));
}

interface Slice {
  readonly start: number;
  readonly stop: number | undefined;
  readonly step: number;
}

/** x[a:b, ..., c, None]: the key is among the arguments. */
export const getItem: KerasRow = (call) => {
  const { x, sides } = fileSides(call);
  const key = call.option('key', 'slice_spec') ?? call.args[1];
  const items: readonly unknown[] = Array.isArray(key) ? key : [key];
  const named = items.filter((item) => item !== null && !isDots(item)).length;
  const taken: { first: number; size: Dim; step: number; goes: boolean }[] = [];
  const result: Dim[] = [];
  const whole = (): void => {
    const size = sides[taken.length];
    if (size === undefined) throw new InputError(`takes more sides than ${showShape(sides)} has`);
    taken.push({ first: 0, size, step: 1, goes: false });
    result.push(size);
  };
  let open = sides.length - named;
  for (const item of items) {
    if (item === null) result.push(1);
    else if (isDots(item)) for (; open > 0; open--) whole();
    else {
      const side = sides[taken.length];
      if (side === undefined) throw new InputError(`takes more sides than ${showShape(sides)} has`);
      const one =
        typeof item === 'number'
          ? { first: item < 0 && isNumber(side) ? item + side : item, size: 1 as Dim, step: 1, goes: true }
          : between(sliceIn(item), side);
      taken.push(one);
      if (!one.goes) result.push(one.size);
    }
  }
  while (taken.length < sides.length) whole();
  if (taken.some(({ size }) => isNumber(size) && size < 1)) throw new Uncounted('nothing is left of its input');
  const { ours } = call.layout;
  const reversed = taken.flatMap(({ step }, axis) => (step < 0 ? [call.place(axis, sides.length)] : []));
  const source = reversed.length > 0 ? call.apply('flip', 'flip', x, { axes: reversed }) : x;
  const part = call.apply('slice', 'part', source, {
    begin: [...ours(taken.map(({ first }) => first))],
    size: [...ours(taken.map(({ size }) => size))],
    step: [...ours(taken.map(({ step }) => Math.abs(step)))],
  });
  return call.viewed(part, result.length === 0 ? [1] : result, '');
};

const isDots = (item: unknown): boolean => item === '...' || (isData(item) && item['class_name'] === '__ellipsis__');

function sliceIn(item: unknown): Slice {
  const config = isData(item) ? (item['config'] ?? item) : undefined;
  if (!isData(config)) throw new Uncounted(`it takes ${shown(item)}, which is not known before it runs`);
  const number = (key: string): number | undefined => {
    const value = config[key];
    if (value === null || value === undefined) return undefined;
    if (typeof value === 'number' && Number.isSafeInteger(value)) return value;
    throw new Uncounted(`it slices by ${shown(value)}`);
  };
  return { start: number('start') ?? NaN, stop: number('stop'), step: number('step') ?? 1 };
}

function between({ start, stop, step }: Slice, side: Dim): { first: number; size: Dim; step: number; goes: boolean } {
  if (step === 0) throw new InputError('slices with a step of 0');
  if (!isNumber(side)) {
    if (Number.isNaN(start) && stop === undefined && step === 1) return { first: 0, size: side, step, goes: false };
    throw new Uncounted('it slices a side that has no size');
  }
  const placed = (at: number, least: number, most: number): number =>
    Math.min(Math.max(at < 0 ? at + side : at, least), most);
  if (step > 0) {
    const [first, last] = [
      Number.isNaN(start) ? 0 : placed(start, 0, side),
      stop === undefined ? side : placed(stop, 0, side),
    ];
    return { first, size: Math.max(0, Math.ceil((last - first) / step)), step, goes: false };
  }
  const first = Number.isNaN(start) ? side - 1 : placed(start, -1, side - 1);
  const last = stop === undefined ? -1 : placed(stop, -1, side - 1);
  return { first: side - 1 - first, size: Math.max(0, Math.ceil((first - last) / -step)), step, goes: false };
}

/** [[before, after], ...] of every side of the file, or one pair for all. */
export const pad: KerasRow = (call) => {
  const { x, sides } = fileSides(call);
  const given = call.option('pad_width', 'paddings') ?? call.args[1];
  const list: readonly unknown[] = Array.isArray(given) ? given : [given];
  const pairs = list.map((one): readonly unknown[] => (Array.isArray(one) ? one : [one, one]));
  const full = pairs.length === 1 ? sides.map(() => pairs[0]!) : pairs;
  if (
    full.length !== sides.length ||
    !full.every((pair) => pair.length === 2 && pair.every((end) => Number.isSafeInteger(end) && (end as number) >= 0))
  )
    throw new InputError(`pads ${showShape(sides)} by ${shown(given)}`);
  const { ours } = call.layout;
  const mode = call.text('constant', 'mode').toLowerCase();
  const known = (['constant', 'reflect', 'symmetric', 'edge', 'wrap'] as const).find((one) => one === mode);
  if (!known) throw new Uncounted(`it pads by ${shown(mode)}`);
  return call.apply('padSides', '', x, {
    before: [...ours(full.map(([before]) => before as number))],
    after: [...ours(full.map(([, after]) => after as number))],
    mode: known,
  });
};

/** Matrices stand in the last two sides of the file. */
export const matmul: KerasRow = (call) => {
  const [a, b] = call.inputs;
  if (!a || !b) throw new InputError(`takes two inputs, and has ${call.inputs.length}`);
  const [p, q] = [a, b].map((value, i) => call.inFileOrder(value, `input${i}`)) as [Value, Value];
  const flags = {
    transposeFirst: call.option('transpose_a') === true,
    transposeSecond: call.option('transpose_b') === true,
  };
  return call.inOurOrder(call.apply('matmul', '', [p, q], flags), 'result');
};

export const einsum: KerasRow = (call) => {
  const [first] = call.args;
  const equation = call.text(typeof first === 'string' ? first : '', 'subscripts', 'equation').replaceAll(' ', '');
  if (!/^[A-Za-z,]+->[A-Za-z]*$/.test(equation) || equation.split(',').length > 2)
    throw new Uncounted(`its equation is ${shown(equation)}`);
  const inputs = call.inputs.map((value, i) => call.inFileOrder(value, `input${i}`));
  return call.inOurOrder(call.apply('einsum', '', inputs, { equation }), 'result');
};

/** A limit from above, from below, or both; a call may have them as numbers in order. */
export const clip: KerasRow = (call) => {
  const [x] = call.inputs;
  if (!x) throw new InputError('has no inputs');
  const number = (keys: readonly string[], otherwise: number, place: number): number => {
    const value = call.option(...keys) ?? call.constants[place];
    return typeof value === 'number' && Number.isFinite(value) ? value : otherwise;
  };
  const least = number(['x_min', 'clip_value_min'], -MOST, 0);
  const most = number(['x_max', 'clip_value_max'], MOST, 1);
  return call.apply('clip', '', x, { least, most });
};

/**
 * Functions of two tensors, or of one and a number; of which the first is none that our op takes.
 */
export const binary =
  (
    op:
      | 'powerOf'
      | 'floorDivide'
      | 'modulo'
      | 'squaredDifference'
      | 'greater'
      | 'greaterOrEqual'
      | 'less'
      | 'lessOrEqual'
      | 'equal'
      | 'notEqual'
      | 'and'
      | 'or'
      | 'arcTangent2',
  ): KerasRow =>
  (call) => {
    const [a, b] = call.inputs;
    if (!a) throw new InputError('has no inputs');
    if (b) return combined(call, op, '', a, b);
    return op === 'powerOf'
      ? call.apply('power', '', a, { exponent: call.constants[0] ?? 2 })
      : call.apply('shiftBy', '', a, { shape: [1], learnt: false });
  };

export const select: KerasRow = (call) => {
  const [condition, a, b] = call.inputs;
  if (!condition) throw new InputError('has no inputs');
  if (!a || !b) return call.apply('scaleBy', '', a ?? condition, { shape: [1], learnt: false });
  return call.apply('select', '', [condition, a, b]);
};

export const tile: KerasRow = (call) => {
  const { x, sides } = fileSides(call);
  const given = call.wholeNumbers('repeats', 'multiples', 'reps') ?? call.constants;
  if (given.length > sides.length) throw new Uncounted('it gives its input more sides');
  const full = [...new Array<number>(sides.length - given.length).fill(1), ...given];
  return call.apply('tile', '', x, { repeats: [...call.layout.ours(full)] });
};

export const repeat: KerasRow = (call) => {
  const { x, sides } = fileSides(call);
  const repeats = call.wholeNumbers('repeats')?.[0] ?? call.constants[0] ?? 1;
  const axis = call.place(sideOf(call, sides.length), sides.length);
  return call.apply('repeatElements', '', x, { axis, repeats });
};

export const flip: KerasRow = (call) => {
  const { x, sides } = fileSides(call);
  const axes = (call.wholeNumbers('axis') ?? sides.map((_, i) => i)).map((axis) =>
    call.place(counted(axis, sides.length), sides.length),
  );
  return call.apply('flip', '', x, { axes });
};

export const roll: KerasRow = (call) => {
  const { x, sides } = fileSides(call);
  const shifts = call.wholeNumbers('shift') ?? [0];
  const axes = (call.wholeNumbers('axis') ?? []).map((axis) => call.place(counted(axis, sides.length), sides.length));
  if (axes.length !== shifts.length) throw new Uncounted('it shifts all sides together');
  return call.apply('roll', '', x, { axes, shifts: [...shifts] });
};

export const broadcastTo: KerasRow = (call) => {
  const { x } = fileSides(call);
  const shape = call.wholeNumbers('shape') ?? [];
  const [n] = x.shape;
  const sides = shape.map((side, i): Dim => (i === 0 && side < 1 ? n! : side));
  return call.inOurOrder(call.apply('expand', '', call.inFileOrder(x, 'input'), { shape: sides }), 'result');
};

/** Rows by index along a side. */
export const take: KerasRow = (call) => {
  const [x, indices] = call.inputs;
  if (!x || !indices) throw new Uncounted('its indices are not known before it runs');
  const data = call.inFileOrder(x, 'input');
  const axis = sideOf(call, data.shape.length, 0);
  return call.inOurOrder(call.apply('gather', '', [data, call.inFileOrder(indices, 'indices')], { axis }), 'result');
};

export const softmax =
  (op: 'softmax' | 'logSoftmax'): KerasRow =>
  (call) => {
    const { x, sides } = fileSides(call);
    return call.apply(op, '', x, { axis: call.place(sideOf(call, sides.length), sides.length) });
  };

export const oneHot: KerasRow = (call) => {
  const { x, sides } = fileSides(call);
  const depth = call.wholeNumbers('num_classes', 'depth', 'num_tokens')?.[0];
  if (depth === undefined) throw new Uncounted('it does not say how many classes there are');
  const axis = counted(call.wholeNumbers('axis')?.[0] ?? -1, sides.length + 1);
  return call.inOurOrder(call.apply('oneHot', '', call.inFileOrder(x, 'input'), { depth, axis }), 'result');
};

export const cumSum: KerasRow = (call) => {
  const { x, sides } = fileSides(call);
  return call.apply('cumSum', '', x, { axis: call.place(sideOf(call, sides.length, 0), sides.length) });
};

export const topK: KerasRow = (call): Results => {
  const { x } = fileSides(call);
  const data = call.inFileOrder(x, 'input');
  const k = call.wholeNumbers('k')?.[0] ?? call.constants[0] ?? 1;
  const axis = data.shape.length - 1;
  const both = (['values', 'indices'] as const).map((output, i) =>
    call.apply('topK', i === 0 ? '' : output, data, { k, axis, output }),
  );
  return both;
};

export const resize: KerasRow = (call) => {
  const { x } = fileSides(call);
  const size =
    call.wholeNumbers('size') ??
    call.args
      .slice(1)
      .find((one): one is number[] => Array.isArray(one) && one.every((side) => typeof side === 'number'));
  if (size?.length !== 2 || x.shape.length !== 4)
    throw new InputError(`resizes ${showShape(x.shape)} to ${shown(size)}`);
  return resized(call, '', x, size, call.text('bilinear', 'interpolation', 'method').toLowerCase());
};

export const blocks =
  (op: 'depthToSpace' | 'spaceToDepth'): KerasRow =>
  (call) => {
    const { x } = fileSides(call);
    const block = call.wholeNumbers('block_size')?.[0] ?? call.constants[0];
    if (block === undefined || x.shape.length !== 4)
      throw new InputError(`takes an image and a block size, not ${showShape(x.shape)}`);
    return call.apply(op, '', x, { block, order: 'blockFirst' });
  };

/** Over the length of the input along a side. */
export const normalize: KerasRow = (call) => {
  const { x, sides } = fileSides(call);
  return call.apply('layerNorm', '', x, {
    affine: false,
    axes: [call.place(sideOf(call, sides.length), sides.length)],
  });
};

/** All elements in one list. */
export const ravel: KerasRow = (call) => {
  const { x } = fileSides(call);
  return call.apply('view', '', x, { shape: [elements(x.shape)] });
};

/** Windows of the operation's own arguments. */
export const pooling =
  (kind: 'max' | 'avg'): KerasRow =>
  (call) => {
    const { x } = fileSides(call);
    const size = call.wholeNumbers('pool_size', 'ksize') ?? [2];
    const pair = (list: readonly number[]): [number, number] => [list[0]!, list[1] ?? list[0]!];
    const kernel = pair(size);
    const stride = pair(call.wholeNumbers('strides') ?? size);
    if (x.shape.length !== 4) throw new Uncounted('it pools along one or three sides');
    const same = call.text('valid', 'padding').toLowerCase() === 'same';
    const ends = [0, 1].map((i): readonly [number, number] =>
      same ? samePadding(x.shape[2 + i]!, { kernel: kernel[i]!, stride: stride[i]! }) : [0, 0],
    ) as [readonly [number, number], readonly [number, number]];
    const padding: [number, number, number, number] = [ends[0][0], ends[1][0], ends[0][1], ends[1][1]];
    return kind === 'max'
      ? call.apply('maxPool', '', x, { kernel, stride, padding })
      : call.apply('avgPool', '', x, { kernel, stride, padding, countIncludePad: false });
  };
