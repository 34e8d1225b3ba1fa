// PeleeNet as its authors build it: a two-branch stem, two-way dense blocks, transitions.

import { convNorm, type ConvNormNames } from '../blocks/convNorm.js';
import { twoWayDense } from '../blocks/twoWayDense.js';
import type { Builder } from '../builder.js';
import { floorDiv, type Dim } from '../dim/dim.js';
import { count, flag, hasItems, list, only, per, size, type Given } from '../fields.js';
import type { Value } from '../graph.js';
import { classes, classifier } from './classifier.js';
import { family, IMAGENET } from './family.js';

const fields = {
  growth: size('channels that each layer adds, an even number', 32),
  blocks: list('layers of each dense block', count('layers'), [3, 4, 8, 6]),
  stem: size('channels of the stem', 32),
  bottleneckWidth: per('blocks', list('channels of each 1x1 over half of the growth', size('factor'), [1, 2, 4, 4])),
  ceil: only([hasItems('blocks', 2)], flag('pools between blocks round up, as Caffe does: 19 rows become 10', false)),
  classes,
};

const variants: Record<string, Given<typeof fields>> = {
  peleenet: { growth: 32 },
  peleenet_caffe: { ceil: true },
};

const NAMES: ConvNormNames = { conv: 'conv', norm: 'norm', act: 'relu' };

export const peleenet = family({
  name: 'peleenet',
  about: 'two-way dense layers for mobile devices',
  links: ['https://arxiv.org/abs/1804.06882', 'https://github.com/Robert-JunWang/PeleeNet/blob/master/peleenet.py'],
  input: IMAGENET,
  fields,
  variants,
  build(net, x, { growth, blocks, stem, bottleneckWidth, ceil, classes }) {
    let features = stemBlock(net.at('features.stemblock', { stage: 'stem' }), x, stem);
    for (const [i, layers] of blocks.entries()) {
      const stage = `denseblock${i + 1}`;
      const inside = net.at(`features.${stage}`, { stage, block: stage });
      features = twoWayDense(inside, features, { layers, growth, bottleneckWidth: bottleneckWidth[i]! });
      const block = `transition${i + 1}`;
      const between = net.at('features', { stage, block });
      features = convNorm(between.at(block), features, NAMES, { channels: features.shape[1]!, kernel: 1 });
      if (i < blocks.length - 1)
        features = between.apply('avgPool', `${block}_pool`, features, { kernel: 2, stride: 2, ceil });
    }
    return classifier(net, features, classes, 'classifier');
  },
});

/** Pelee's Fig. 2. Both branches halve the resolution, so the first output must have even sides. */
function stemBlock(net: Builder, x: Value, channels: Dim): Value {
  const strided = { kernel: 3, stride: 2, padding: 1 };
  const first = convNorm(net.at('stem1'), x, NAMES, { channels, ...strided });
  const narrow = convNorm(net.at('stem2a'), first, NAMES, { channels: floorDiv(channels, 2), kernel: 1 });
  const spatial = convNorm(net.at('stem2b'), narrow, NAMES, { channels, ...strided });
  const pooled = net.apply('maxPool', 'pool', first, { kernel: 2, stride: 2 });
  return convNorm(net.at('stem3'), net.apply('concat', 'concat', [pooled, spatial]), NAMES, { channels, kernel: 1 });
}
