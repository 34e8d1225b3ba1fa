// What does a pool cost? One operation for every element of every window.

import { add, div, isNumber, mul, sub, type Dim } from '../dim/dim.js';
import { choice, flag, pair, padding, type Pair, type Values } from '../fields.js';
import { InputError } from '../inputError.js';
import { elements, windows, type Shape } from '../shape.js';
import { image, only, op } from './op.js';

const fields = {
  kernel: pair('window height and width'),
  stride: pair('stride of height and width'),
  padding: padding('padding: top, left, bottom, right'),
  ceil: flag('round up: a last window may hang over the edge', false),
};

/** Maximum of each window; padding never wins. */
export const maxPool = op({
  about: 'maximum of each window',
  traffic: 'compute',
  arity: [1, 1],
  fields: { ...fields, dilation: pair('distance between window elements', 1) },
  outShape: (inputs, values) => pooled(inputs, values, values.dilation),
  elementwise: (_, out, { kernel }) => mul(elements(out), kernel[0] * kernel[1]),
});

/** Mean of each window; `countIncludePad` decides the divisor at the edges, not the cost. */
export const avgPool = op({
  about: 'mean of each window',
  traffic: 'compute',
  arity: [1, 1],
  fields: { ...fields, countIncludePad: flag('padding counts as zeros of the mean', true) },
  outShape: (inputs, values) => pooled(inputs, values),
  elementwise: (_, out, { kernel }) => mul(elements(out), kernel[0] * kernel[1]),
});

/** [N, C, H, W] -> [N, C, 1, 1]. */
export const globalAvgPool = op({
  about: 'mean of each channel: [N, C, H, W] to [N, C, 1, 1]',
  traffic: 'compute',
  arity: [1, 1],
  fields: {},
  ownSides: () => true,
  outShape: (inputs) => [...image(only(inputs)).slice(0, 2), 1, 1],
  elementwise: (inputs) => elements(only(inputs)),
});

/** [N, C, H, W] -> [N, C, 1, 1]. */
export const globalMaxPool = op({
  about: 'maximum of each channel: [N, C, H, W] to [N, C, 1, 1]',
  traffic: 'compute',
  arity: [1, 1],
  fields: {},
  ownSides: () => true,
  outShape: (inputs) => [...image(only(inputs)).slice(0, 2), 1, 1],
  elementwise: (inputs) => elements(only(inputs)),
});

/** To a fixed size, as PyTorch's AdaptiveAvgPool2d: windows floor(i H / h) to ceil((i + 1) H / h), which may overlap. */
export const adaptiveAvgPool = op({
  about: 'mean of the windows that divide the input into a fixed size',
  traffic: 'compute',
  arity: [1, 1],
  fields: { size: pair('output height and width') },
  ownSides: () => true,
  outShape: (inputs, { size }) => [...image(only(inputs)).slice(0, 2), ...size],
  elementwise(inputs, _, { size: [height, width] }) {
    const [n, c, h, w] = image(only(inputs));
    return mul(mul(n, c), mul(adaptiveReads(h, height), adaptiveReads(w, width)));
  },
});

function pooled(
  inputs: readonly Shape[],
  { kernel, stride, padding, ceil }: Values<typeof fields>,
  dilation: Pair = [1, 1],
): Shape {
  const [n, c, h, w] = image(only(inputs));
  const [top, left, bottom, right] = padding;
  const reach = (i: 0 | 1): number => dilation[i] * (kernel[i] - 1) + 1;
  if (tooWide(reach(0), top, bottom) || tooWide(reach(1), left, right))
    throw new InputError(
      `a padding of ${padding.join(', ')} is more than half of the kernel, ${kernel.join('x')}: pad less, or use pad`,
      'padding',
    );
  return [
    n,
    c,
    windows(h, { kernel: kernel[0], stride: stride[0], pad: [top, bottom], dilation: dilation[0], ceil }),
    windows(w, { kernel: kernel[1], stride: stride[1], pad: [left, right], dilation: dilation[1], ceil }),
  ];
}

/** PyTorch pads both sides alike, by half of a kernel at most; one side alone may have more, but no window that is all padding. */
const tooWide = (kernel: number, before: number, after: number): boolean =>
  2 * Math.min(before, after) > kernel || Math.max(before, after) >= kernel;

/** Input elements that all windows of one side read together; a symbolic side must be a multiple of the windows. */
function adaptiveReads(side: Dim, count: number): Dim {
  if (!isNumber(side)) return mul(div(side, count), count);
  // Neighbours share the element that a boundary i x side / count falls into; gcd of the boundaries fall between two.
  return sub(add(side, count), greatestCommonDivisor(side, count));
}

const greatestCommonDivisor = (a: number, b: number): number => (b === 0 ? a : greatestCommonDivisor(b, a % b));

/** What a spatial gate is computed from (CBAM, arXiv 1807.06521): one operation per input element. */
export const channelPool = op({
  about: 'mean or maximum over the channels of each position: [N, C, H, W] to [N, 1, H, W]',
  traffic: 'compute',
  arity: [1, 1],
  fields: { mode: choice('what is kept of the channels', ['mean', 'max']) },
  outShape(inputs) {
    const [n, , h, w] = image(only(inputs));
    return [n, 1, h, w];
  },
  elementwise: (inputs) => elements(only(inputs)),
});
