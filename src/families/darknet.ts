// Darknet-19 as in its authors' configuration, and Darknet-53 as timm builds it.

import { convNorm, type ConvNormNames } from '../blocks/convNorm.js';
import { darknetUnit } from '../blocks/darknetUnit.js';
import type { Builder } from '../builder.js';
import { choice, count, flag, hasSome, list, only, per, size, type Given, type Values } from '../fields.js';
import type { Value } from '../graph.js';
import { classes, classifier } from './classifier.js';
import { family, IMAGENET } from './family.js';

const fields = {
  stem: size('channels of the first 3x3 convolution', 32),
  channels: per('depths', list('channels of each stage', size('channels'), [64, 128, 256, 512, 1024])),
  depths: list('1x1 and 3x3 pairs of each stage, after its first 3x3', count('pairs', undefined, 0)),
  downsample: choice('what halves the resolution of a stage: its first 3x3 or a pool', ['conv', 'pool'], 'conv'),
  residual: only([hasSome('depths', 1)], flag('the input of each pair is added to its output', true)),
  head: choice('a fully connected layer after the pool, or a 1x1 convolution before it', ['linear', 'conv'], 'linear'),
  classes,
};
type Config = Values<typeof fields>;

const variants: Record<string, Given<typeof fields>> = {
  darknet19: { depths: [0, 1, 1, 2, 2], downsample: 'pool', residual: false, head: 'conv' },
  darknet53: { depths: [1, 2, 8, 8, 4] },
};

/** timm's names; the configuration files of Darknet-19 give its layers none. */
const NAMES: ConvNormNames = { conv: 'conv', norm: 'bn', act: 'act' };

export const darknet = family({
  name: 'darknet',
  about: 'backbones of YOLO 2 and 3',
  links: [
    'https://arxiv.org/abs/1612.08242',
    'https://arxiv.org/abs/1804.02767',
    'https://github.com/pjreddie/darknet/blob/master/cfg/darknet19.cfg',
    'https://github.com/huggingface/pytorch-image-models/blob/main/timm/models/cspnet.py',
  ],
  input: IMAGENET,
  fields,
  variants,
  build(net, x, config) {
    const stem = net.at('stem.conv1', { stage: 'stem' });
    let features = convNorm(stem, x, NAMES, { channels: config.stem, kernel: 3, padding: 1 }, 'leakyRelu');
    for (const i of config.depths.keys()) {
      const name = `stages.${i}`;
      features = stage(net.at(name, { stage: name }), features, config, i);
    }
    return config.head === 'linear'
      ? classifier(net, features, config.classes, 'head.fc')
      : convolutionalHead(net.at('head', { stage: 'head' }), features, config);
  },
});

function stage(net: Builder, x: Value, { channels, depths, downsample, residual }: Config, i: number): Value {
  const pools = downsample === 'pool';
  const coarse = pools ? net.apply('maxPool', 'pool', x, { kernel: 2, stride: 2 }) : x;
  const first = { channels: channels[i]!, kernel: 3, stride: pools ? 1 : 2, padding: 1 };
  let features = convNorm(net.at('conv_down', { block: 'conv_down' }), coarse, NAMES, first, 'leakyRelu');
  for (let j = 0; j < depths[i]!; j++) {
    const block = `blocks.${j}`;
    features = darknetUnit(net.at(block, { block }), features, residual);
  }
  return features;
}

function convolutionalHead(net: Builder, x: Value, { classes }: Config): Value {
  const scores = net.apply('conv', 'conv', x, { channels: classes, kernel: 1, bias: true });
  return net.apply('flatten', 'flatten', net.apply('globalAvgPool', 'avgpool', scores));
}
