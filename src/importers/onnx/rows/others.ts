// Rows of ops without counts: constants, branches, and what is known only at run time.

import { isNumber } from '../../../dim/dim.js';
import { show } from '../../../dim/text.js';
import { constant, type Operand } from '../../kit/operand.js';
import { Uncounted } from '../../kit/uncounted.js';
import { NOISES } from '../folds.js';
import type { Call, Results, OnnxRow } from '../onnxCall.js';

/**
 * What changes no shape and computes nothing that is counted: types, quantization and its reverse,
 * what only training does.
 */
const itself: OnnxRow = { convert: (call): Operand => call.operand(0) };
/** Scales and zero points are no image. */
const quantized: OnnxRow = { ...itself, weights: [1, 2] };

/** Its ratio is an attribute up to version 11 of the op, and then an input, as its mode is. */
const dropout: OnnxRow['convert'] = (call) => {
  const ratio = call.constant(1)?.items?.[0] ?? call.file.attributes.float('ratio', 0.5);
  if (ratio === 0) return call.operand(0);
  if (call.file.facts.opset < 12) return call.dropped(0);
  const trains = call.constant(2)?.items?.[0] ?? 0;
  return call.dropped(0, 'elements', trains === 0 ? 'eval' : 'train');
};

/**
 * Its scale and zero point are computed from the least and the largest element, which one pass
 * finds.
 */
function dynamicQuantize(call: Call): Results {
  const x = call.data(0);
  if (!call.isRead(1) && !call.isRead(2)) return x;
  const axes = x.shape.map((_, i) => i);
  const range = call.apply('reduce', x, { axes, mode: 'max', keep: false }, {}, 'range');
  return [x, range, range];
}

/** The calls of the branch that is taken stand in the graph as if there were no other. */
function branch(call: Call): Results {
  const [item] = call.items(0) ?? [];
  if (item === undefined || !isNumber(item))
    throw new Uncounted(
      'its condition is computed from the image, so that which branch is taken is known when it runs',
    );
  const { steps, constants, outputs } = call.file.branches![item === 0 ? 1 : 0];
  return call.inline(steps(), constants, outputs);
}

/** The logarithm of the share of the right class, and its mean or sum over all. */
function classLoss(call: Call): Results {
  const x = call.data(0);
  if (x.shape.length < 2) throw call.misfit('labels', call.shape(1), x.shape);
  const own = call.op === 'SoftmaxCrossEntropyLoss';
  const logs = own ? call.apply('logSoftmax', x, { axis: 1 }, {}, 'logarithms') : x;
  const each = call.file.attributes.text('reduction', 'mean');
  const part = each === 'none' ? '' : 'each';
  const picked = call.apply('reduce', logs, { axes: [1], mode: 'sum', keep: false }, {}, part);
  if (each === 'none') return [picked, logs];
  const axes = picked.shape.map((_, i) => i);
  return [call.apply('reduce', picked, { axes, mode: each === 'sum' ? 'sum' : 'mean', keep: false }), logs];
}

/** 1 with the probability that an element is: it is compared with noise, which is given. */
const drawn = (call: Call): Results =>
  call.apply('greater', [call.data(0), call.value(constant('float', call.shape(0)), `${call.file.outputs[0]!} noise`)]);

/** They are worked out before the network runs, or not at all. */
const beforehand =
  (what: string): OnnxRow['convert'] =>
  (): never => {
    throw new Uncounted(`its ${what} computed from the image, so that its shape is not known before it runs`);
  };

/** More numbers than are worked out one by one have a length all the same. */
const longRange: OnnxRow['convert'] = (call) => {
  const [start, limit, step] = [0, 1, 2].map((i) => call.items(i)?.[0]);
  if (start === undefined || limit === undefined || step === undefined) return beforehand('bounds are')(call);
  if (!isNumber(start) || !isNumber(limit) || !isNumber(step) || step === 0)
    throw new Uncounted(`its bounds ${[start, limit, step].map(show).join(', ')} give no fixed number of elements`);
  const length = Math.max(0, Math.ceil((limit - start) / step));
  if (!Number.isSafeInteger(length)) throw new Uncounted(`its ${length} numbers are too many to be counted`);
  return constant(call.constant(0)!.type, [length]);
};

export const OTHERS: Readonly<Record<string, OnnxRow>> = {
  Identity: itself,
  Cast: itself,
  CastLike: itself,
  BitCast: itself,
  Dropout: { convert: dropout },
  QuantizeLinear: quantized,
  DequantizeLinear: quantized,
  DynamicQuantizeLinear: { convert: dynamicQuantize },
  If: { convert: branch },
  Constant: { convert: beforehand('numbers are') },
  ConstantOfShape: { convert: beforehand('sides are') },
  EyeLike: { convert: beforehand('sides are') },
  ...Object.fromEntries(NOISES.map((op) => [op, { convert: beforehand('sides are') }])),
  Bernoulli: { convert: drawn },
  SoftmaxCrossEntropyLoss: { convert: classLoss },
  NegativeLogLikelihoodLoss: { convert: classLoss },
  Range: { convert: longRange },
  Shape: { convert: beforehand('input is') },
  Size: { convert: beforehand('input is') },
};

/** How many elements they give is data: no shape states it. */
export const DATA_DEPENDENT: Readonly<Record<string, string>> = {
  NonZero: 'how many elements are not 0 is known when it runs',
  NonMaxSuppression: 'how many boxes remain is known when it runs',
  Compress: 'how many elements are kept is known when it runs',
  Unique: 'how many different elements there are is known when it runs',
  StringSplit: 'how many parts each text has is known when it runs',
  ImageDecoder: 'how large its image is, is known when it runs',
  RemovePadding: 'how many tokens are no padding is known when it runs',
};
