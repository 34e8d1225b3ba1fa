// How are pools read? Windows as a convolution's; a mean over the whole image is a global pool whatever op says it.

import type { Value } from '../../../graph.js';
import type { Conversion, Made, Row } from './conversion.js';
import { asImage, movingOf } from './windows.js';
import { Uncounted } from '../uncounted.js';

function pool(call: Conversion, op: 'maxPool' | 'avgPool'): Made {
  const x = call.data(0);
  const { kernel, stride, padding, dilation } = movingOf(call, x.shape);
  if (op === 'avgPool' && dilation[0] * dilation[1] !== 1)
    throw new Uncounted('its windows are dilated, which no mean of flopscope is');
  if (call.isRead(1)) throw new Uncounted('something reads the places of its maxima, which are not counted');
  const ceil = call.attributes.int('ceil_mode', 0) !== 0;
  const windows = { kernel, stride, padding, ceil };
  return asImage(call, x, (image) =>
    op === 'maxPool'
      ? call.apply('maxPool', image, { ...windows, dilation })
      : call.apply('avgPool', image, {
          ...windows,
          countIncludePad: call.attributes.int('count_include_pad', 0) !== 0,
        }),
  );
}

const globally =
  (op: 'globalAvgPool' | 'globalMaxPool') =>
  (call: Conversion): Made => {
    const x = call.data(0);
    if (x.shape.length <= 4) return asImage(call, x, (image) => call.apply(op, image));
    const mode = op === 'globalAvgPool' ? 'mean' : 'max';
    return call.apply('reduce', x, { axes: x.shape.map((_, i) => i).slice(2), mode, keep: true });
  };

const MODES = {
  ReduceMean: 'mean',
  ReduceSum: 'sum',
  ReduceMax: 'max',
  ReduceMin: 'min',
  ReduceProd: 'product',
  ReduceL2: 'norm',
} as const;

function reduce(call: Conversion): Made {
  const x = call.data(0);
  const rank = x.shape.length;
  const given = call.list('axes', 1);
  if (!given?.length && call.attributes.int('noop_with_empty_axes', 0)) return x;
  const axes = [...new Set(call.axes(given?.length ? given : x.shape.map((_, i) => i)))].sort((a, b) => a - b);
  const keep = call.attributes.int('keepdims', 1) !== 0;
  if (rank === 4 && axes.join() === '2,3' && (call.op === 'ReduceMean' || call.op === 'ReduceMax'))
    return image(call, x, keep);
  return call.apply('reduce', x, { axes, mode: MODES[call.op as keyof typeof MODES], keep });
}

function image(call: Conversion, x: Value, keep: boolean): Value {
  const pooled = call.apply(call.op === 'ReduceMean' ? 'globalAvgPool' : 'globalMaxPool', x);
  return keep ? pooled : call.apply('flatten', pooled, {}, {}, 'flatten');
}

export const POOLS: Readonly<Record<string, Row>> = {
  MaxPool: { convert: (call) => pool(call, 'maxPool') },
  AveragePool: { convert: (call) => pool(call, 'avgPool') },
  GlobalAveragePool: { convert: globally('globalAvgPool') },
  GlobalMaxPool: { convert: globally('globalMaxPool') },
  ...Object.fromEntries(Object.keys(MODES).map((op) => [op, { convert: reduce }])),
};
