// ResNet's basic block (two 3x3) and bottleneck (1x1, 3x3, 1x1), each with a shortcut.

import type { Builder } from '../builder.js';
import { demandAtLeast } from '../dim/atLeast.js';
import { floorDiv, isNumber, mul, sub, type Dim } from '../dim/dim.js';
import { choice, only, size, where, whole } from '../fields.js';
import type { Value } from '../graph.js';
import { InputError } from '../inputError.js';
import { block, share } from './block.js';
import { convNorm, type ConvNormNames } from './convNorm.js';
import { squeezeExcite } from './squeezeExcite.js';

/** Output channels / planes of a bottleneck. */
const EXPANSION = 4;

const numbered = (i: number): ConvNormNames => ({ conv: `conv${i}`, norm: `bn${i}`, act: `relu${i}` });

/**
 * The shortcut between different shapes (arXiv 1512.03385, section 3.3): zero channels (option A)
 * or a strided 1x1 convolution (option B).
 */
export type Shortcut = 'projection' | 'zeros';

/** The fields of both blocks. */
interface Options {
  readonly stride: number;
  readonly attention?: 'none' | 'se';
  readonly reduction?: number;
}

/** Basic block (ResNet, arXiv 1512.03385, Fig. 5 left). `planes` is its width. */
export function basic(
  net: Builder,
  x: Value,
  planes: Dim,
  { stride, attention, reduction, shortcut }: Options & { readonly shortcut?: Shortcut },
): Value {
  const first = convNorm(net, x, numbered(1), { channels: planes, kernel: 3, stride, padding: 1 });
  const second = convNorm(net, first, numbered(2), { channels: planes, kernel: 3, padding: 1 }, 'none');
  return joined(net, x, gated(net, second, attention, reduction), stride, shortcut);
}

export interface BottleneckWidths {
  readonly planes: Dim;
  /** Channels of the 3x3 convolution: planes, or more for ResNeXt and wide ResNets. */
  readonly inner: Dim;
  readonly groups: Dim;
}

/**
 * Bottleneck block (arXiv 1512.03385, Fig. 5 right). The stride is in the 3x3 (v1.5), or in the
 * first 1x1 as in the paper.
 */
export function bottleneck(
  net: Builder,
  x: Value,
  { planes, inner, groups }: BottleneckWidths,
  { stride, attention, reduction, strideIn = '3x3' }: Options & { readonly strideIn?: '3x3' | '1x1' },
): Value {
  const [first, second] = strideIn === '1x1' ? [stride, 1] : [1, stride];
  const narrow = convNorm(net, x, numbered(1), { channels: inner, kernel: 1, stride: first });
  const spatial = convNorm(net, narrow, numbered(2), {
    channels: inner,
    kernel: 3,
    stride: second,
    padding: 1,
    groups,
  });
  const wide = convNorm(net, spatial, numbered(3), { channels: mul(planes, EXPANSION), kernel: 1 }, 'none');
  return joined(net, x, gated(net, wide, attention, reduction), stride);
}

const gated = (net: Builder, x: Value, attention: Options['attention'] = 'none', reduction = 16): Value =>
  attention === 'se' ? squeezeExcite(net.at('se'), x, reduction) : x;

/** Adds the shortcut to the branch, then ReLU. The shortcut takes the branch's shape. */
function joined(net: Builder, x: Value, branch: Value, stride: number, shortcut: Shortcut = 'projection'): Value {
  const channels = branch.shape[1]!;
  const fits = stride === 1 && net.knownEqual(x.shape[1]!, channels);
  const reshaped = shortcut === 'zeros' ? zeroPadded : projected;
  const input = fits ? x : reshaped(net, x, channels, stride);
  return net.apply('relu', 'relu', net.apply('add', 'add', [branch, input]));
}

function projected(net: Builder, x: Value, channels: Dim, stride: number): Value {
  const names = { conv: '0', norm: '1', act: '' };
  return convNorm(net.at('downsample'), x, names, { channels, kernel: 1, stride }, 'none');
}

/** Every stride-th row and column, and zeros for half of the missing channels on each side. */
function zeroPadded(net: Builder, x: Value, channels: Dim, stride: number): Value {
  const inside = net.at('shortcut');
  const missing = sub(channels, x.shape[1]!);
  if (isNumber(missing) && missing < 0)
    throw new InputError(`a shortcut of zeros cannot lower the channels by ${-missing}: use a projection`, 'channels');
  const coarse = stride === 1 ? x : inside.apply('subsample', 'subsample', x, { step: stride });
  if (missing === 0) return coarse;
  // The symbol promises more output than input channels, so that the padding is positive.
  demandAtLeast(missing, 1, 'what a shortcut of zeros adds');
  // The split between both sides has no cost, so a symbol need not be even.
  const before = isNumber(missing) ? floorDiv(missing, 2) : 0;
  return inside.apply('pad', 'pad', coarse, { channels: [before, sub(missing, before)] });
}

const shared = {
  stride: whole('stride of height and width', 1),
  attention: choice('gate before the addition', ['none', 'se'], 'none'),
  reduction: only([where('attention', 'se')], whole('channels over the channels of the SE bottleneck', 16)),
};

export const basicBlock = block({
  about: 'two 3x3 convolutions and a shortcut',
  paper: 'https://arxiv.org/abs/1512.03385',
  fields: {
    channels: size('output channels'),
    ...shared,
    shortcut: choice(
      'how the input gets the shape of the output: a strided 1x1 convolution, or zero channels',
      ['projection', 'zeros'],
      'projection',
    ),
  },
  build: (net, x, { channels, ...options }) => basic(net, x, channels, options),
});

export const bottleneckBlock = block({
  about: '1x1, 3x3 and 1x1 convolutions and a shortcut; the inner width is a quarter of the output',
  paper: 'https://arxiv.org/abs/1512.03385',
  fields: { channels: size('output channels, a multiple of 4'), groups: size('groups of the 3x3', 1), ...shared },
  build(net, x, { channels, groups, ...options }) {
    const planes = share(channels, EXPANSION, 'the output is 4 times as wide as the bottleneck', 'channels');
    return bottleneck(net, x, { planes, inner: planes, groups }, options);
  },
});
