// Rows of pools and reductions. A mean over the whole image is a global pool.

import { sameShape } from '../../../shape.js';
import { add, div, equal, mul, sub } from '../../../dim/dim.js';
import type { Value } from '../../../graph.js';
import { inChannelsFirst } from '../../kit/moves.js';
import { constant, isConstant } from '../../kit/operand.js';
import { Uncounted } from '../../kit/uncounted.js';
import { listOf, type Call, type Results, type OnnxRow } from '../onnxCall.js';
import { asImage, movingOf, onImage } from './windows.js';

function pool(call: Call, op: 'maxPool' | 'avgPool', x = call.data(0)): Value {
  const { attributes } = call.file;
  const { dilation, ...windows } = movingOf(call, x.shape);
  if (op === 'avgPool' && dilation.some((side) => side !== 1))
    throw new Uncounted('its windows are dilated, which no mean of flopscope is');
  const ceil = attributes.int('ceil_mode', 0) !== 0;
  const countIncludePad = attributes.int('count_include_pad', 0) !== 0;
  if (x.shape.length === 5) {
    if (op === 'maxPool') return call.apply('maxPool3d', x, { ...windows, ceil, dilation });
    return call.apply('avgPool3d', x, { ...windows, ceil, countIncludePad });
  }
  const { dilation: spread, ...moving } = onImage({ ...windows, dilation });
  if (op === 'avgPool')
    return asImage(call, x, (image) => call.apply('avgPool', image, { ...moving, ceil, countIncludePad }));
  return asImage(call, x, (image) => call.apply('maxPool', image, { ...moving, ceil, dilation: spread }));
}

/** Windows of a value that is not the call's input as it stands. */
export const maximumOf = (call: Call, x: Value): Value => pool(call, 'maxPool', x);

/** Quantized images may have their channels last. */
function quantizedPool(call: Call): Results {
  if (call.file.attributes.int('channels_last', 0) === 0 || call.rank(0) !== 4) return pool(call, 'avgPool');
  return inChannelsFirst(call, call.data(0), (image) => pool(call, 'avgPool', image));
}

/**
 * The places of maxima are found with them, and have their sides. Which they are is not known, nor
 * what they cost.
 */
const withPlaces = (pooled: Value): Results => [pooled, constant('int', pooled.shape)];

/** Zeros with the maxima where they were: sides as a transposed convolution has them, or stated. */
function maxUnpool(call: Call): Results {
  const x = call.data(0);
  const { attributes } = call.file;
  const [n, c, ...sides] = x.shape;
  const kernel = attributes.ints('kernel_shape') ?? [];
  if (kernel.length !== sides.length || !sameShape(call.shape(1), x.shape))
    throw call.misfit('places', call.shape(1), x.shape);
  const [stride, pads] = [attributes.ints('strides') ?? [], attributes.ints('pads') ?? []];
  const own = sides.map((side, i) => {
    const cut = (pads[i] ?? 0) + (pads[i + sides.length] ?? 0);
    return add(mul(sub(side, 1), stride[i] ?? 1), kernel[i]! - cut);
  });
  const all = call.has(2) ? call.sizes(2, 'output sides') : [n!, c!, ...own];
  const zeros = call.apply('constant', [], { shape: all }, {}, 'zeros');
  const places = call.operand(1);
  return call.apply('scatter', isConstant(places) ? [zeros, x] : [zeros, places, x]);
}

function lpPool(call: Call): Results {
  const x = call.data(0);
  const { kernel, stride, padding } = onImage(movingOf(call, x.shape));
  const { attributes } = call.file;
  const given = { power: attributes.int('p', 2), kernel, stride, padding, ceil: attributes.int('ceil_mode', 0) !== 0 };
  return asImage(call, x, (image) => call.apply('lpPool', image, given));
}

const globally =
  (op: 'globalAvgPool' | 'globalMaxPool') =>
  (call: Call): Results => {
    const x = call.data(0);
    if (x.shape.length <= 4) return asImage(call, x, (image) => call.apply(op, image));
    const mode = op === 'globalAvgPool' ? 'mean' : 'max';
    return call.apply('reduce', x, { axes: x.shape.map((_, i) => i).slice(2), mode, keep: true });
  };

