// Tests of files in eval mode: what counts in train mode, and what stays in eval mode, format by format.

import { describe, expect, test } from 'vitest';
import { builtIn } from '../../src/builtIn.js';
import { writeOnnx } from '../../src/exporters/onnx/writeOnnx.js';
import { readCaffe } from '../../src/importers/caffe/readCaffe.js';
import { kerasModel } from '../../src/importers/keras/readKeras.js';
import { bytesSource } from '../../src/importers/modelFile.js';
import { readOnnx } from '../../src/importers/onnx/readOnnx.js';
import { readPt2 } from '../../src/importers/pt2/readPt2.js';
import { graphOf, type Model } from '../../src/model.js';
import { evalModeTexts } from '../../src/training/evalMode.js';
import { training, type Training } from '../../src/training/training.js';
import { called, functional, input, layer, tensor, type Data } from '../importers/keras/keras3.js';
import { KerasNet } from '../importers/keras/kerasNet.js';
import { bytesOf, type Small } from '../importers/onnx/small.js';
import { archiveOf, p, programOf, x, type Call, type Given, type Network } from '../importers/pt2/programOf.js';

/** Bytes of [2, 8, 4, 4]. */
const WHOLE = 2 * 8 * 16 * 4;
/** Mean and inverse deviation of 8 channels. */
const STATISTICS = 2 * 8 * 4;

const found = ({ totals, evalMode, layers }: Training) => ({ kept: totals.keptBytes, evalMode, layers });
const only = (part: 'trained' | 'stays', norms: number, dropouts = 0) => {
  const none = { norms: 0, dropouts: 0 };
  return { trained: none, stays: none, [part]: { norms, dropouts } };
};

/** A convolution, a norm, a convolution, a norm and a dropout, to 8 channels, 2 images; norms by their calls. */
function program(norms: readonly [Norm, Norm], drops: boolean): Model {
  const conv = (from: string, name: string, channels = 8): Call => ({
    op: 'aten.conv2d.default',
    given: { input: x(from), weight: p(`${name}.weight`), bias: null },
    makes: { [name]: [2, channels, 4, 4] },
  });
  const network: Network = {
    inputs: { image: [2, 3, 4, 4] },
    parameters: {
      ...{ 'a.weight': [8, 3, 1, 1], 'b.weight': [8, 8, 1, 1], 'c.weight': [4, 8, 1, 1] },
      ...{ scale0: [8], shift0: [8], scale1: [8], shift1: [8] },
    },
    buffers: { mean: [8], variance: [8] },
    calls: [
      conv('image', 'a'),
      norms[0]('a', 0),
      conv('norm0', 'b'),
      norms[1]('b', 1),
      {
        op: 'aten.dropout.default',
        given: { input: x('norm1'), p: 0.5, train: drops },
        makes: { dropped: [2, 8, 4, 4] },
      },
      conv('dropped', 'c', 4),
    ],
    outputs: ['c'],
  };
  return readPt2(bytesSource(archiveOf(programOf(network))), 'net.pt2');
}

type Norm = (from: string, i: number) => Call;

const b = (name: string): Given => ({ tensor: `b_${name}` });
const norm =
  (op: string, given: Readonly<Record<string, Given>>, running = true): Norm =>
  (from, i) => ({
    op: `aten.${op}`,
    given: {
      ...{ input: x(from), weight: p(`scale${i}`), bias: p(`shift${i}`) },
      ...(running
        ? { running_mean: b('mean'), running_var: b('variance') }
        : { running_mean: null, running_var: null }),
      ...given,
    },
    makes: { [`norm${i}`]: [2, 8, 4, 4] },
  });

const TRAIN = norm('batch_norm.default', { training: true });
const EVAL = norm('batch_norm.default', { training: false });
/** BatchNorm2d(track_running_stats=False) in eval mode. */
const UNTRACKED = norm('batch_norm.default', { training: true }, false);
const NO_TRAINING = norm('_native_batch_norm_legit_no_training.default', {});
const FUNCTIONAL = norm('_native_batch_norm_legit_functional.default', { training: true });

