// SSD: default boxes on six maps, as the authors build it on VGG16 and as MobileNet-SSD does.

import { convNorm, PLAIN } from '../blocks/convNorm.js';
import type { Builder, OpGiven } from '../builder.js';
import { mul, type Dim } from '../dim/dim.js';
import { count, list, size } from '../fields.js';
import type { ImageSize } from '../families/family.js';
import type { Value } from '../graph.js';
import { detector, part } from './detector.js';

const INPUT: ImageSize = [3, 300, 300];

const fieldsOf = (boxes: readonly number[]) => ({
  classes: size('classes with the background: 21 for VOC, 81 for COCO', 21),
  priors: list('default boxes at each position of the six scales', count('boxes'), boxes, 6),
});

/** A 1x1 and a 3x3 convolution: their channels, and the stride and padding of the 3x3. */
type Extra = readonly [narrow: number, channels: number, stride: number, padding: number];

/**
 * SSD300 (arXiv 1512.02325, section 3.1): conv4_3, normalised; fc6 and fc7 of VGG16 as
 * convolutions, the first dilated ("atrous"), behind a fifth pool that no longer halves; conv8 to
 * conv11. A 3x3 with bias predicts on each. For 38x38 positions the pools must round up, as Caffe's
 * do: vgg16_caffe.
 */
export const ssd300 = detector({
  name: 'ssd300',
  about: 'single-shot detector with default boxes, six scales, as on VGG16',
  links: [
    'https://arxiv.org/abs/1512.02325',
    'https://github.com/weiliu89/caffe/blob/ssd/examples/ssd/ssd_pascal.py',
    'https://github.com/weiliu89/caffe/blob/ssd/python/caffe/model_libs.py',
    'https://github.com/pytorch/vision/blob/main/torchvision/models/detection/ssd.py',
  ],
  input: INPUT,
  needs: [8, 16],
  fields: fieldsOf([4, 6, 6, 6, 4, 4]),
  build(net, features, { classes, priors }) {
    const [fine, middle] = [features.get(8)!, features.get(16)!];
    const fc = part(net, 'neck', 'fc');
    const pool5 = fc.apply('maxPool', 'pool5', middle, { kernel: 3, stride: 1, padding: 1 });
    const fc6 = biased(fc.at('fc6'), pool5, { channels: 1024, kernel: 3, padding: 6, dilation: 6 });
    const scales = [
      part(net, 'neck', 'norm').apply('l2Norm', 'conv4_3', fine),
      biased(fc.at('fc7'), fc6, { channels: 1024, kernel: 1 }),
    ];
    const extras: readonly Extra[] = [
      [256, 512, 2, 1],
      [128, 256, 2, 1],
      [128, 256, 1, 0],
      [128, 256, 1, 0],
    ];
    extend(net, scales, extras, biased);
    return scales.flatMap((scale, i) => predictor(net, i, scale, { classes, boxes: priors[i]!, kernel: 3 }));
  },
});

/**
 * SSD on MobileNet (arXiv 1704.04861, section 4.6) as MobileNet-SSD builds it: the last maps of
 * stride 16 and 32, four more with batch norms, each half of the one before, and a 1x1 with bias
 * that predicts on each.
 */
export const ssd300Mobile = detector({
  name: 'ssd300-mobilenet',
  about: 'single-shot detector with default boxes, six scales, as on MobileNet: 1x1 predictors',
  links: [
    'https://arxiv.org/abs/1512.02325',
    'https://arxiv.org/abs/1704.04861',
    'https://github.com/chuanqi305/MobileNet-SSD/blob/master/gen.py',
  ],
  input: INPUT,
  needs: [16, 32],
  fields: fieldsOf([3, 6, 6, 6, 6, 6]),
  build(net, features, { classes, priors }) {
    const scales = [features.get(16)!, features.get(32)!];
    const extras: readonly Extra[] = [
      [256, 512, 2, 1],
      [128, 256, 2, 1],
      [128, 256, 2, 1],
      [64, 128, 2, 1],
    ];
    extend(net, scales, extras, (inside, x, given) => convNorm(inside, x, PLAIN, given));
    return scales.flatMap((scale, i) => predictor(net, i, scale, { classes, boxes: priors[i]!, kernel: 1 }));
  },
});

type Unit = (net: Builder, x: Value, given: OpGiven<'conv'>) => Value;

/** Convolution with bias, ReLU. */
export const biased: Unit = (net, x, given) =>
  net.apply('relu', 'relu', net.apply('conv', 'conv', x, { ...given, bias: true }));

/** Appends a scale for each extra, computed from the scale before. */
export function extend(net: Builder, scales: Value[], extras: readonly Extra[], unit: Unit): void {
  for (const [narrow, channels, stride, padding] of extras) {
    const inside = part(net, 'neck', `scale${scales.length + 1}`);
    const squeezed = unit(inside.at('narrow'), scales.at(-1)!, { channels: narrow, kernel: 1 });
    scales.push(unit(inside.at('wide'), squeezed, { channels, kernel: 3, stride, padding }));
  }
}

/** Four numbers a box and a score a class, with bias. */
export function predictor(
  net: Builder,
  i: number,
  x: Value,
  { classes, boxes, kernel }: { readonly classes: Dim; readonly boxes: number; readonly kernel: 1 | 3 },
): readonly Value[] {
  const inside = part(net, 'heads', `predict${i + 1}`);
  const predict = (name: string, channels: Dim): Value =>
    inside.apply('conv', name, x, { channels, kernel, padding: (kernel - 1) / 2, bias: true });
  return [predict('loc', 4 * boxes), predict('conf', mul(boxes, classes))];
}
