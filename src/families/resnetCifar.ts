// ResNet for CIFAR as in its paper: three stages of basic blocks, zero-padded shortcuts.

import { convNorm } from '../blocks/convNorm.js';
import { basic } from '../blocks/residual.js';
import { choice, count, hasItems, list, only, per, size, type Given } from '../fields.js';
import { classes10, classifier } from './classifier.js';
import { CIFAR, family } from './family.js';

const fields = {
  depths: list('basic blocks of each stage', count('blocks')),
  channels: per(
    'depths',
    list('channels of each stage; the stem has those of the first', size('channels'), [16, 32, 64]),
  ),
  shortcut: only(
    [hasItems('depths', 2)],
    choice(
      'where the shape changes: zero channels (option A) or a strided 1x1 convolution (option B)',
      ['zeros', 'projection'],
      'zeros',
    ),
  ),
  classes: classes10,
};

const variants: Record<string, Given<typeof fields>> = {
  resnet20: { depths: [3, 3, 3] },
  resnet56: { depths: [9, 9, 9] },
  resnet110: { depths: [18, 18, 18] },
};

export const resnetCifar = family({
  name: 'resnet_cifar',
  about: 'residual networks for 32x32 images',
  links: [
    'https://arxiv.org/abs/1512.03385',
    'https://github.com/akamaster/pytorch_resnet_cifar10/blob/master/resnet.py',
  ],
  input: CIFAR,
  fields,
  variants,
  build(net, x, { depths, channels, shortcut, classes }) {
    const names = { conv: 'conv1', norm: 'bn1', act: 'relu' };
    const stem = { channels: channels[0]!, kernel: 3, padding: 1 };
    let features = convNorm(net.at('', { stage: 'stem' }), x, names, stem);
    for (const [i, depth] of depths.entries()) {
      const stage = `layer${i + 1}`;
      for (let j = 0; j < depth; j++) {
        const path = `${stage}.${j}`;
        const stride = i > 0 && j === 0 ? 2 : 1;
        const inside = net.at(path, { stage, block: path });
        features = basic(inside, features, channels[i]!, { stride, shortcut });
      }
    }
    return classifier(net, features, classes, 'linear');
  },
});
