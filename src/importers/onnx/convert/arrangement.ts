// How is data that moves read? By the shape that comes of it: views cost nothing, a new order is a copy, and what changes nothing is no node.

import { add, div, equal, floorDiv, isNumber, mul, product, sub, total, type Dim } from '../../../dim/dim.js';
import { show } from '../../../dim/text.js';
import type { Value } from '../../../graph.js';
import { InputError } from '../../../inputError.js';
import { elements, showShape, type Shape } from '../../../shape.js';
import { squeezed, unsqueezed } from '../fold/rows.js';
import type { Operand } from '../operand.js';
import type { Conversion, Made, Row } from './conversion.js';
import { Uncounted } from '../uncounted.js';

const sameSides = (a: Shape, b: Shape): boolean => a.length === b.length && a.every((side, i) => equal(side, b[i]!));

/** The same elements with these sides, by the op whose name says most. */
export function regrouped(call: Conversion, x: Value, sides: Shape, part = ''): Value {
  if (sameSides(x.shape, sides)) return x;
  const batched = sides.length > 0 && x.shape.length > 0 && equal(sides[0]!, x.shape[0]!);
  if (batched && sides.length === 2) return call.apply('flatten', x, {}, {}, part);
  if (batched && sides.length > 2) return call.apply('reshape', x, { shape: sides.slice(1) }, {}, part);
  return call.apply('view', x, { shape: sides }, {}, part);
}

function reshape(call: Conversion): Made {
  const x = call.data(0);
  const wanted = call.attributes.ints('shape') ?? call.sizes(1, 'sides');
  const copied = call.attributes.int('allowzero', 0) === 0;
  const sides = wanted.map((side, i): Dim => {
    if (side !== 0 || !copied) return side;
    return x.shape[i] ?? refuse(`it keeps the side ${i} of ${showShape(x.shape)}, which is not there`);
  });
  if (sides.filter((side) => side === -1).length > 1) refuse('it leaves two sides open');
  const known = product(sides.filter((side) => side !== -1));
  if (isNumber(known) && known < 1) refuse(`it makes a tensor of the sides [${sides.map(show).join(', ')}]`);
  const all = sides.map((side) => (side === -1 ? rest(x.shape, known, sides) : side));
  if (!equal(product(all), elements(x.shape))) throw misshapen(x.shape, sides);
  return regrouped(call, x, all);
}

function rest(shape: Shape, known: Dim, wanted: Shape): Dim {
  if (isNumber(known)) {
    const all = elements(shape);
    if (isNumber(all) && all % known !== 0) throw misshapen(shape, wanted);
  }
  return div(elements(shape), known);
}

const misshapen = (shape: Shape, wanted: Shape): InputError =>
  new InputError(`${showShape(shape)} does not have the elements of ${showShape(wanted)}`);

function refuse(message: string): never {
  throw new InputError(message);
}

function flatten(call: Conversion): Made {
  const x = call.data(0);
  const { length } = x.shape;
  const given = call.attributes.int('axis', 1);
  const axis = given < 0 ? given + length : given;
  if (!(axis >= 0 && axis <= length)) throw new InputError(`the axis ${given} is none of ${showShape(x.shape)}`);
  return regrouped(call, x, [product(x.shape.slice(0, axis)), product(x.shape.slice(axis))]);
}

const unsqueeze = (call: Conversion): Made => {
  const x = call.data(0);
  return regrouped(call, x, unsqueezed(call, x.shape, call.list('axes', 1) ?? []));
};

const squeeze = (call: Conversion): Made => {
  const x = call.data(0);
  return regrouped(call, x, squeezed(call, x.shape, call.list('axes', 1)));
};

function transpose(call: Conversion): Made {
  const x = call.data(0);
  const order = call.axes(call.attributes.ints('perm') ?? x.shape.map((_, i) => x.shape.length - 1 - i));
  if (order.length !== x.shape.length || new Set(order).size !== order.length)
    throw new InputError(`its perm [${order.join(', ')}] is no order of the sides of ${showShape(x.shape)}`);
  return order.every((side, i) => side === i) ? x : call.apply('transpose', x, { order });
}

function concat(call: Conversion): Made {
  const values = call.inputs.map((_, i) => call.data(i));
  const axis = call.axis(call.attributes.int('axis', 1));
  return call.apply('concat', values, { axis });
}

