// Rows of elements that are picked, repeated, shifted, padded or resampled.

import { add, div, equal, isNumber, mul, type Dim } from '../../../dim/dim.js';
import type { Value } from '../../../graph.js';
import { broadcast } from '../../../ops/arithmetic.js';
import { InputError } from '../../../inputError.js';
import { showShape, type Shape } from '../../../shape.js';
import type { Results } from '../../kit/call.js';
import { wholeFactor } from '../../kit/moves.js';
import { isConstant, type Operand } from '../../kit/operand.js';
import { DataDependent, Uncounted } from '../../kit/uncounted.js';
import type { Aten, AtenRow, AtenRows } from '../aten.js';
import { regrouped } from '../../kit/moves.js';
import { image } from './arrangement.js';
import { perSide } from './convolution.js';

const isLearnt = (operand: Operand | undefined): boolean =>
  operand !== undefined && isConstant(operand) && operand.stored !== undefined;

/** A learnt table of which computed indices pick rows. */
function embedding(aten: Aten): Results {
  const table = aten.operand('weight');
  const indices = aten.data('indices');
  if (table && isConstant(table) && isLearnt(table) && table.shape.length === 2) {
    const [entries, features] = table.shape;
    return aten.apply('embedding', indices, { entries: entries!, features: features! }, { weight: table });
  }
  return aten.apply('gather', [aten.data('weight'), indices], { axis: 0 });
}

/** One index for each side, or none: x[:, a, b] has the sides of a and b in their place. */
function index(aten: Aten): Results {
  const x = aten.data('self');
  const indices = aten.operands('indices');
  const given = indices.flatMap((one, axis) => (one ? [axis] : []));
  const [first] = given;
  if (first === undefined) return x;
  const shape = indices.reduce<Shape>((all, one) => (one ? broadcast(all, one.shape) : all), []);
  if (given.some((axis) => indices[axis]!.shape.length === x.shape.length && x.shape.length > 1 && isMask(aten, axis)))
    throw new DataDependent('how many elements it picks depends on what the image shows');
  const adjacent = given.every((axis, i) => axis === first + i);
  const kept = x.shape.filter((_, axis) => !given.includes(axis));
  const at = adjacent ? first : 0;
  const sides = [...kept.slice(0, at), ...shape, ...kept.slice(at)];
  return picked(aten, x, given, sides, indices);
}

/** A mask is of type bool. It picks as many elements as are true. */
function isMask(aten: Aten, axis: number): boolean {
  const argument = aten.argument('indices');
  const name = argument?.kind === 'tensors' ? argument.names[axis] : undefined;
  return name !== undefined && aten.call.file.typeOf(name) === 'bool';
}

/** A gather reads the elements that it gives, and its indices where the network computes them. */
function picked(
  aten: Aten,
  x: Value,
  axes: readonly number[],
  sides: Shape,
  indices: readonly (Operand | undefined)[],
): Value {
  const [axis] = axes;
  const places = axes.map((one) => indices[one]!);
  const [only] = places;
  if (axes.length === 1 && only) {
    const inputs = isConstant(only) ? [x] : [x, only];
    const shape = isConstant(only) ? only.shape : [];
    return aten.apply('gather', inputs, { axis: axis!, shape });
  }
  // Several sides are moved to the front and picked from together.
  const kept = x.shape.map((_, i) => i).filter((i) => !axes.includes(i));
  const front = aten.apply('view', x, { shape: [...axes, ...kept].map((i) => x.shape[i]!) }, {}, 'front');
  const count = places.reduce<Shape>((all, one) => broadcast(all, one.shape), []);
  const picked = aten.apply('gatherNd', front, { shape: [...count, axes.length] }, {}, 'picked');
  return regrouped(aten, picked, sides);
}

function indexSelect(aten: Aten): Results {
  const x = aten.data('self');
  const axis = aten.axis(aten.whole('dim'), x);
  const places = aten.operand('index');
  if (!places) throw aten.missing('index');
  return isConstant(places)
    ? aten.apply('gather', x, { axis, shape: places.shape })
    : aten.apply('gather', [x, places], { axis });
}

const gather: AtenRow = (aten) => {
  const x = aten.data('self');
  return aten.apply('gatherElements', [x, aten.data('index')], { axis: aten.axis(aten.whole('dim'), x) });
};

