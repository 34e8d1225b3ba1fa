// Rows for pools and reductions. A mean over the whole image is a global pool, whatever op it was.

import { equal, isNumber, type Dim } from '../../../dim/dim.js';
import type { OpGiven } from '../../../builder.js';
import type { Value } from '../../../graph.js';
import type { Shape } from '../../../shape.js';
import type { Results } from '../../kit/call.js';
import { constant } from '../../kit/operand.js';
import { Uncounted } from '../../kit/uncounted.js';
import type { Aten, AtenRow, AtenRows } from '../aten.js';
import { perSide } from './convolution.js';

type Kind = 'max' | 'avg';
const x = (aten: Aten): Value => aten.data(aten.has('self') ? 'self' : 'input');

const pair = ([a = 1, b = a]: readonly number[]): readonly [number, number] => [a, b];

/** A pool of an image without a batch. */
function batched(aten: Aten, value: Value, rank: number, pool: (image: Value) => Value): Value {
  if (value.shape.length !== rank + 1) return pool(value);
  const image = aten.apply('view', value, { shape: [1, ...value.shape] }, {}, 'batch');
  const pooled = pool(image);
  return aten.apply('view', pooled, { shape: pooled.shape.slice(1) }, {}, 'image');
}

const windowed =
  (kind: Kind, rank: 1 | 2 | 3): AtenRow =>
  (aten) => {
    const kernel = perSide(aten, 'kernel_size', rank, 1);
    const stride = (aten.wholes('stride') ?? []).length === 0 ? kernel : perSide(aten, 'stride', rank, 1);
    const before = perSide(aten, 'padding', rank, 0);
    const ceil = aten.flag('ceil_mode', false);
    const dilation = perSide(aten, 'dilation', rank, 1);
    const countIncludePad = aten.flag('count_include_pad', true);
    return batched(aten, x(aten), rank, (image) => {
      if (rank === 2) {
        const [top, left] = pair(before);
        const given = { kernel: pair(kernel), stride: pair(stride), padding: [top, left, top, left] as const, ceil };
        return kind === 'max'
          ? aten.apply('maxPool', image, { ...given, dilation: pair(dilation) })
          : aten.apply('avgPool', image, { ...given, countIncludePad });
      }
      const given = { kernel, stride, padding: [...before, ...before], ceil };
      return kind === 'max'
        ? aten.apply(`maxPool${rank}d`, image, { ...given, dilation })
        : aten.apply(`avgPool${rank}d`, image, { ...given, countIncludePad });
    });
  };

/**
 * Values and their indices, which the same op finds. The indices are data and cost nothing more.
 */
const withPlaces =
  (row: AtenRow): AtenRow =>
  (aten) => {
    const made = row(aten) as Value;
    return [made, constant('int', made.shape)];
  };

/** Zeros with the maxima where they were. */
const unpool: AtenRow = (aten) => {
  const value = x(aten);
  const size = aten.someSizes('output_size');
  const shape = [...value.shape.slice(0, value.shape.length - size.length), ...size];
  const zeros = aten.apply('constant', [], { shape }, {}, 'zeros');
  return aten.apply('scatter', [zeros, value]);
};

const adaptive =
  (kind: Kind, rank: 1 | 2 | 3): AtenRow =>
  (aten) => {
    const size = aten.someSizes('output_size');
    return batched(aten, x(aten), rank, (image) => {
      if (size.every((side) => side === 1))
        return aten.apply(kind === 'avg' ? 'globalAvgPool' : 'globalMaxPool', image);
      const sides = sidesOf(image.shape, size, rank);
      if (kind === 'max') return aten.apply(`adaptiveMaxPool${rank}d`, image, { size: sides });
      return rank === 2
        ? aten.apply('adaptiveAvgPool', image, { size: pair(sides) })
        : aten.apply(`adaptiveAvgPool${rank}d`, image, { size: sides });
    });
  };

/** Along a side whose size is that of the input, the pool does nothing. */
function sidesOf(shape: Shape, size: readonly Dim[], rank: number): readonly number[] {
  return Array.from({ length: rank }, (_, i) => {
    const side = size.length === 1 ? size[0]! : size[i]!;
    if (isNumber(side)) return side;
    throw new Uncounted(
      `its size depends on that of the image${equal(side, shape[i + 2]!) ? ', so that it does nothing' : ''}`,
    );
  });
}

type Mode = NonNullable<OpGiven<'reduce'>['mode']>;

function reduced(aten: Aten, mode: Mode, value = x(aten)): Value {
  if (value.shape.length === 0) return value;
  const axes = aten.axes('dim', value);
  const keep = aten.flag('keepdim', false);
  const whole = value.shape.length === 4 && axes.join() === '2,3';
  if (whole && (mode === 'mean' || mode === 'max')) {
    const pooled = aten.apply(mode === 'mean' ? 'globalAvgPool' : 'globalMaxPool', value);
    return keep ? pooled : aten.apply('flatten', pooled, {}, {}, 'flatten');
  }
  return aten.apply('reduce', value, { axes, mode, keep });
}

