// DSOD: six scales, each half new and half pooled from the one before, with 3x3 predictors.

import { convNorm, PLAIN } from '../blocks/convNorm.js';
import { normed } from '../blocks/dense.js';
import type { Builder, OpGiven } from '../builder.js';
import { mul, type Dim } from '../dim/dim.js';
import { count, list, size, type Values } from '../fields.js';
import type { Value } from '../graph.js';
import { detector, part } from './detector.js';

const fields = {
  classes: size('classes with the background: 21 for VOC, 81 for COCO', 21),
  priors: list('default boxes at each position of the six scales', count('boxes'), [4, 6, 6, 6, 4, 4], 6),
  first: size('channels that the first scale adds to the second where the backbone ends at stride 16', 256),
  branch: list(
    'channels of each half of the third to sixth scale, where the backbone has none',
    size('channels'),
    [256, 128, 128, 128],
    4,
  ),
};

/**
 * DSOD300 (arXiv 1708.01241, section 3.1). The backbone's maps of stride 8, 16 and 32 are used.
 * Missing scales are built as in `DSOD300_V3_Body`. A backbone that ends at stride 16, as the
 * authors' own, gets their second scale: its last map concatenated with the pooled first one. How
 * VoVNet (arXiv 1904.09730) joins its stages to DSOD is not published.
 */
export const dsod300 = detector({
  name: 'dsod300',
  about: 'single-shot detector that learns from scratch, six scales',
  links: [
    'https://arxiv.org/abs/1708.01241',
    'https://github.com/szq0214/DSOD/blob/master/model_libs.py',
    'https://github.com/szq0214/DSOD/blob/master/DSOD300_pascal.py',
  ],
  input: [3, 300, 300],
  needs: [8, 16],
  takes: [32],
  fields,
  build(net, features, { classes, priors, first, branch }) {
    const [fine, middle, coarse] = [features.get(8)!, features.get(16)!, features.get(32)];
    const second = coarse ? middle : joined(part(net, 'neck', 'second'), fine, middle, first);
    const scales = [fine, second, ...(coarse ? [coarse] : [])];
    for (let i = scales.length; i < priors.length; i++)
      scales.push(halved(part(net, 'neck', `scale${i + 1}`), scales.at(-1)!, branch[i - 2]!));
    return scales.flatMap((scale, i) => predictor(part(net, 'heads', `predict${i + 1}`), scale, priors[i]!, classes));
  },
});

function joined(net: Builder, fine: Value, middle: Value, channels: Dim): Value {
  return net.apply('concat', 'concat', [middle, unit(net, pooled(net, fine), 1, { channels, kernel: 1 })]);
}

/** Learning half and reusing half (section 3.1, "dense prediction structure"). */
function halved(net: Builder, x: Value, channels: Dim): Value {
  const narrow = unit(net, x, 1, { channels, kernel: 1 });
  const learnt = unit(net, narrow, 2, { channels, kernel: 3, stride: 2, padding: 1 });
  const reused = unit(net, pooled(net, x), 3, { channels, kernel: 1 });
  return net.apply('concat', 'concat', [reused, learnt]);
}

/** Norm, ReLU, convolution. */
const unit = (net: Builder, x: Value, i: number, given: OpGiven<'conv'>): Value =>
  net.apply('conv', `conv${i}`, normed(net, x, `norm${i}`, `relu${i}`), given);

/** Caffe's pools round up. */
const pooled = (net: Builder, x: Value): Value => net.apply('maxPool', 'pool', x, { kernel: 2, stride: 2, ceil: true });

/**
 * Four numbers per box, one score per class. The map is normalised first (`normalizations`); both
 * convolutions have a norm.
 */
function predictor(
  net: Builder,
  x: Value,
  priors: number,
  classes: Values<typeof fields>['classes'],
): readonly Value[] {
  const scaled = net.apply('l2Norm', 'l2norm', x);
  const predict = (name: string, channels: Dim): Value =>
    convNorm(net.at(name), scaled, PLAIN, { channels, kernel: 3, padding: 1 }, 'none');
  return [predict('loc', 4 * priors), predict('conf', mul(priors, classes))];
}
