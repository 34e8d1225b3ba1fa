// ShuffleNet V2 as torchvision builds it: a pooled stem and three stages of shuffle units.

import { convNorm, type ConvNormNames } from '../blocks/convNorm.js';
import { shuffleUnit } from '../blocks/shuffleUnit.js';
import { count, list, per, size, type Given } from '../fields.js';
import { classes, classifier } from './classifier.js';
import { family, IMAGENET } from './family.js';

const fields = {
  stem: size('channels of the stem', 24),
  channels: per('depths', list('output channels of each stage, even numbers', size('channels'))),
  depths: list('units of each stage', count('units'), [4, 8, 4]),
  last: size('channels of the last convolution', 1024),
  classes,
};

const variants: Record<string, Given<typeof fields>> = {
  shufflenet_v2_x0_5: { channels: [48, 96, 192] },
  shufflenet_v2_x1_0: { channels: [116, 232, 464] },
  shufflenet_v2_x1_5: { channels: [176, 352, 704] },
  shufflenet_v2_x2_0: { channels: [244, 488, 976], last: 2048 },
};

const NAMES: ConvNormNames = { conv: '0', norm: '1', act: '2' };

export const shufflenetV2 = family({
  name: 'shufflenet_v2',
  about: 'channel split and shuffle, designed for a low memory access cost',
  links: [
    'https://arxiv.org/abs/1807.11164',
    'https://github.com/pytorch/vision/blob/main/torchvision/models/shufflenetv2.py',
  ],
  input: IMAGENET,
  fields,
  variants,
  build(net, x, { stem, channels, depths, last, classes }) {
    const start = net.at('', { stage: 'stem' });
    const strided = convNorm(start.at('conv1'), x, NAMES, { channels: stem, kernel: 3, stride: 2, padding: 1 });
    let features = start.apply('maxPool', 'maxpool', strided, { kernel: 3, stride: 2, padding: 1 });
    for (const [i, depth] of depths.entries()) {
      const stage = `stage${i + 2}`;
      for (let j = 0; j < depth; j++) {
        const path = `${stage}.${j}`;
        features = shuffleUnit(net.at(path, { stage, block: path }), features, channels[i]!, j === 0 ? 2 : 1);
      }
    }
    const end = net.at('conv5', { stage: 'head' });
    return classifier(net, convNorm(end, features, NAMES, { channels: last, kernel: 1 }), classes);
  },
});
