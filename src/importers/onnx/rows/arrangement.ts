// Rows of data in another shape or order: views are free, a new order is a copy.

import { div, equal, isNumber, mul, product, sub, total, type Dim } from '../../../dim/dim.js';
import { show } from '../../../dim/text.js';
import type { Value } from '../../../graph.js';
import { InputError } from '../../../inputError.js';
import { sameShape, showShape, type Shape } from '../../../shape.js';
import { completed, cut, partOf, permuted, regrouped } from '../../kit/moves.js';
import { isConstant } from '../../kit/operand.js';
import { cutOf, wholeSide } from '../../kit/slice.js';
import { squeezed, unsqueezed } from '../folds.js';
import { listOf, type Call, type Results, type OnnxRow } from '../onnxCall.js';

function reshape(call: Call): Results {
  const x = call.data(0);
  const wanted = call.file.attributes.ints('shape') ?? call.sizes(1, 'sides');
  const copied = call.file.attributes.int('allowzero', 0) === 0;
  const sides = wanted.map((side, i): Dim => {
    if (side !== 0 || !copied) return side;
    return x.shape[i] ?? refuse(`it keeps the side ${i} of ${showShape(x.shape)}, which is not there`);
  });
  return regrouped(call, x, completed(x.shape, sides));
}

function refuse(message: string): never {
  throw new InputError(message);
}

function flatten(call: Call): Results {
  const x = call.data(0);
  const { length } = x.shape;
  const given = call.file.attributes.int('axis', 1);
  const axis = given < 0 ? given + length : given;
  if (!(axis >= 0 && axis <= length)) throw new InputError(`there is no axis ${given} in ${showShape(x.shape)}`);
  return regrouped(call, x, [product(x.shape.slice(0, axis)), product(x.shape.slice(axis))]);
}

const unsqueeze = (call: Call): Results => {
  const x = call.data(0);
  return regrouped(call, x, unsqueezed(call, x.shape, listOf(call, 'axes', 1) ?? []));
};

const squeeze = (call: Call): Results => {
  const x = call.data(0);
  return regrouped(call, x, squeezed(call, x.shape, listOf(call, 'axes', 1)));
};

function transpose(call: Call): Results {
  const x = call.data(0);
  return permuted(
    call,
    x,
    call.axes(call.file.attributes.ints('perm') ?? x.shape.map((_, i) => x.shape.length - 1 - i)),
  );
}

/** @param from the first part: quantized ones have scales before and between them */
const concat =
  (from: number, step: number) =>
  (call: Call): Results => {
    const axis = call.axis(call.file.attributes.int('axis', 1), call.rank(from));
    const isEmpty = (i: number): boolean => isConstant(call.operand(i)) && call.shape(i)[axis] === 0;
    const values = call.inputs.flatMap((_, i) =>
      i >= from && (i - from) % step === 0 && !isEmpty(i) ? [call.data(i)] : [],
    );
    return call.apply('concat', values, { axis });
  };

function split(call: Call): Results {
  const x = call.data(0);
  const axis = call.axis(call.file.attributes.int('axis', 0));
  const output = call.file.outputs;
  const stated = call.file.attributes.ints('split');
  const sizes = stated ?? (call.has(1) ? call.sizes(1, 'parts') : equalParts(x.shape[axis]!, output.length));
  if (sizes.length !== output.length || !equal(total(sizes), x.shape[axis]!))
    throw new InputError(
      `its ${output.length} parts [${sizes.map(show).join(', ')}] do not make up the side ${axis} of ${showShape(x.shape)}`,
    );
  return output.map((name, part) => (name === '' ? undefined : partOf(call, x, axis, sizes, part, String(part))));
}

/** From opset 18 on the last part may be smaller. */
function equalParts(side: Dim, length: number): readonly Dim[] {
  const each = isNumber(side) ? Math.ceil(side / length) : div(side, length);
  return Array.from({ length }, (_, i) => (i < length - 1 ? each : sub(side, mul(each, length - 1))));
}

function slice(call: Call): Results {
  const x = call.data(0);
  const bounds = (name: 'starts' | 'ends', i: number): readonly Dim[] =>
    call.file.attributes.ints(name) ?? call.sizes(i, name);
  const [starts, ends] = [bounds('starts', 1), bounds('ends', 2)];
  const axes = call.axes(listOf(call, 'axes', 3) ?? starts.map((_, i) => i));
  const steps = call.has(4) ? call.whole(4, 'steps') : axes.map(() => 1);
  if ([starts, ends, steps].some(({ length }) => length !== axes.length))
    throw new InputError('its starts, ends, axes and steps are not equally many');
  const cuts = x.shape.map(wholeSide);
  axes.forEach((axis, i) => (cuts[axis] = cutOf(x.shape[axis]!, starts[i]!, ends[i]!, steps[i]!)));
  return cut(call, x, cuts);
}