const globalLp = (call: Call): Results => {
  const x = call.data(0);
  return call.apply('reduce', x, { axes: x.shape.map((_, i) => i).slice(2), mode: 'norm', keep: true });
};

/** Quantized images may have their channels last. */
function quantizedMean(call: Call): Results {
  const x = call.data(0);
  const last = call.file.attributes.int('channels_last', 0) !== 0;
  if (!last && x.shape.length === 4) return call.apply('globalAvgPool', x);
  const axes = x.shape.map((_, i) => i).slice(last ? 1 : 2, last ? -1 : undefined);
  return call.apply('reduce', x, { axes, mode: 'mean', keep: true });
}

const MODES = {
  ReduceMean: 'mean',
  ReduceSum: 'sum',
  ReduceMax: 'max',
  ReduceMin: 'min',
  ReduceProd: 'product',
  ReduceL1: 'l1',
  ReduceL2: 'norm',
  ReduceSumSquare: 'squareSum',
  ReduceLogSum: 'logSum',
  ReduceLogSumExp: 'logSumExp',
  QLinearReduceMean: 'mean',
} as const;

function reduce(call: Call): Results {
  const x = call.data(0);
  const rank = x.shape.length;
  const { attributes } = call.file;
  const given = call.op === 'QLinearReduceMean' ? attributes.ints('axes') : listOf(call, 'axes', 1);
  if (!given?.length && attributes.int('noop_with_empty_axes', 0)) return x;
  const axes = [...new Set(call.axes(given?.length ? given : x.shape.map((_, i) => i)))].sort((a, b) => a - b);
  const keep = attributes.int('keepdims', 1) !== 0;
  if (rank === 4 && axes.join() === '2,3' && (call.op === 'ReduceMean' || call.op === 'ReduceMax'))
    return image(call, x, keep);
  return call.apply('reduce', x, { axes, mode: MODES[call.op as keyof typeof MODES], keep });
}

function image(call: Call, x: Value, keep: boolean): Value {
  const pooled = call.apply(call.op === 'ReduceMean' ? 'globalAvgPool' : 'globalMaxPool', x);
  return keep ? pooled : call.apply('flatten', pooled, {}, {}, 'flatten');
}

/** A grid of samples for each box: the boxes are data, their number is not. */
const regions =
  (op: 'roiAlign' | 'roiPool') =>
  (call: Call): Results => {
    const { attributes } = call.file;
    const [x, boxes] = [call.data(0), call.shape(1)[0]!];
    const pooled = attributes.ints('pooled_shape') ?? [];
    const size = [
      attributes.int('output_height', pooled[0] ?? 1),
      attributes.int('output_width', pooled[1] ?? 1),
    ] as const;
    const images = x.shape[0]!;
    const each = equal(images, 1) ? boxes : div(boxes, images);
    if (op === 'roiPool') return call.apply('roiPool', x, { regions: each, size });
    // A ratio of 0 lets each box choose; two samples are what detectors use.
    return call.apply('roiAlign', x, { regions: each, size, samples: attributes.int('sampling_ratio', 0) || 2 });
  };

export const POOLS: Readonly<Record<string, OnnxRow>> = {
  MaxPool: { convert: (call) => withPlaces(pool(call, 'maxPool')) },
  AveragePool: { convert: (call) => pool(call, 'avgPool') },
  QLinearAveragePool: { convert: quantizedPool },
  MaxUnpool: { convert: maxUnpool },
  LpPool: { convert: lpPool },
  GlobalAveragePool: { convert: globally('globalAvgPool') },
  GlobalMaxPool: { convert: globally('globalMaxPool') },
  GlobalLpPool: { convert: globalLp },
  QLinearGlobalAveragePool: { convert: quantizedMean },
  RoiAlign: { convert: regions('roiAlign') },
  MaxRoiPool: { convert: regions('roiPool') },
  ...Object.fromEntries(Object.keys(MODES).map((op) => [op, { convert: reduce }])),
};