/** Replaces elements in a copy. It reads the input, the indices and the new elements. */
const scatter =
  (mode: 'replace' | 'add', names: readonly string[]): AtenRow =>
  (aten) => {
    const others = names.flatMap((name) => (aten.argument(name)?.kind === 'tensor' ? [aten.data(name)] : []));
    return aten.apply('scatter', [aten.data('self'), ...others], { mode });
  };

const roll: AtenRow = (aten) => {
  const x = aten.data('self');
  const shifts = (aten.wholes('shifts') ?? []).map((shift) => shift);
  const axes = (aten.wholes('dims') ?? []).map((axis) => aten.axis(axis, x));
  if (axes.length > 0) return aten.apply('roll', x, { axes, shifts });
  const flat = aten.apply('view', x, { shape: [-1] }, {}, 'flat');
  return regrouped(aten, aten.apply('roll', flat, { axes: [0], shifts }), x.shape, 'sides');
};

const flip: AtenRow = (aten) => {
  const x = aten.data('self');
  return aten.apply('flip', x, { axes: aten.axes('dims', x) });
};

/** Sides in front are added where there are more numbers than sides. */
function repeat(aten: Aten): Results {
  const x = aten.data('self');
  const given = aten.sizes('repeats') ?? aten.someSizes('dims');
  const rank = Math.max(given.length, x.shape.length);
  const sides = [...new Array<Dim>(rank - x.shape.length).fill(1), ...x.shape];
  const repeats = [...new Array<Dim>(rank - given.length).fill(1), ...given];
  if (repeats.some((count) => count === 0)) throw new Uncounted('it repeats a side 0 times');
  const padded = regrouped(aten, x, sides, 'sides');
  return repeats.every((count) => count === 1) ? padded : aten.apply('tile', padded, { repeats });
}

function repeatInterleave(aten: Aten): Results {
  if (aten.argument('repeats')?.kind === 'tensor') throw new Uncounted('how often it repeats each element is computed');
  const x = aten.data('self');
  const repeats = aten.size('repeats');
  if (aten.has('dim')) return aten.apply('repeatElements', x, { axis: aten.axis(aten.whole('dim'), x), repeats });
  return aten.apply('repeatElements', aten.apply('view', x, { shape: [-1] }, {}, 'flat'), { axis: 0, repeats });
}

const MODES: Readonly<Record<string, 'constant' | 'reflect' | 'edge' | 'wrap'>> = {
  constant: 'constant',
  reflect: 'reflect',
  replicate: 'edge',
  circular: 'wrap',
};

/** The last side comes first, each with what stands before and after it. A negative one cuts. */
function pad(aten: Aten): Results {
  const x = aten.data('self');
  const given = aten.sizes('pad') ?? aten.someSizes('padding');
  if (given.length % 2 !== 0 || given.length > 2 * x.shape.length)
    throw new InputError(`its padding of ${given.length} numbers does not fit ${showShape(x.shape)}`);
  const at = (axis: number, after: 0 | 1): Dim => given[2 * (x.shape.length - 1 - axis) + after] ?? 0;
  const before = x.shape.map((_, axis) => at(axis, 0));
  const after = x.shape.map((_, axis) => at(axis, 1));
  return padded(aten, cropped(aten, x, before, after), before.map(atLeastZero), after.map(atLeastZero), modeOf(aten));
}

const modeOf = (aten: Aten): 'constant' | 'reflect' | 'edge' | 'wrap' => {
  if (aten.name.startsWith('reflection')) return 'reflect';
  if (aten.name.startsWith('replication')) return 'edge';
  const mode = aten.text('mode') ?? (aten.name.includes('circular') ? 'circular' : 'constant');
  const known = MODES[mode];
  if (known) return known;
  throw new Uncounted(`its mode ${mode} is unknown`);
};

const atLeastZero = (size: Dim): Dim => (isNumber(size) && size < 0 ? 0 : size);
const cutOff = (size: Dim): number => (isNumber(size) && size < 0 ? -size : 0);

function cropped(aten: Aten, x: Value, before: readonly Dim[], after: readonly Dim[]): Value {
  if (![...before, ...after].some((size) => cutOff(size) > 0)) return x;
  const begin = before.map(cutOff);
  const size = x.shape.map((side, i) => add(side, -begin[i]! - cutOff(after[i]!)));
  return aten.apply('slice', x, { begin, size, step: begin.map(() => 1) }, {}, 'cut');
}

type PadMode = ReturnType<typeof modeOf>;