const reduce =
  (mode: Mode): AtenRow =>
  (aten) =>
    reduced(aten, mode);

/**
 * max(x) is a number, max(x, y) is taken element by element, max(x, dim) gives values and places.
 */
const most =
  (mode: 'max' | 'min'): AtenRow =>
  (aten) => {
    if (aten.has('other'))
      return aten.apply(mode === 'max' ? 'maximum' : 'minimum', [aten.data('self'), aten.data('other')]);
    if (!aten.has('dim')) return reduced(aten, mode);
    const value = x(aten);
    const axis = aten.axis(aten.whole('dim'), value);
    const place = (): Value =>
      aten.apply(
        mode === 'max' ? 'argMax' : 'argMin',
        value,
        { axis, keep: aten.flag('keepdim', false) },
        {},
        'places',
      );
    return [aten.isRead(0) ? reduced(aten, mode) : undefined, aten.isRead(1) ? place() : undefined];
  };

/** A variance and a mean read their input once each. */
const spread =
  (mode: 'variance' | 'deviation'): AtenRow =>
  (aten) => [
    aten.isRead(0) ? reduced(aten, mode) : undefined,
    aten.isRead(1)
      ? aten.apply(
          'reduce',
          x(aten),
          { axes: aten.axes('dim', x(aten)), mode: 'mean', keep: aten.flag('keepdim', false) },
          {},
          'mean',
        )
      : undefined,
  ];

const place =
  (op: 'argMax' | 'argMin'): AtenRow =>
  (aten) => {
    const value = x(aten);
    if (aten.has('dim')) {
      const axis = aten.axis(aten.whole('dim'), value);
      return aten.apply(op, value, { axis, keep: aten.flag('keepdim', false) });
    }
    const flat = aten.apply('view', value, { shape: [-1] }, {}, 'flat');
    return aten.apply(op, flat, { axis: 0 });
  };

function norm(aten: Aten): Results {
  const order = ['p', 'ord'].find((name) => aten.has(name));
  const power = order === undefined ? 2 : aten.number(order);
  const modes: Readonly<Record<number, Mode>> = { 1: 'l1', 2: 'norm', [Infinity]: 'max' };
  return reduced(aten, modes[power] ?? 'norm');
}

function topK(aten: Aten): Results {
  const value = x(aten);
  const given = {
    k: aten.size('k'),
    axis: aten.axis(aten.whole('dim', -1), value),
    largest: aten.flag('largest', true),
  };
  return outputs(aten, (output, part) => aten.apply('topK', value, { ...given, output }, {}, part));
}

function sort(aten: Aten): Results {
  const value = x(aten);
  const given = { axis: aten.axis(aten.whole('dim', -1), value), descending: aten.flag('descending', false) };
  if (aten.name === 'argsort') return aten.apply('sort', value, { ...given, output: 'indices' });
  return outputs(aten, (output, part) => aten.apply('sort', value, { ...given, output }, {}, part));
}

/** Values and places are two nodes. */
const outputs = (aten: Aten, apply: (output: 'values' | 'indices', part: string) => Value): Results => [
  aten.isRead(0) ? apply('values', '') : undefined,
  aten.isRead(1) ? apply('indices', 'places') : undefined,
];

const running =
  (mode: 'sum' | 'product' | 'max' | 'min'): AtenRow =>
  (aten) => {
    const value = x(aten);
    return aten.apply('cumSum', value, { axis: aten.axis(aten.whole('dim'), value), mode });
  };

const RANKS = [1, 2, 3] as const;

export const POOLS: AtenRows = {
  ...Object.fromEntries(
    RANKS.flatMap((rank): readonly (readonly [string, AtenRow])[] => [
      [`max_pool${rank}d`, windowed('max', rank)],
      [`max_pool${rank}d_with_indices`, withPlaces(windowed('max', rank))],
      [`avg_pool${rank}d`, windowed('avg', rank)],
      [`adaptive_avg_pool${rank}d`, adaptive('avg', rank)],
      [`_adaptive_avg_pool${rank}d`, adaptive('avg', rank)],
      [`adaptive_max_pool${rank}d`, withPlaces(adaptive('max', rank))],
    ]),
  ),
  max_unpool2d: unpool,
  max_unpool3d: unpool,
  mean: reduce('mean'),
  sum: reduce('sum'),
  prod: reduce('product'),
  amax: reduce('max'),
  amin: reduce('min'),
  max: most('max'),
  min: most('min'),
  any: reduce('any'),
  all: reduce('all'),
  var: reduce('variance'),
  std: reduce('deviation'),
  var_mean: spread('variance'),
  std_mean: spread('deviation'),
  logsumexp: reduce('logSumExp'),
  norm,
  linalg_vector_norm: norm,
  frobenius_norm: norm,
  argmax: place('argMax'),
  argmin: place('argMin'),
  topk: topK,
  sort,
  argsort: sort,
  cumsum: running('sum'),
  cumprod: running('product'),
};
