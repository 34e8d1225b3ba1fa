// What does a normalisation cost? One operation per element; its scale and shift are learnable, its statistics are not.

import { flag } from '../fields.js';
import { elements, type Shape } from '../shape.js';
import { only, op } from './op.js';

const affine = flag('learnable scale and shift', true);

/** [N, C, ...]: one scale and one shift per channel. Running statistics are buffers and not counted as params. */
export const batchNorm = op({
  about: 'batch normalisation over channels (running statistics are buffers, not params)',
  traffic: 'elementwise',
  arity: [1, 1],
  fields: { affine },
  outShape: only,
  params: (inputs, values) => perElement([only(inputs)[1]!], values.affine),
  elementwise: (_, out) => elements(out),
});

/** Over the channels of [N, C, H, W] (as ConvNeXt has it) or the features of [N, F]: one scale and shift per channel. */
export const layerNorm = op({
  about: 'layer normalisation over the channels of each position',
  traffic: 'elementwise',
  arity: [1, 1],
  fields: { affine },
  outShape: only,
  params: (inputs, values) => perElement([only(inputs)[1]!], values.affine),
  elementwise: (_, out) => elements(out),
});

const perElement = (shape: Shape, learnt: boolean): Record<string, Shape> =>
  learnt ? { scale: shape, shift: shape } : {};
