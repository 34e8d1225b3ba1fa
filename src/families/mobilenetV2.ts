// MobileNet V2 as torchvision builds it: inverted residuals, with widths in multiples of 8.

import { convNorm, type ConvNormNames } from '../blocks/convNorm.js';
import { invertedResidual } from '../blocks/invertedResidual.js';
import { demandAtLeast } from '../dim/atLeast.js';
import { div, floorScaled, isNumber, mul, type Dim } from '../dim/dim.js';
import { withoutSymbols } from '../dim/poly.js';
import { toNumber } from '../dim/rational.js';
import { count, list, per, ratio, size, whole, type Given, type Ratio } from '../fields.js';
import { classes, classifier } from './classifier.js';
import { family, IMAGENET, WIDTHS } from './family.js';

const fields = {
  width: ratio('multiplier of every number of channels; below 1 the last convolution keeps its own', 1, WIDTHS),
  stem: size('channels of the stem before the multiplier', 32),
  expansion: per(
    'depths',
    list('channels of the depthwise convolutions over the input of each block', size('factor'), [1, 6, 6, 6, 6, 6, 6]),
  ),
  channels: per(
    'depths',
    list('output channels of each stage before the multiplier', size('channels'), [16, 24, 32, 64, 96, 160, 320]),
  ),
  depths: list('blocks of each stage', count('blocks'), [1, 2, 3, 4, 3, 3, 1]),
  strides: per('depths', list('stride of the first block of each stage', whole('stride'), [1, 2, 2, 2, 1, 2, 1])),
  last: size('channels of the last convolution before the multiplier', 1280),
  classes,
};

const variants: Record<string, Given<typeof fields>> = {
  mobilenet_v2: { width: 1 },
};

/** The nearest multiple of `divisor`, at most 10 % smaller. A size with symbols must be exact. */
export function roundedChannels(channels: Dim, width: Ratio, divisor = 8): Dim {
  const number = asNumber(width);
  if (!isNumber(channels) || number === undefined) return mul(div(floorScaled(channels, width), divisor), divisor);
  const wanted = channels * number;
  const nearest = Math.max(divisor, Math.floor((wanted + divisor / 2) / divisor) * divisor);
  return nearest < 0.9 * wanted ? nearest + divisor : nearest;
}

/** The width multiplier of the last convolution, at least 1. A symbol must promise this. */
function atLeastOne(width: Ratio): Ratio {
  const number = asNumber(width);
  if (number !== undefined) return Math.max(1, number);
  demandAtLeast(width, 1, 'the last convolution');
  return width;
}

/** The double that torchvision computes with; undefined for a symbol. */
function asNumber(ratio: Ratio): number | undefined {
  if (isNumber(ratio)) return ratio;
  const fraction = withoutSymbols(ratio);
  return fraction && toNumber(fraction);
}

const NAMES: ConvNormNames = { conv: '0', norm: '1', act: '2' };

export const mobilenetV2 = family({
  name: 'mobilenet_v2',
  about: 'inverted residuals with linear bottlenecks',
  links: [
    'https://arxiv.org/abs/1801.04381',
    'https://github.com/pytorch/vision/blob/main/torchvision/models/mobilenetv2.py',
  ],
  input: IMAGENET,
  fields,
  variants,
  build(net, x, { width, stem, expansion, channels, depths, strides, last, classes }) {
    let features = convNorm(
      net.at('features.0', { stage: 'stem' }),
      x,
      NAMES,
      { channels: roundedChannels(stem, width), kernel: 3, stride: 2, padding: 1 },
      'relu6',
    );
    let index = 1;
    for (const [i, depth] of depths.entries()) {
      for (let j = 0; j < depth; j++) {
        const path = `features.${index++}`;
        features = invertedResidual(net.at(path, { stage: `stage${i + 1}`, block: path }), features, {
          channels: roundedChannels(channels[i]!, width),
          expansion: expansion[i]!,
          stride: j === 0 ? strides[i]! : 1,
        });
      }
    }
    const end = net.at(`features.${index}`, { stage: 'head' });
    const widened = atLeastOne(width);
    const wide = { channels: roundedChannels(last, widened), kernel: 1 };
    return classifier(net, convNorm(end, features, NAMES, wide, 'relu6'), classes, 'classifier.1');
  },
});
