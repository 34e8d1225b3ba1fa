// Pelee: SSD on five maps from stride 16 on, a residual block before each 1x1 predictor.

import { convNorm, PLAIN } from '../blocks/convNorm.js';
import type { Builder, OpGiven } from '../builder.js';
import { floorDiv, type Dim } from '../dim/dim.js';
import { count, size } from '../fields.js';
import type { Value } from '../graph.js';
import { detector, part } from './detector.js';
import { biased, extend, predictor } from './ssd.js';

const fields = {
  classes: size('classes with the background: 21 for VOC, 81 for COCO', 21),
  priors: count('default boxes of each size at each position', 6),
  channels: size('channels of the residual blocks', 256),
};

/**
 * Pelee (arXiv 1804.06882, section 3). Caffe's pools round up: 304 rows become 10,
 * not 9 (peleenet_caffe). Five maps have six predictors, as stride 16 has two sizes of boxes.
 */
export const pelee304 = detector({
  name: 'pelee304',
  about: 'single-shot detector for mobile devices, five scales behind residual blocks',
  links: [
    'https://arxiv.org/abs/1804.06882',
    'https://github.com/Robert-JunWang/Pelee/blob/master/feature_extractor.py',
    'https://github.com/Robert-JunWang/Pelee/blob/master/train_voc.py',
  ],
  input: [3, 304, 304],
  needs: [16, 32],
  fields,
  build(net, features, { classes, priors, channels }) {
    const scales = [features.get(16)!, features.get(32)!];
    extend(
      net,
      scales,
      [
        [256, 256, 2, 1],
        [128, 256, 1, 0],
        [128, 256, 1, 0],
      ],
      biased,
    );
    const refined = scales.map((scale, i) => residual(part(net, 'heads', `residual${i + 1}`), scale, channels));
    const [finest] = refined;
    return [finest!, ...refined].flatMap((scale, i) => predictor(net, i, scale, { classes, boxes: priors, kernel: 1 }));
  },
});

/**
 * Section 3.2 of the paper, "residual prediction block": a bottleneck of half of the channels
 * beside a 1x1.
 */
function residual(net: Builder, x: Value, channels: Dim): Value {
  const unit = (name: string, from: Value, given: OpGiven<'conv'>, active = true): Value =>
    convNorm(net.at(name), from, PLAIN, given, active ? 'relu' : 'none');
  const half = floorDiv(channels, 2);
  const shortcut = unit('branch1', x, { channels, kernel: 1 }, false);
  const narrow = unit('branch2a', x, { channels: half, kernel: 1 });
  const spatial = unit('branch2b', narrow, { channels: half, kernel: 3, padding: 1 });
  const wide = unit('branch2c', spatial, { channels, kernel: 1 }, false);
  return net.apply('relu', 'relu', net.apply('add', 'add', [shortcut, wide]));
}
