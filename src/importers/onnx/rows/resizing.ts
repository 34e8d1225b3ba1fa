// Padding and another resolution.

import { div, floorDiv, isNumber, mul, sub, type Dim } from '../../../dim/dim.js';
import { InputError } from '../../../inputError.js';
import { showShape, type Shape } from '../../../shape.js';
import { cut, padded, resized, type ResizeMode } from '../../kit/moves.js';
import { wholeSide, type Cut } from '../../kit/slice.js';
import { Uncounted } from '../../kit/uncounted.js';
import { type Call, type Results, type OnnxRow } from '../onnxCall.js';

const PAD_MODES = { constant: 'constant', reflect: 'reflect', edge: 'edge', wrap: 'wrap' } as const;

function pad(call: Call): Results {
  const x = call.data(0);
  const { attributes } = call.file;
  const { length: rank } = x.shape;
  const given = attributes.ints('pads') ?? attributes.ints('paddings') ?? call.sizes(1, 'pads');
  const axes = call.axes(call.has(3) ? call.whole(3, 'axes') : x.shape.map((_, i) => i));
  if (given.length !== 2 * axes.length)
    throw new InputError(`its ${given.length} pads do not fit ${showShape(x.shape)}`);
  const [before, after] = [new Array<Dim>(rank).fill(0), new Array<Dim>(rank).fill(0)];
  axes.forEach((axis, i) => ([before[axis], after[axis]] = [given[i]!, given[i + axes.length]!]));
  const less = x.shape.map((side, i): Cut => {
    const first = below(before[i]!);
    return { first, length: sub(side, first + below(after[i]!)), step: 1 };
  });
  const empty = less.find(({ length }) => isNumber(length) && length < 1);
  if (empty) throw new InputError(`it cuts off all of a side of ${showShape(x.shape)}`);
  const named = attributes.text('mode', 'constant');
  const mode = PAD_MODES[named as keyof typeof PAD_MODES] as (typeof PAD_MODES)[keyof typeof PAD_MODES] | undefined;
  if (!mode) throw new InputError(`its mode ${named} is unknown`);
  return padded(call, cut(call, x, less, 'cut'), before.map(above), after.map(above), { mode });
}

const below = (side: Dim): number => (isNumber(side) ? Math.max(0, -side) : 0);
const above = (side: Dim): Dim => (isNumber(side) ? Math.max(0, side) : side);

/** Sides that are cut, or padded, around the middle: an odd element falls behind. */
function centred(call: Call): Results {
  const x = call.data(0);
  const wanted = call.whole(1, 'sides');
  const axes = call.axes(call.file.attributes.ints('axes') ?? x.shape.map((_, i) => i));
  if (wanted.length !== axes.length || wanted.some((side) => side < 1))
    throw new InputError(`its sides [${wanted.join(', ')}] do not fit ${showShape(x.shape)}`);
  const [before, after] = [x.shape.map((): Dim => 0), x.shape.map((): Dim => 0)];
  const cuts = x.shape.map(wholeSide);
  axes.forEach((axis, i) => {
    const [side, length] = [x.shape[axis]!, wanted[i]!];
    if (!isNumber(side)) throw new Uncounted('it cuts or pads a side whose length the file leaves open');
    if (side > length) cuts[axis] = { first: Math.floor((side - length) / 2), length, step: 1 };
    const more = Math.max(0, length - side);
    [before[axis], after[axis]] = [Math.floor(more / 2), Math.ceil(more / 2)];
  });
  return padded(call, cut(call, x, cuts, 'cut'), before, after);
}

const MODES: Readonly<Record<string, ResizeMode>> = {
  nearest: 'nearest',
  linear: 'bilinear',
  bilinear: 'bilinear',
  cubic: 'bicubic',
};

function resize(call: Call): Results {
  const x = call.data(0);
  const mode = MODES[call.file.attributes.text('mode', 'nearest')];
  if (!mode) throw new InputError(`its mode ${call.file.attributes.text('mode', '')} is unknown`);
  return resized(call, x, sidesOf(call, x.shape), mode);
}

/** Scales or sizes; Upsample and the first Resize have scales alone, right behind the image. */
function sidesOf(call: Call, shape: Shape): Shape {
  const { attributes } = call.file;
  const newer = call.op === 'Resize' && call.file.facts.opset >= 11;
  const axes = call.axes(attributes.ints('axes') ?? shape.map((_, i) => i));
  const sides = [...shape];
  if (newer && call.has(3)) {
    const sizes = call.sizes(3, 'sizes');
    if (sizes.length !== axes.length) throw new InputError(`its ${sizes.length} sizes do not fit ${showShape(shape)}`);
    const ratio = keptRatio(
      attributes.text('keep_aspect_ratio_policy', 'stretch'),
      axes.map((axis) => shape[axis]!),
      sizes,
    );
    axes.forEach((axis, i) => (sides[axis] = ratio === undefined ? sizes[i]! : timesRatio(shape[axis]!, ratio)));
    return sides;
  }
  const scales = attributes.floats('scales') ?? firstScales(call, shape) ?? call.sizes(newer ? 2 : 1, 'scales');
  if (scales.length !== axes.length) throw new InputError(`its ${scales.length} scales do not fit ${showShape(shape)}`);
  axes.forEach((axis, i) => (sides[axis] = timesScale(shape[axis]!, scales[i]!)));
  return sides;
}

/** Before opset 7 Upsample has one number for rows and one for columns. */
function firstScales({ file: { attributes } }: Call, { length }: Shape): readonly number[] | undefined {
  if (!attributes.has('height_scale') || length !== 4) return undefined;
  return [1, 1, attributes.float('height_scale', 1), attributes.float('width_scale', 1)];
}

/** A ratio of whole numbers, so that no side is rounded twice. */
type Ratio = readonly [to: number, from: number];

/**
 * One ratio for all sides, of which none is larger (or smaller) than its size then; undefined where
 * each has its own.
 */
function keptRatio(policy: string, from: Shape, to: readonly Dim[]): Ratio | undefined {
  if (policy === 'stretch') return undefined;
  if (policy !== 'not_larger' && policy !== 'not_smaller')
    throw new InputError(`its keep_aspect_ratio_policy ${policy} is unknown`);
  if (!from.every(isNumber) || !to.every(isNumber))
    throw new Uncounted(`it keeps the aspect ratio (${policy}) of a side that is open`);
  const ratios = to.map((size, i): Ratio => [size, from[i]!]).sort(([a, b], [c, d]) => a * d - c * b);
  return policy === 'not_larger' ? ratios[0] : ratios.at(-1);
}

/** Halves are rounded up. */
const timesRatio = (side: Dim, [to, from]: Ratio): Dim => Math.floor((2 * (side as number) * to + from) / (2 * from));

function timesScale(side: Dim, scale: Dim): Dim {
  if (!isNumber(scale)) return div(mul(side, scale), 1);
  if (!(scale > 0) || scale === Infinity) throw new InputError(`its scale is ${scale}`);
  if (isNumber(side)) return Math.floor(side * scale);
  if (Number.isInteger(scale)) return mul(side, scale);
  if (Number.isInteger(1 / scale)) return floorDiv(side, 1 / scale);
  throw new InputError(`it scales a side that is open by ${scale}`);
}

export const RESIZING: Readonly<Record<string, OnnxRow>> = {
  CenterCropPad: { convert: centred },
  Pad: { convert: pad },
  Resize: { convert: resize },
  Upsample: { convert: resize },
};
