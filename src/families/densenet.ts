// DenseNet for ImageNet as torchvision builds it: bottleneck layers, transitions to half.

import { dense, normed, transition } from '../blocks/dense.js';
import { floorScaled, mul } from '../dim/dim.js';
import { count, hasItems, list, only, ratio, size, type Given } from '../fields.js';
import { classes, classifier } from './classifier.js';
import { family, IMAGENET } from './family.js';

const fields = {
  growth: size('channels that each layer adds', 32),
  blocks: list('layers of each dense block', count('layers')),
  stem: size('channels of the stem over the growth', 2),
  bottleneckWidth: size('channels of the 1x1 over the growth', 4),
  compression: only(
    // The last dense block has no transition.
    [hasItems('blocks', 2)],
    ratio('output channels of a transition over its input channels', 0.5, { most: 1 }),
  ),
  classes,
};

const variants: Record<string, Given<typeof fields>> = {
  densenet121: { growth: 32, blocks: [6, 12, 24, 16] },
  densenet161: { growth: 48, blocks: [6, 12, 36, 24] },
  densenet169: { growth: 32, blocks: [6, 12, 32, 32] },
  densenet201: { growth: 32, blocks: [6, 12, 48, 32] },
};

export const densenet = family({
  name: 'densenet',
  about: 'densely connected networks for ImageNet',
  links: [
    'https://arxiv.org/abs/1608.06993',
    'https://github.com/pytorch/vision/blob/main/torchvision/models/densenet.py',
  ],
  input: IMAGENET,
  fields,
  variants,
  build(net, x, { growth, blocks, stem, bottleneckWidth, compression, classes }) {
    const start = net.at('features', { stage: 'stem' });
    const strided = start.apply('conv', 'conv0', x, { channels: mul(stem, growth), kernel: 7, stride: 2, padding: 3 });
    let features = start.apply('maxPool', 'pool0', normed(start, strided, 'norm0', 'relu0'), {
      kernel: 3,
      stride: 2,
      padding: 1,
    });
    for (const [i, layers] of blocks.entries()) {
      const stage = `denseblock${i + 1}`;
      features = dense(net.at(`features.${stage}`, { stage, block: stage }), features, {
        layers,
        growth,
        bottleneck: true,
        bottleneckWidth,
        groups: 1,
      });
      if (i === blocks.length - 1) break;
      const between = `transition${i + 1}`;
      const channels = floorScaled(features.shape[1]!, compression);
      features = transition(net.at(`features.${between}`, { stage, block: between }), features, channels);
    }
    const end = net.at('features', { stage: 'head' });
    return classifier(net, normed(end, features, 'norm5', 'relu5'), classes, 'classifier');
  },
});
