// Fully connected layer: one multiply-add per output element and input feature.

import { mul } from '../dim/dim.js';
import { flag, size } from '../fields.js';
import { elements } from '../shape.js';
import { only, op } from './op.js';

/** Acts on the last dimension, as PyTorch's Linear does: [..., F] -> [..., features]. */
export const linear = op({
  about: 'fully connected layer over the last dimension',
  traffic: 'compute',
  layer: 'linear',
  arity: [1, 1],
  fields: { features: size('output features'), bias: flag('one learnable offset per output feature', true) },
  outShape: (inputs, { features }) => [...only(inputs).slice(0, -1), features],
  params: (inputs, { features, bias }) => ({
    weight: [features, only(inputs).at(-1)!],
    ...(bias ? { bias: [features] } : {}),
  }),
  multAdds: (inputs, out) => mul(elements(out), only(inputs).at(-1)!),
});
