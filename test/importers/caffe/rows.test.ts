// What is each layer of Caffe? Shapes, multiply-adds and parameters by the rules of its source, worked out by hand.

import { describe, expect, test } from 'vitest';
import { readCaffe } from '../../../src/importers/caffe/readCaffe.js';
import { graphOf } from '../../../src/model.js';
import { profile, type Profile } from '../../../src/profile.js';

const INPUT = 'input: "data" input_shape { dim: 7 dim: 4 dim: 9 dim: 13 }\n';
const layer = (type: string, more = '', bottom = 'data', top = 'out'): string =>
  `layer { name: "${top}" type: "${type}" bottom: "${bottom}" top: "${top}" ${more} }\n`;

const counted = (text: string, n = 1): Profile => profile(graphOf(readCaffe(text, 'net.prototxt'), n));

/** Output behind a 4 x 9 x 13 image, multiply-adds, parameters. */
type Known = readonly [text: string, out: readonly number[], multAdds: number, params: number];

const conv = (more: string): string => layer('Convolution', `convolution_param { ${more} }`);
const pool = (more: string): string => layer('Pooling', `pooling_param { ${more} }`);

const CASES: Readonly<Record<string, Known>> = {
  'convolution: a bias unless told otherwise': [conv('num_output: 6 kernel_size: 3'), [6, 7, 11], 77 * 6 * 36, 222],
  'convolution: sides one by one, groups, no bias': [
    conv('num_output: 6 kernel_h: 1 kernel_w: 5 pad_w: 2 stride_h: 2 stride_w: 1 group: 2 bias_term: false'),
    [6, 5, 13],
    5 * 13 * 6 * 10,
    60,
  ],
  'convolution: lists for height and width': [
    conv('num_output: 2 kernel_size: [3, 5] stride: [1, 2] pad: 1 pad: 2 dilation: 1'),
    [2, 9, 7],
    9 * 7 * 2 * 60,
    122,
  ],
  'convolution: dilation, and hole in its place': [
    conv('num_output: 1 kernel_size: 3 dilation: 2') +
      layer('Convolution', 'convolution_param { num_output: 1 kernel_size: 3 hole: 2 }', 'out', 'two'),
    [1, 1, 5],
    5 * 9 * 36 + 5 * 9,
    37 + 10,
  ],
  'depthwise: a group for each channel, whatever group says': [
    layer('DepthwiseConvolution', 'convolution_param { num_output: 4 kernel_size: 3 pad: 1 group: 2 }'),
    [4, 9, 13],
    9 * 13 * 36,
    40,
  ],
  deconvolution: [
    layer(
      'Deconvolution',
      'convolution_param { num_output: 4 kernel_size: 4 stride: 2 pad: 1 group: 4 bias_term: false }',
    ),
    [4, 18, 26],
    9 * 13 * 4 * 16,
    64,
  ],
  'inner product: over everything from an axis on': [
    layer('InnerProduct', 'inner_product_param { num_output: 5 }'),
    [5],
    468 * 5,
    468 * 5 + 5,
  ],
  'inner product along the last side': [
    layer('InnerProduct', 'inner_product_param { num_output: 5 axis: -1 bias_term: false transpose: true }'),
    [4, 9, 5],
    4 * 9 * 5 * 13,
    65,
  ],
  'pool: windows round up': [pool('kernel_size: 2 stride: 2'), [4, 5, 7], 0, 0],
  'pool: a window that begins in the padding behind goes': [
    pool('pool: AVE kernel_size: 2 stride: 2 pad: 1'),
    [4, 5, 7],
    0,
    0,
  ],
  'pool: without padding it stays': [pool('kernel_size: 1 stride: 4'), [4, 3, 4], 0, 0],
  'pool: rounded down by a fork, and by Caffe itself': [
    pool('kernel_size: 2 stride: 2 ceil_mode: false') +
      layer('Pooling', 'pooling_param { kernel_size: 3 stride: 2 round_mode: FLOOR }', 'out', 'two'),
    [4, 1, 2],
    0,
    0,
  ],
  'pool: padding of more than half of the kernel': [pool('kernel_size: 3 stride: 1 pad: 2'), [4, 11, 15], 0, 0],
  'pool: the whole image': [pool('pool: AVE global_pooling: true'), [4, 1, 1], 0, 0],
  'pyramid of pools': [layer('SPP', 'spp_param { pyramid_height: 2 }'), [20], 0, 0],
  'a norm of its own learns nothing': [layer('BatchNorm'), [4, 9, 13], 0, 0],
  'a norm and its scale': [
    layer('BatchNorm') + layer('Scale', 'scale_param { bias_term: true }', 'out'),
    [4, 9, 13],
    0,
    8,
  ],
  'PSPNet norm': [layer('BN', 'bn_param { frozen: true }'), [4, 9, 13], 0, 8],
  'scale: gamma alone by default': [layer('Scale'), [4, 9, 13], 0, 4],
  'scale over all sides, with a bias': [
    layer('Scale', 'scale_param { num_axes: -1 bias_term: true }'),
    [4, 9, 13],
    0,
    936,
  ],
  'scale by one number': [layer('Scale', 'scale_param { num_axes: 0 }'), [4, 9, 13], 0, 1],
  bias: [layer('Bias'), [4, 9, 13], 0, 4],
  prelu: [layer('PReLU') + layer('PReLU', 'prelu_param { channel_shared: true }', 'out', 'two'), [4, 9, 13], 0, 5],
  'normalize: one factor by default, one per channel': [
    layer('Normalize') + layer('Normalize', 'norm_param { across_spatial: false channel_shared: false }', 'out', 'two'),
    [4, 9, 13],
    0,
    5,
  ],
  'LRN in both regions': [
    layer('LRN') + layer('LRN', 'lrn_param { norm_region: WITHIN_CHANNEL local_size: 3 }', 'out', 'two'),
    [4, 9, 13],
    0,
    0,
  ],
  MVN: [
    layer('MVN') + layer('MVN', 'mvn_param { across_channels: true normalize_variance: false }', 'out', 'two'),
    [4, 9, 13],
    0,
    0,
  ],
  'flatten of some sides': [layer('Flatten', 'flatten_param { axis: 1 end_axis: 2 }'), [36, 13], 0, 0],
  'reshape: copied, left over, written': [
    layer('Reshape', 'reshape_param { shape { dim: 0 dim: 2 dim: -1 dim: 0 } }'),
    [2, 18, 13],
    0,
    0,
  ],
  'reshape: the batch of the file is the batch': [
    layer('Reshape', 'reshape_param { shape { dim: 7 dim: -1 } }'),
    [468],
    0,
    0,
  ],
  'reshape of some sides': [
    layer('Reshape', 'reshape_param { shape { dim: 2 dim: -1 } axis: 1 num_axes: 1 }'),
    [2, 2, 9, 13],
    0,
    0,
  ],
  'permute: sides that are left out follow': [
    layer('Permute', 'permute_param { order: 0 order: 3 }'),
    [13, 4, 9],
    0,
    0,
  ],
  'interp to a size, and by factors': [
    layer('Interp', 'interp_param { zoom_factor: 2 }') +
      layer('Interp', 'interp_param { shrink_factor: 3 }', 'out', 'two'),
    [4, 6, 9],
    0,
    0,
  ],
  'interp to the size of a second input': [
    layer('Pooling', 'pooling_param { kernel_size: 3 stride: 3 }') +
      'layer { name: "i" type: "Interp" bottom: "out" bottom: "data" top: "big" interp_param { use_blob_size: true } }',
    [4, 9, 13],
    0,
    0,
  ],
  'losses, and what is computed of them': [
    conv('num_output: 2 kernel_size: 1 bias_term: false') +
      'layer { name: "l" type: "SoftmaxWithLossOHEM" bottom: "out" bottom: "label" top: "each" }' +
      'layer { name: "e" type: "Eltwise" bottom: "each" bottom: "each" top: "sum" }' +
      'layer { name: "p" type: "BoxAnnotatorOHEM" bottom: "out" bottom: "sum" top: "picked" }',
    [2, 9, 13],
    9 * 13 * 4 * 2,
    8,
  ],
  shuffle: [layer('ShuffleChannel', 'shuffle_channel_param { group: 2 }'), [4, 9, 13], 0, 0],
  tile: [layer('Tile', 'tile_param { axis: -1 tiles: 3 }'), [4, 9, 39], 0, 0],
  reduction: [layer('Reduction', 'reduction_param { operation: MEAN axis: 2 }'), [4], 0, 0],
  'upsample and reorg': [
    layer('Upsample', 'upsample_param { scale: 2 }') + layer('Reorg', 'reorg_param { stride: 2 }', 'out', 'two'),
    [16, 9, 13],
    0,
    0,
  ],
  'functions of one element': [
    ['ReLU', 'ReLU6', 'ELU', 'Sigmoid', 'TanH', 'AbsVal', 'BNLL', 'Swish', 'Exp', 'Log', 'Softmax', 'Dropout']
      .map((type) => layer(type, '', type === 'ReLU' ? 'data' : 'out'))
      .join('') + layer('Power', 'power_param { power: 2 scale: 3 shift: 1 }', 'out'),
    [4, 9, 13],
    0,
    0,
  ],
};

