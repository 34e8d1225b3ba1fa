// Rows of data in another shape or order: views are free, a new order is a copy.

import { add, div, equal, isNumber, mul, product, sub, total, type Dim } from '../../../dim/dim.js';
import { show } from '../../../dim/text.js';
import type { Dropped, LayoutCopy, Value } from '../../../graph.js';
import { InputError } from '../../../inputError.js';
import { sameShape, showShape } from '../../../shape.js';
import type { Results } from '../../kit/call.js';
import { constant, detached, isConstant, type Operand } from '../../kit/operand.js';
import { completed, regrouped, splitFields } from '../../kit/moves.js';
import { sliceOf } from '../../kit/slice.js';
import { Uncounted } from '../../kit/uncounted.js';
import type { Aten, AtenRow, AtenRows } from '../aten.js';

function reshaped(aten: Aten, x: Value, wanted: readonly Dim[], part = ''): Value {
  const known = product(wanted.filter((side) => side !== -1));
  if (isNumber(known) && known < 1) throw new Uncounted(`it makes a tensor of the sides ${showShape(wanted)}`);
  return regrouped(aten, x, completed(x.shape, wanted), part);
}

const view =
  (name: string): AtenRow =>
  (aten) =>
    reshaped(aten, aten.data('self'), aten.someSizes(name));

const asOther: AtenRow = (aten) => reshaped(aten, aten.data('self'), aten.data('other').shape);

function flatten(aten: Aten): Results {
  const x = aten.data('self');
  if (x.shape.length === 0) return aten.apply('view', x, { shape: [1] });
  const [first, last] = [aten.axis(aten.whole('start_dim', 0), x), aten.axis(aten.whole('end_dim', -1), x)];
  const joined = product(x.shape.slice(first, last + 1));
  return regrouped(aten, x, [...x.shape.slice(0, first), joined, ...x.shape.slice(last + 1)]);
}

function unflatten(aten: Aten): Results {
  const x = aten.data('self');
  const axis = aten.axis(aten.whole('dim'), x);
  const sizes = aten.someSizes('sizes');
  const known = product(sizes.filter((side) => side !== -1));
  const open = sizes.map((side) => (side === -1 ? div(x.shape[axis]!, known) : side));
  return reshaped(aten, x, [...x.shape.slice(0, axis), ...open, ...x.shape.slice(axis + 1)]);
}

function squeeze(aten: Aten): Results {
  const x = aten.data('self');
  const given = aten.wholes('dim');
  const axes = given?.map((axis) => aten.axis(axis, x));
  const kept = x.shape.filter((side, i) => !(side === 1 && (axes === undefined || axes.includes(i))));
  return regrouped(aten, x, kept);
}

function unsqueeze(aten: Aten): Results {
  const x = aten.data('self');
  const given = aten.whole('dim');
  const axis = given < 0 ? given + x.shape.length + 1 : given;
  if (axis < 0 || axis > x.shape.length) throw new InputError(`there is no axis ${given} in ${showShape(x.shape)}`);
  return regrouped(aten, x, x.shape.toSpliced(axis, 0, 1));
}

export function ordered(aten: Aten, x: Value, order: readonly number[], part = ''): Value {
  return order.every((side, i) => side === i) ? x : aten.apply('transpose', x, { order }, {}, part);
}

function permute(aten: Aten): Results {
  const x = aten.data('self');
  const order = (aten.wholes('dims') ?? []).map((axis) => aten.axis(axis, x));
  if (new Set(order).size !== x.shape.length)
    throw new InputError(`its dims [${order.join(', ')}] are not a permutation of the sides of ${showShape(x.shape)}`);
  return ordered(aten, x, order);
}

const swapped =
  (first: string, second: string): AtenRow =>
  (aten) => {
    const x = aten.data('self');
    const [a, b] = [aten.axis(aten.whole(first), x), aten.axis(aten.whole(second), x)];
    return ordered(
      aten,
      x,
      x.shape.map((_, i) => (i === a ? b : i === b ? a : i)),
    );
  };

/** The last two sides. */
const turned: AtenRow = (aten) => {
  const x = aten.data('self');
  const rank = x.shape.length;
  return rank < 2
    ? x
    : ordered(
        aten,
        x,
        x.shape.map((_, i) => (i === rank - 1 ? rank - 2 : i === rank - 2 ? rank - 1 : i)),
      );
};

