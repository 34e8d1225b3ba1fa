// MobileNet V1 as in its paper: a strided stem, 13 depthwise separable convolutions.

import { convNorm, type ConvNormNames } from '../blocks/convNorm.js';
import { depthwiseSeparable } from '../blocks/depthwise.js';
import { floorScaled } from '../dim/dim.js';
import { count, list, per, ratio, size, type Given } from '../fields.js';
import { classes, classifier } from './classifier.js';
import { family, IMAGENET, WIDTHS } from './family.js';

const fields = {
  width: ratio('multiplier of every number of channels, rounded down', 1, WIDTHS),
  stem: size('channels of the stem before the multiplier', 32),
  channels: per(
    'depths',
    list('channels of each stage before the multiplier', size('channels'), [64, 128, 256, 512, 1024]),
  ),
  depths: list('separable convolutions of each stage', count('convolutions'), [1, 2, 2, 6, 2]),
  classes,
};

const variants: Record<string, Given<typeof fields>> = {
  mobilenet_v1: { width: 1 },
};

/** The names of convolutions are those of the authors' TF-Slim code. */
const names = (conv: string): ConvNormNames => ({ conv, norm: `${conv}/BatchNorm`, act: `${conv}/Relu` });

export const mobilenetV1 = family({
  name: 'mobilenet_v1',
  about: 'depthwise separable convolutions throughout',
  links: [
    'https://arxiv.org/abs/1704.04861',
    'https://github.com/tensorflow/models/blob/master/research/slim/nets/mobilenet_v1.py',
  ],
  input: IMAGENET,
  fields,
  variants,
  build(net, x, { width, stem, channels, depths, classes }) {
    let features = convNorm(net.at('', { stage: 'stem' }), x, names('Conv2d_0'), {
      channels: floorScaled(stem, width),
      kernel: 3,
      stride: 2,
      padding: 1,
    });
    let index = 0;
    for (const [i, depth] of depths.entries()) {
      for (let j = 0; j < depth; j++) {
        const name = `Conv2d_${++index}`;
        features = depthwiseSeparable(
          net.at('', { stage: `stage${i + 1}`, block: name }),
          features,
          floorScaled(channels[i]!, width),
          { depthwise: names(`${name}_depthwise`), pointwise: names(`${name}_pointwise`) },
          { stride: i > 0 && j === 0 ? 2 : 1 },
        );
      }
    }
    return classifier(net, features, classes);
  },
});