function padded(aten: Aten, x: Value, before: readonly Dim[], after: readonly Dim[], mode: PadMode): Value {
  if ([...before, ...after].every((size) => size === 0)) return x;
  const numbers = [...before, ...after].every(isNumber);
  if (x.shape.length === 4 && mode === 'constant' && numbers && before[0] === 0 && after[0] === 0) {
    const [, , top, left] = before as readonly number[];
    const [, , bottom, right] = after as readonly number[];
    return aten.apply('pad', x, { padding: [top!, left!, bottom!, right!], channels: [before[1]!, after[1]!] });
  }
  return aten.apply('padSides', x, { before, after, mode });
}

const RESIZES: Readonly<Record<string, 'nearest' | 'linear' | 'bilinear' | 'trilinear' | 'bicubic'>> = {
  nearest: 'nearest',
  linear: 'linear',
  bilinear: 'bilinear',
  trilinear: 'trilinear',
  bicubic: 'bicubic',
};

/** upsample_bilinear2d, _upsample_nearest_exact1d, ... */
function resize(aten: Aten): Results {
  const x = aten.data(aten.has('self') ? 'self' : 'input');
  const [, kind = ''] = /upsample_([a-z]+)/.exec(aten.name) ?? [];
  const mode = RESIZES[kind];
  if (!mode) throw new Uncounted(`its mode ${kind} is unknown`);
  const sides = x.shape.slice(2);
  const size = aten.sizes('output_size') ?? sides.map((side, i) => scaledBy(side, scaleOf(aten, i)));
  if (size.every((side, i) => equal(side, sides[i]!))) return x;
  const factors = size.map((side, i) => wholeFactor(sides[i]!, side));
  const [rows, columns] = factors;
  if (sides.length === 2 && (mode === 'nearest' || mode === 'bilinear') && rows !== undefined && columns !== undefined)
    return aten.apply('upsample', x, { scale: [rows, columns], mode });
  return aten.apply('resize', x, { size, mode });
}

function scaleOf(aten: Aten, i: number): Dim {
  const scales = aten.sizes('scale_factors');
  const scale = scales?.[i] ?? scales?.[0];
  if (scale === undefined) throw aten.missing('output_size');
  return scale;
}

function scaledBy(side: Dim, scale: Dim): Dim {
  if (isNumber(side) && isNumber(scale)) return Math.floor(side * scale);
  if (!isNumber(scale) || Number.isInteger(scale)) return mul(side, scale);
  if (Number.isInteger(1 / scale)) return div(side, 1 / scale);
  throw new Uncounted(`it scales a side that is open by ${scale}`);
}

const INTERPOLATIONS = ['linear', 'nearest', 'cubic'] as const;

const gridSample: AtenRow = (aten) =>
  aten.apply('gridSample', [aten.data('input'), aten.data('grid')], {
    mode: INTERPOLATIONS[aten.whole('interpolation_mode', 0)] ?? 'linear',
  });

/** A grid of coordinates, multiplied by one small matrix for each image. */
function affineGrid(aten: Aten): Results {
  const theta = aten.data('theta');
  const [n, , ...sides] = aten.someSizes('size');
  const places = sides.reduce<Dim>(mul, 1);
  const base = aten.call.value(
    { constant: true, type: 'float', shape: [places, sides.length + 1] },
    `${aten.call.file.name}.places`,
  );
  const product = aten.apply('matmul', [base, theta], { transposeSecond: true }, {}, 'product');
  return regrouped(aten, product, [n!, ...sides, sides.length], 'grid');
}

const windows = (aten: Aten) => {
  const [top, left] = perSide(aten, 'padding', 2, 0);
  const both = (name: string): readonly [number, number] => {
    const [a, b] = perSide(aten, name, 2, 1);
    return [a!, b!];
  };
  return {
    kernel: both('kernel_size'),
    stride: both('stride'),
    dilation: both('dilation'),
    padding: [top!, left!, top!, left!] as const,
  };
};

const columns: AtenRow = (aten) => aten.apply('unfold', aten.data('self'), windows(aten));
const uncolumns: AtenRow = (aten) =>
  aten.apply('fold', aten.data('self'), { ...windows(aten), size: aten.someSizes('output_size') });

/**
 * Tensor.unfold: windows of one side become a side of their own at the end. A view of what
 * overlaps.
 */
