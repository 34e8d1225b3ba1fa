// The bounds of STRIDED_SLICE: begins, ends, strides and five masks, as a cut of each side.

import { add, floorDiv, isNumber, sub, type Dim } from '../../../dim/dim.js';
import { show } from '../../../dim/text.js';
import { InputError } from '../../../inputError.js';
import { showShape, type Shape } from '../../../shape.js';
import { numericCut } from '../../kit/slice.js';
import { Uncounted } from '../../kit/uncounted.js';
import { optionsOf } from '../network.js';
import type { Call } from '../sides.js';

export interface Cut {
  /** From the end where the step is negative. */
  readonly first: Dim;
  readonly length: Dim;
  readonly step: number;
}

export interface Strided {
  /** One for each side of the input. */
  readonly cuts: readonly Cut[];
  /** Sides of the result: new sides of 1 added, sides of which one element is taken removed. */
  readonly sides: Shape;
}

const MOST_SIDES = 16;

/** @param shape of the input, in the order of the file */
export function cutsOf(call: Call, shape: Shape): Strided {
  const options = optionsOf(call.file, 'StridedSlice');
  const [begins, ends, steps] = [call.sizes(1, 'begins'), call.sizes(2, 'ends'), call.whole(3, 'strides')];
  if (begins.length > MOST_SIDES || [ends, steps].some(({ length }) => length !== begins.length))
    throw new InputError('its begins, ends and strides are not equally many, or more than any tensor has sides');
  const has = (mask: number, i: number): boolean => (mask & (1 << i)) !== 0;
  const spare = shape.length - begins.filter((_, i) => !has(options.newAxis, i) && !has(options.ellipsis, i)).length;
  if (spare < 0) throw new InputError(`it cuts more sides than ${showShape(shape)} has`);
  const [cuts, sides]: [Cut[], Dim[]] = [[], []];
  const whole = (): void => {
    const side = shape[cuts.length]!;
    cuts.push({ first: 0, length: side, step: 1 });
    sides.push(side);
  };
  begins.forEach((begin, i) => {
    if (has(options.ellipsis, i)) for (let left = spare; left > 0; left--) whole();
    else if (has(options.newAxis, i)) sides.push(1);
    else {
      const single = has(options.shrink, i);
      const bounds = {
        begin: has(options.begin, i) ? undefined : begin,
        end: has(options.end, i) ? undefined : ends[i]!,
      };
      const end = options.offset === 1 && bounds.end !== undefined ? add(begin, bounds.end) : bounds.end;
      const cut = single ? one(shape[cuts.length]!, begin) : cutOf(shape[cuts.length]!, bounds.begin, end, steps[i]!);
      cuts.push(cut);
      if (!single) sides.push(cut.length);
    }
  });
  while (cuts.length < shape.length) whole();
  return { cuts, sides };
}

/** A single element. */
function one(side: Dim, at: Dim): Cut {
  const first = isNumber(at) && at < 0 ? add(side, at) : at;
  if (isNumber(first) && isNumber(side) && !(first >= 0 && first < side))
    throw new InputError(`there is no element ${show(at)} in a side of ${show(side)}`);
  return { first, length: 1, step: 1 };
}

/** Bounds that are undefined are those of the side. */
function cutOf(side: Dim, begin: Dim | undefined, end: Dim | undefined, step: number): Cut {
  if (step === 0 || !Number.isFinite(step)) throw new InputError(`its stride is ${step}`);
  if (isNumber(side) && (begin === undefined || isNumber(begin)) && (end === undefined || isNumber(end)))
    return numbered(side, begin, end, step);
  if (step < 0) throw new Uncounted('it runs backwards over a side that is a symbol');
  const at = (bound: Dim): Dim => (isNumber(bound) && bound < 0 ? add(side, bound) : bound);
  const first = at(begin ?? 0);
  return { first, length: floorDiv(add(sub(at(end ?? side), first), step - 1), step), step };
}

function numbered(side: number, begin: number | undefined, end: number | undefined, step: number): Cut {
  const { first, length } = numericCut(side, begin, end, step);
  if (length === 0) throw new InputError(`it takes nothing of a side of ${side}`);
  return { first: step > 0 ? first : side - 1 - first, length, step };
}