function expand(call: Call): Results {
  const x = call.data(0);
  const wanted = call.sizes(1, 'sides');
  const rank = Math.max(wanted.length, x.shape.length);
  const sides = Array.from({ length: rank }, (_, i): Dim => {
    const [own, other] = [x.shape[x.shape.length - rank + i] ?? 1, wanted[wanted.length - rank + i] ?? 1];
    return other === 1 ? own : other;
  });
  return sameShape(sides, x.shape) ? x : call.apply('expand', x, { shape: sides });
}

/** Before opset 6 one side is repeated: its number is the third input. */
function alongOne(call: Call, shape: Shape): readonly Dim[] {
  const [times] = call.sizes(1, 'tiles');
  const [axis] = call.whole(2, 'axis');
  return shape.map((): Dim => 1).with(call.axis(axis ?? 0), times ?? 1);
}

function tile(call: Call): Results {
  const x = call.data(0);
  const repeats = call.file.facts.opset < 6 ? alongOne(call, x.shape) : call.sizes(1, 'repeats');
  if (repeats.length !== x.shape.length)
    throw new InputError(`its ${repeats.length} repeats do not fit ${showShape(x.shape)}`);
  return repeats.every((one) => one === 1) ? x : call.apply('tile', x, { repeats });
}

/** [N, b b C, H, W] to [N, C, H b, W b]. */
function depthToSpace(call: Call): Results {
  const x = call.data(0);
  const [n, c, h, w] = fourSides(x);
  const block = call.file.attributes.int('blocksize', 1);
  const channels = div(c, block * block);
  const columns = call.file.attributes.text('mode', 'DCR') === 'CRD';
  const inner = columns ? [channels, block, block, h, w] : [block, block, channels, h, w];
  const order = columns ? [0, 1, 4, 2, 5, 3] : [0, 3, 4, 1, 5, 2];
  const turned = call.apply('transpose', call.apply('reshape', x, { shape: inner }, {}, 'blocks'), { order });
  return call.apply('view', turned, { shape: [n, channels, mul(h, block), mul(w, block)] }, {}, 'image');
}

/** [N, C, H b, W b] to [N, b b C, H, W]. */
function spaceToDepth(call: Call): Results {
  const x = call.data(0);
  const [n, c, h, w] = fourSides(x);
  const block = call.file.attributes.int('blocksize', 1);
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

/** Columns added up where their windows stand. */
function col2Im(call: Call): Results {
  const { attributes } = call.file;
  const [size, kernel] = [call.sizes(1, 'image sides'), call.whole(2, 'block sides')];
  const pads = attributes.ints('pads') ?? [0, 0, 0, 0];
  if (size.length !== 2 || kernel.length !== 2 || pads.length !== 4)
    throw new InputError('it makes no image of two sides');
  const [stride, dilation] = [attributes.ints('strides') ?? [1, 1], attributes.ints('dilations') ?? [1, 1]];
  return call.apply('fold', call.data(0), { kernel, stride, dilation, padding: pads, size } as never);
}

const reversed = (call: Call): Results =>
  call.apply('flip', call.data(0), { axes: [call.axis(call.file.attributes.int('time_axis', 0))] });

/** One triangle of the last two sides is kept: a mask for each matrix. */
const triangle = (call: Call): Results =>
  call.apply('scaleBy', call.data(0), { shape: call.shape(0).slice(-2), learnt: false });

export const ARRANGEMENTS: Readonly<Record<string, OnnxRow>> = {
  Reshape: { convert: reshape },
  Flatten: { convert: flatten },
  Squeeze: { convert: squeeze },
  Unsqueeze: { convert: unsqueeze },
  Transpose: { convert: transpose },
  Concat: { convert: concat(0, 1) },
  QLinearConcat: { convert: concat(2, 3) },
  Split: { convert: split },
  Slice: { convert: slice },
  Expand: { convert: expand },
  Tile: { convert: tile },
  DepthToSpace: { convert: depthToSpace },
  SpaceToDepth: { convert: spaceToDepth },
  Col2Im: { convert: col2Im },
  ReverseSequence: { convert: reversed },
  Trilu: { convert: triangle },
};
