// Rows of keras.ops.conv and its kin: the kernel is an operand, computed or an array of the file.

import { isNumber, mul, type Dim } from '../../dim/dim.js';
import type { Value } from '../../graph.js';
import { InputError } from '../../inputError.js';
import { showShape } from '../../shape.js';
import { Uncounted } from '../kit/uncounted.js';
import { Settings } from '../tfjs/settings.js';
import { counted } from './fileSides.js';
import type { KerasRow, LayerCall } from './layerCall.js';
import { paddingOf, pairOf, perSide } from './windows.js';

/** [N, C, H, W] and the kernel [height, width, channels, features] as the file has them. */
interface Operands {
  readonly image: Value;
  readonly kernel: Value;
}

/** Along one side the image is one row, and so is the kernel. */
function operandsOf(call: LayerCall, kernelAt: number): Operands {
  const [raw] = call.rawInputs;
  const given = call.rawInputs[kernelAt];
  if (!raw || !given) throw new InputError(`it takes an input and its kernel, and has ${call.rawInputs.length} inputs`);
  const sides = raw.shape.length - 2;
  const kernel = call.inFileOrder(given, `kernel${kernelAt}`);
  if (kernel.shape.length !== sides + 2)
    throw new InputError(`it has a kernel ${showShape(kernel.shape)} for ${showShape(raw.shape)}`);
  if (sides === 2) return { image: raw, kernel };
  if (sides !== 1) throw new Uncounted('its kernel is an operand, along more than two sides');
  const [n, c, length] = call.sequence(raw).shape as [Dim, Dim, Dim];
  return {
    image: call.apply('view', 'row', call.sequence(raw), { shape: [n, c, 1, length] }),
    kernel: call.apply('view', `kernel${kernelAt}_row`, kernel, { shape: [1, ...kernel.shape] }),
  };
}

/** [height, width, a, b] to [features, channels of a group, height, width]. */
function turned(call: LayerCall, kernel: Value, depthwise: boolean, part: string): Value {
  const [rows, columns, seen, made] = kernel.shape as [Dim, Dim, Dim, Dim];
  const order = depthwise ? [2, 3, 0, 1] : [3, 2, 0, 1];
  const first = call.apply('transpose', `${part}_order`, kernel, { order });
  return depthwise ? call.apply('view', part, first, { shape: [mul(seen, made), 1, rows, columns] }) : first;
}

function convolved(call: LayerCall, part: string, { image, kernel }: Operands, depthwise: boolean): Value {
  const settings = new Settings(call.options);
  const isRow = call.rawInputs[0]!.shape.length === 3;
  const [rows, columns, seen] = kernel.shape;
  if (!isNumber(rows!) || !isNumber(columns!)) throw new Uncounted('its kernel has sides that are not known');
  const sides = isRow ? 1 : 2;
  const lists = {
    kernel: isRow ? [columns] : [rows, columns],
    stride: perSide(settings, 'strides', sides, 1),
    dilation: perSide(settings, 'dilation_rate', sides, 1),
  };
  const ends = paddingOf(settings, image.shape.slice(4 - sides), lists);
  const widened = (list: readonly number[]) => pairOf(isRow ? [1, list[0]!] : list);
  const channels = image.shape[1]!;
  const groups = depthwise ? channels : isNumber(channels) && isNumber(seen!) ? channels / seen : 1;
  return call.apply('dynamicConv', part, [image, turned(call, kernel, depthwise, `${part}weights`)], {
    stride: widened(lists.stride),
    dilation: widened(lists.dilation),
    padding: isRow ? [0, ends[0]!, 0, ends[1]!] : (ends as unknown as [number, number, number, number]),
    groups,
  });
}

/** The row of an image is a list again. */
function finished(call: LayerCall, made: Value): Value {
  if (call.rawInputs[0]!.shape.length !== 3) return made;
  const [n, c, , length] = made.shape as [Dim, Dim, Dim, Dim];
  return call.marked(call.apply('view', 'list', made, { shape: [n, c, length] }));
}

const byOperand =
  (depthwise: boolean): KerasRow =>
  (call) =>
    finished(call, convolved(call, '', operandsOf(call, 1), depthwise));

/** A depthwise kernel, and one of 1x1 behind it. */
const separable: KerasRow = (call) => {
  const inner = convolved(call, 'depthwise', operandsOf(call, 1), true);
  const { kernel } = operandsOf(call, 2);
  const weights = turned(call, kernel, false, 'pointwise');
  return finished(call, call.apply('dynamicConv', '', [inner, weights], {}));
};

/** By a mean and a variance that are operands: a fixed scale and shift of each element. */
const normalised: KerasRow = (call) => {
  const [x] = call.inputs;
  if (!x) throw new InputError('it has no inputs');
  const axis = counted(call.wholeNumbers('axis')?.[0] ?? -1, x.shape.length);
  const sides = x.shape.map((side, i): Dim => (i === call.place(axis, x.shape.length) ? side : 1)).slice(1);
  const scaled = call.apply('scaleBy', 'scale', x, { shape: sides, learnt: false });
  return call.apply('shiftBy', '', scaled, { shape: sides, learnt: false });
};

export const OPERAND_CONVOLUTIONS: Readonly<Record<string, KerasRow>> = {
  Conv: byOperand(false),
  DepthwiseConv: byOperand(true),
  SeparableConv: separable,
  BatchNorm: normalised,
};
