// How are models of Keras Applications built? As their source has it: names, biases and paddings, which differ from PyTorch's.

import { KerasNet } from './kerasNet.js';

const IMAGE = [null, 224, 224, 3];
const PADDED = { padding: 'same' };
const NO_BIAS = { use_bias: false };

export function vgg16(): KerasNet {
  const net = new KerasNet('vgg16', IMAGE);
  let x = 'input_1';
  for (const [i, [convs, filters]] of (
    [
      [2, 64],
      [2, 128],
      [3, 256],
      [3, 512],
      [3, 512],
    ] as const
  ).entries()) {
    for (let j = 1; j <= convs; j++)
      x = net.add('Conv2D', `block${i + 1}_conv${j}`, x, {
        filters,
        kernel_size: [3, 3],
        ...PADDED,
        activation: 'relu',
      });
    x = net.add('MaxPooling2D', `block${i + 1}_pool`, x, { pool_size: [2, 2], strides: [2, 2] });
  }
  x = net.add('Flatten', 'flatten', x);
  for (const name of ['fc1', 'fc2']) x = net.add('Dense', name, x, { units: 4096, activation: 'relu' });
  net.add('Dense', 'predictions', x, { units: 1000, activation: 'softmax' });
  return net;
}

export function resnet50(): KerasNet {
  const net = new KerasNet('resnet50', IMAGE);
  const conv = (name: string, x: string, filters: number, kernel: number, strides = 1, more = {}): string =>
    net.add(
      'BatchNormalization',
      `${name}_bn`,
      net.add('Conv2D', `${name}_conv`, x, { filters, kernel_size: kernel, strides, ...more }),
      {
        axis: [3],
      },
    );
  const relu = (name: string, x: string): string => net.add('Activation', `${name}_relu`, x, { activation: 'relu' });
  let x = net.add('ZeroPadding2D', 'conv1_pad', 'input_1', {
    padding: [
      [3, 3],
      [3, 3],
    ],
  });
  x = relu('conv1', conv('conv1', x, 64, 7, 2));
  x = net.add('ZeroPadding2D', 'pool1_pad', x, {
    padding: [
      [1, 1],
      [1, 1],
    ],
  });
  x = net.add('MaxPooling2D', 'pool1_pool', x, { pool_size: [3, 3], strides: [2, 2] });
  for (const [i, [blocks, filters]] of (
    [
      [3, 64],
      [4, 128],
      [6, 256],
      [3, 512],
    ] as const
  ).entries())
    for (let j = 1; j <= blocks; j++) {
      const name = `conv${i + 2}_block${j}`;
      const strides = j === 1 && i > 0 ? 2 : 1;
      const shortcut = j === 1 ? conv(`${name}_0`, x, 4 * filters, 1, strides) : x;
      let y = relu(`${name}_1`, conv(`${name}_1`, x, filters, 1, strides));
      y = relu(`${name}_2`, conv(`${name}_2`, y, filters, 3, 1, PADDED));
      y = conv(`${name}_3`, y, 4 * filters, 1);
      x = net.add('Activation', `${name}_out`, net.add('Add', `${name}_add`, [shortcut, y]), { activation: 'relu' });
    }
  net.add('Dense', 'predictions', net.add('GlobalAveragePooling2D', 'avg_pool', x), {
    units: 1000,
    activation: 'softmax',
  });
  return net;
}

export function mobilenet(): KerasNet {
  const net = new KerasNet('mobilenet_1.00_224', IMAGE);
  const act = (name: string, x: string): string =>
    net.add('ReLU', `${name}_relu`, net.add('BatchNormalization', `${name}_bn`, x), { max_value: 6 });
  let x = act(
    'conv1',
    net.add('Conv2D', 'conv1', 'input_1', { filters: 32, kernel_size: 3, strides: [2, 2], ...PADDED, ...NO_BIAS }),
  );
  const rows = [
    [64, 1],
    [128, 2],
    [128, 1],
    [256, 2],
    [256, 1],
    [512, 2],
    ...new Array<number[]>(5).fill([512, 1]),
    [1024, 2],
    [1024, 1],
  ];
  for (const [i, [filters, strides]] of rows.entries()) {
    if (strides === 2)
      x = net.add('ZeroPadding2D', `conv_pad_${i + 1}`, x, {
        padding: [
          [0, 1],
          [0, 1],
        ],
      });
    const given = {
      kernel_size: [3, 3],
      strides: [strides, strides],
      padding: strides === 1 ? 'same' : 'valid',
      depth_multiplier: 1,
      ...NO_BIAS,
    };
    x = act(`conv_dw_${i + 1}`, net.add('DepthwiseConv2D', `conv_dw_${i + 1}`, x, given));
    x = act(
      `conv_pw_${i + 1}`,
      net.add('Conv2D', `conv_pw_${i + 1}`, x, { filters, kernel_size: [1, 1], ...PADDED, ...NO_BIAS }),
    );
  }
  x = net.add('GlobalAveragePooling2D', 'global_average_pooling2d', x, { keepdims: true });
  x = net.add('Dropout', 'dropout', x, { rate: 0.001 });
  x = net.add('Conv2D', 'conv_preds', x, { filters: 1000, kernel_size: [1, 1], ...PADDED });
  x = net.add('Reshape', 'reshape_2', x, { target_shape: [1000] });
  net.add('Activation', 'predictions', x, { activation: 'softmax' });
  return net;
}

