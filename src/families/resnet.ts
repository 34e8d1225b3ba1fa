// ResNet, ResNeXt, wide ResNet and SE-ResNet as torchvision and timm build them (v1.5).

import { convNorm } from '../blocks/convNorm.js';
import { basic, bottleneck } from '../blocks/residual.js';
import type { Builder } from '../builder.js';
import { floorDiv, mul } from '../dim/dim.js';
import { choice, count, hasItems, list, only, per, size, where, whole, type Given, type Values } from '../fields.js';
import type { Value } from '../graph.js';
import { classes, classifier } from './classifier.js';
import { family, IMAGENET } from './family.js';

const bottlenecks = where('block', 'bottleneck');

const fields = {
  block: choice('residual block of every stage', ['basic', 'bottleneck']),
  depths: list('blocks of each stage', count('blocks')),
  channels: per(
    'depths',
    list('width of each stage; a bottleneck puts out 4 times as many', size('width'), [64, 128, 256, 512]),
  ),
  stem: size('channels of the stem', 64),
  groups: only([bottlenecks], size('groups of the 3x3 in a bottleneck', 1)),
  widthPerGroup: only(
    [bottlenecks],
    size('width of one group where the stage is 64 wide, in proportion elsewhere and rounded down', 64),
  ),
  attention: choice('gate before each addition', ['none', 'se'], 'none'),
  reduction: only([where('attention', 'se')], whole('channels over the channels of the SE bottleneck', 16)),
  strideIn: only(
    // The first stage has no stride.
    [bottlenecks, hasItems('depths', 2)],
    choice('which convolution of a bottleneck takes the stride: 3x3 (v1.5) or 1x1 (the paper)', ['3x3', '1x1'], '3x3'),
  ),
  classes,
};

const variants: Record<string, Given<typeof fields>> = {
  resnet18: { block: 'basic', depths: [2, 2, 2, 2] },
  resnet34: { block: 'basic', depths: [3, 4, 6, 3] },
  resnet50: { block: 'bottleneck', depths: [3, 4, 6, 3] },
  resnet101: { block: 'bottleneck', depths: [3, 4, 23, 3] },
  resnet152: { block: 'bottleneck', depths: [3, 8, 36, 3] },
  resnext50_32x4d: { block: 'bottleneck', depths: [3, 4, 6, 3], groups: 32, widthPerGroup: 4 },
  wide_resnet50_2: { block: 'bottleneck', depths: [3, 4, 6, 3], widthPerGroup: 128 },
  seresnet50: { block: 'bottleneck', depths: [3, 4, 6, 3], attention: 'se' },
};

export const resnet = family({
  name: 'resnet',
  about: 'residual networks with basic or bottleneck blocks',
  links: [
    'https://arxiv.org/abs/1512.03385',
    'https://arxiv.org/abs/1611.05431',
    'https://arxiv.org/abs/1605.07146',
    'https://arxiv.org/abs/1709.01507',
    'https://github.com/pytorch/vision/blob/main/torchvision/models/resnet.py',
  ],
  input: IMAGENET,
  fields,
  variants,
  build(net, x, config) {
    let features = stem(net.at('', { stage: 'stem' }), x, config);
    for (const [i, depth] of config.depths.entries()) {
      const stage = `layer${i + 1}`;
      for (let j = 0; j < depth; j++) {
        const inside = net.at(`${stage}.${j}`, { stage, block: `${stage}.${j}` });
        features = unit(inside, features, config, i, i > 0 && j === 0 ? 2 : 1);
      }
    }
    return classifier(net, features, config.classes);
  },
});

function stem(net: Builder, x: Value, config: Values<typeof fields>): Value {
  const names = { conv: 'conv1', norm: 'bn1', act: 'relu' };
  const strided = convNorm(net, x, names, { channels: config.stem, kernel: 7, stride: 2, padding: 3 });
  return net.apply('maxPool', 'maxpool', strided, { kernel: 3, stride: 2, padding: 1 });
}

function unit(net: Builder, x: Value, config: Values<typeof fields>, stage: number, stride: number): Value {
  const { block, channels, groups, widthPerGroup, attention, reduction, strideIn } = config;
  const planes = channels[stage]!;
  if (block === 'basic') return basic(net, x, planes, { stride, attention, reduction });
  const inner = mul(floorDiv(mul(planes, widthPerGroup), 64), groups);
  return bottleneck(net, x, { planes, inner, groups }, { stride, attention, reduction, strideIn });
}
