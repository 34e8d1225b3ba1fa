// DenseNet-40 with OSA modules for dense blocks: the experiment of VoVNet's section 3.2.

import { convNorm, PLAIN } from '../blocks/convNorm.js';
import { osa } from '../blocks/osa.js';
import { add, mul } from '../dim/dim.js';
import { choice, count, size, type Given } from '../fields.js';
import { classes10, classifier } from './classifier.js';
import { CIFAR, family } from './family.js';

/*
 * The paper gives layers and channels, and a convolution memory access of "2.5M" for 5 layers of
 * 43 (DenseNet-40: 3.7M), but no widths of the 1x1 transitions. `keep` keeps the channels as
 * DenseNet-40 does: 2,587,209 elements with the third transition of the paper's Fig. 2. `layers`
 * comes to 2.504 M, which is closer to the printed figure.
 */
const fields = {
  layers: count('3x3 layers of each module'),
  growth: size('channels of each layer'),
  modules: count('modules, with a 2x2 pool between each two', 3),
  stem: size('channels of the first convolution', 16),
  transition: choice(
    "output channels of a module's 1x1: all that it reads, or modules so far x layers x growth (the paper states neither)",
    ['keep', 'layers'],
    'keep',
  ),
  classes: classes10,
};

const variants: Record<string, Given<typeof fields>> = {
  osa_cifar_12x20: { layers: 12, growth: 20 },
  osa_cifar_5x43: { layers: 5, growth: 43 },
};

export const osaCifar = family({
  name: 'osa_cifar',
  about: 'One-Shot Aggregation for 32x32 images, beside DenseNet-40',
  links: ['https://arxiv.org/abs/1904.09730'],
  input: CIFAR,
  fields,
  variants,
  build(net, x, { layers, growth, modules, stem, transition, classes }) {
    const start = net.at('stem', { stage: 'stem' });
    let features = convNorm(start, x, PLAIN, { channels: stem, kernel: 3, padding: 1 });
    for (let i = 1; i <= modules; i++) {
      const stage = `stage${i}`;
      const inside = net.at(stage, { stage, block: `OSA${i}` });
      const grown = mul(layers, growth);
      const channels = transition === 'keep' ? add(features.shape[1]!, grown) : mul(i, grown);
      features = osa(inside, features, {
        layers,
        growth,
        channels,
        depthwise: false,
        groups: 1,
        bottleneck: false,
        bottleneckOf: 'input',
        attention: 'none',
        identity: false,
      });
      if (i < modules) features = inside.apply('avgPool', 'pool', features, { kernel: 2, stride: 2 });
    }
    return classifier(net, features, classes);
  },
});
