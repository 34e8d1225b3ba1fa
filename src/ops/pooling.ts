// Pools: one operation for every element of every window.

import { mul } from '../dim/dim.js';
import { choice, flag, pair, padding, type Pair, type Values } from '../fields.js';
import { elements, type Shape } from '../shape.js';
import { image, only, op, withPlaces } from './op.js';
import { adaptiveReads, pooledSides, poolRule } from './windows.js';

const fields = {
  kernel: pair('window height and width'),
  stride: pair('stride of height and width'),
  padding: padding('padding: top, left, bottom, right'),
  ceil: flag('round up: a last window may hang over the edge', false),
  rule: poolRule,
};

/** Maximum of each window. Padding counts as minus infinity. */
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

/** [N, C, ...] -> [N, C, 1, ...]. */
export const globalAvgPool = op({
  about: 'mean of each channel: [N, C, H, W] to [N, C, 1, 1], of any number of sides',
  traffic: 'compute',
  arity: [1, 1],
  fields: {},
  ownSides: () => true,
  outShape: (inputs) => wholly(only(inputs)),
  elementwise: (inputs) => elements(only(inputs)),
});

/** [N, C, ...] -> [N, C, 1, ...]. */
export const globalMaxPool = op({
  about: 'maximum of each channel: [N, C, H, W] to [N, C, 1, 1], of any number of sides',
  traffic: 'compute',
  arity: [1, 1],
  fields: {},
  ownSides: () => true,
  outShape: (inputs) => wholly(only(inputs)),
  elementwise: (inputs) => elements(only(inputs)),
});

function wholly(input: Shape): Shape {
  const { n, c, sides } = withPlaces(input);
  return [n, c, ...sides.map(() => 1)];
}

/** PyTorch's AdaptiveAvgPool2d: windows floor(i H / h) to ceil((i + 1) H / h) may overlap. */
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

function pooled(inputs: readonly Shape[], values: Values<typeof fields>, dilation: Pair = [1, 1]): Shape {
  const [n, c, ...sides] = image(only(inputs));
  return [n, c, ...pooledSides(sides, { ...values, dilation })];
}

/** The input of a spatial gate (CBAM, arXiv 1807.06521): one operation per input element. */
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
