// SqueezeNet as torchvision builds it: fire modules, ceil-mode pools, a 1x1 as classifier.

import { fire } from '../blocks/fire.js';
import { mul } from '../dim/dim.js';
import { count, list, pair, perUnit, size, type Given } from '../fields.js';
import { classes } from './classifier.js';
import { family, IMAGENET } from './family.js';

const fields = {
  stem: size('channels of the first convolution', 64),
  stemKernel: pair('its kernel; its stride is 2, without padding', 3),
  depths: list('fire modules of each stage, after its pool', count('modules')),
  squeeze: perUnit(
    'depths',
    list('squeezed channels of each module', size('channels'), [16, 16, 32, 32, 48, 48, 64, 64]),
  ),
  expand: size('channels of each of the two expanding convolutions over the squeezed ones', 4),
  classes,
};

const variants: Record<string, Given<typeof fields>> = {
  squeezenet1_1: { depths: [2, 2, 4] },
};

export const squeezenet = family({
  name: 'squeezenet',
  about: 'fire modules: few params by squeezing channels',
  links: [
    'https://arxiv.org/abs/1602.07360',
    'https://github.com/forresti/SqueezeNet/tree/master/SqueezeNet_v1.1',
    'https://github.com/pytorch/vision/blob/main/torchvision/models/squeezenet.py',
  ],
  input: IMAGENET,
  fields,
  variants,
  build(net, x, { stem, stemKernel, depths, squeeze, expand, classes }) {
    const start = net.at('', { stage: 'stem' });
    const strided = start.apply('conv', 'features.0', x, { channels: stem, kernel: stemKernel, stride: 2, bias: true });
    let features = start.apply('relu', 'features.1', strided);
    let [index, modules] = [2, 0];
    for (const [i, depth] of depths.entries()) {
      const stage = `stage${i + 1}`;
      const pooled = net.at('', { stage, block: `pool${i + 1}` });
      features = pooled.apply('maxPool', `features.${index++}`, features, { kernel: 3, stride: 2, ceil: true });
      for (let j = 0; j < depth; j++) {
        const path = `features.${index++}`;
        const squeezed = squeeze[modules++]!;
        features = fire(net.at(path, { stage, block: path }), features, squeezed, mul(squeezed, expand));
      }
    }
    const head = net.at('', { stage: 'head' });
    const scores = head.apply('conv', 'classifier.1', features, { channels: classes, kernel: 1, bias: true });
    const pooled = head.apply('globalAvgPool', 'classifier.3', head.apply('relu', 'classifier.2', scores));
    return head.apply('flatten', 'flatten', pooled);
  },
});
