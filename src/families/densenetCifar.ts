// DenseNet for CIFAR as in its paper: three dense blocks; BC has bottlenecks and compression.

import { dense, normed, transition, type DenseNames, type TransitionNames } from '../blocks/dense.js';
import { floorScaled, mul } from '../dim/dim.js';
import { count, flag, hasItems, list, only, ratio, size, where, type Given } from '../fields.js';
import { classes10, classifier } from './classifier.js';
import { CIFAR, family } from './family.js';

const fields = {
  growth: size('channels that each layer adds', 12),
  blocks: list('layers of each dense block', count('layers')),
  stem: size(
    "channels of the first convolution; 0 for twice the growth (DenseNet-BC, and all of the authors' code)",
    0,
  ),
  bottleneck: flag('a 1x1 convolution before each 3x3 (B)', false),
  bottleneckWidth: only([where('bottleneck', true)], size('channels of that 1x1 over the growth', 4)),
  compression: only(
    [hasItems('blocks', 2)],
    ratio('output channels of a transition over its input channels (C where it is below 1)', 1, { most: 1 }),
  ),
  classes: classes10,
};

const variants: Record<string, Given<typeof fields>> = {
  densenet40_k12: { growth: 12, blocks: [12, 12, 12], stem: 16 },
  densenet_bc100_k12: { growth: 12, blocks: [16, 16, 16], bottleneck: true, compression: 0.5 },
};

const LAYERS: DenseNames = { layer: String, plain: { norm: 'bn', relu: 'relu', conv: 'conv' } };
const BETWEEN: TransitionNames = { norm: '0', relu: '1', conv: '2', pool: '3' };

export const densenetCifar = family({
  name: 'densenet_cifar',
  about: 'densely connected networks for 32x32 images',
  links: [
    'https://arxiv.org/abs/1608.06993',
    'https://github.com/liuzhuang13/DenseNet/blob/master/models/densenet.lua',
  ],
  input: CIFAR,
  fields,
  variants,
  build(net, x, { growth, blocks, stem, bottleneck, bottleneckWidth, compression, classes }) {
    const start = net.at('', { stage: 'stem' });
    const channels = stem === 0 ? mul(2, growth) : stem;
    let features = start.apply('conv', 'conv0', x, { channels, kernel: 3, padding: 1 });
    for (const [i, layers] of blocks.entries()) {
      const [stage, between] = [`block${i + 1}`, `trans${i + 1}`];
      const inside = net.at(`features.${stage}`, { stage, block: stage });
      features = dense(inside, features, { layers, growth, bottleneck, bottleneckWidth, groups: 1 }, LAYERS);
      if (i === blocks.length - 1) break;
      const narrowed = floorScaled(features.shape[1]!, compression);
      const halving = net.at(`features.${between}`, { stage, block: between });
      features = transition(halving, features, narrowed, 'avgPool', BETWEEN);
    }
    const end = net.at('features', { stage: 'head' });
    return classifier(net, normed(end, features, 'norm', 'relu'), classes);
  },
});
