// One network in every format that is read: a 1x1 convolution, an op that flopscope does not know, and an activation.

import { withFixedTexts } from './hdf5/hdf5Of.js';
import { KerasNet } from './keras/kerasNet.js';
import { bytesOf } from './onnx/small.js';
import { archiveOf, p, programOf, x } from './pt2/programOf.js';
import { conv, frozen, node, placeholder, savedModel, weight } from './tfGraph/graphBytes.js';
import { TfliteDraft } from './tflite/network.js';
import { zipOf } from './zip/zipOf.js';

/** Multiply-adds of the convolution. */
export const MULT_ADDS = 64 * 12;

const onnx = (): Uint8Array =>
  bytesOf({
    weights: { w: [4, 3, 1, 1] },
    nodes: [
      ['Conv', 'x w', 'a'],
      ['Fancy', 'a', 'own'],
      ['Relu', 'own', 'y'],
    ],
    names: { own: 'own' },
  });

function keras(): string {
  const net = new KerasNet('net', [null, 8, 8, 3]);
  const a = net.add('Conv2D', 'a', 'input_1', { filters: 4, kernel_size: [1, 1], use_bias: false });
  net.add('ReLU', 'y', net.add('Fancy', 'own', a));
  return JSON.stringify(net.keras3());
}

const TF_NODES = [
  placeholder('x', [1, 8, 8, 3]),
  weight('w', 1, 1, 3, 4),
  conv('a', 'x', 'w'),
  node('own', 'Fancy', ['a']),
  node('y', 'Relu', ['own']),
];

const tfjs = (): string =>
  JSON.stringify({
    format: 'graph-model',
    modelTopology: {
      node: [
        {
          name: 'x',
          op: 'Placeholder',
          attr: { shape: { shape: { dim: [1, 8, 8, 3].map((size) => ({ size: String(size) })) } } },
        },
        { name: 'w', op: 'Const', attr: {} },
        {
          name: 'a',
          op: 'Conv2D',
          input: ['x', 'w'],
          attr: {
            strides: { list: { i: ['1', '1', '1', '1'] } },
            padding: { s: 'U0FNRQ==' },
            data_format: { s: 'TkhXQw==' },
          },
        },
        { name: 'own', op: 'Fancy', input: ['a'] },
        { name: 'y', op: 'Relu', input: ['own'] },
      ],
    },
    weightsManifest: [{ paths: ['w.bin'], weights: [{ name: 'w', shape: [1, 1, 3, 4], dtype: 'float32' }] }],
  });

function tflite(): Uint8Array {
  const file = new TfliteDraft();
  const net = file.subgraph();
  const image = net.tensor('x', [1, 8, 8, 3]);
  const [a, own, y] = ['a', 'own', 'y'].map((name) => net.tensor(name, [1, 8, 8, 4])) as [number, number, number];
  const options = { padding: 0, strideW: 1, strideH: 1, fused: 0 };
  net.op('CONV_2D', [image, net.constant('w', [4, 1, 1, 3]), -1], [a], ['Conv2D', options]);
  net.op('CUSTOM:Fancy', [a], [own]);
  net.op('RELU', [own], [y]);
  return file.add(net, [image], [y]).bytes();
}

const pt2 = (): Uint8Array =>
  archiveOf(
    programOf({
      inputs: { image: [1, 3, 8, 8] },
      parameters: { 'a.weight': [4, 3, 1, 1] },
      calls: [
        { op: 'aten.conv2d.default', given: { input: x('image'), weight: p('a.weight') }, makes: { a: [1, 4, 8, 8] } },
        { op: 'mine.Fancy.default', given: { input: x('a') }, makes: { own: [1, 4, 8, 8] } },
        { op: 'aten.relu.default', given: { self: x('own') }, makes: { y: [1, 4, 8, 8] } },
      ],
      outputs: ['y'],
    }),
  );

const CAFFE = `name: "net" input: "x" input_shape { dim: 1 dim: 3 dim: 8 dim: 8 }
layer { name: "a" type: "Convolution" bottom: "x" top: "a" convolution_param { num_output: 4 kernel_size: 1 bias_term: false } }
layer { name: "own" type: "Fancy" bottom: "a" top: "own" }
layer { name: "y" type: "ReLU" bottom: "own" top: "y" }
`;

const DARKNET = `[net]
width=8
height=8
channels=3
[convolutional]
filters=4
size=1
stride=1
activation=linear
[fancy]
[maxpool]
size=2
stride=2
`;

/** By the file's name, which a folder is for a SavedModel. */
export const WITH_UNKNOWN_OP: Readonly<Record<string, () => Uint8Array | string>> = {
  'net.onnx': onnx,
  'keras.json': keras,
  'net.keras': () => zipOf([{ name: 'config.json', content: keras() }]),
  'net.h5': () => withFixedTexts([{ name: 'model_config', text: keras() }]),
  'graph.json': tfjs,
  'net.pb': () => frozen(TF_NODES),
  'saved/saved_model.pb': () =>
    savedModel(TF_NODES, [], { serving_default: { inputs: { x: 'x:0' }, outputs: { y: 'y:0' } } }),
  'net.tflite': tflite,
  'net.pt2': pt2,
  'net.prototxt': () => CAFFE,
  'net.cfg': () => DARKNET,
};