describe('layers of Caffe', () => {
  test.each(Object.entries(CASES))('%s', (_, [text, out, multAdds, params]) => {
    const { totals, layers } = counted(INPUT + text);
    expect(layers.at(-1)!.outShape).toEqual([1, ...out]);
    expect([totals.multAdds, totals.params]).toEqual([multAdds, params]);
  });

  const two = `${INPUT}${layer('ReLU', '', 'data', 'a')}${layer('Sigmoid', '', 'data', 'b')}`;
  const join = (type: string, more: string, bottoms: readonly string[]): string =>
    `layer { name: "j" type: "${type}" ${bottoms.map((bottom) => `bottom: "${bottom}"`).join(' ')} top: "j" ${more} }`;

  test('concat along any side, eltwise by its operation, slices at borders', () => {
    expect(counted(two + join('Concat', 'concat_param { axis: -1 }', ['a', 'b', 'a'])).layers.at(-1)!.outShape).toEqual(
      [1, 4, 9, 39],
    );
    const sum = counted(
      two + join('Eltwise', 'eltwise_param { coeff: 1 coeff: -1 coeff: 0.5 }', ['a', 'b', 'a']),
    ).layers;
    expect(sum.slice(2).map(({ op }) => op)).toEqual(['subtract', 'scaleBy', 'add']);
    expect(counted(two + join('Eltwise', 'eltwise_param { operation: MAX }', ['a', 'b'])).layers.at(-1)!.op).toBe(
      'maximum',
    );
    const parts = `${two}layer { name: "s" type: "Slice" bottom: "a" top: "x" top: "y" top: "z" slice_param { slice_point: 1 slice_point: 3 } }`;
    expect(
      counted(parts)
        .layers.slice(2)
        .map(({ name, outShape }) => [name, outShape[1]]),
    ).toEqual([
      ['s.1', 1],
      ['s.2', 2],
      ['s.3', 1],
    ]);
  });

  test('squeeze and excitation: Axpy, and a Scale with two bottoms, have no parameters', () => {
    const gate = layer('Pooling', 'pooling_param { pool: AVE global_pooling: true }', 'data', 'gate');
    const axpy = counted(two + gate + join('Axpy', '', ['gate', 'a', 'b'])).layers;
    expect(axpy.slice(-2).map(({ op, outShape }) => [op, ...outShape])).toEqual([
      ['multiply', 1, 4, 9, 13],
      ['add', 1, 4, 9, 13],
    ]);
    const flat = layer('Flatten', '', 'gate', 'flat');
    const scaled = counted(two + gate + flat + join('Scale', 'scale_param { axis: 0 }', ['a', 'flat']));
    expect([scaled.totals.params, scaled.layers.at(-1)!.op]).toEqual([0, 'multiply']);
  });

  test('in-place layers: who reads later reads the new value', () => {
    const graph = graphOf(
      readCaffe(
        `${INPUT}${layer('Convolution', 'convolution_param { num_output: 2 kernel_size: 1 }', 'data', 'c')}layer { name: "r" type: "ReLU" bottom: "c" top: "c" }${layer('Pooling', 'pooling_param { kernel_size: 3 }', 'c', 'p')}`,
        'net.prototxt',
      ),
    );
    expect(graph.nodes.map(({ name, inputs }) => [name, ...inputs])).toEqual([
      ['c', 'data'],
      ['r', 'c'],
      ['p', 'r'],
    ]);
  });

  test('parameters with one name are counted once, several bottoms have one set', () => {
    const shared = (top: string): string =>
      layer(
        'Convolution',
        'param { name: "w" } param { lr_mult: 2 } convolution_param { num_output: 3 kernel_size: 1 }',
        'data',
        top,
      );
    expect(counted(INPUT + shared('a') + shared('b')).totals.params).toBe(12 + 3 + 3);
    const both = `${two}layer { name: "c" type: "Convolution" bottom: "a" bottom: "b" top: "x" top: "y" convolution_param { num_output: 3 kernel_size: 1 } }`;
    const { totals } = counted(both);
    expect([totals.params, totals.multAdds]).toEqual([15, 2 * 9 * 13 * 12]);
  });

  test('boxes are data: maps and predictions are outputs, priors and detections have no node', () => {
    const loc = layer('Convolution', 'convolution_param { num_output: 16 kernel_size: 1 }', 'data', 'loc');
    const flat =
      layer('Permute', 'permute_param { order: 0 order: 2 order: 3 order: 1 }', 'loc', 'perm') +
      layer('Flatten', '', 'perm', 'flat');
    const prior = `layer { name: "p" type: "PriorBox" bottom: "loc" bottom: "data" top: "p" prior_box_param { min_size: 3 max_size: 6 aspect_ratio: 2 } }`;
    const priors = 'layer { name: "pp" type: "Concat" bottom: "p" bottom: "p" top: "pp" concat_param { axis: 2 } }';
    const found =
      'layer { name: "d" type: "DetectionOutput" bottom: "flat" bottom: "pp" top: "d" detection_output_param { num_classes: 2 nms_param { top_k: 4 } } }';
    const graph = graphOf(readCaffe(INPUT + loc + flat + prior + priors + found, 'net.prototxt'));
    expect([graph.outputs, graph.nodes.map(({ op }) => op)]).toEqual([['flat'], ['conv', 'transpose', 'flatten']]);
  });

  test('proposals of Faster R-CNN: one region for each image, whose features are counted', () => {
    const proposal = `layer { name: 'p' type: 'Python' bottom: 'data' bottom: 'info' top: 'rois' python_param { module: 'rpn.proposal_layer' layer: 'ProposalLayer' } }`;
    const pooled =
      'layer { name: "roi" type: "ROIPooling" bottom: "data" bottom: "rois" top: "roi" roi_pooling_param { pooled_w: 3 pooled_h: 2 spatial_scale: 0.0625 } }';
    const text = `${INPUT.replace('input_shape', 'input: "info" input_shape')}input_shape { dim: 1 dim: 3 }\n${proposal}${pooled}${layer('InnerProduct', 'inner_product_param { num_output: 2 }', 'roi', 'fc')}`;
    const graph = graphOf(readCaffe(text, 'net.prototxt'), 2);
    expect(graph.inputs.map(({ name }) => name)).toEqual(['data']);
    expect(profile(graph).totals.multAdds).toBe(2 * 24 * 2);
  });
});

