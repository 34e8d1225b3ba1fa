// VGG as torchvision builds it: stages of 3x3 convolutions with bias, three linear layers.

import type { Builder } from '../builder.js';
import { count, flag, list, per, size, type Given, type Values } from '../fields.js';
import type { Value } from '../graph.js';
import { classes } from './classifier.js';
import { family, IMAGENET } from './family.js';

const fields = {
  convs: list('3x3 convolutions of each stage', count('convolutions')),
  channels: per('convs', list('channels of each stage', size('channels'), [64, 128, 256, 512, 512])),
  batchNorm: flag('a batch norm after each convolution', false),
  ceil: flag('pools round up, as Caffe does: 75 rows become 38', false),
  hidden: size('features of the first two fully connected layers', 4096),
  classes,
};

const variants: Record<string, Given<typeof fields>> = {
  vgg11: { convs: [1, 1, 2, 2, 2] },
  vgg13: { convs: [2, 2, 2, 2, 2] },
  vgg16: { convs: [2, 2, 3, 3, 3] },
  vgg19: { convs: [2, 2, 4, 4, 4] },
  vgg16_caffe: { convs: [2, 2, 3, 3, 3], ceil: true },
  vgg11_bn: { convs: [1, 1, 2, 2, 2], batchNorm: true },
  vgg13_bn: { convs: [2, 2, 2, 2, 2], batchNorm: true },
  vgg16_bn: { convs: [2, 2, 3, 3, 3], batchNorm: true },
  vgg19_bn: { convs: [2, 2, 4, 4, 4], batchNorm: true },
};

export const vgg = family({
  name: 'vgg',
  about: 'plain stacks of 3x3 convolutions',
  links: ['https://arxiv.org/abs/1409.1556', 'https://github.com/pytorch/vision/blob/main/torchvision/models/vgg.py'],
  input: IMAGENET,
  fields,
  variants,
  build(net, x, { convs, channels, batchNorm, ceil, hidden, classes }) {
    let [features, index] = [x, 0];
    const next = (): string => `features.${index++}`;
    for (const [i, repeats] of convs.entries()) {
      const stage = `stage${i + 1}`;
      for (let j = 0; j < repeats; j++) {
        const inside = net.at('', { stage, block: `conv${i + 1}_${j + 1}` });
        features = inside.apply('conv', next(), features, {
          channels: channels[i]!,
          kernel: 3,
          padding: 1,
          bias: true,
        });
        if (batchNorm) features = inside.apply('batchNorm', next(), features);
        features = inside.apply('relu', next(), features);
      }
      const end = net.at('', { stage, block: `pool${i + 1}` });
      features = end.apply('maxPool', next(), features, { kernel: 2, stride: 2, ceil });
    }
    return head(net.at('', { stage: 'head' }), features, hidden, classes);
  },
});

/**
 * Dropout costs nothing at inference and leaves gaps in the numbers: classifier.2 and classifier.5.
 */
function head(net: Builder, x: Value, hidden: Values<typeof fields>['hidden'], classes: typeof hidden): Value {
  const pooled = net.apply('adaptiveAvgPool', 'avgpool', x, { size: 7 });
  let features = net.apply('flatten', 'flatten', pooled);
  for (const i of [0, 3]) {
    const connected = net.apply('linear', `classifier.${i}`, features, { features: hidden });
    features = net.apply('relu', `classifier.${i + 1}`, connected);
  }
  return net.apply('linear', 'classifier.6', features, { features: classes });
}
