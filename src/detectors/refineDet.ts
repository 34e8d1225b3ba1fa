// RefineDet: refines anchors on the backbone's maps, detects on maps of transfer connections.

import { convNorm, PLAIN } from '../blocks/convNorm.js';
import type { Builder, OpGiven } from '../builder.js';
import { mul, type Dim } from '../dim/dim.js';
import { choice, count, size, type Values } from '../fields.js';
import type { ImageSize } from '../families/family.js';
import type { Value } from '../graph.js';
import { detector, part } from './detector.js';
import { demandHalf } from './doubling.js';

const fields = {
  classes: size('classes with the background: 81 for COCO, 21 for VOC', 81),
  anchors: count('anchors at each position', 3),
  channels: size('channels of the transfer connections', 256),
  style: choice(
    "whose layers: those of the authors' VGG16 network (biases; fc6, fc7 and conv6 on top), of their ResNet-101 network (norms; res6 on top and a residual block in each head), or VGG16's where the backbone ends in a pool",
    ['auto', 'resnet101', 'vgg16'],
    'auto',
  ),
};
type Config = Values<typeof fields>;
type Style = 'resnet101' | 'vgg16';

/** RefineDet (arXiv 1711.06897). Strides 8 to 64; the last is made on top of the backbone. */
const refineDet = (side: number) =>
  detector({
    name: `refinedet${side}`,
    about: 'single-shot detector that refines its anchors first, four scales',
    links: [
      'https://arxiv.org/abs/1711.06897',
      'https://github.com/sfzhang15/RefineDet/blob/master/examples/refinedet/ResNet101_COCO_320.py',
      'https://github.com/sfzhang15/RefineDet/blob/master/examples/refinedet/VGG16_COCO_512.py',
      'https://github.com/sfzhang15/RefineDet/blob/master/python/caffe/model_libs.py',
    ],
    input: [3, side, side] satisfies ImageSize,
    needs: [8, 16, 32],
    fields,
    build(net, features, config) {
      const top = features.get(32)!;
      const style = config.style === 'auto' ? styleOf(top) : config.style;
      const sources = sourcesOf(net, features.get(8)!, features.get(16)!, top, style);
      const transferred = transfer(net, sources, config.channels, style);
      const anchors = sources.flatMap((x, i) => predict(part(net, 'heads', `arm${i + 3}`), x, config, 2, style));
      const objects = transferred.flatMap((x, i) =>
        predict(part(net, 'heads', `odm${i + 3}`), x, config, config.classes, style),
      );
      return [...anchors, ...objects];
    },
  });

export const refinedet320 = refineDet(320);
export const refinedet512 = refineDet(512);

/** VGG's fully connected layers as convolutions, after its fifth pool, as the authors have them. */
const styleOf = (top: Value): Style => ('op' in top && top.op === 'maxPool' ? 'vgg16' : 'resnet101');

/** The four maps that anchors are refined on, finest first. */
function sourcesOf(net: Builder, fine: Value, middle: Value, top: Value, style: Style): readonly Value[] {
  if (style === 'resnet101') return [fine, middle, top, residual(part(net, 'neck', 'res6'), top, 128, 512, 2)];
  const fc = part(net, 'neck', 'fc');
  const fc6 = biased(fc, 'fc6', top, { channels: 1024, kernel: 3, padding: 3, dilation: 3 });
  const fc7 = biased(fc, 'fc7', fc6, { channels: 1024, kernel: 1 });
  const extra = part(net, 'neck', 'conv6');
  const narrow = biased(extra, 'conv6_1', fc7, { channels: 256, kernel: 1 });
  const last = biased(extra, 'conv6_2', narrow, { channels: 512, kernel: 3, stride: 2, padding: 1 });
  const norm = part(net, 'neck', 'norm');
  return [norm.apply('l2Norm', 'conv4_3', fine), norm.apply('l2Norm', 'conv5_3', middle), fc7, last];
}

/**
 * Transfer connection blocks (section 3.1, Fig. 2), from the coarsest down; returned finest first.
 */
function transfer(net: Builder, sources: readonly Value[], channels: Dim, style: Style): readonly Value[] {
  const made: Value[] = [];
  for (const [i, source] of [...sources.entries()].reverse()) {
    const inside = part(net, 'neck', `tcb${i + 3}`);
    const conv = style === 'vgg16' ? biased : withNorm;
    const same = { channels, kernel: 3, padding: 1 } as const;
    const first = conv(inside, 'tl1', source, same);
    const above = made[0];
    if (above) demandHalf('a transfer connection', above, source, 64);
    const second = conv(inside, 'tl2', first, same, above === undefined);
    const summed = above ? inside.apply('relu', 'relu', withAbove(inside, second, above, channels, style)) : second;
    made.unshift(conv(inside, 'p', summed, same));
  }
  return made;
}

function withAbove(net: Builder, own: Value, above: Value, channels: Dim, style: Style): Value {
  const up = net.apply('convTranspose', 'up', above, { channels, kernel: 2, stride: 2, bias: style === 'vgg16' });
  return net.apply('add', 'sum', [own, style === 'vgg16' ? up : net.apply('batchNorm', 'upNorm', up)]);
}

/**
 * Four numbers and `classes` scores per anchor. On ResNets a residual block to 1024 channels is
 * first.
 */
function predict(net: Builder, x: Value, { anchors }: Config, classes: Dim, style: Style): readonly Value[] {
  const features = style === 'vgg16' ? x : residual(net.at('inter'), x, 256, 1024, 1);
  const conv = (name: string, channels: Dim): Value =>
    net.apply('conv', name, features, { channels, kernel: 3, padding: 1, bias: true });
  return [conv('loc', 4 * anchors), conv('conf', mul(anchors, classes))];
}

type Given = OpGiven<'conv'>;

const biased = (net: Builder, name: string, x: Value, given: Given, active = true): Value => {
  const made = net.apply('conv', name, x, { ...given, bias: true });
  return active ? net.apply('relu', `${name}Relu`, made) : made;
};

const withNorm = (net: Builder, name: string, x: Value, given: Given, active = true): Value =>
  convNorm(net.at(name), x, PLAIN, given, active ? 'relu' : 'none');

/**
 * Caffe's `ResBody` with `use_branch1`: a bottleneck whose shortcut is always a convolution,
 * strided in its first 1x1.
 */
function residual(net: Builder, x: Value, inner: Dim, channels: Dim, stride: number): Value {
  const shortcut = withNorm(net, 'branch1', x, { channels, kernel: 1, stride }, false);
  const narrow = withNorm(net, 'branch2a', x, { channels: inner, kernel: 1, stride });
  const spatial = withNorm(net, 'branch2b', narrow, { channels: inner, kernel: 3, padding: 1 });
  const wide = withNorm(net, 'branch2c', spatial, { channels, kernel: 1 }, false);
  return net.apply('relu', 'relu', net.apply('add', 'add', [shortcut, wide]));
}
