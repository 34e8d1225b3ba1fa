// Rows of Keras operations that pick, repeat, shift or pad elements.

import { div, isNumber, sub, type Dim } from '../../dim/dim.js';
import type { Value } from '../../graph.js';
import { InputError } from '../../inputError.js';
import { showShape } from '../../shape.js';
import { shown } from '../../document/problem.js';
import { numericCut } from '../kit/slice.js';
import { Uncounted } from '../kit/uncounted.js';
import { isData } from '../tfjs/settings.js';
import type { KerasRow } from './layerCall.js';
import { counted, fileSides, sideOf } from './fileSides.js';

/** Into a number of equal parts, or at some places. */
export const splitAlong =
  (fallback: number): KerasRow =>
  (call) => {
    const { x, sides } = fileSides(call);
    const axis = sideOf(call, sides.length, fallback);
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

export const split = splitAlong(0);

/** @param isSizes whether a list says sizes, and not where parts begin */
function sizesOf(given: unknown, side: Dim, isSizes: boolean): readonly Dim[] {
  if (typeof given === 'number' && given >= 1 && given <= 4096) return new Array<Dim>(given).fill(div(side, given));
  if (!Array.isArray(given) || !given.every((one): one is number => Number.isSafeInteger(one)) || given.length > 4096)
    throw new InputError(`is split into ${shown(given)}`);
  if (isSizes) return given;
  return [...given, side].map((end, i) => sub(end, i === 0 ? 0 : given[i - 1]!));
}

interface Slice {
  readonly start: number | undefined;
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
    if (size === undefined) throw new InputError(`it takes more sides than ${showShape(sides)} has`);
    taken.push({ first: 0, size, step: 1, goes: false });
    result.push(size);
  };
  let open = sides.length - named;
  for (const item of items) {
    if (item === null) result.push(1);
    else if (isDots(item)) for (; open > 0; open--) whole();
    else {
      const side = sides[taken.length];
      if (side === undefined) throw new InputError(`it takes more sides than ${showShape(sides)} has`);
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
  return { start: number('start'), stop: number('stop'), step: number('step') ?? 1 };
}

function between({ start, stop, step }: Slice, side: Dim): { first: number; size: Dim; step: number; goes: boolean } {
  if (!isNumber(side)) {
    if (start === undefined && stop === undefined && step === 1) return { first: 0, size: side, step, goes: false };
    throw new Uncounted('it slices a side that has no size');
  }
  const { first, length } = numericCut(side, start, stop, step);
  return { first: step > 0 ? first : side - 1 - first, size: length, step, goes: false };
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
    throw new InputError(`it pads ${showShape(sides)} by ${shown(given)}`);
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
/** Sides of an array that the call holds: a list of lists, or NumPy's with its value. */
function storedShape(given: unknown): readonly number[] | undefined {
  const value: unknown = isData(given) && isData(given['config']) ? given['config']['value'] : given;
  if (typeof value === 'number') return [];
  const sides: number[] = [];
  for (let one: unknown = value; Array.isArray(one) && one.length > 0 && sides.length < 8; one = one[0])
    sides.push(one.length);
  return sides.length > 0 ? sides : undefined;
}

export const take: KerasRow = (call) => {
  const [x, indices] = call.inputs;
  if (!x) throw new InputError('it has no inputs');
  const data = call.inFileOrder(x, 'input');
  const axis = sideOf(call, data.shape.length, 0);
  const stored = indices ? undefined : storedShape(call.args[1]);
  if (stored) return call.inOurOrder(call.apply('gather', '', data, { axis, shape: stored }), 'result');
  if (!indices) throw new Uncounted('its indices are not known before it runs');
  return call.inOurOrder(call.apply('gather', '', [data, call.inFileOrder(indices, 'indices')], { axis }), 'result');
};
