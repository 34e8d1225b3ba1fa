// Layers of Keras 3 have the sides and parameters that Keras gives them. Shapes are ours.

import { describe, expect, it } from 'vitest';
import { layer, sequential, type Data } from './keras3.js';
import { countsOf } from './countsOf.js';

type Case = readonly [
  className: string,
  config: Data,
  input: readonly number[],
  params: number,
  shape: readonly number[],
  multAdds?: number,
];

const check = (cases: readonly Case[]): void => {
  const full = cases.map(
    ([className, config, input, params, out, multAdds = 0]) =>
      [className, config, input, params, out, multAdds] as const,
  );
  it.each(full)('%s %j of %j', (className, config, shape, params, out, multAdds) => {
    const counted = countsOf(sequential(shape, layer(className, config)));
    expect(counted).toEqual({ params, multAdds, shape: [1, ...out] });
  });
};

/** Ten positions of six features; a volume of two channels; an image. */
const LIST = [10, 6];
const VOLUME = [6, 6, 6, 2];
const IMAGE = [8, 8, 3];

describe('convolutions along one and three sides', () => {
  // Multiply-adds are the weights without offsets times the positions.
  check([
    ['Conv1D', { filters: 8, kernel_size: [3], padding: 'same', strides: [2] }, LIST, 3 * 6 * 8 + 8, [8, 5], 720],
    ['Conv1D', { filters: 8, kernel_size: [3], padding: 'causal', dilation_rate: [2] }, LIST, 152, [8, 10], 1440],
    ['Conv1D', { filters: 8, kernel_size: [3], groups: 2 }, LIST, 3 * 3 * 8 + 8, [8, 8], 576],
    ['DepthwiseConv1D', { kernel_size: [3], depth_multiplier: 2 }, LIST, 3 * 12 + 12, [12, 8], 288],
    ['SeparableConv1D', { filters: 8, kernel_size: [3] }, LIST, 3 * 6 + 6 * 8 + 8, [8, 8], 8 * 66],
    ['SeparableConv2D', { filters: 8, kernel_size: [3, 3], depth_multiplier: 2 }, IMAGE, 110, [8, 6, 6], 36 * 102],
    ['Conv1DTranspose', { filters: 8, kernel_size: [3], strides: [2] }, LIST, 152, [8, 21], 1440],
    ['Conv1DTranspose', { filters: 8, kernel_size: [3], strides: [2], padding: 'same' }, LIST, 152, [8, 20], 1440],
    ['Conv1DTranspose', { filters: 8, kernel_size: [2], strides: [3] }, LIST, 2 * 6 * 8 + 8, [8, 30], 960],
    ['Conv3D', { filters: 8, kernel_size: [3, 3, 3] }, VOLUME, 27 * 2 * 8 + 8, [8, 4, 4, 4], 64 * 432],
    [
      'Conv3D',
      { filters: 8, kernel_size: [3, 1, 2], strides: [2, 1, 1], padding: 'same' },
      VOLUME,
      6 * 2 * 8 + 8,
      [8, 3, 6, 6],
      108 * 96,
    ],
    [
      'Conv3DTranspose',
      { filters: 8, kernel_size: [3, 3, 3], strides: [2, 2, 2] },
      VOLUME,
      440,
      [8, 13, 13, 13],
      93312,
    ],
    [
      'Conv3DTranspose',
      { filters: 8, kernel_size: [3, 3, 3], strides: [2, 2, 2], padding: 'same' },
      VOLUME,
      440,
      [8, 12, 12, 12],
      93312,
    ],
    [
      'SpectralNormalization',
      { power_iterations: 1, layer: layer('Conv2D', { filters: 4, kernel_size: [3, 3] }) },
      IMAGE,
      112,
      [4, 6, 6],
      36 * 108,
    ],
  ]);
});

describe('layers of products and rows', () => {
  check([
    ['Embedding', { input_dim: 100, output_dim: 8 }, [10], 800, [10, 8]],
    ['Embedding', { input_dim: 100, output_dim: 8 }, [10, 3], 800, [8, 10, 3]],
    ['EinsumDense', { equation: 'ab,bc->ac', output_shape: 4, bias_axes: 'c' }, [6], 28, [4], 24],
    ['EinsumDense', { equation: 'abc,cd->abd', output_shape: [null, 5], bias_axes: 'd' }, LIST, 35, [10, 5], 300],
    [
      'EinsumDense',
      { equation: 'abc,cde->abde', output_shape: [null, 2, 3], bias_axes: 'de' },
      LIST,
      42,
      [3, 10, 2],
      360,
    ],
    ['EinsumDense', { equation: '...x,xy->...y', output_shape: 64, bias_axes: null }, LIST, 384, [10, 64], 3840],
    ['EinsumDense', { equation: '...x,xy->...y', output_shape: [8, 8, 5], bias_axes: 'y' }, IMAGE, 20, [5, 8, 8], 960],
    ['EinsumDense', { equation: 'abc,bd->adc', output_shape: [4, 6], bias_axes: 'd' }, LIST, 44, [4, 6], 240],
  ]);
});