/** A part of one side: of the channels by `split`, of another by `slice`. */
function partOf(call: Conversion, x: Value, axis: number, sizes: readonly Dim[], part: number, name = ''): Value {
  if (sizes.length === 1) return x;
  if (axis === 1) return call.apply('split', x, { sizes, part }, {}, name);
  const begin = x.shape.map((_, i) => (i === axis ? total(sizes.slice(0, part)) : 0));
  const size = x.shape.map((side, i) => (i === axis ? sizes[part]! : side));
  return call.apply('slice', x, { begin, size, step: x.shape.map(() => 1) }, {}, name);
}

function split(call: Conversion): Made {
  const x = call.data(0);
  const axis = call.axis(call.attributes.int('axis', 0));
  const { output } = call.node;
  const sizes =
    call.attributes.ints('split') ?? (call.inputs[1] ? call.sizes(1, 'parts') : equalParts(x.shape[axis]!, call));
  if (sizes.length !== output.length || !equal(total(sizes), x.shape[axis]!))
    throw new InputError(
      `its ${output.length} parts [${sizes.map(show).join(', ')}] do not make up the side ${axis} of ${showShape(x.shape)}`,
    );
  return output.map((name, part) => (name === '' ? undefined : partOf(call, x, axis, sizes, part, String(part))));
}

/** From opset 18 on the last part may be smaller. */
function equalParts(side: Dim, call: Conversion): readonly Dim[] {
  const { length } = call.node.output;
  const each = isNumber(side) ? Math.ceil(side / length) : div(side, length);
  return Array.from({ length }, (_, i) => (i < length - 1 ? each : sub(side, mul(each, length - 1))));
}

interface Cut {
  readonly first: Dim;
  readonly length: Dim;
  readonly step: number;
}

/** What is left of a side; symbols are cut where the bounds leave no doubt. */
function cutOf(side: Dim, start: Dim, end: Dim, step: number): Cut {
  if (step === 0) throw new InputError('it stands still, in steps of 0');
  if (step < 0) throw new Uncounted(`it runs backwards, in steps of ${step}`);
  const at = (bound: Dim): Dim => {
    if (!isNumber(bound)) return bound;
    if (bound >= 0) return isNumber(side) ? Math.min(bound, side) : bound === Infinity ? side : bound;
    return isNumber(side) ? Math.max(0, side + bound) : bound === -Infinity ? 0 : add(side, bound);
  };
  const [first, last] = [at(start), at(end)];
  const length = floorDiv(add(sub(last, first), step - 1), step);
  if (isNumber(length) && length < 1) throw new InputError(`it takes nothing of a side of ${show(side)}`);
  return { first, length, step };
}

function slice(call: Conversion): Made {
  const x = call.data(0);
  const bounds = (name: 'starts' | 'ends', i: number): readonly Dim[] =>
    call.attributes.ints(name) ?? call.sizes(i, name);
  const [starts, ends] = [bounds('starts', 1), bounds('ends', 2)];
  const axes = call.axes(call.list('axes', 3) ?? starts.map((_, i) => i));
  const steps = call.inputs[4] ? call.whole(4, 'steps') : axes.map(() => 1);
  if ([starts, ends, steps].some(({ length }) => length !== axes.length))
    throw new InputError('its starts, ends, axes and steps are not equally many');
  const cuts = x.shape.map((side): Cut => ({ first: 0, length: side, step: 1 }));
  axes.forEach((axis, i) => (cuts[axis] = cutOf(x.shape[axis]!, starts[i]!, ends[i]!, steps[i]!)));
  return cut(call, x, cuts);
}

function cut(call: Conversion, x: Value, cuts: readonly Cut[], part = ''): Value {
  const real = cuts.flatMap(({ first, length, step }, axis) =>
    step === 1 && first === 0 && equal(length, x.shape[axis]!) ? [] : [axis],
  );
  if (real.length === 0) return x;
  const [axis] = real;
  const { first, length, step } = cuts[axis!]!;
  if (axis === 1 && real.length === 1 && step === 1) {
    const sizes = [first, length, sub(x.shape[1]!, add(first, length))];
    const given = { sizes: sizes.filter((size) => size !== 0), part: first === 0 ? 0 : 1 };
    return call.apply('split', x, given, {}, part);
  }
  if (x.shape.length === 4 && real.every((side) => side > 1 && isStride(cuts[side]!, x.shape[side]!)))
    return call.apply('subsample', x, { step: [cuts[2]!.step, cuts[3]!.step] }, {}, part);
  const given = {
    begin: cuts.map((one) => one.first),
    size: cuts.map((one) => one.length),
    step: cuts.map((one) => one.step),
  };
  return call.apply('slice', x, given, {}, part);
}

