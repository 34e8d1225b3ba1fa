// TensorFlow's StridedSlice: begins, ends and steps, and the masks that say which of them apply.

import { isNumber, type Dim } from '../../dim/dim.js';
import { InputError } from '../../inputError.js';
import { showShape, type Shape } from '../../shape.js';
import { numericCut } from '../kit/slice.js';
import { Uncounted } from '../kit/uncounted.js';
import type { Value } from '../../graph.js';
import { reshaped } from './reshaping.js';
import { tensor, layoutOf, type Call } from './tfCall.js';

/** What is taken of one side of the input. */
export interface Taken {
  readonly first: number;
  readonly step: number;
  readonly size: Dim;
}

export interface Sliced {
  readonly taken: readonly Taken[];
  /** Sides of the result in the order of the file. */
  readonly sides: readonly Dim[];
}

interface Masks {
  readonly begin: number;
  readonly end: number;
  readonly ellipsis: number;
  readonly newAxis: number;
  readonly shrink: number;
}

export function masksOf({ file: { attributes } }: Call): Masks {
  const mask = (key: string): number => attributes.integer(key, 0);
  return {
    begin: mask('begin_mask'),
    end: mask('end_mask'),
    ellipsis: mask('ellipsis_mask'),
    newAxis: mask('new_axis_mask'),
    shrink: mask('shrink_axis_mask'),
  };
}

const has = (mask: number, i: number): boolean => ((mask >> i) & 1) === 1;

/** Bounds of one entry of the specification; undefined where the file does not hold them. */
export interface Bounds {
  readonly begin: readonly Dim[] | undefined;
  readonly end: readonly Dim[] | undefined;
  readonly step: readonly Dim[] | undefined;
  /** The number of entries of the specification. */
  readonly count: number;
}

/** @param implied the length of the last side by its reader, for bounds that are not in the file */
export function slicedSides(shape: Shape, bounds: Bounds, masks: Masks, implied?: number): Sliced {
  const { count } = bounds;
  const named = Array.from({ length: count }, (_, i) => i).filter(
    (i) => !has(masks.ellipsis, i) && !has(masks.newAxis, i),
  );
  if (named.length > shape.length) throw new InputError(`it slices ${named.length} sides of ${showShape(shape)}`);
  const taken: Taken[] = [];
  const sides: Dim[] = [];
  const whole = (): void => {
    const size = shape[taken.length]!;
    taken.push({ first: 0, step: 1, size });
    sides.push(size);
  };
  let open = shape.length - named.length;
  for (let i = 0; i < count; i++) {
    if (has(masks.ellipsis, i)) for (; open > 0; open--) whole();
    else if (has(masks.newAxis, i)) sides.push(1);
    else {
      const last = taken.length === shape.length - 1 ? implied : undefined;
      const one = takenOf(shape[taken.length]!, i, bounds, masks, last);
      taken.push(one);
      if (!has(masks.shrink, i)) sides.push(one.size);
    }
  }
  while (taken.length < shape.length) whole();
  return { taken, sides };
}

function takenOf(side: Dim, i: number, bounds: Bounds, masks: Masks, implied: number | undefined): Taken {
  const [begin, end, step = 1] = [bounds.begin?.[i], bounds.end?.[i], bounds.step?.[i]];
  const [fromStart, toEnd, shrinks] = [has(masks.begin, i), has(masks.end, i), has(masks.shrink, i)];
  if (!isNumber(step) || !Number.isInteger(step) || step === 0)
    throw new Uncounted('its step is not known before it runs');
  if (shrinks) {
    const at = begin !== undefined && isNumber(begin) ? begin : 0;
    return { first: at < 0 && isNumber(side) ? at + side : Math.max(0, at), step: 1, size: 1 };
  }
  if (fromStart && toEnd && step === 1) return { first: 0, step, size: side };
  const known = (fromStart || (begin !== undefined && isNumber(begin))) && (toEnd || end !== undefined);
  if (!known) {
    if (implied !== undefined) return { first: 0, step: 1, size: implied };
    throw new Uncounted('its bounds are not in the file');
  }
  return between(side, fromStart ? undefined : (begin as number), toEnd ? undefined : end, step);
}

function between(side: Dim, begin: number | undefined, end: Dim | undefined, step: number): Taken {
  if (!isNumber(side) || (end !== undefined && !isNumber(end))) {
    // A part from the start up to a symbol.
    if (step === 1 && (begin ?? 0) === 0 && end !== undefined && !isNumber(end)) return { first: 0, step, size: end };
    throw new Uncounted('its bounds are not known before it runs');
  }
  const { first, length } = numericCut(side, begin, end, step);
  return { first, step, size: length };
}

/** Reversed sides are flipped first, which is a copy; the rest is a view. */
export function stridedSlice(call: Call): Value {
  const layout = layoutOf(call);
  const x = tensor(call, 0);
  const shape = layout.theirs(x.shape);
  const { taken, sides } = slicedSides(shape, boundsOf(call), masksOf(call), call.file.implied?.[0]);
  if (taken.some(({ size }) => size === 0)) throw new Uncounted('nothing is left of its input');
  const reversed = taken.flatMap(({ step }, axis) => (step < 0 ? [layout.side(axis, shape.length)] : []));
  const source = reversed.length > 0 ? call.apply('flip', x, { axes: reversed }, {}, 'flip') : x;
  const forward = taken.map(({ first, step, size }, i): Taken => {
    if (step > 0) return { first, step, size };
    return { first: (shape[i] as number) - 1 - first, step: -step, size };
  });
  const all = forward.every(({ first, step, size }, i) => first === 0 && step === 1 && size === shape[i]);
  const part = all
    ? source
    : call.apply(
        'slice',
        source,
        {
          begin: [...layout.ours(forward.map(({ first }) => first))],
          size: [...layout.ours(forward.map(({ size }) => size))],
          step: [...layout.ours(forward.map(({ step }) => step))],
        },
        {},
        sides.length === shape.length ? '' : 'part',
      );
  const kept = sides.length === shape.length && taken.every(({ size }, i) => size === sides[i]);
  return kept ? part : reshaped(call, part, sides.length === 0 ? [1] : sides, '');
}

export function boundsOf(call: Call): Bounds {
  const count = call.constant(1)?.shape[0];
  if (typeof count !== 'number') throw new Uncounted('its begins are computed from the image');
  return { begin: call.items(1), end: call.items(2), step: call.items(3), count };
}