describe.each(['Max', 'Average'])('%s pools', (kind) => {
  check([
    [`${kind}Pooling1D`, { pool_size: [3], strides: [2], padding: 'same' }, LIST, 0, [6, 5]],
    [`${kind}Pooling1D`, { pool_size: [3], strides: null, padding: 'valid' }, LIST, 0, [6, 3]],
    [`${kind}Pooling3D`, { pool_size: [2, 2, 2], strides: [2, 2, 2] }, VOLUME, 0, [2, 3, 3, 3]],
    [`Global${kind}Pooling1D`, { keepdims: false }, LIST, 0, [6]],
    [`Global${kind}Pooling1D`, { keepdims: true }, LIST, 0, [6, 1]],
    [`Global${kind}Pooling3D`, { keepdims: false }, VOLUME, 0, [2]],
    [`Global${kind}Pooling3D`, { keepdims: true }, VOLUME, 0, [2, 1, 1, 1]],
    [`Adaptive${kind}Pooling1D`, { output_size: [4] }, LIST, 0, [6, 4]],
    [`Adaptive${kind}Pooling2D`, { output_size: [4, 2] }, IMAGE, 0, [3, 4, 2]],
    [`Adaptive${kind}Pooling3D`, { output_size: [4, 2, 1] }, VOLUME, 0, [2, 4, 2, 1]],
  ]);
});

describe('norms: a scale and a shift for each place along their sides', () => {
  check([
    ['LayerNormalization', { axis: -1 }, LIST, 12, [10, 6]],
    ['LayerNormalization', { axis: [1] }, LIST, 20, [10, 6]],
    ['LayerNormalization', { axis: [1, 2] }, LIST, 120, [10, 6]],
    ['LayerNormalization', { axis: [-1], scale: false }, LIST, 6, [10, 6]],
    ['LayerNormalization', { axis: [-1], center: false }, LIST, 6, [10, 6]],
    ['LayerNormalization', { axis: [-1], center: false, scale: false }, LIST, 0, [10, 6]],
    ['LayerNormalization', { axis: -1, rms_scaling: true }, LIST, 6, [10, 6]],
    ['LayerNormalization', { axis: -1 }, IMAGE, 6, [3, 8, 8]],
    ['LayerNormalization', { axis: [3], center: false }, IMAGE, 3, [3, 8, 8]],
    ['LayerNormalization', { axis: [1, 2, 3] }, IMAGE, 2 * 192, [3, 8, 8]],
    ['LayerNormalization', { axis: [1, 2], scale: false }, IMAGE, 64, [3, 8, 8]],
    ['LayerNormalization', { axis: [1], center: false }, IMAGE, 8, [3, 8, 8]],
    ['RMSNormalization', { axis: -1 }, LIST, 6, [10, 6]],
    ['RMSNormalization', { axis: [-1] }, IMAGE, 3, [3, 8, 8]],
    ['UnitNormalization', { axis: -1 }, LIST, 0, [10, 6]],
    ['UnitNormalization', { axis: -1 }, IMAGE, 0, [3, 8, 8]],
    ['GroupNormalization', { groups: 3 }, [8, 8, 6], 12, [6, 8, 8]],
    ['GroupNormalization', { groups: -1, center: false }, [8, 8, 6], 6, [6, 8, 8]],
    ['GroupNormalization', { groups: 2 }, LIST, 12, [6, 10]],
    ['BatchNormalization', { axis: -1 }, LIST, 12, [6, 10]],
    ['BatchNormalization', { axis: -1, scale: false }, [6], 6, [6]],
    ['BatchNormalization', { axis: -1 }, VOLUME, 4, [2, 6, 6, 6]],
  ]);
});

describe('layers that move elements', () => {
  check([
    ['RepeatVector', { n: 4 }, [6], 0, [4, 6]],
    ['Permute', { dims: [2, 1] }, LIST, 0, [6, 10]],
    ['Cropping1D', { cropping: [1, 2] }, LIST, 0, [6, 7]],
    [
      'Cropping2D',
      {
        cropping: [
          [1, 2],
          [0, 3],
        ],
      },
      IMAGE,
      0,
      [3, 5, 5],
    ],
    [
      'Cropping3D',
      {
        cropping: [
          [1, 2],
          [0, 3],
          [1, 1],
        ],
      },
      VOLUME,
      0,
      [2, 3, 3, 4],
    ],
    ['ZeroPadding1D', { padding: [1, 2] }, LIST, 0, [6, 13]],
    [
      'ZeroPadding3D',
      {
        padding: [
          [1, 2],
          [0, 3],
          [1, 1],
        ],
      },
      VOLUME,
      0,
      [2, 9, 9, 8],
    ],
    ['UpSampling1D', { size: 2 }, LIST, 0, [6, 20]],
    ['UpSampling3D', { size: [2, 1, 3] }, VOLUME, 0, [2, 12, 6, 18]],
    ['CenterCrop', { height: 4, width: 6 }, IMAGE, 0, [3, 4, 6]],
    ['Resizing', { height: 4, width: 6, interpolation: 'bilinear' }, IMAGE, 0, [3, 4, 6]],
    ['PReLU', { shared_axes: null }, LIST, 60, [10, 6]],
    ['PReLU', { shared_axes: [1] }, LIST, 6, [10, 6]],
    ['PReLU', { shared_axes: [1, 2] }, IMAGE, 3, [3, 8, 8]],
  ]);
});

it('goes from lists of features to convolutions and back', () => {
  const net = sequential(
    [20, 4],
    layer('Conv1D', { filters: 8, kernel_size: [3] }),
    layer('BatchNormalization', { axis: -1 }),
    layer('ReLU'),
    layer('MaxPooling1D', { pool_size: [2] }),
    layer('LSTM', { units: 5, return_sequences: true }),
    layer('Conv1D', { filters: 2, kernel_size: [1] }, 'again'),
    layer('Flatten'),
    layer('Dense', { units: 3 }),
  );
  // 18 places after the first convolution, 9 after the pool; four gates of 5 x 13 weights and 5 offsets.
  expect(countsOf(net)).toEqual({
    params: 104 + 16 + 4 * 5 * 14 + 12 + 18 * 3 + 3,
    multAdds: 18 * 96 + 9 * 260 + 9 * 10 + 54,
    shape: [1, 3],
  });
});