/** Every step-th element from the first to the end. */
const isStride = ({ first, length, step }: Cut, side: Dim): boolean =>
  first === 0 && equal(length, floorDiv(add(side, step - 1), step));

/** One index of a side, or neighbours: a slice. */
function gather(call: Conversion): Made {
  const x = call.data(0);
  const axis = call.axis(call.attributes.int('axis', 0));
  const indices = call.whole(1, 'indices');
  const side = x.shape[axis]!;
  const [first] = indices;
  if (first === undefined || indices.some((index, i) => index !== first + i))
    throw new Uncounted('it gathers elements that are no neighbours, which is not counted');
  const begin = first < 0 ? add(side, first) : first;
  const cuts = x.shape.map((whole, i): Cut =>
    i === axis ? { first: begin, length: indices.length, step: 1 } : { first: 0, length: whole, step: 1 },
  );
  const part = cut(call, x, cuts);
  const sides = [...x.shape.slice(0, axis), ...call.shape(1), ...x.shape.slice(axis + 1)];
  return regrouped(call, part, sides, part === x ? '' : 'sides');
}

function expand(call: Conversion): Made {
  const x = call.data(0);
  const wanted = call.sizes(1, 'sides');
  const rank = Math.max(wanted.length, x.shape.length);
  const sides = Array.from({ length: rank }, (_, i): Dim => {
    const [own, other] = [x.shape[x.shape.length - rank + i] ?? 1, wanted[wanted.length - rank + i] ?? 1];
    return other === 1 ? own : other;
  });
  return sameSides(sides, x.shape) ? x : call.apply('expand', x, { shape: sides });
}

function pad(call: Conversion): Made {
  const x = call.data(0);
  const { length: rank } = x.shape;
  const given = call.list('pads', 1) ?? call.attributes.ints('paddings') ?? [];
  const axes = call.axes(call.inputs[3] ? call.whole(3, 'axes') : x.shape.map((_, i) => i));
  if (given.length !== 2 * axes.length)
    throw new InputError(`its ${given.length} pads do not fit ${showShape(x.shape)}`);
  const [before, after] = [new Array<number>(rank).fill(0), new Array<number>(rank).fill(0)];
  axes.forEach((axis, i) => ([before[axis], after[axis]] = [given[i]!, given[i + axes.length]!]));
  const less = x.shape.map((side, i): Cut => {
    const first = Math.max(0, -before[i]!);
    return { first, length: sub(side, first + Math.max(0, -after[i]!)), step: 1 };
  });
  const empty = less.find(({ length }) => isNumber(length) && length < 1);
  if (empty) throw new InputError(`it cuts off all of a side of ${showShape(x.shape)}`);
  return padded(cut(call, x, less, 'cut'), before.map(positive), after.map(positive), call);
}

const positive = (side: number): number => Math.max(0, side);

function padded(x: Value, before: readonly number[], after: readonly number[], call: Conversion): Value {
  const { length: rank } = x.shape;
  if ([...before, ...after].every((side) => side === 0)) return x;
  if (rank !== 4 || before[0] !== 0 || after[0] !== 0)
    throw new Uncounted(`it pads ${showShape(x.shape)}, and only channels, height and width of an image can be padded`);
  return call.apply('pad', x, {
    padding: [before[2]!, before[3]!, after[2]!, after[3]!],
    channels: [before[1]!, after[1]!],
  });
}

const MODES: Readonly<Record<string, 'nearest' | 'bilinear' | 'bicubic'>> = {
  nearest: 'nearest',
  linear: 'bilinear',
  bilinear: 'bilinear',
  cubic: 'bicubic',
};

function resize(call: Conversion): Made {
  const x = call.data(0);
  const mode = MODES[call.attributes.text('mode', 'nearest')];
  if (!mode) throw new InputError(`its mode ${call.attributes.text('mode', '')} is unknown`);
  const sides = resized(call, x.shape);
  if (sameSides(sides, x.shape)) return x;
  const [, , h, w] = x.shape;
  const [n, c, height, width] = sides;
  if (sides.length !== 4 || !equal(n!, x.shape[0]!) || !equal(c!, x.shape[1]!))
    throw new Uncounted(
      `it resizes ${showShape(x.shape)} to ${showShape(sides)}, and only height and width of an image can be`,
    );
  const factors = [wholeFactor(h!, height!), wholeFactor(w!, width!)] as const;
  if (mode !== 'bicubic' && factors[0] !== undefined && factors[1] !== undefined)
    return call.apply('upsample', x, { scale: [factors[0], factors[1]], mode });
  return call.apply('resize', x, { size: [height!, width!], mode });
}

