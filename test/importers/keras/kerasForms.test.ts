// Are the forms read that Keras itself writes? Every key of Keras 3's to_json(), models inside models, and tuples with the name of their class.

import { describe, expect, test } from 'vitest';
import { readTfjs } from '../../../src/importers/tfjs/readTfjs.js';
import { graphOf } from '../../../src/model.js';
import { profile } from '../../../src/profile.js';

const policy = { module: 'keras', class_name: 'DTypePolicy', config: { name: 'float32' }, registered_name: null };
const t = (name: string, shape: unknown) => ({
  class_name: '__keras_tensor__',
  config: { shape, dtype: 'float32', keras_history: [name, 0, 0] },
});
const L = (class_name: string, name: string, config: object, from?: [string, unknown], more: object = {}) => ({
  module: 'keras.layers',
  class_name,
  config: { name, trainable: true, dtype: policy, ...config },
  registered_name: null,
  build_config: { input_shape: from?.[1] },
  name,
  inbound_nodes: from ? [{ args: [t(from[0], from[1])], kwargs: {} }] : [],
  ...more,
});
const inner = {
  module: 'keras',
  class_name: 'Sequential',
  config: {
    name: 'augment',
    trainable: true,
    dtype: policy,
    layers: [
      {
        module: 'keras.layers',
        class_name: 'InputLayer',
        config: {
          batch_shape: [null, 64, 64, 3],
          dtype: 'float32',
          sparse: false,
          ragged: false,
          name: 'input_layer_1',
        },
        registered_name: null,
      },
      {
        module: 'keras.layers',
        class_name: 'RandomFlip',
        config: { name: 'random_flip', mode: 'horizontal', seed: null, data_format: 'channels_last' },
        registered_name: null,
      },
      {
        module: 'keras.layers',
        class_name: 'Rescaling',
        config: { name: 'rescaling', scale: 0.0078, offset: -1 },
        registered_name: null,
      },
    ],
    build_input_shape: [null, 64, 64, 3],
  },
  registered_name: null,
  name: 'augment',
  build_config: { input_shape: [null, 64, 64, 3] },
  inbound_nodes: [{ args: [t('input_layer', [null, 64, 64, 3])], kwargs: { training: false } }],
};
const S = (n: number, c: number) => [null, n, n, c];
const k3 = {
  module: 'keras.src.models.functional',
  class_name: 'Functional',
  config: {
    name: 'net',
    trainable: true,
    layers: [
      L('InputLayer', 'input_layer', { batch_shape: [null, 64, 64, 3], sparse: false, ragged: false }),
      inner,
      L('Normalization', 'normalization', { axis: [-1], invert: false, mean: null, variance: null }, [
        'augment',
        S(64, 3),
      ]),
      L(
        'ZeroPadding2D',
        'pad',
        {
          padding: [
            [0, 1],
            [0, 1],
          ],
          data_format: 'channels_last',
        },
        ['normalization', S(64, 3)],
      ),
      L(
        'Conv2D',
        'conv',
        {
          filters: 8,
          kernel_size: [3, 3],
          strides: [2, 2],
          padding: 'valid',
          data_format: 'channels_last',
          dilation_rate: [1, 1],
          groups: 1,
          activation: 'linear',
          use_bias: false,
        },
        ['pad', S(65, 3)],
      ),
      L(
        'BatchNormalization',
        'bn',
        { axis: -1, momentum: 0.99, epsilon: 0.001, center: true, scale: true, renorm: false, synchronized: false },
        ['conv', S(32, 8)],
      ),
      L('ReLU', 'relu', { max_value: 6.0, negative_slope: 0.0, threshold: 0.0 }, ['bn', S(32, 8)]),
      L(
        'DepthwiseConv2D',
        'dw',
        {
          kernel_size: [3, 3],
          strides: [1, 1],
          padding: 'same',
          data_format: 'channels_last',
          dilation_rate: [1, 1],
          activation: { module: 'builtins', class_name: 'function', config: 'relu6', registered_name: 'function' },
          use_bias: true,
          depth_multiplier: 1,
        },
        ['relu', S(32, 8)],
      ),
      L(
        'SeparableConv2D',
        'sep',
        {
          filters: 16,
          kernel_size: [3, 3],
          strides: [2, 2],
          padding: 'same',
          data_format: 'channels_last',
          dilation_rate: [1, 1],
          depth_multiplier: 1,
          activation: 'silu',
          use_bias: true,
        },
        ['dw', S(32, 8)],
      ),
      L('GlobalAveragePooling2D', 'gap', { data_format: 'channels_last', keepdims: true }, ['sep', S(16, 16)]),
      L(
        'Conv2D',
        'se',
        {
          filters: 16,
          kernel_size: [1, 1],
          strides: [1, 1],
          padding: 'same',
          activation: {
            module: 'keras.layers',
            class_name: 'ReLU',
            config: { name: 're_lu', max_value: 6.0, negative_slope: 0.0, threshold: 0.0 },
            registered_name: null,
          },
          use_bias: true,
          groups: 1,
          dilation_rate: [1, 1],
        },
        ['gap', S(1, 16)],
      ),
      {
        ...L('Multiply', 'multiply', {}),
        inbound_nodes: [{ args: [[t('sep', S(16, 16)), t('se', S(1, 16))]], kwargs: {} }],
      },
      L('GlobalAveragePooling2D', 'gap2', { data_format: 'channels_last', keepdims: false }, ['multiply', S(16, 16)]),
      L('Dense', 'dense', { units: 10, activation: 'softmax', use_bias: true }, ['gap2', [null, 16]]),
    ],
    input_layers: [['input_layer', 0, 0]],
    output_layers: [['dense', 0, 0]],
  },
  registered_name: 'Functional',
  build_config: { input_shape: null },
  compile_config: { optimizer: 'adam' },
};
const tuple = (...items: unknown[]) => ({ class_name: '__tuple__', items });
const k2 = {
  class_name: 'Functional',
  keras_version: '2.13.1',
  backend: 'tensorflow',
  config: {
    name: 'CNN',
    layers: [
      {
        name: 'input_1',
        class_name: 'InputLayer',
        config: {
          sparse: false,
          ragged: false,
          name: 'input_1',
          dtype: 'float32',
          batch_input_shape: { class_name: 'TensorShape', items: [null, 28, 28, 1] },
        },
        inbound_nodes: [],
      },
      {
        name: 'conv2d',
        class_name: 'Conv2D',
        config: {
          filters: 16,
          kernel_size: tuple(5, 5),
          strides: tuple(1, 1),
          padding: 'valid',
          data_format: 'channels_last',
          dilation_rate: tuple(1, 1),
          groups: 1,
          activation: 'relu',
          use_bias: true,
          name: 'conv2d',
        },
        inbound_nodes: [['input_1', 0, 0]],
      },
      {
        name: 'zero_padding2d',
        class_name: 'ZeroPadding2D',
        config: { padding: tuple(tuple(0, 1), tuple(0, 1)), data_format: 'channels_last', name: 'zero_padding2d' },
        inbound_nodes: [['conv2d', 0, 0]],
      },
      { name: 'f', class_name: 'Flatten', config: { name: 'f' }, inbound_nodes: [['zero_padding2d', 0, 0]] },
    ],
    input_layers: [['input_1', 0, 0]],
    output_layers: [['f', 0, 0]],
  },
};