function moved(aten: Aten): Results {
  const x = aten.data('self');
  const from = (aten.wholes('source') ?? []).map((axis) => aten.axis(axis, x));
  const to = (aten.wholes('destination') ?? []).map((axis) => aten.axis(axis, x));
  const others = x.shape.map((_, i) => i).filter((axis) => !from.includes(axis));
  return ordered(
    aten,
    x,
    x.shape.map((_, i) => (to.includes(i) ? from[to.indexOf(i)]! : others.shift()!)),
  );
}

function concat(aten: Aten): Results {
  const given = aten.operands('tensors');
  // Tensors without elements are left out of a join.
  const values = given.flatMap((one, i) =>
    one && isConstant(one) && one.shape.includes(0) ? [] : [aten.dataOf('tensors', i)],
  );
  const [first] = values;
  if (!first) throw aten.missing('tensors');
  const axis = aten.axis(aten.whole('dim', 0), first);
  return values.length === 1 ? first : aten.apply('concat', values, { axis });
}

function stack(aten: Aten): Results {
  const values = aten.list('tensors');
  const [first] = values;
  if (!first) throw aten.missing('tensors');
  const given = aten.whole('dim', 0);
  const axis = given < 0 ? given + first.shape.length + 1 : given;
  const slabs = values.map((value, i) =>
    aten.apply('view', value, { shape: value.shape.toSpliced(axis, 0, 1) }, {}, `part${i}`),
  );
  return slabs.length === 1 ? slabs[0]! : aten.apply('concat', slabs, { axis });
}

/** A part of one side: `split` for channels, `slice` for any other side. */
function partOf(aten: Aten, x: Value, axis: number, sizes: readonly Dim[], part: number): Value {
  if (sizes.length === 1) return x;
  if (axis === 1) return aten.apply('split', x, splitFields(sizes, part), {}, String(part));
  const begin = x.shape.map((_, i) => (i === axis ? total(sizes.slice(0, part)) : 0));
  const size = x.shape.map((side, i) => (i === axis ? sizes[part]! : side));
  return aten.apply('slice', x, { begin, size, step: x.shape.map(() => 1) }, {}, String(part));
}

/** Only parts that something reads become nodes. */
const parts = (aten: Aten, x: Value, axis: number, sizes: readonly Dim[]): Results => {
  if (!equal(total(sizes), x.shape[axis]!))
    throw new InputError(`its parts ${showShape(sizes)} do not make up the side ${axis} of ${showShape(x.shape)}`);
  return sizes.map((_, part) => (aten.isRead(part) ? partOf(aten, x, axis, sizes, part) : undefined));
};

/** Parts of one length, of which the last may be shorter. */
function inLengths(side: Dim, each: Dim): readonly Dim[] {
  if (!isNumber(side) || !isNumber(each)) {
    const count = div(side, each);
    if (!isNumber(count)) throw new Uncounted('how many parts it makes depends on the size of the image');
    return Array.from({ length: count }, () => each);
  }
  if (each < 1) throw new InputError(`its parts have ${each} elements`);
  const count = Math.ceil(side / each);
  if (count > MOST_PARTS) throw new InputError(`it makes ${count} parts`);
  return Array.from({ length: count }, (_, i) => Math.min(each, side - i * each));
}
const MOST_PARTS = 10_000;

function chunk(aten: Aten): Results {
  const x = aten.data('self');
  const axis = aten.axis(aten.whole('dim', 0), x);
  const [side, count] = [x.shape[axis]!, aten.whole('chunks')];
  const each = isNumber(side) ? Math.ceil(side / Math.max(1, count)) : div(side, count);
  return parts(aten, x, axis, inLengths(side, each));
}

function split(aten: Aten): Results {
  const x = aten.data('self');
  const axis = aten.axis(aten.whole('dim', 0), x);
  const argument = ['split_sizes', 'split_size'].find((name) => aten.has(name)) ?? 'split_size';
  const sizes = aten.someSizes(argument);
  const several = aten.argument(argument)?.kind === 'numbers';
  return parts(aten, x, axis, several ? sizes : inLengths(x.shape[axis]!, sizes[0]!));
}

