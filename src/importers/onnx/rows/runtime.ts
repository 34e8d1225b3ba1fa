// Rows of further ops of ONNX Runtime (com.microsoft): windows, distances, packed weights, orders.

import { add, div, equal, floorDiv, mul, sub, type Dim } from '../../../dim/dim.js';
import type { Value } from '../../../graph.js';
import { InputError } from '../../../inputError.js';
import { elements, showShape } from '../../../shape.js';
import { inChannelsFirst, permuted, regrouped } from '../../kit/moves.js';
import { asParameter, optionalParameter, parameter, type Call, type OnnxRow, type Results } from '../onnxCall.js';
import { isConstant } from '../../kit/operand.js';
import { Uncounted } from '../../kit/uncounted.js';
import { unsqueezed } from '../folds.js';
import { withParameter } from './arithmetic.js';
import { linearBy } from './linear.js';
import { learntPart, normalised } from './normalization.js';
import { maximumOf, POOLS } from './pooling.js';

/** One half times the GELU of the other. */
function splitGelu(call: Call): Results {
  const bias = call.operand(1);
  const x = isConstant(bias)
    ? withParameter(call, 'shiftBy', call.data(0), asParameter(bias, call.file.inputs[1]!), 'biased')
    : call.apply('add', [call.data(0), bias], {}, {}, 'biased');
  const last = x.shape.length - 1;
  const half = div(x.shape[last]!, 2);
  const part = (first: Dim, name: string): Value => {
    const begin = x.shape.map((_, i) => (i === last ? first : 0));
    const size = x.shape.with(last, half);
    return call.apply('slice', x, { begin, size, step: begin.map(() => 1) }, {}, name);
  };
  const gate = call.apply('gelu', part(half, 'second'), {}, {}, 'gelu');
  return call.apply('multiply', [part(0, 'first'), gate]);
}

/** [M, K] and [N, K]: the distance of each row to each, by a product of both. */
function distances(call: Call): Results {
  const made = call.apply('matmul', [call.data(0), call.data(1)], { transposeSecond: true }, {}, 'products');
  return call.file.attributes.text('metric', 'sqeuclidean') === 'euclidean' ? call.apply('squareRoot', made) : made;
}

/** One sample for each place of each box. */
function cropped(call: Call): Results {
  const x = call.data(0);
  const size = call.whole(3, 'size of its crops');
  const [boxes] = call.shape(1);
  if (size.length !== 2 || boxes === undefined) throw new InputError('it does not say the size of its crops');
  const images = x.shape[0]!;
  const regions = equal(images, 1) ? boxes : div(boxes, images);
  return call.apply('roiAlign', x, { regions, size: [size[0]!, size[1]!], samples: 1 });
}

/** Rows of a table of four or eight bits; bytes may hold two of four bits each. */
function quantisedRows(call: Call): Results {
  const { attributes } = call.file;
  const data = call.weight(0, 'rows');
  const last = data.shape.length - 1;
  const packed = call.file.facts.bytes.has(call.file.inputs[0]!) && attributes.int('bits', 4) === 4;
  const sides = packed ? data.shape.with(last, mul(data.shape[last]!, 2)) : data.shape;
  const rows = { ...asParameter({ ...data, shape: sides, stored: [] }, call.file.inputs[0]!), type: 'float' as const };
  const indices = call.data(1);
  const gathered = call.axis(attributes.int('gather_axis', 0), sides.length);
  if (gathered === 0 && sides.length === 2)
    return call.apply('embedding', indices, { entries: sides[0]!, features: sides[1]! }, { weight: rows });
  const table = call.apply('parameter', [], { shape: sides }, { value: rows }, 'rows');
  return call.apply('gather', [table, indices], { axis: gathered });
}

/** A product of a stored or computed matrix, both in an order of the kernel's own. */
function orderedProduct(call: Call): Results {
  const other = call.operand(2);
  const x = call.data(0);
  const made = isConstant(other)
    ? linearBy(call, x, asParameter(other, call.file.inputs[2]!), optionalParameter(call, 5, 'biases'), 'product')
    : call.apply('matmul', [x, other], {}, {}, 'product');
  return call.has(6) ? call.apply('add', [made, call.data(6)], {}, {}, 'sum') : made;
}

/** Its scale of the input stands before the scales. */
const orderedNorm = (call: Call): Results =>
  normalised(call, call.rank(0) - 1, learntPart(call, 2, 'scale'), learntPart(call, 3, 'shift'));

/** [N, H, W, C]. */
const channelsLastPool = (call: Call): Results =>
  inChannelsFirst(call, call.data(0), (image) => maximumOf(call, image));

/** Windows of one side: their number in its place, and their length last. */
function windows(call: Call): Results {
  const x = call.data(0);
  const { attributes } = call.file;
  const axis = call.axis(attributes.int('dim', -1));
  const [size, step] = [attributes.int('size', 1), attributes.int('step', 1)];
  if (size < 1 || step < 1) throw new InputError(`its windows of ${size} are ${step} apart`);
  const count = add(floorDiv(sub(x.shape[axis]!, size), step), 1);
  const flat = call.apply('view', x, { shape: [elements(x.shape)] }, {}, 'flat');
  return call.apply('gather', flat, { axis: 0, shape: [...x.shape.with(axis, count), size] });
}