// PyTorch 2.13 on a CPU, saved_tensors_hooks, storages once, without parameters, buffers and the image:
// a module of these layers, whose modules are in train() or eval() as the title says, keeps
//   all in train mode                        4 x 1024 + 1024 (noise) + 2 x 64 bytes
//   norms in eval mode, dropout in train     4 x 1024 + 1024
//   the first norm in eval mode              4 x 1024 + 1024 + 64
//   all but the first norm in eval mode      4 x 1024 + 64
describe('a .pt2', () => {
  const all = 5 * WHOLE + 2 * STATISTICS;
  test.each<readonly [string, readonly [Norm, Norm], boolean, number, object | undefined]>([
    ['train mode', [TRAIN, TRAIN], true, all, undefined],
    ['train mode, decomposed', [FUNCTIONAL, FUNCTIONAL], true, all, undefined],
    ['eval mode counts as after model.train()', [EVAL, EVAL], false, all, only('trained', 2, 1)],
    ['eval mode, decomposed', [NO_TRAINING, NO_TRAINING], false, all, only('trained', 2, 1)],
    ['a norm without running statistics has no mode', [EVAL, UNTRACKED], false, all, only('trained', 1, 1)],
    ['frozen norms of a network that trains', [EVAL, NO_TRAINING], true, all - 2 * STATISTICS, only('stays', 2)],
    ['one frozen norm', [EVAL, TRAIN], true, all - STATISTICS, only('stays', 1)],
    ['norm and dropout in eval mode', [TRAIN, EVAL], false, all - WHOLE - STATISTICS, only('stays', 1, 1)],
  ])('%s', (_, norms, drops, kept, evalMode) => {
    expect(found(training(program(norms, drops)))).toMatchObject({ kept, ...(evalMode ? { evalMode } : {}) });
    expect(training(program(norms, drops)).evalMode).toEqual(evalMode);
  });

  test('a norm in eval mode reads its running statistics in the backward pass', () => {
    const access = (norms: readonly [Norm, Norm]) => training(program(norms, true)).totals.memoryAccess;
    expect(access([EVAL, TRAIN])).toBe(access([TRAIN, TRAIN]));
  });
});

describe('an ONNX file', () => {
  const file = (opset: number, modes: readonly [number, number], drops: boolean): Model => {
    const one = (i: number, from: string): Small['nodes'][number] => {
      const outputs = opset < 14 && modes[i] === 1 ? ` m${i} v${i} sm${i} sv${i}` : '';
      const mode = opset >= 14 ? { training_mode: modes[i]! } : {};
      return ['BatchNormalization', `${from} s${i} t${i} mean${i} var${i}`, `n${i}${outputs}`, mode];
    };
    const weights = [0, 1].flatMap((i) => ['s', 't', 'mean', 'var'].map((name) => [`${name}${i}`, [8]] as const));
    const bytes = bytesOf({
      opset,
      inputs: { x: [2, 3, 4, 4] },
      weights: { ...Object.fromEntries(weights), a: [8, 3, 1, 1], b: [8, 8, 1, 1], c: [4, 8, 1, 1] },
      floats: { ratio: 0.5 },
      ints: { trains: drops ? 1 : 0 },
      nodes: [
        ['Conv', 'x a', 'conv0'],
        one(0, 'conv0'),
        ['Conv', 'n0 b', 'conv1'],
        one(1, 'conv1'),
        opset < 12 ? ['Dropout', 'n1', 'd'] : ['Dropout', 'n1 ratio trains', 'd'],
        ['Conv', 'd c', 'conv2'],
      ],
    });
    return readOnnx(bytesSource(bytes), 'net.onnx');
  };
  const all = 5 * WHOLE + 2 * STATISTICS;
  test.each<readonly [number, readonly [number, number], boolean, number, object | undefined]>([
    [17, [1, 1], true, all, undefined],
    [17, [0, 0], false, all, only('trained', 2, 1)],
    [17, [0, 1], true, all - STATISTICS, only('stays', 1)],
    [17, [0, 1], false, all - STATISTICS - WHOLE, only('stays', 1, 1)],
    // Five outputs say train mode before opset 14, and a dropout has no mode before opset 12.
    [13, [1, 1], true, all, undefined],
    [13, [0, 1], true, all - STATISTICS, only('stays', 1)],
    [11, [0, 0], false, all, only('trained', 2)],
    [11, [1, 1], true, all, undefined],
  ])('opset %d, training_mode %j, dropout %j', (opset, modes, drops, kept, evalMode) => {
    const step = training(file(opset, modes, drops));
    expect([step.totals.keptBytes, step.evalMode]).toEqual([kept, evalMode]);
  });
});