function sliding(aten: Aten): Results {
  const x = aten.data('self');
  const axis = aten.axis(aten.whole('dimension'), x);
  const [size, step] = [aten.whole('size'), aten.whole('step')];
  const side = x.shape[axis]!;
  const count = isNumber(side) ? Math.floor((side - size) / step) + 1 : div(add(side, step - size), step);
  if (isNumber(count) && count < 1)
    throw new InputError(`windows of ${size} do not fit in a side of ${showShape([side])}`);
  if (equal(mul(count, size), side) && size === step) {
    const split = aten.apply('view', x, { shape: x.shape.toSpliced(axis, 1, count, size) }, {}, 'windows');
    const rank = split.shape.length;
    const order = split.shape.map((_, i) => (i === rank - 1 ? axis + 1 : i > axis ? i + 1 : i));
    return order.every((at, i) => at === i) ? split : aten.apply('transpose', split, { order });
  }
  return overlapping(aten, x, axis, count, size);
}

function overlapping(aten: Aten, x: Value, axis: number, count: Dim, size: number): Value {
  const gathered = aten.apply('gather', x, { axis, shape: [count, size] }, {}, 'windows');
  const rank = gathered.shape.length;
  const order = gathered.shape.map((_, i) => (i === rank - 1 ? axis + 1 : i > axis ? i + 1 : i));
  return order.every((at, i) => at === i) ? gathered : aten.apply('transpose', gathered, { order });
}

/** Boxes are a list of [image, left, top, right, bottom] for the whole batch. */
function boxes(aten: Aten): { readonly regions: Dim; readonly size: readonly [number, number] } {
  const [n] = image(aten.data('input'));
  const rois = aten.operand('rois') ?? aten.operand('boxes');
  if (!rois) throw aten.missing('rois');
  return { regions: div(rois.shape[0]!, n), size: [aten.whole('pooled_height'), aten.whole('pooled_width')] };
}

export const GATHERINGS: AtenRows = {
  embedding,
  index,
  _unsafe_index: index,
  index_select: indexSelect,
  gather,
  scatter: scatter('replace', ['index', 'src']),
  scatter_add: scatter('add', ['index', 'src']),
  scatter_reduce: scatter('add', ['index', 'src']),
  index_put: scatter('replace', ['values']),
  index_put_: scatter('replace', ['values']),
  _unsafe_index_put: scatter('replace', ['values']),
  index_copy: scatter('replace', ['index', 'source']),
  index_fill: scatter('replace', ['index']),
  index_add: scatter('add', ['index', 'source']),
  select_scatter: scatter('replace', ['src']),
  slice_scatter: scatter('replace', ['src']),
  masked_scatter: scatter('replace', ['mask', 'source']),
  copy: (aten) => aten.data('self'),
  copy_: (aten) => aten.data('self'),
  roll,
  flip,
  fliplr: (aten) => aten.apply('flip', aten.data('self'), { axes: [1] }),
  flipud: (aten) => aten.apply('flip', aten.data('self'), { axes: [0] }),
  repeat,
  tile: repeat,
  repeat_interleave: repeatInterleave,
  pad,
  constant_pad_nd: pad,
  ...Object.fromEntries(
    ['reflection_pad', 'replication_pad'].flatMap((name) => [1, 2, 3].map((rank) => [`${name}${rank}d`, pad])),
  ),
  ...Object.fromEntries(
    [
      ...['upsample_nearest1d', 'upsample_nearest2d', 'upsample_nearest3d', '_upsample_nearest_exact1d'],
      ...['_upsample_nearest_exact2d', '_upsample_nearest_exact3d', 'upsample_linear1d', 'upsample_bilinear2d'],
      ...['upsample_trilinear3d', 'upsample_bicubic2d', '_upsample_bilinear2d_aa', '_upsample_bicubic2d_aa'],
    ].map((name) => [name, resize]),
  ),
  grid_sampler: gridSample,
  grid_sampler_2d: gridSample,
  grid_sampler_3d: gridSample,
  affine_grid_generator: affineGrid,
  im2col: columns,
  col2im: uncolumns,
  unfold: sliding,
  tril: (aten) => aten.data('self'),
  triu: (aten) => aten.data('self'),
  roi_align: (aten) => {
    const samples = aten.whole('sampling_ratio', 2);
    return aten.apply('roiAlign', aten.data('input'), { ...boxes(aten), samples: samples > 0 ? samples : 2 });
  },
  roi_pool: (aten) => [aten.apply('roiPool', aten.data('input'), boxes(aten)), undefined],
  ps_roi_pool: (aten) => [aten.apply('psRoiPool', aten.data('input'), boxes(aten)), undefined],
  ps_roi_align: (aten) => [aten.apply('psRoiPool', aten.data('input'), boxes(aten)), undefined],
};
