// What do convolutions, fully connected layers, norms and activations count at small odd shapes?

import { of } from './case.js';
import { convolve, pointwise, transposed, visits } from './counting.js';

export const convolutions = [
  of(
    'conv',
    'one multiply-add per output element, tap and input channel',
    [[1, 3, 5, 7]],
    { channels: 5, kernel: 3 },
    convolve([1, 3, 5, 7], 5, 1, false, { kernel: [3, 3] }),
  ),
  of(
    'conv',
    'positions in the padding count as multiply-adds',
    [[2, 3, 5, 4]],
    { channels: 2, kernel: 3, padding: 1 },
    convolve([2, 3, 5, 4], 2, 1, false, { kernel: [3, 3], padding: [1, 1, 1, 1] }),
  ),
  of(
    'conv',
    'a bias is a parameter and no multiply-add',
    [[1, 2, 3, 3]],
    { channels: 3, kernel: 1, bias: true },
    convolve([1, 2, 3, 3], 3, 1, true, { kernel: [1, 1] }),
  ),
  of(
    'conv',
    'stride leaves the last row out where it does not fit',
    [[1, 2, 8, 7]],
    { channels: 3, kernel: 3, stride: 2 },
    convolve([1, 2, 8, 7], 3, 1, false, { kernel: [3, 3], stride: [2, 2] }),
  ),
  of(
    'conv',
    'groups see only their own input channels',
    [[1, 6, 5, 3]],
    { channels: 9, kernel: 3, groups: 3, padding: 1 },
    convolve([1, 6, 5, 3], 9, 3, false, { kernel: [3, 3], padding: [1, 1, 1, 1] }),
  ),
  of(
    'conv',
    'depthwise with a multiplier of 2',
    [[2, 5, 7, 7]],
    { channels: 10, kernel: 3, groups: 5, stride: 2, padding: 1 },
    convolve([2, 5, 7, 7], 10, 5, false, { kernel: [3, 3], stride: [2, 2], padding: [1, 1, 1, 1] }),
  ),
  of(
    'conv',
    'height and width have their own kernel, stride, dilation and padding',
    [[1, 2, 11, 9]],
    { channels: 3, kernel: [3, 2], stride: [1, 3], dilation: [2, 3], padding: [0, 1, 2, 3] },
    convolve([1, 2, 11, 9], 3, 1, false, { kernel: [3, 2], stride: [1, 3], dilation: [2, 3], padding: [0, 1, 2, 3] }),
  ),
];

export const transposedConvolutions = [
  of(
    'convTranspose',
    'doubles the sides where kernel and stride are 2',
    [[2, 3, 5, 4]],
    { channels: 7, kernel: 2, stride: 2, bias: true },
    transposed([2, 3, 5, 4], 7, true, { kernel: [2, 2], stride: [2, 2] }),
  ),
  of(
    'convTranspose',
    'what is cut off was computed',
    [[1, 2, 4, 5]],
    { channels: 3, kernel: [4, 3], stride: [2, 1], padding: [1, 0, 1, 2] },
    transposed([1, 2, 4, 5], 3, false, { kernel: [4, 3], stride: [2, 1], padding: [1, 0, 1, 2] }),
  ),
];

export const linears = [
  of(
    'linear',
    'every output reads every feature; bias by default',
    [[3, 5]],
    { features: 7 },
    { outShape: [3, 7], params: visits(7, 5) + 7, multAdds: visits(3, 7, 5), elementwise: 0 },
  ),
  of(
    'linear',
    'acts on the last dimension, without bias',
    [[2, 3, 5]],
    { features: 4, bias: false },
    { outShape: [2, 3, 4], params: visits(4, 5), multAdds: visits(2, 3, 4, 5), elementwise: 0 },
  ),
];

export const norms = [
  of('groupNorm', 'a scale and a shift per channel', [[2, 6, 5, 7]], { groups: 3 }, pointwise([2, 6, 5, 7], 12)),
  of('groupNorm', 'without them', [[2, 6, 5, 7]], { groups: 2, affine: false }, pointwise([2, 6, 5, 7])),
  of('groupNorm', 'a scale alone', [[2, 6, 5, 7]], { groups: 3, shift: false }, pointwise([2, 6, 5, 7], 6)),
  of('l2Norm', 'one factor per channel', [[2, 6, 5, 7]], {}, pointwise([2, 6, 5, 7], 6)),
  of('scale', 'one factor in all', [[2, 6, 5, 7]], {}, pointwise([2, 6, 5, 7], 1)),
  of(
    'batchNorm',
    'a scale and a shift per channel; statistics are no params',
    [[2, 3, 5, 7]],
    {},
    pointwise([2, 3, 5, 7], 2 * 3),
  ),
  of('batchNorm', 'no params without affine', [[1, 3, 5, 5]], { affine: false }, pointwise([1, 3, 5, 5])),
  of('batchNorm', 'acts on features too', [[3, 5]], {}, pointwise([3, 5], 2 * 5)),
  of('layerNorm', 'a scale and a shift per channel', [[2, 3, 5, 7]], {}, pointwise([2, 3, 5, 7], 2 * 3)),
  of('layerNorm', 'a scale alone', [[3, 7]], { shift: false }, pointwise([3, 7], 7)),
  of('layerNorm', 'no params without affine', [[3, 7]], { affine: false }, pointwise([3, 7])),
];

export const activations = (
  ['relu', 'relu6', 'leakyRelu', 'sigmoid', 'hardSigmoid', 'hardSwish', 'silu', 'gelu', 'softmax'] as const
).map((op) => of(op, 'one operation per element, whatever the formula', [[2, 3, 5, 7]], {}, pointwise([2, 3, 5, 7])));
