// How are convolutions read? The weight's shape says channels and kernel; the attributes say how it moves.

import { equal, isNumber, mul, sub, add } from '../../../dim/dim.js';
import type { Padding } from '../../../fields.js';
import { InputError } from '../../../inputError.js';
import type { Constant } from '../operand.js';
import type { Conversion, Made, Row } from './conversion.js';
import { asImage, movingOf } from './windows.js';

/** @param slots where the input, the weight and the bias are: quantised ops have scales between them */
export function conv(
  call: Conversion,
  [input, filter, offset]: readonly [number, number, number],
  bias = call.optional(offset, 'biases'),
): Made {
  const x = call.data(input);
  const weight = call.weight(filter, 'weights');
  const sides = numbersOf(weight);
  const [channels, seen, ...kernel] = sides;
  const groups = groupsOf(call);
  if (sides.length !== x.shape.length || !equal(mul(seen!, groups), x.shape[1]!))
    throw call.misfit('weights', weight.shape, x.shape);
  demandBias(bias, channels!);
  const moving = movingOf(call, x.shape, kernel);
  return asImage(call, x, (image) =>
    call.apply('conv', image, { ...moving, channels: channels!, groups, bias: bias !== undefined }, { weight, bias }),
  );
}

function groupsOf({ attributes }: Conversion): number {
  const groups = attributes.int('group', 1);
  if (groups >= 1) return groups;
  throw new InputError(`its group is ${groups}, and must be 1 or more`);
}

function convTranspose(call: Conversion): Made {
  const x = call.data(0);
  const weight = call.weight(1, 'weights');
  const bias = call.optional(2, 'biases');
  const sides = numbersOf(weight);
  const [seen, made, ...kernel] = sides;
  const groups = groupsOf(call);
  if (sides.length !== x.shape.length || !equal(seen!, x.shape[1]!))
    throw call.misfit('weights', weight.shape, x.shape);
  const channels = made! * groups;
  demandBias(bias, channels);
  const extra = call.attributes.ints('output_padding') ?? kernel.map(() => 0);
  const moving = movingOf(call, x.shape, kernel);
  const padding = transposedPadding(call, moving, x.shape, extra);
  return asImage(call, x, (image) =>
    call.apply(
      'convTranspose',
      image,
      {
        ...moving,
        padding,
        extra: extra.length === 1 ? [0, extra[0]!] : extra,
        channels,
        groups,
        bias: bias !== undefined,
      },
      { weight, bias },
    ),
  );
}

/** A stated output shape, or SAME padding (output = input x stride), decides how much is cut off. */
function transposedPadding(
  call: Conversion,
  { kernel, stride, dilation, padding }: ReturnType<typeof movingOf>,
  input: readonly unknown[],
  extra: readonly number[],
): Padding {
  const wanted = call.attributes.ints('output_shape')?.slice(-(input.length - 2));
  const automatic = call.attributes.text('auto_pad', 'NOTSET');
  if (!wanted && !automatic.startsWith('SAME')) return padding;
  const own = call.shape(0).slice(2);
  const totals = own.map((side, i) => {
    const at = own.length === 1 ? 1 : i;
    const full = add(mul(sub(side, 1), stride[at]!), dilation[at]! * (kernel[at]! - 1) + 1 + (extra[i] ?? 0));
    const total = sub(full, wanted?.[i] ?? mul(side, stride[at]!));
    if (isNumber(total)) return Math.max(0, total);
    throw new InputError('its output_shape holds for one size of the image only');
  });
  const [before, after] = [totals.map((all) => Math.floor(all / 2)), totals.map((all) => Math.ceil(all / 2))];
  const [first, last] = automatic === 'SAME_UPPER' ? [before, after] : [after, before];
  return own.length === 1 ? [0, first[0]!, 0, last[0]!] : ([...first, ...last] as unknown as Padding);
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

export const CONVOLUTIONS: Readonly<Record<string, Row>> = {
  Conv: { weights: [1, 2], convert: (call) => conv(call, [0, 1, 2]) },
  ConvTranspose: { weights: [1, 2], convert: convTranspose },
  QLinearConv: { weights: [1, 2, 3, 4, 5, 6, 7, 8], convert: (call) => conv(call, [0, 3, 8]) },
  ConvInteger: { weights: [1, 2, 3], convert: (call) => conv(call, [0, 1, 4]) },
};