const profiled = (model: object) => profile(graphOf(readTfjs(JSON.stringify(model), 'm.json')), { source: 'tfjs' });

/** By hand: 27 x 8; 2 x 8; 9 x 8 + 8; 9 x 8 and 8 x 16 + 16; 16 x 16 + 16; 16 x 10 + 10. */
const LAYERS = [
  ['batchNorm', '1x3x64x64', 0],
  ['batchNorm', '1x3x64x64', 0],
  ['pad', '1x3x65x65', 0],
  ['conv', '1x8x32x32', 216],
  ['batchNorm', '1x8x32x32', 16],
  ['relu6', '1x8x32x32', 0],
  ['conv', '1x8x32x32', 80],
  ['relu6', '1x8x32x32', 0],
  ['conv', '1x8x16x16', 72],
  ['conv', '1x16x16x16', 144],
  ['silu', '1x16x16x16', 0],
  ['globalAvgPool', '1x16x1x1', 0],
  ['conv', '1x16x1x1', 272],
  ['relu6', '1x16x1x1', 0],
  ['multiply', '1x16x16x16', 0],
  ['globalAvgPool', '1x16x1x1', 0],
  ['flatten', '1x16', 0],
  ['linear', '1x10', 170],
  ['softmax', '1x10', 0],
];

describe('what Keras 3 writes, with modules, registered names, build_configs and dtype policies', () => {
  test.each([
    ['to_json()', k3],
    [
      'converted by tensorflowjs',
      { format: 'layers-model', modelTopology: { keras_version: '3.4.1', model_config: k3 } },
    ],
    ['one output that is no list of outputs', { ...k3, config: { ...k3.config, output_layers: ['dense', 0, 0] } }],
    ['a class that is registered under a package', { ...k3, registered_name: 'mine>Net' }],
  ])('%s', (_, model) => {
    const { layers, totals, input } = profiled(model);
    expect(input).toEqual({ n: 1, c: 3, h: 64, w: 64 });
    expect(layers.map(({ op, outShape, params }) => [op, outShape.join('x'), params])).toEqual(LAYERS);
    expect(totals).toMatchObject({
      params: 970,
      multAdds: 1024 * 216 + 1024 * 72 + 256 * 72 + 256 * 128 + 256 + 160,
    });
  });
});

test('tuples and shapes with the name of their class, and inbound nodes without a list around them', () => {
  const { input, totals, layers } = profiled(k2);
  expect(layers.at(-1)?.outShape).toEqual([1, 25 * 25 * 16]);
  expect(input).toEqual({ n: 1, c: 1, h: 28, w: 28 });
  expect(totals).toMatchObject({ params: 16 * 25 + 16, multAdds: 24 * 24 * 16 * 25 });
});