export function mobilenetV2(): KerasNet {
  const net = new KerasNet('mobilenetv2_1.00_224', IMAGE);
  const norm = (name: string, x: string): string => net.add('BatchNormalization', name, x, { epsilon: 0.001 });
  const relu6 = (name: string, x: string): string => net.add('ReLU', name, x, { max_value: 6.0 });
  const point = (name: string, x: string, filters: number): string =>
    net.add('Conv2D', name, x, { filters, kernel_size: 1, ...PADDED, ...NO_BIAS });
  let x = net.add('Conv2D', 'Conv1', 'input_1', {
    filters: 32,
    kernel_size: 3,
    strides: [2, 2],
    ...PADDED,
    ...NO_BIAS,
  });
  x = relu6('Conv1_relu', norm('bn_Conv1', x));
  const rows = [
    [1, 16, 1, 1],
    [6, 24, 2, 2],
    [6, 32, 3, 2],
    [6, 64, 4, 2],
    [6, 96, 3, 1],
    [6, 160, 3, 2],
    [6, 320, 1, 1],
  ] as const;
  let [channels, id] = [32, 0];
  for (const [expansion, filters, repeats, first] of rows)
    for (let j = 0; j < repeats; j++, id++) {
      const prefix = id === 0 ? 'expanded_conv_' : `block_${id}_`;
      const strides = j === 0 ? first : 1;
      let y = x;
      if (id > 0)
        y = relu6(
          `${prefix}expand_relu`,
          norm(`${prefix}expand_BN`, point(`${prefix}expand`, y, expansion * channels)),
        );
      if (strides === 2)
        y = net.add('ZeroPadding2D', `${prefix}pad`, y, {
          padding: [
            [0, 1],
            [0, 1],
          ],
        });
      const given = { kernel_size: 3, strides, padding: strides === 1 ? 'same' : 'valid', ...NO_BIAS };
      y = net.add('DepthwiseConv2D', `${prefix}depthwise`, y, given);
      y = norm(
        `${prefix}project_BN`,
        point(`${prefix}project`, relu6(`${prefix}depthwise_relu`, norm(`${prefix}depthwise_BN`, y)), filters),
      );
      x = channels === filters && strides === 1 ? net.add('Add', `${prefix}add`, [x, y]) : y;
      channels = filters;
    }
  x = relu6(
    'out_relu',
    norm('Conv_1_bn', net.add('Conv2D', 'Conv_1', x, { filters: 1280, kernel_size: 1, ...NO_BIAS })),
  );
  net.add('Dense', 'predictions', net.add('GlobalAveragePooling2D', 'global_average_pooling2d', x), {
    units: 1000,
    activation: 'softmax',
  });
  return net;
}

export function densenet121(): KerasNet {
  const net = new KerasNet('densenet121', IMAGE);
  const norm = (name: string, x: string): string =>
    net.add('BatchNormalization', `${name}bn`, x, { axis: 3, epsilon: 1.001e-5 });
  const relu = (name: string, x: string): string => net.add('Activation', `${name}relu`, x, { activation: 'relu' });
  const conv = (name: string, x: string, filters: number, kernel: number, more = {}): string =>
    net.add('Conv2D', name, x, { filters, kernel_size: kernel, ...NO_BIAS, ...more });
  let x = net.add('ZeroPadding2D', 'zero_padding2d', 'input_1', {
    padding: [
      [3, 3],
      [3, 3],
    ],
  });
  x = relu('conv1/', norm('conv1/', conv('conv1/conv', x, 64, 7, { strides: 2 })));
  x = net.add('ZeroPadding2D', 'zero_padding2d_1', x, {
    padding: [
      [1, 1],
      [1, 1],
    ],
  });
  x = net.add('MaxPooling2D', 'pool1', x, { pool_size: 3, strides: 2 });
  let channels = 64;
  for (const [i, layers] of [6, 12, 24, 16].entries()) {
    for (let j = 1; j <= layers; j++, channels += 32) {
      const name = `conv${i + 2}_block${j}_`;
      let y = conv(`${name}1_conv`, relu(`${name}0_`, norm(`${name}0_`, x)), 128, 1);
      y = conv(`${name}2_conv`, relu(`${name}1_`, norm(`${name}1_`, y)), 32, 3, PADDED);
      x = net.add('Concatenate', `${name}concat`, [x, y], { axis: 3 });
    }
    if (i === 3) break;
    const pool = `pool${i + 2}_`;
    channels /= 2;
    x = conv(`${pool}conv`, relu(pool, norm(pool, x)), channels, 1);
    x = net.add('AveragePooling2D', `${pool}pool`, x, { pool_size: 2, strides: 2 });
  }
  x = net.add('Activation', 'relu', norm('', x), { activation: 'relu' });
  net.add('Dense', 'predictions', net.add('GlobalAveragePooling2D', 'avg_pool', x), {
    units: 1000,
    activation: 'softmax',
  });
  return net;
}

/** All parameters and, of them, the statistics that are not learnt, as Keras's own summaries and documentation say. */
export const APPLICATIONS = [
  { net: vgg16(), params: 138_357_544, statistics: 0 },
  { net: resnet50(), params: 25_636_712, statistics: 53_120 },
  { net: mobilenet(), params: 4_253_864, statistics: 21_888 },
  { net: mobilenetV2(), params: 3_538_984, statistics: 34_112 },
  { net: densenet121(), params: 8_062_504, statistics: 83_648 },
] as const;
