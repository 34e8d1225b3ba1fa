// DSOD's backbones: dense blocks with ceil-mode pools. VoVNet's DenseNet-67 is DS/64-64-16-1.

import { convNorm, type ConvNormNames } from '../blocks/convNorm.js';
import { dense, transition } from '../blocks/dense.js';
import type { Builder } from '../builder.js';
import { floorScaled, mul, type Dim } from '../dim/dim.js';
import { count, hasItems, list, only, ratio, size, whole, within, type Given } from '../fields.js';
import type { Value } from '../graph.js';
import { classifier } from './classifier.js';
import { family, type ImageSize } from './family.js';

/** DS/A-B-k-theta: channels of the first convolution, of the bottlenecks, growth, compression. */
const fields = {
  stem: size('A: channels of the first two convolutions; the third has twice as many', 64),
  bottleneckWidth: size('B over the growth: channels of the 1x1 in each dense layer', 4),
  growth: size('k: channels that each layer adds'),
  compression: only(
    // The last transition has channels of its own.
    [hasItems('blocks', 2)],
    ratio('theta: output channels of a transition over its input channels', 1, { most: 1 }),
  ),
  blocks: list('layers of each dense block', count('layers'), [6, 8, 8, 8]),
  pools: within('blocks', whole('after how many of the transitions a pool follows', 2, 0)),
  channels: size('output channels of the last transition', 256),
  classes: size('classes of a classifier, 0 for a backbone without one', 0),
};

const variants: Record<string, Given<typeof fields>> = {
  densenet67: { growth: 16 },
};

/** The detector's own. */
const DSOD300: ImageSize = [3, 300, 300];

export const dsod = family({
  name: 'dsod',
  about: 'densely connected backbones for detection',
  links: [
    'https://arxiv.org/abs/1708.01241',
    'https://arxiv.org/abs/1904.09730',
    'https://github.com/szq0214/DSOD/blob/master/model_libs.py',
  ],
  input: DSOD300,
  fields,
  variants,
  build(net, x, { stem, bottleneckWidth, growth, compression, blocks, pools, channels, classes }) {
    let features = stemBlock(net.at('stem', { stage: 'stem' }), x, stem);
    for (const [i, layers] of blocks.entries()) {
      const [stage, between] = [`denseblock${i + 1}`, `transition${i + 1}`];
      const inside = net.at(stage, { stage, block: stage });
      features = dense(inside, features, { layers, growth, bottleneck: true, bottleneckWidth, groups: 1 });
      const last = i === blocks.length - 1;
      const out = last ? channels : floorScaled(features.shape[1]!, compression);
      const end = net.at(between, { stage, block: between });
      features = transition(end, features, out, 'none');
      if (i < pools) features = halved(end, features);
    }
    return classes === 0 ? features : classifier(net, features, classes);
  },
});

function stemBlock(net: Builder, x: Value, channels: Dim): Value {
  const names = (i: number): ConvNormNames => ({ conv: `conv${i}`, norm: `norm${i}`, act: `relu${i}` });
  const first = convNorm(net, x, names(1), { channels, kernel: 3, stride: 2, padding: 1 });
  const second = convNorm(net, first, names(2), { channels, kernel: 3, padding: 1 });
  return halved(net, convNorm(net, second, names(3), { channels: mul(2, channels), kernel: 3, padding: 1 }));
}

/** Caffe's pools round up: 75 becomes 38. */
const halved = (net: Builder, x: Value): Value => net.apply('maxPool', 'pool', x, { kernel: 2, stride: 2, ceil: true });
