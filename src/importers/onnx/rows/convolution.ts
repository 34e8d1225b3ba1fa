// Rows of convolutions of one to three sides. Channels and kernel follow from the weight.

import { add, equal, isNumber, mul, sub } from '../../../dim/dim.js';
import { InputError } from '../../../inputError.js';
import { valueOf } from '../../kit/call.js';
import { inChannelsFirst } from '../../kit/moves.js';
import { isConstant, type Constant } from '../../kit/operand.js';
import { Uncounted } from '../../kit/uncounted.js';
import { optionalParameter, parameter, type Call, type Results, type OnnxRow } from '../onnxCall.js';
import { asImage, movingOf, onImage, type Moving } from './windows.js';

/**
 * @param slots where the input, the weight and the bias are: quantized ops have scales between them
 */
export function conv(
  call: Call,
  [input, filter, offset]: readonly [number, number, number],
  bias = call.has(offset) && !isConstant(call.operand(filter)) ? undefined : optionalParameter(call, offset, 'biases'),
  x = call.data(input),
): Results {
  if (!isConstant(call.operand(filter))) return computed(call, [input, filter, offset]);
  const weight = parameter(call, filter, 'weights');
  const sides = numbersOf(weight);
  const [channels, seen, ...kernel] = sides;
  const groups = groupsOf(call);
  if (sides.length !== x.shape.length || !equal(mul(seen!, groups), x.shape[1]!))
    throw call.misfit('weights', weight.shape, x.shape);
  demandBias(bias, channels!);
  const moving = movingOf(call, x.shape, kernel);
  const given = { channels: channels!, groups, bias: bias !== undefined };
  if (kernel.length === 3) return call.apply('conv3d', x, { ...moving, ...given }, { weight, bias });
  return asImage(call, x, (image) => call.apply('conv', image, { ...onImage(moving), ...given }, { weight, bias }));
}

/** ONNX Runtime may turn the image of a quantized convolution; the weights stand as in Conv. */
function quantizedConv(call: Call): Results {
  const slots = [0, 3, 8] as const;
  if (call.file.attributes.int('channels_last', 0) === 0 || call.rank(0) !== 4) return conv(call, slots);
  return inChannelsFirst(call, call.data(0), (image) =>
    valueOf(conv(call, slots, optionalParameter(call, 8, 'biases'), image)),
  );
}

/** Weights that the network computes, as CondConv mixes them for each image. */
function computed(call: Call, [input, filter, offset]: readonly [number, number, number]): Results {
  const [x, weight] = [call.data(input), call.data(filter)];
  const kernel = weight.shape.slice(2);
  if (x.shape.length !== 4 || !kernel.every(isNumber))
    throw new Uncounted('its weights are computed by the network, which is counted for images alone');
  if (weight.shape.length !== 4) throw call.misfit('weights', weight.shape, x.shape);
  const { stride, padding, dilation } = onImage(movingOf(call, x.shape, kernel));
  const inputs = [x, weight, ...(call.has(offset) ? [call.data(offset)] : [])];
  return call.apply('dynamicConv', inputs, { stride, padding, dilation, groups: groupsOf(call) });
}

function groupsOf(call: Call): number {
  const groups = call.file.attributes.int('group', 1);
  if (groups >= 1) return groups;
  throw new InputError(`its group is ${groups}, and must be 1 or more`);
}