describe('nets of Caffe', () => {
  test('both syntaxes are one', () => {
    const body = '{ name: "c" bottom: "data" top: "c" convolution_param { num_output: 2 kernel_size: 3 } TYPE }';
    const older = counted(`${INPUT}layers ${body.replace('TYPE', 'type: CONVOLUTION blobs_lr: 1 blobs_lr: 2')}`);
    const newer = counted(`${INPUT}layer ${body.replace('TYPE', 'type: "Convolution"')}`);
    expect(older.totals).toEqual(newer.totals);
    const dims =
      'input: "data" input_dim: 1 input_dim: 4 input_dim: 9 input_dim: 13 layers { name: "s" type: SOFTMAX bottom: "data" top: "s" }';
    expect(counted(dims).layers[0]!.op).toBe('softmax');
  });

  test('of train_val what runs in TEST: rules of phases, losses and scores are left out', () => {
    const data = (phase: string, side: number): string =>
      `layer { name: "data" type: "Data" top: "data" top: "label" include { phase: ${phase} } transform_param { crop_size: ${side} } data_param { batch_size: 50 } }`;
    const text = `${data('TRAIN', 9)}${data('TEST', 7)}${layer('Convolution', 'convolution_param { num_output: 2 kernel_size: 1 }', 'data', 'c')}
      layer { name: "loss" type: "SoftmaxWithLoss" bottom: "c" bottom: "label" top: "loss" }
      layer { name: "top1" type: "Accuracy" bottom: "c" bottom: "label" include { phase: TEST stage: "scored" } }
      layer { name: "drop" type: "Pooling" bottom: "c" top: "p" exclude { phase: TEST } }`;
    const model = readCaffe(text, 'net.prototxt');
    expect([model.input, model.source, graphOf(model).outputs]).toEqual([[3, 7, 7], 'caffe', ['c']]);
    expect(profile(graphOf(model)).totals.multAdds).toBe(49 * 6);
  });

  test('a data layer without a size asks for one', () => {
    const text = `layer { name: "d" type: "Data" top: "data" data_param { source: "x" } }${layer('ReLU')}`;
    const model = readCaffe(text, 'net.prototxt');
    expect(() => graphOf(model)).toThrow(
      'net.prototxt:1:1: the file does not say how large "data" is: give --input CxHxW',
    );
    expect(profile(graphOf(model, 1, [1, 28, 28])).layers[0]!.outShape).toEqual([1, 1, 28, 28]);
  });

  test('blocks are what published names say, stages are resolutions', () => {
    const names = ['inception_3a/1x1', 'res2a_branch2a', 'bn2a_branch2a', 'conv2_1/dw', 'conv3_2_1x1_down', 'conv1'];
    const text = INPUT + names.map((name, i) => layer('ReLU', '', i === 0 ? 'data' : names[i - 1], name)).join('');
    expect(counted(text).layers.map(({ stage, block }) => `${stage} ${block}`)).toEqual([
      ...['stride1 inception_3a', 'stride1 res2a', 'stride1 res2a', 'stride1 conv2_1', 'stride1 conv3_2', 'stride1 '],
    ]);
  });
});