/** Splits at given places, or into a number of parts of which the first may be longer by one. */
function tensorSplit(aten: Aten): Results {
  const x = aten.data('self');
  const axis = aten.axis(aten.whole('dim', 0), x);
  const side = x.shape[axis]!;
  const places = aten.sizes('indices');
  if (places) {
    const bounds = [0, ...places.map((place) => (isNumber(place) && place < 0 ? add(side, place) : place)), side];
    return parts(
      aten,
      x,
      axis,
      bounds.slice(1).map((bound, i) => sub(bound, bounds[i]!)),
    );
  }
  const count = aten.whole('sections');
  if (!isNumber(side) || count < 1 || count > side) {
    const each = isNumber(side) ? undefined : div(side, count);
    if (each === undefined) throw new InputError(`it makes ${count} parts of a side of ${show(side)}`);
    return parts(aten, x, axis, new Array<Dim>(count).fill(each));
  }
  const sizes = Array.from({ length: count }, (_, i) => Math.floor(side / count) + (i < side % count ? 1 : 0));
  return parts(aten, x, axis, sizes);
}

function unbind(aten: Aten): Results {
  const x = aten.data('self');
  const axis = aten.axis(aten.whole('dim', 0), x);
  const side = x.shape[axis]!;
  if (!isNumber(side)) throw new Uncounted('how many parts it makes depends on the size of the image');
  return inLengths(side, 1).map((_, i) => (aten.isRead(i) ? selected(aten, x, axis, i, String(i)) : undefined));
}

/** Takes one element of a side and removes the side. */
function selected(aten: Aten, x: Value, axis: number, index: Dim, part = ''): Value {
  const at = isNumber(index) && index < 0 ? add(x.shape[axis]!, index) : index;
  const slab = cut(aten, x, axis, { first: at, length: 1, step: 1 }, part === '' ? 'part' : `part${part}`);
  const sides = x.shape.toSpliced(axis, 1);
  return regrouped(aten, slab, sides, slab === x ? '' : part);
}

const select: AtenRow = (aten) => {
  const x = aten.data('self');
  return selected(aten, x, aten.axis(aten.whole('dim'), x), aten.size('index'));
};

interface Cut {
  readonly first: Dim;
  readonly length: Dim;
  readonly step: number;
}

function cut(aten: Aten, x: Value, axis: number, { first, length, step }: Cut, part = ''): Value {
  const side = x.shape[axis]!;
  if (step === 1 && first === 0 && equal(length, side)) return x;
  if (axis === 1 && step === 1) {
    const sizes = [first, length, sub(side, add(first, length))];
    const given = { sizes: sizes.filter((size) => size !== 0), part: first === 0 ? 0 : 1 };
    return aten.apply('split', x, given, {}, part);
  }
  const given = {
    begin: x.shape.map((_, i) => (i === axis ? first : 0)),
    size: x.shape.map((whole, i) => (i === axis ? length : whole)),
    step: x.shape.map((_, i) => (i === axis ? step : 1)),
  };
  return aten.apply('slice', x, given, {}, part);
}

function slice(aten: Aten): Results {
  const x = aten.operand('self');
  if (!x) throw aten.missing('self');
  const axis = aten.axis(aten.whole('dim', 0), x);
  const side = x.shape[axis]!;
  const step = aten.whole('step', 1);
  if (step < 1) throw new InputError(`its step is ${step}: PyTorch slices in steps from 1 up`);
  const { first, length } = sliceOf(side, aten.size('start', 0), aten.size('end', 2 ** 53), step);
  // Programs fill masks part by part, and some parts are empty.
  if (isConstant(x) && isNumber(length))
    return constant(x.type, x.shape.with(axis, Math.max(0, length)), undefined, x.stored);
  if (isNumber(length) && length < 1) throw new Uncounted(`it takes nothing of a side of ${show(side)}`);
  return cut(aten, aten.data('self'), axis, { first, length, step });
}

const narrow: AtenRow = (aten) => {
  const x = aten.data('self');
  return cut(aten, x, aten.axis(aten.whole('dim'), x), {
    first: aten.size('start'),
    length: aten.size('length'),
    step: 1,
  });
};

/** -1 keeps a side. */
function expand(aten: Aten): Results {
  const x = aten.data('self');
  const wanted = aten.has('size') ? aten.someSizes('size') : aten.data('other').shape;
  const missing = wanted.length - x.shape.length;
  const sides = wanted.map((side, i) => (side === -1 ? (x.shape[i - missing] ?? 1) : side));
  return sameShape(sides, x.shape) ? x : aten.apply('expand', x, { shape: sides });
}

/** [N, b b C, H, W] to [N, C, H b, W b]. */
function pixelShuffle(aten: Aten): Results {
  const x = aten.data('self');
  const [n, c, h, w] = image(x);
  const block = aten.whole('upscale_factor');
  const channels = div(c, block * block);
  const blocks = aten.apply('reshape', x, { shape: [channels, block, block, h, w] }, {}, 'blocks');
  const order = aten.apply('transpose', blocks, { order: [0, 1, 4, 2, 5, 3] }, {}, 'order');
  return aten.apply('view', order, { shape: [n, channels, mul(h, block), mul(w, block)] });
}

