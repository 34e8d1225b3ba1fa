// CenterMask: FCOS boxes without anchors, a spatial-attention mask head, and mask scoring.

import type { Builder } from '../builder.js';
import { sub, type Dim } from '../dim/dim.js';
import { count, size, type Values } from '../fields.js';
import type { ImageSize } from '../families/family.js';
import type { Value } from '../graph.js';
import { detector, part } from './detector.js';
import { MASK_GRID, maskConvs, maskLogits, type MaskHead } from './maskHead.js';
import { pyramid, stridedLevels, type Level } from './pyramid.js';
import { SharedHead } from './sharedHead.js';

const fieldsOf = (convs: number, channels: number) => ({
  channels: size('channels of the pyramid and of the towers', channels),
  classes: size('classes without the background', 80),
  towerConvs: count('convolutions of each of the two towers', convs),
  detections: size('objects whose mask is made (POST_NMS_TOPK_TEST)', 50),
  maskConvs: count('convolutions of the mask head and of the head that scores it', convs),
  maskChannels: size('their channels', channels),
  hidden: size('features of the fully connected layers that score a mask', 1024),
});
type Config = Values<ReturnType<typeof fieldsOf>>;

/**
 * CenterMask (arXiv 1911.06667) as centermask2 configures it. Strides 8 to 128, the last two made
 * on p5.
 */
const centerMaskOf = (name: string, about: string, input: ImageSize, base: string, convs: number, channels: number) =>
  detector({
    name,
    about,
    links: [
      'https://arxiv.org/abs/1911.06667',
      `https://github.com/youngwanLEE/centermask2/blob/master/configs/centermask/${base}`,
      'https://github.com/youngwanLEE/centermask2/blob/master/centermask/modeling/fcos/fcos.py',
      'https://github.com/youngwanLEE/centermask2/blob/master/centermask/modeling/centermask/sam.py',
      'https://github.com/youngwanLEE/centermask2/blob/master/centermask/modeling/centermask/maskiou_head.py',
    ],
    input,
    needs: [8, 16, 32],
    fields: fieldsOf(convs, channels),
    build(net, features, config) {
      const levels = pyramid(net, features, config.channels);
      const found = fcos(net, [...levels, ...stridedLevels(net, levels, config.channels)], config);
      const grids = part(net, 'heads', 'mask').apply(
        'roiAlign',
        'pooler',
        levels.map(({ value }) => value),
        {
          regions: config.detections,
          size: MASK_GRID,
        },
      );
      const masks = attentiveMask(part(net, 'heads', 'mask'), grids, {
        convs: config.maskConvs,
        channels: config.maskChannels,
        classes: config.classes,
      });
      return [...found, masks, maskScore(part(net, 'heads', 'maskiou'), grids, masks, config)];
    },
  });

export const centerMask = centerMaskOf(
  'centermask',
  'anchor-free detector with spatial attention in its masks',
  [3, 800, 1280],
  'Base-CenterMask-VoVNet.yaml',
  4,
  256,
);
/**
 * Its images have a shorter side of 600 and a longer one of at most 1000, padded to multiples of
 * 32.
 */
export const centerMaskLite = centerMaskOf(
  'centermask-lite',
  'CenterMask with half the channels and half the convolutions in its heads',
  [3, 608, 1024],
  'Base-CenterMask-Lite-VoVNet.yaml',
  2,
  128,
);

/**
 * FCOS (arXiv 1904.01355, section 3): two towers that all levels share, and a learnable factor for
 * each level's boxes.
 */
function fcos(net: Builder, levels: readonly Level[], { channels, classes, towerConvs }: Config): readonly Value[] {
  const head = new SharedHead();
  return levels.flatMap(({ name, value }) => {
    const inside = part(net, 'heads', 'fcos').at(name);
    const conv = (layer: string, x: Value, channels: Dim): Value =>
      head.apply(inside, 'conv', layer, x, { channels, kernel: 3, padding: 1, bias: true });
    const tower = (kind: string): Value => {
      let x = value;
      for (let i = 0; i < towerConvs; i++) {
        const normed = head.apply(inside, 'groupNorm', `${kind}_norm${i}`, conv(`${kind}_conv${i}`, x, channels), {});
        x = inside.apply('relu', `${kind}_relu${i}`, normed);
      }
      return x;
    };
    const [classTower, boxTower] = [tower('cls'), tower('bbox')];
    const distances = inside.apply('scale', 'scale', conv('bbox_pred', boxTower, 4));
    return [
      conv('cls_logits', classTower, classes),
      inside.apply('relu', 'distances', distances),
      conv('ctrness', boxTower, 1),
    ];
  });
}

/**
 * Spatial attention-guided mask (section 3.2): mean and maximum over the channels decide which
 * positions count.
 */
function attentiveMask(net: Builder, grids: Value, head: MaskHead): Value {
  const features = maskConvs(net, grids, head);
  const sam = net.at('spatialAtt');
  const pooled = sam.apply('concat', 'concat', [
    sam.apply('channelPool', 'mean', features, { mode: 'mean' }),
    sam.apply('channelPool', 'max', features, { mode: 'max' }),
  ]);
  const gate = sam.apply(
    'sigmoid',
    'sigmoid',
    sam.apply('conv', 'conv', pooled, { channels: 1, kernel: 3, padding: 1 }),
  );
  return maskLogits(net, sam.apply('multiply', 'multiply', [features, gate]), head);
}

/**
 * Mask scoring (arXiv 1903.00241) reads the grid and a class's mask: here class 0, not the best.
 */
function maskScore(net: Builder, grids: Value, masks: Value, config: Config): Value {
  const { maskConvs: convs, maskChannels: channels, classes, hidden } = config;
  const others = sub(classes, 1);
  const own = others === 0 ? masks : net.apply('split', 'ownClass', masks, { sizes: [1, others], part: 0 });
  const probable = net.apply('sigmoid', 'sigmoid', own);
  let features = net.apply('concat', 'concat', [
    grids,
    net.apply('maxPool', 'pooling', probable, { kernel: 2, stride: 2 }),
  ]);
  for (let i = 1; i <= convs; i++) {
    const made = net.apply('conv', `maskiou_fcn${i}`, features, {
      channels,
      kernel: 3,
      stride: i === convs ? 2 : 1,
      padding: 1,
      bias: true,
    });
    features = net.apply('relu', `relu${i}`, made);
  }
  features = net.apply('flatten', 'flatten', features);
  for (const i of [1, 2])
    features = net.apply('relu', `fcRelu${i}`, net.apply('linear', `maskiou_fc${i}`, features, { features: hidden }));
  return net.apply('linear', 'maskiou', features, { features: classes });
}
