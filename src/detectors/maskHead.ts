// Mask head: 3x3 convolutions on a box's grid, one doubling, and one map for each class.

import type { Builder } from '../builder.js';
import type { Dim } from '../dim/dim.js';
import type { Value } from '../graph.js';

export interface MaskHead {
  readonly convs: number;
  readonly channels: Dim;
  readonly classes: Dim;
}

/** Height and width of the grid (`ROI_MASK_HEAD.POOLER_RESOLUTION`). */
export const MASK_GRID = 14;

/** The convolutions of Mask R-CNN's mask branch (arXiv 1703.06870, Fig. 4 right). */
export function maskConvs(net: Builder, x: Value, { convs, channels }: MaskHead): Value {
  let features = x;
  for (let i = 1; i <= convs; i++) {
    const made = net.apply('conv', `mask_fcn${i}`, features, { channels, kernel: 3, padding: 1, bias: true });
    features = net.apply('relu', `relu${i}`, made);
  }
  return features;
}

/** [R, C, 14, 14] -> [R, classes, 28, 28]. */
export function maskLogits(net: Builder, x: Value, { channels, classes }: MaskHead): Value {
  const up = net.apply('convTranspose', 'deconv', x, { channels, kernel: 2, stride: 2, bias: true });
  return net.apply('conv', 'predictor', net.apply('relu', 'deconvRelu', up), {
    channels: classes,
    kernel: 1,
    bias: true,
  });
}