/** [N, C, H b, W b] to [N, C b b, H, W]. */
function pixelUnshuffle(aten: Aten): Results {
  const x = aten.data('self');
  const [n, c, h, w] = image(x);
  const block = aten.whole('downscale_factor');
  const [rows, columns] = [div(h, block), div(w, block)];
  const blocks = aten.apply('reshape', x, { shape: [c, rows, block, columns, block] }, {}, 'blocks');
  const order = aten.apply('transpose', blocks, { order: [0, 1, 3, 5, 2, 4] }, {}, 'order');
  return aten.apply('view', order, { shape: [n, mul(c, block * block), rows, columns] });
}

export function image({ shape }: Value): readonly [Dim, Dim, Dim, Dim] {
  const [n, c, h, w] = shape;
  if (shape.length !== 4) throw new Uncounted(`it needs an image [N, C, H, W], not ${showShape(shape)}`);
  return [n!, c!, h!, w!];
}

const shuffle: AtenRow = (aten) => aten.apply('channelShuffle', aten.data('self'), { groups: aten.whole('groups') });

/** A program in eval mode also states its dropouts, which training runs. */
const dropout =
  (what: Dropped): AtenRow =>
  (aten) =>
    aten.number('p', 0.5) > 0
      ? aten.dropped(aten.has('self') ? 'self' : 'input', what, aten.flag('train', true) ? 'train' : 'eval')
      : itself(aten);

/** Ops that change no shape and compute nothing that is counted. */
const itself: AtenRow = (aten) => aten.operand('self') ?? aten.operand('input') ?? aten.data('self');

const stopped: AtenRow = (aten) => detached(itself(aten) as Operand);

const relaid =
  (how: LayoutCopy): AtenRow =>
  (aten) => {
    const x = itself(aten) as Operand;
    return isConstant(x) ? x : { ...x, layoutCopy: { how, of: x.layoutCopy?.of ?? x } };
  };

export const ARRANGEMENTS: AtenRows = {
  view: view('size'),
  _unsafe_view: view('size'),
  reshape: view('shape'),
  view_as: asOther,
  reshape_as: asOther,
  flatten,
  unflatten,
  squeeze,
  unsqueeze,
  permute,
  transpose: swapped('dim0', 'dim1'),
  swapaxes: swapped('axis0', 'axis1'),
  swapdims: swapped('dim0', 'dim1'),
  t: turned,
  mT: turned,
  numpy_T: (aten) => {
    const x = aten.data('self');
    return ordered(aten, x, x.shape.map((_, i) => i).reverse());
  },
  movedim: moved,
  moveaxis: moved,
  cat: concat,
  concat,
  concatenate: concat,
  stack,
  chunk,
  split,
  split_with_sizes: split,
  tensor_split: tensorSplit,
  unsafe_chunk: chunk,
  unsafe_split: split,
  unbind,
  select,
  slice,
  narrow,
  expand,
  expand_as: expand,
  broadcast_to: expand,
  pixel_shuffle: pixelShuffle,
  pixel_unshuffle: pixelUnshuffle,
  channel_shuffle: shuffle,
  native_channel_shuffle: shuffle,
  contiguous: relaid('contiguous'),
  clone: relaid('copy'),
  _to_copy: relaid('copy'),
  detach: stopped,
  detach_: stopped,
  ...Object.fromEntries(
    [
      ...['alias', 'lift_fresh_copy', 'lift_fresh', 'lift', 'to'],
      ...['type_as', 'float', 'half', 'bfloat16', 'double', 'int', 'long', 'bool', 'requires_grad_', 'positive'],
      ...['resolve_conj', 'resolve_neg', 'fill_', 'fill', 'zero_', 'zero'],
    ].map((name) => [name, itself]),
  ),
  ...Object.fromEntries(
    ['dropout', 'alpha_dropout'].flatMap((name) => [
      ...[name, `${name}_`].map((plain) => [plain, dropout('elements')] as const),
      ...[`feature_${name}`, `feature_${name}_`].map((whole) => [whole, dropout('channels')] as const),
    ]),
  ),
  /** Nothing reads the mask of a dropout in eval mode. */
  native_dropout: (aten) => [dropout('elements')(aten) as Operand, undefined],
};