describe('Keras', () => {
  const net = (trainable: boolean, kwargs: Data): Model => {
    const conv = (name: string, from: string, filters = 8): Data =>
      called(layer('Conv2D', { filters, kernel_size: [1, 1], use_bias: false }, name), { args: [tensor(from)] });
    return kerasModel(
      functional(
        [
          input('in', [4, 4, 3]),
          conv('a', 'in'),
          called(layer('BatchNormalization', { trainable }, 'norm'), { args: [tensor('a')], kwargs }),
          called(layer('Dropout', { rate: 0.5 }, 'drop'), { args: [tensor('norm')], kwargs }),
          conv('c', 'drop', 4),
        ],
        [['c', 0, 0]],
      ),
      'net.keras',
      {},
    );
  };
  const all = 3 * WHOLE + STATISTICS;
  test.each<readonly [string, boolean, Data, number, object | undefined]>([
    ['trains', true, {}, all, undefined],
    ['training: null says nothing', true, { training: null }, all, undefined],
    ['trainable: false is eval mode for a norm', false, {}, all - STATISTICS, only('stays', 1)],
    // Keras 3.15 writes it for every dropout, and model(x, training=True) reaches a layer that has it.
    ['training: false says nothing in Keras 3', true, { training: false }, all, undefined],
  ])('%s', (_, trainable, kwargs, kept, evalMode) => {
    const step = training(net(trainable, kwargs), {}, 2);
    expect([step.totals.keptBytes, step.evalMode]).toEqual([kept, evalMode]);
  });

  test.each<readonly [string, Data, number, object | undefined]>([
    ['trains', {}, all, undefined],
    ['stays in eval mode', { training: false }, all - STATISTICS - WHOLE, only('stays', 1, 1)],
  ])('2 %s: a model inside that is called with %j', (_, kwargs, kept, evalMode) => {
    const conv = (filters: number): Data => ({ filters, kernel_size: [1, 1], use_bias: false });
    const base = new KerasNet('base', [null, 4, 4, 3]);
    base.add('Conv2D', 'a', 'input_1', conv(8));
    base.add('BatchNormalization', 'norm', 'a');
    base.add('Dropout', 'drop', 'norm', { rate: 0.5 });
    const model = {
      class_name: 'Functional',
      config: {
        name: 'net',
        layers: [
          {
            class_name: 'InputLayer',
            name: 'in',
            config: { name: 'in', batch_input_shape: [null, 4, 4, 3] },
            inbound_nodes: [],
          },
          { ...base.keras2(), name: 'base', inbound_nodes: [[['in', 0, 0, kwargs]]] },
          {
            class_name: 'Conv2D',
            name: 'c',
            config: { name: 'c', ...conv(4) },
            inbound_nodes: [[['base', 0, 0, {}]]],
          },
        ],
        input_layers: [['in', 0, 0]],
        output_layers: [['c', 0, 0]],
      },
    };
    const step = training(kerasModel(model, 'net.h5', {}), {}, 2);
    expect([step.totals.keptBytes, step.evalMode]).toEqual([kept, evalMode]);
  });
});

test.each([
  ['', '', undefined],
  ['true', 'true', only('trained', 2)],
  ['true', '', only('stays', 1)],
  ['false', 'true', only('stays', 1)],
])('Caffe: use_global_stats %j and %j', (first, second, evalMode) => {
  const norm = (name: string, from: string, stats: string): string =>
    `layer { name: "${name}" type: "BatchNorm" bottom: "${from}" top: "${name}" ${stats === '' ? '' : `batch_norm_param { use_global_stats: ${stats} }`} }`;
  const text = `name: "net" layer { name: "in" type: "Input" top: "data" input_param { shape { dim: 1 dim: 3 dim: 4 dim: 4 } } }
layer { name: "a" type: "Convolution" bottom: "data" top: "a" convolution_param { num_output: 8 kernel_size: 1 } }
${norm('n0', 'a', first)}\n${norm('n1', 'n0', second)}`;
  expect(training(readCaffe(text, 'net.prototxt')).evalMode).toEqual(evalMode);
});

test('one sentence says what counts in train mode, and one what does not', () => {
  expect(evalModeTexts({ trained: { norms: 53, dropouts: 1 }, stays: { norms: 0, dropouts: 0 } })).toEqual([
    'The file was written in eval mode, and 53 batch norms and 1 dropout count as after model.train().',
  ]);
  expect(evalModeTexts({ trained: { norms: 0, dropouts: 0 }, stays: { norms: 1, dropouts: 0 } })).toEqual([
    'In training too, 1 batch norm stays in eval mode, as the file has it: without statistics of the batch, without noise.',
  ]);
});

const WITHOUT_WEIGHTS = { seed: 1, weights: 'none', producer: ['flopscope', 'test'] } as const;
describe('the same network', () => {
  test.each(['resnet18', 'resnet50', 'densenet121', 'shufflenet_v2_x1_0'])(
    '%s, built in and as an ONNX file in eval mode, keeps the same',
    (name) => {
      const model = builtIn(name);
      const { model: file } = writeOnnx(graphOf(model, 2, model.input), WITHOUT_WEIGHTS);
      const read = training(readOnnx(bytesSource(Buffer.concat([...file.pieces()])), `${name}.onnx`), {}, 2);
      const own = training(model, {}, 2);
      expect(read.evalMode?.trained.norms).toBe(own.layers.filter(({ op }) => op === 'batchNorm').length);
      expect(read.totals.keptBytes).toBe(own.totals.keptBytes);
    },
  );
});