export function convTranspose(call: Call, bias = optionalParameter(call, 2, 'biases')): Results {
  const x = call.data(0);
  const weight = parameter(call, 1, 'weights');
  const sides = numbersOf(weight);
  const [seen, made, ...kernel] = sides;
  const groups = groupsOf(call);
  if (sides.length !== x.shape.length || !equal(seen!, x.shape[1]!))
    throw call.misfit('weights', weight.shape, x.shape);
  const channels = made! * groups;
  demandBias(bias, channels);
  const extra = call.file.attributes.ints('output_padding') ?? kernel.map(() => 0);
  const moving = movingOf(call, x.shape, kernel);
  const padding = transposedPadding(call, moving, extra);
  const given = { channels, groups, bias: bias !== undefined };
  if (kernel.length === 3)
    return call.apply('convTranspose3d', x, { ...moving, ...given, padding, extra }, { weight, bias });
  const rows = { ...onImage({ ...moving, padding }), extra: extra.length === 1 ? [0, extra[0]!] : extra };
  return asImage(call, x, (image) => call.apply('convTranspose', image, { ...rows, ...given }, { weight, bias }));
}

/**
 * A stated output shape, or SAME padding (output = input x stride), decides how much is cut off.
 */
function transposedPadding(call: Call, { kernel, stride, dilation, padding }: Moving, extra: readonly number[]) {
  const wanted = call.file.attributes.ints('output_shape')?.slice(-kernel.length);
  const automatic = call.file.attributes.text('auto_pad', 'NOTSET');
  if (!wanted && !automatic.startsWith('SAME')) return padding;
  const own = call.shape(0).slice(2);
  const totals = own.map((side, i) => {
    const full = add(mul(sub(side, 1), stride[i]!), dilation[i]! * (kernel[i]! - 1) + 1 + (extra[i] ?? 0));
    const total = sub(full, wanted?.[i] ?? mul(side, stride[i]!));
    if (isNumber(total)) return Math.max(0, total);
    throw new InputError('its output_shape holds for one size of the image only');
  });
  const [before, after] = [totals.map((all) => Math.floor(all / 2)), totals.map((all) => Math.ceil(all / 2))];
  return automatic === 'SAME_UPPER' ? [...before, ...after] : [...after, ...before];
}

/** At places that the network computes: input, weights, offsets, biases, mask. */
function deformConv(call: Call): Results {
  const x = call.data(0);
  const weight = parameter(call, 1, 'weights');
  const bias = optionalParameter(call, 3, 'biases');
  const [channels, seen, ...kernel] = numbersOf(weight);
  const groups = groupsOf(call);
  if (kernel.length !== 2) throw new Uncounted('it is not a deformable convolution of an image [N, C, H, W]');
  if (x.shape.length !== 4 || !equal(mul(seen!, groups), x.shape[1]!))
    throw call.misfit('weights', weight.shape, x.shape);
  demandBias(bias, channels!);
  const moving = onImage(movingOf(call, x.shape, kernel));
  const offsetGroups = call.file.attributes.int('offset_group', 1);
  const inputs = [x, call.data(2), ...(call.has(4) ? [call.data(4)] : [])];
  const given = { channels: channels!, groups, offsetGroups, bias: bias !== undefined };
  return call.apply('deformConv', inputs, { ...moving, ...given }, { weight, bias });
}

/** Sides of a parameter, which are never symbols. */
export function numbersOf({ shape }: Constant): readonly number[] {
  if (shape.every(isNumber)) return shape;
  throw new InputError('its weights have sides that the file leaves open');
}

export function demandBias(bias: Constant | undefined, channels: number): void {
  if (bias && !(bias.shape.length === 1 && equal(bias.shape[0]!, channels)))
    throw new InputError(`its ${bias.shape.map(String).join('x')} biases do not fit its ${channels} channels`);
}

export const CONVOLUTIONS: Readonly<Record<string, OnnxRow>> = {
  Conv: { weights: [1, 2], convert: (call) => conv(call, [0, 1, 2]) },
  ConvTranspose: { weights: [1, 2], convert: (call) => convTranspose(call) },
  DeformConv: { weights: [1, 3], convert: deformConv },
  QLinearConv: { weights: [1, 2, 3, 4, 5, 6, 7, 8], convert: quantizedConv },
  ConvInteger: { weights: [1, 2, 3], convert: (call) => conv(call, [0, 1, 4]) },
};
