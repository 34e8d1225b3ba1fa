// Rows of custom operators that many files have: MediaPipe's, and the decoding of SSD's boxes.

import { isNumber, mul } from '../../../dim/dim.js';
import type { Pair, Padding } from '../../../fields.js';
import type { Value } from '../../../graph.js';
import { InputError } from '../../../inputError.js';
import { showShape } from '../../../shape.js';
import type { OpRow } from '../../kit/call.js';
import { constant, isConstant, type Operand } from '../../kit/operand.js';
import { DataDependent, Uncounted } from '../../kit/uncounted.js';
import { dilated } from '../../kit/dilation.js';
import { bytesSource } from '../../modelFile.js';
import { readNode } from '../../tfGraph/decode.js';
import { textsIn, wholeNumbersIn } from '../flexBuffer.js';
import type { TfliteCall } from '../network.js';
import { data, image, type Call } from '../sides.js';
import { activated } from './fused.js';
import { imageWindows } from './windows.js';

const optionsOf = ({ file }: Call): Uint8Array => file.customOptions;

/** Reads a C struct of 32-bit integers. */
function structOf(call: Call, count: number): readonly number[] {
  const bytes = optionsOf(call);
  if (bytes.length < 4 * count) throw new InputError(`its options have ${bytes.length} bytes, and need ${4 * count}`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  return Array.from({ length: count }, (_, i) => view.getInt32(4 * i, true));
}

/** TfLitePadding of C counts from "unknown"; the schema counts from SAME. */
const paddingOf = (padding: number): number => padding - 1;

/** TfLiteTransposeConvParams. Inputs: image, filter [O, kh, kw, I], bias. */
function transposeConvBias(call: Call): Value {
  const x = image(call, data(call, 0));
  const [padding, strideW, strideH] = structOf(call, 3) as readonly [number, number, number];
  const weight = call.weight(1, 'filters');
  const [channels, height, width, seen] = weight.shape;
  const channelsIn = x.shape[1];
  if (weight.shape.length !== 4 || !weight.shape.every(isNumber) || seen !== channelsIn || strideW < 1 || strideH < 1)
    throw call.misfit('filters', weight.shape, x.shape);
  const stride: Pair = [strideH, strideW];
  const kernel: Pair = [height as number, width as number];
  const cuts = kernel.map((size, i) => (paddingOf(padding) === 0 ? cutOf(x, i, size, stride[i]!) : 0));
  const before = cuts.map((cut) => Math.floor(cut / 2));
  const ends = [...before, ...cuts.map((cut, i) => cut - before[i]!)] as unknown as Padding;
  const bias = call.optional(2, 'biases');
  const given = { channels: channels!, kernel, stride, padding: ends, bias: bias !== undefined };
  return call.apply('convTranspose', x, given, { weight, bias });
}

/** What SAME padding cuts off: the kernel minus the reach of the last step of the forward pass. */
function cutOf(x: Value, i: number, kernel: number, stride: number): number {
  const side = x.shape[i + 2]!;
  if (stride === 1) return Math.max(0, kernel - 1);
  if (!isNumber(side)) throw new Uncounted('its padding has no closed form');
  return Math.max(0, kernel - ((side - 1) % stride) - 1);
}

/** TfLitePoolParams. The op gives the maxima and their indices. */
function maxPoolWithPlaces(call: Call): readonly Operand[] {
  const x = image(call, data(call, 0));
  const [padding, strideW, strideH, filterW, filterH, activation] = structOf(call, 6) as readonly [
    ...[number, number, number],
    ...[number, number, number],
  ];
  const windows = { kernel: [filterH, filterW], stride: [strideH, strideW], dilation: [1, 1] };
  const { kernel, stride, padding: ends } = imageWindows(x.shape.slice(2), windows, paddingOf(padding));
  const pooled = call.apply('maxPool', x, { kernel, stride, padding: ends });
  return [activated(call, pooled, activation), pooled];
}

/** Puts the maxima back at their indices among zeros. Each side grows by the window. */
function maxUnpool(call: Call): Value {
  const x = image(call, data(call, 0));
  const [, , , filterW, filterH] = structOf(call, 5) as readonly [number, number, number, number, number];
  if (filterW < 1 || filterH < 1) throw new InputError(`its window is ${filterH}x${filterW}`);
  const [n, c, height, width] = x.shape;
  const sides = [n!, c!, mul(height!, filterH), mul(width!, filterW)];
  const zeros = call.apply('constant', [], { shape: sides }, {}, 'zeros');
  const places = call.operand(1);
  return call.apply('scatter', isConstant(places) ? [zeros, x] : [zeros, image(call, places, 'places'), x]);
}

/** Warps an image by a matrix: each element is interpolated from four neighbours. */
function transformTensor(call: Call): Value {
  const x = image(call, data(call, 0));
  const [key] = call.file.outputs;
  const [, height, width] = call.file.network.tensor(key!).shape;
  if (!(height! >= 1 && width! >= 1)) throw new Uncounted('the file does not state the sides of its result');
  return call.apply('resize', x, { size: [height!, width!], mode: 'bilinear' });
}

/**
 * TFLite_Detection_PostProcess. Inputs: encoded boxes [N, boxes, 4], scores [N, boxes, classes],
 * anchors. Outputs: boxes, classes, scores, how many there are. Decoding reads every box once.
 */
function detections(call: Call): readonly (Operand | undefined)[] {
  const [boxes, scores] = [data(call, 0), data(call, 1)];
  const options = wholeNumbersIn(optionsOf(call));
  const [n, count, classes] = scores.shape;
  const most = (options.get('max_detections') ?? 0) * Math.max(1, options.get('max_classes_per_detection') ?? 1);
  if (boxes.shape.length !== 3 || scores.shape.length !== 3 || !isNumber(count!) || !isNumber(classes!) || most < 1)
    throw new InputError(
      `boxes ${showShape(boxes.shape)} with scores ${showShape(scores.shape)} do not fit together as detections`,
    );
  const k = Math.min(most, count);
  const best = call.apply('reduce', scores, { axes: [2], mode: 'max', keep: false }, {}, 'best');
  const kept = call.apply('topK', best, { k, axis: 1, output: 'values' });
  const decoded = call.isRead(0) ? call.apply('exponential', boxes, {}, {}, 'decoded') : undefined;
  const size = decoded && [...decoded.shape].with(1, k);
  const taken =
    decoded && call.apply('slice', decoded, { begin: [0, 0, 0], size: size!, step: [1, 1, 1] }, {}, 'boxes');
  return [taken, kept, kept, constant('float', [n!])];
}

/** Transforms of a few landmarks. They are left out: flopscope has no layer for them. */
const ofLandmarks: OpRow<TfliteCall> = () => {
  throw new DataDependent('it turns landmarks by a matrix, for which flopscope has no layer');
};

/** The filter is [kh, kw, C]. The node of TensorFlow stands in the options, behind its name. */
function dilation(call: Call): Value {
  const x = image(call, data(call, 0));
  const [, node] = textsIn(optionsOf(call));
  if (!node) throw new InputError('its options lack the node of TensorFlow');
  const { attributes } = readNode(bytesSource(node));
  const weight = call.weight(1, 'filters');
  const [height, width, channels] = weight.shape;
  if (weight.shape.length !== 3 || !weight.shape.every(isNumber) || channels !== x.shape[1])
    throw call.misfit('filters', weight.shape, x.shape);
  const pairOf = (key: string): readonly number[] =>
    attributes.has(key) ? attributes.integers(key).slice(1, 3) : [1, 1];
  const given = { kernel: [height as number, width as number], stride: pairOf('strides'), dilation: pairOf('rates') };
  const padding = attributes.text('padding', 'SAME') === 'VALID' ? 1 : 0;
  return dilated(call, x, imageWindows(x.shape.slice(2), given, padding), weight);
}

export const CUSTOM: Readonly<Record<string, OpRow<TfliteCall>>> = {
  Convolution2DTransposeBias: transposeConvBias,
  MaxPoolingWithArgmax2D: maxPoolWithPlaces,
  MaxUnpooling2D: maxUnpool,
  TransformTensorBilinear: transformTensor,
  ...{ TransformLandmarks: ofLandmarks, Landmarks2TransformMatrix: ofLandmarks },
  TFLite_Detection_PostProcess: detections,
  FlexDilation2D: dilation,
};
