// Faster and Mask R-CNN with a feature pyramid, as detectron2 builds them.

import type { Builder } from '../builder.js';
import { add, mul, type Dim } from '../dim/dim.js';
import { count, size, type Values } from '../fields.js';
import type { ImageSize } from '../families/family.js';
import type { Value } from '../graph.js';
import { detector, part } from './detector.js';
import { MASK_GRID, maskConvs, maskLogits } from './maskHead.js';
import { pooledLevel, pyramid, type Level } from './pyramid.js';
import { SharedHead } from './sharedHead.js';

const fasterFields = {
  channels: size('channels of the pyramid; 128 is FPNLite', 256),
  classes: size('classes without the background', 80),
  anchors: count('anchors at each position', 3),
  proposals: size('boxes that go on from the pyramid to the box head (POST_NMS_TOPK_TEST)', 1000),
  hidden: size('features of the two fully connected layers', 1024),
};

const maskFields = {
  ...fasterFields,
  detections: size('objects whose mask is made (DETECTIONS_PER_IMAGE)', 100),
  maskConvs: count('convolutions of the mask head', 4),
  maskChannels: size('their channels', 256),
};

/**
 * 800 rows and 1280 columns: an image of 4:3 or 16:10, its shorter side 800, padded to a multiple
 * of 32.
 */
const INPUT: ImageSize = [3, 800, 1280];
const LINKS = [
  'https://github.com/facebookresearch/detectron2/blob/main/detectron2/modeling/backbone/fpn.py',
  'https://github.com/facebookresearch/detectron2/blob/main/detectron2/modeling/proposal_generator/rpn.py',
  'https://github.com/facebookresearch/detectron2/blob/main/detectron2/modeling/roi_heads/box_head.py',
  'https://github.com/youngwanLEE/vovnet-detectron2/blob/master/configs/Base-RCNN-VoVNet-FPN.yaml',
];

export const fasterRcnn = detector({
  name: 'fasterrcnn',
  about: 'two-stage detector on a feature pyramid',
  links: ['https://arxiv.org/abs/1506.01497', 'https://arxiv.org/abs/1612.03144', ...LINKS],
  input: INPUT,
  needs: [4, 8, 16, 32],
  fields: fasterFields,
  build(net, features, config) {
    const levels = pyramid(net, features, config.channels);
    return [...proposals(net, levels, config), ...boxes(part(net, 'heads', 'box'), levels, config)];
  },
});

export const maskRcnn = detector({
  name: 'maskrcnn',
  about: 'two-stage detector with a mask for each object, on a feature pyramid',
  links: [
    'https://arxiv.org/abs/1703.06870',
    'https://github.com/facebookresearch/detectron2/blob/main/detectron2/modeling/roi_heads/mask_head.py',
    ...LINKS,
  ],
  input: INPUT,
  needs: [4, 8, 16, 32],
  fields: maskFields,
  build(net, features, { detections, maskConvs: convs, maskChannels, ...config }) {
    const levels = pyramid(net, features, config.channels);
    const found = [...proposals(net, levels, config), ...boxes(part(net, 'heads', 'box'), levels, config)];
    const inside = part(net, 'heads', 'mask');
    const head = { convs, channels: maskChannels, classes: config.classes };
    const grids = inside.apply(
      'roiAlign',
      'pooler',
      levels.map(({ value }) => value),
      {
        regions: detections,
        size: MASK_GRID,
      },
    );
    return [...found, maskLogits(inside, maskConvs(inside, grids, head), head)];
  },
});

type Config = Values<typeof fasterFields>;

/**
 * `StandardRPNHead`, shared by all levels and p6: a 3x3, then a score and four numbers per anchor.
 */
function proposals(net: Builder, levels: readonly Level[], { channels, anchors }: Config): readonly Value[] {
  const head = new SharedHead();
  return [...levels, pooledLevel(net, levels)].flatMap(({ name, value }) => {
    const inside = part(net, 'heads', 'rpn').at(name);
    const conv = head.apply(inside, 'conv', 'conv', value, { channels, kernel: 3, padding: 1, bias: true });
    const hidden = inside.apply('relu', 'relu', conv);
    const predict = (layer: string, channels: Dim): Value =>
      head.apply(inside, 'conv', layer, hidden, { channels, kernel: 1, bias: true });
    return [predict('objectness_logits', anchors), predict('anchor_deltas', 4 * anchors)];
  });
}

/** `FastRCNNConvFCHead` with two layers, and `FastRCNNOutputLayers`. */
function boxes(net: Builder, levels: readonly Level[], { classes, proposals, hidden }: Config): readonly Value[] {
  const grids = net.apply(
    'roiAlign',
    'pooler',
    levels.map(({ value }) => value),
    { regions: proposals, size: 7 },
  );
  let features = net.apply('flatten', 'flatten', grids);
  for (const i of [1, 2])
    features = net.apply('relu', `relu${i}`, net.apply('linear', `fc${i}`, features, { features: hidden }));
  return [
    net.apply('linear', 'cls_score', features, { features: add(classes, 1) }),
    net.apply('linear', 'bbox_pred', features, { features: mul(4, classes) }),
  ];
}