/** Scales or sizes; Upsample and the first Resize have scales alone, right behind the image. */
function resized(call: Conversion, shape: Shape): Shape {
  const { attributes } = call;
  const newer = call.op === 'Resize' && call.opset >= 11;
  const axes = call.axes(attributes.ints('axes') ?? shape.map((_, i) => i));
  const sides = [...shape];
  if (newer && call.inputs[3]) {
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
  const scales = attributes.floats('scales') ?? call.sizes(newer ? 2 : 1, 'scales');
  if (scales.length !== axes.length) throw new InputError(`its ${scales.length} scales do not fit ${showShape(shape)}`);
  axes.forEach((axis, i) => (sides[axis] = timesScale(shape[axis]!, scales[i]!)));
  return sides;
}

/** A ratio of whole numbers, so that no side is rounded twice. */
type Ratio = readonly [to: number, from: number];

/** One ratio for all sides, of which none is larger (or smaller) than its size then; undefined where each has its own. */
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

function wholeFactor(from: Dim, to: Dim): number | undefined {
  if (isNumber(from) && isNumber(to)) return to % from === 0 ? to / from : undefined;
  for (const factor of [1, 2, 3, 4, 8, 16, 32]) if (equal(to, mul(from, factor))) return factor;
  return undefined;
}

/** [N, b b C, H, W] to [N, C, H b, W b]. */
function depthToSpace(call: Conversion): Made {
  const x = call.data(0);
  const [n, c, h, w] = fourSides(x);
  const block = call.attributes.int('blocksize', 1);
  const channels = div(c, block * block);
  const columns = call.attributes.text('mode', 'DCR') === 'CRD';
  const inner = columns ? [channels, block, block, h, w] : [block, block, channels, h, w];
  const order = columns ? [0, 1, 4, 2, 5, 3] : [0, 3, 4, 1, 5, 2];
  const turned = call.apply('transpose', call.apply('reshape', x, { shape: inner }, {}, 'blocks'), { order });
  return call.apply('view', turned, { shape: [n, channels, mul(h, block), mul(w, block)] }, {}, 'image');
}

/** [N, C, H b, W b] to [N, b b C, H, W]. */
function spaceToDepth(call: Conversion): Made {
  const x = call.data(0);
  const [n, c, h, w] = fourSides(x);
  const block = call.attributes.int('blocksize', 1);
  const [rows, columns] = [div(h, block), div(w, block)];
  const blocks = call.apply('reshape', x, { shape: [c, rows, block, columns, block] }, {}, 'blocks');
  const turned = call.apply('transpose', blocks, { order: [0, 3, 5, 1, 2, 4] });
  return call.apply('view', turned, { shape: [n, mul(c, block * block), rows, columns] }, {}, 'image');
}

function fourSides({ shape }: Value): readonly [Dim, Dim, Dim, Dim] {
  const [n, c, h, w] = shape;
  if (shape.length !== 4) throw new InputError(`it needs an image [N, C, H, W], not ${showShape(shape)}`);
  return [n!, c!, h!, w!];
}

/** What changes no shape and computes nothing that is counted: types, quantisation and its reverse, what only training does. */
const itself: Row = { convert: (call): Operand => call.operand(0) };
/** Scales and zero points are no image. */
const quantised: Row = { ...itself, weights: [1, 2] };

export const ARRANGEMENTS: Readonly<Record<string, Row>> = {
  Reshape: { convert: reshape },
  Flatten: { convert: flatten },
  Squeeze: { convert: squeeze },
  Unsqueeze: { convert: unsqueeze },
  Transpose: { convert: transpose },
  Concat: { convert: concat },
  Split: { convert: split },
  Slice: { convert: slice },
  Gather: { convert: gather },
  Expand: { convert: expand },
  Pad: { convert: pad },
  Resize: { convert: resize },
  Upsample: { convert: resize },
  DepthToSpace: { convert: depthToSpace },
  SpaceToDepth: { convert: spaceToDepth },
  Identity: itself,
  Cast: itself,
  CastLike: itself,
  Dropout: itself,
  QuantizeLinear: quantised,
  DequantizeLinear: quantised,
};
