// The windows of ONNX convolutions and pools, with automatic padding worked out.

import { add, floorDiv, isNumber, mul, sub, type Dim } from '../../../dim/dim.js';
import type { Pair, Padding } from '../../../fields.js';
import type { Value } from '../../../graph.js';
import { InputError } from '../../../inputError.js';
import { showShape } from '../../../shape.js';
import type { Call } from '../onnxCall.js';
import { Uncounted } from '../../kit/uncounted.js';

/** One number for each side; padding before each side, then after each. */
export interface Moving {
  readonly kernel: readonly number[];
  readonly stride: readonly number[];
  readonly dilation: readonly number[];
  readonly padding: readonly number[];
}

/** The same for an image of two sides. */
export interface MovingOnImage {
  readonly kernel: Pair;
  readonly stride: Pair;
  readonly dilation: Pair;
  readonly padding: Padding;
}

/** Windows along one side are windows on an image of one row. */
export function onImage({ kernel, stride, dilation, padding }: Moving): MovingOnImage {
  const row = kernel.length === 1;
  return {
    kernel: pair(kernel),
    stride: pair(stride),
    dilation: pair(dilation),
    padding: row ? [0, padding[0]!, 0, padding[1]!] : (padding as unknown as Padding),
  };
}

/**
 * Runs a step on an image of two sides; one of one side is an image of one row for it, which costs
 * nothing.
 */
export function asImage(call: Call, x: Value, step: (image: Value) => Value): Value {
  if (x.shape.length === 4) return step(x);
  const [, c, length] = x.shape;
  if (x.shape.length !== 3 || c === undefined || length === undefined)
    throw new (x.shape.length > 5 ? Uncounted : InputError)(
      `it needs an input [N, C, L], [N, C, H, W] or [N, C, D, H, W], not ${showShape(x.shape)}`,
    );
  const made = step(call.apply('reshape', x, { shape: [c, 1, length] }, {}, 'row'));
  const [, channels, , columns] = made.shape;
  return call.apply('reshape', made, { shape: [channels!, columns!] }, {}, 'column');
}

/** @throws InputError for lists of another length than the image has sides */
export function movingOf(call: Call, input: readonly Dim[], kernelOf?: readonly number[]): Moving {
  const { attributes } = call.file;
  const dimensions = input.length - 2;
  const kernel = kernelOf ?? attributes.ints('kernel_shape');
  if (!kernel) throw new InputError('its kernel_shape is missing');
  const stated = attributes.ints('kernel_shape');
  if (stated && stated.join() !== kernel.join())
    throw new InputError(`its kernel_shape is [${stated.join(', ')}], and its weights are for [${kernel.join(', ')}]`);
  const stride = attributes.ints('strides') ?? kernel.map(() => 1);
  const dilation = attributes.ints('dilations') ?? kernel.map(() => 1);
  for (const [what, list] of Object.entries({ kernel, strides: stride, dilations: dilation })) {
    const given = `its ${what} [${list.join(', ')}]`;
    if (list.length !== dimensions) throw new InputError(`${given} does not fit an image of ${dimensions} sides`);
    if (list.some((side) => side < 1))
      throw new InputError(`${given} holds ${Math.min(...list)}, and must be 1 or more`);
  }
  return { kernel, stride, dilation, padding: paddingOf(call, input.slice(2), { kernel, stride, dilation }) };
}

const pair = (list: readonly number[]): Pair => (list.length === 1 ? [1, list[0]!] : [list[0]!, list[1]!]);

interface Lists {
  readonly kernel: readonly number[];
  readonly stride: readonly number[];
  readonly dilation: readonly number[];
}

/** Before each side, then after each. */
function paddingOf({ file: { attributes } }: Call, sides: readonly Dim[], lists: Lists): readonly number[] {
  const automatic = attributes.text('auto_pad', 'NOTSET');
  if (automatic === 'VALID') return [...sides, ...sides].map(() => 0);
  if (automatic === 'SAME_UPPER' || automatic === 'SAME_LOWER') {
    const totals = sides.map((side, i) => sameTotal(side, lists, i));
    const small = totals.map((all) => Math.floor(all / 2));
    const large = totals.map((all) => Math.ceil(all / 2));
    return automatic === 'SAME_UPPER' ? [...small, ...large] : [...large, ...small];
  }
  if (automatic !== 'NOTSET' && automatic !== '') throw new InputError(`its auto_pad ${automatic} is unknown`);
  const padding = attributes.ints('pads') ?? [...sides, ...sides].map(() => 0);
  if (padding.length === 2 * sides.length) return padding;
  throw new InputError(`its pads [${padding.join(', ')}] do not fit an image of ${sides.length} sides`);
}

/** Zeros so that the output has ceil(size / stride) elements. */
function sameTotal(side: Dim, { kernel, stride, dilation }: Lists, i: number): number {
  const count = floorDiv(add(side, stride[i]! - 1), stride[i]!);
  const reach = dilation[i]! * (kernel[i]! - 1) + 1;
  const total = sub(add(mul(sub(count, 1), stride[i]!), reach), side);
  if (!isNumber(total)) throw new Uncounted('its automatic padding has no closed form');
  return Math.max(0, total);
}