/** A row of a table for each distance of a query to a key: [1, heads, queries, keys]. */
function positionBias(call: Call): Results {
  const value = parameter(call, 0, 'rows');
  const [queries] = call.sizes(1, 'number of queries');
  const [keys] = call.sizes(2, 'number of keys');
  const table = call.apply('parameter', [], { shape: value.shape }, { value }, 'table');
  const rows = call.apply('gather', table, { axis: 0, shape: [mul(queries!, keys!)] }, {}, 'rows');
  const turned = permuted(call, rows, [1, 0], 'turned');
  return call.apply('view', turned, { shape: [1, turned.shape[0]!, queries!, keys!] });
}

/** [tokens, features] to [N, length, features]. */
function restored(call: Call): Results {
  const [n, length] = call.shape(1);
  return call.apply('gather', call.data(0), { axis: 0, shape: [n!, length!] });
}

/** A Fourier transform of the last sides, which reads what it gets and writes what it gives. */
function transformed(call: Call, sides: (shape: readonly Dim[]) => readonly Dim[]): Results {
  const x = call.data(0);
  const flat = call.apply('view', x, { shape: [elements(x.shape)] }, {}, 'flat');
  return call.apply('gather', flat, { axis: 0, shape: sides(x.shape) });
}

/** [..., N] to [..., N / 2 + 1, 2]. */
const rfft = (call: Call): Results =>
  transformed(call, (shape) => {
    const oneSided = call.file.attributes.int('onesided', 1) !== 0;
    const length = shape.at(-1)!;
    return [...shape.slice(0, -1), oneSided ? add(floorDiv(length, 2), 1) : length, 2];
  });

/** The reverse. */
const irfft = (call: Call): Results =>
  transformed(call, (shape) => {
    if (shape.length < 2 || shape.at(-1) !== 2)
      throw new InputError(`its input ${showShape(shape)} has no real and imaginary parts`);
    const bins = shape.at(-2)!;
    return [...shape.slice(0, -2), call.file.attributes.int('onesided', 1) === 0 ? bins : mul(2, sub(bins, 1))];
  });

const dense = (call: Call): Value =>
  linearBy(call, call.data(0), parameter(call, 1, 'weights'), optionalParameter(call, 2, 'biases'), 'layer');

/** Its weights are bytes; a stored list says their sides. */
function packedWeights(call: Call): Results {
  const [inner, features] = call.whole(2, 'sides of its weights');
  if (inner === undefined || features === undefined) throw new Uncounted('the sides of its weights are not two');
  const weight = asParameter({ constant: true, type: 'float', shape: [inner, features] }, call.file.inputs[1]!);
  return linearBy(call, call.data(0), weight, undefined, '');
}

const itself: OnnxRow['convert'] = (call) => call.operand(0);

export const RUNTIME: Readonly<Record<string, OnnxRow>> = {
  BiasSplitGelu: { weights: [1], convert: splitGelu },
  CDist: { convert: distances },
  CropAndResize: { convert: cropped },
  GatherBlockQuantized: { weights: [0, 2, 3], convert: quantisedRows },
  QOrderedMatMul: { weights: [1, 2, 3, 4, 5, 7], convert: orderedProduct },
  QOrderedLayerNormalization: { weights: [1, 2, 3, 4], convert: orderedNorm },
  QOrderedGelu: { weights: [1, 2], convert: (call) => call.apply('gelu', call.data(0)) },
  QuantizeWithOrder: { weights: [1], convert: itself },
  DequantizeWithOrder: { weights: [1], convert: itself },
  QLinearWhere: {
    weights: [2, 3, 5, 6, 7, 8],
    convert: (call) => call.apply('select', [call.data(0), call.data(1), call.data(4)]),
  },
  MulInteger: { weights: [1, 3], convert: (call) => call.apply('multiply', [call.data(0), call.data(2)]) },
  NhwcMaxPool: { convert: channelsLastPool },
  MaxpoolWithMask: { convert: (call) => POOLS['MaxPool']!.convert(call) },
  ReduceSumInteger: { convert: (call) => POOLS['ReduceSum']!.convert(call) },
  ComplexMul: { convert: (call) => call.apply('multiply', [call.data(0), call.data(1)]) },
  ComplexMulConj: { convert: (call) => call.apply('multiply', [call.data(0), call.data(1)]) },
  Rfft: { convert: rfft },
  Irfft: { convert: irfft },
  UnfoldTensor: { convert: windows },
  RelativePositionBias: { weights: [0], convert: positionBias },
  RestorePadding: { convert: restored },
  ExpandDims: {
    convert: (call) => regrouped(call, call.data(0), unsqueezed(call, call.shape(0), call.whole(1, 'axis'))),
  },
  GemmFastGelu: { weights: [1, 2], convert: (call) => call.apply('gelu', dense(call)) },
  MatMulFpQ4: { weights: [1], convert: packedWeights },
  BitmaskDropout: { convert: (call) => call.dropped(0) },
  TorchEmbedding: {
    weights: [0],
    convert(call) {
      const weight = parameter(call, 0, 'rows');
      const [entries, features] = weight.shape;
      if (weight.shape.length !== 2) throw call.misfit('rows', weight.shape, call.shape(1));
      return call.apply('embedding', call.data(1), { entries: entries!, features: features! }, { weight });
    },
  },
  NGramRepeatBlock: { convert: (call) => call.operand(1) },
  MurmurHash3: { convert: (call) => call.apply('quantize', call.data(0)) },
};
