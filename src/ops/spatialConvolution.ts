// Convolutions along one or three sides, counted like those of an image.

import { add, mul, product, sub } from '../dim/dim.js';
import { flag, list, size, whole } from '../fields.js';
import { elements, windowCount, type Shape } from '../shape.js';
import { groupSize } from './convolution.js';
import { only, op, spatial } from './op.js';
import { perSide, sidePadding } from './windows.js';

const fieldsOf = (sides: number) => ({
  channels: size('output channels'),
  kernel: perSide(sides, 'kernel along each side'),
  stride: perSide(sides, 'stride along each side', 1),
  padding: sidePadding(sides, 'zeros before each side, then after each'),
  dilation: perSide(sides, 'distance between kernel elements along each side', 1),
  groups: size('groups of channels that do not mix', 1),
  bias: flag('one learnable offset per output channel', false),
});

const convolution = (rank: number, about: string) =>
  op({
    about,
    traffic: 'compute',
    layer: 'conv',
    arity: [1, 1],
    fields: fieldsOf(rank),
    outShape(inputs, { channels, kernel, stride, padding, dilation }) {
      const { n, sides } = spatial(only(inputs), rank);
      const windowsOf = (i: number) => ({
        ...{ kernel: kernel[i]!, stride: stride[i]!, dilation: dilation[i]! },
        pad: [padding[i]!, padding[rank + i]!] as const,
      });
      return [n, channels, ...sides.map((side, i) => windowCount(side, windowsOf(i)))];
    },
    params: (inputs, { channels, kernel, groups, bias }): Record<string, Shape> => ({
      weight: [channels, seen(only(inputs), channels, groups), ...kernel],
      ...(bias ? { bias: [channels] } : {}),
    }),
    multAdds: (inputs, out, { channels, kernel, groups }) =>
      product([elements(out), seen(only(inputs), channels, groups), ...kernel]),
  });

/** The input channels of one output channel. */
function seen(input: Shape, channels: Shape[number], groups: Shape[number]): Shape[number] {
  groupSize(channels, groups, 'output');
  return groupSize(input[1]!, groups, 'input');
}

export const conv1d = convolution(1, 'convolution along one side: [N, C, L]');
export const conv3d = convolution(3, 'convolution of a volume or a clip: [N, C, D, H, W]');

const transposed = (rank: number, about: string) =>
  op({
    about,
    traffic: 'compute',
    arity: [1, 1],
    fields: {
      ...fieldsOf(rank),
      padding: sidePadding(rank, 'output elements that are cut off before each side, then after each'),
      extra: list(
        'elements added at the end of each side (output padding)',
        whole('elements', undefined, 0),
        new Array<number>(rank).fill(0),
        rank,
      ),
    },
    outShape(inputs, { channels, kernel, stride, padding, dilation, extra }) {
      const { n, sides } = spatial(only(inputs), rank);
      const grown = sides.map((side, i) => {
        const cut = padding[i]! + padding[rank + i]! - extra[i]!;
        return add(mul(sub(side, 1), stride[i]!), dilation[i]! * (kernel[i]! - 1) + 1 - cut);
      });
      return [n, channels, ...grown];
    },
    params(inputs, { channels, kernel, groups, bias }): Record<string, Shape> {
      seen(only(inputs), channels, groups);
      const weight = [only(inputs)[1]!, groupSize(channels, groups, 'output'), ...kernel];
      return { weight, ...(bias ? { bias: [channels] } : {}) };
    },
    multAdds: (inputs, _, { channels, kernel, groups }) =>
      product([elements(only(inputs)), groupSize(channels, groups, 'output'), ...kernel]),
  });

export const convTranspose1d = transposed(1, 'transposed convolution along one side: [N, C, L]');
export const convTranspose3d = transposed(3, 'transposed convolution of a volume: [N, C, D, H, W]');
