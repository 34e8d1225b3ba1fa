// Do the families give the figures that papers, torchvision and timm publish, at the precision that they print?

import { describe, expect, test } from 'vitest';
import { builtIn } from '../../src/builtIn.js';
import { countsOf, shapedNodes } from '../../src/cost.js';
import { add, symbol, type Dim } from '../../src/dim/dim.js';
import { show } from '../../src/dim/text.js';
import { FAMILIES } from '../../src/families/table.js';
import { familyModel, graphOf, type Config, type Model } from '../../src/model.js';
import { profile, type Profile } from '../../src/profile.js';

const at = (model: Model, size = model.input[1]): Profile => profile(graphOf(model, 1, [3, size, size]));

function configured(family: string, config: Config): Model {
  const found = FAMILIES.find(({ name }) => name === family);
  if (!found) throw new Error(`no family ${family}`);
  return familyModel(found, family, 'config', config);
}

/** Rounds as the source does, so that the expected figure can be written as it is printed. */
const inUnits = (count: number, unit: number, decimals: number): string => (count / unit).toFixed(decimals);
const [M, G] = [1e6, 1e9];

/** Weight metadata of torchvision 0.28: num_params, and _ops in units of 10^9 multiply-adds. */
const TORCHVISION: readonly [string, number, string][] = [
  ['resnet18', 11_689_512, '1.814'],
  ['resnet34', 21_797_672, '3.664'],
  ['resnet50', 25_557_032, '4.089'],
  ['resnet101', 44_549_160, '7.801'],
  ['resnet152', 60_192_808, '11.514'],
  ['resnext50_32x4d', 25_028_904, '4.230'],
  ['wide_resnet50_2', 68_883_240, '11.398'],
  ['densenet121', 7_978_856, '2.834'],
  ['densenet161', 28_681_000, '7.728'],
  ['densenet169', 14_149_480, '3.360'],
  ['densenet201', 20_013_928, '4.291'],
  ['vgg11', 132_863_336, '7.609'],
  ['vgg13', 133_047_848, '11.308'],
  ['vgg16', 138_357_544, '15.470'],
  ['vgg16_bn', 138_365_992, '15.470'],
  ['vgg19', 143_667_240, '19.632'],
  ['mobilenet_v2', 3_504_872, '0.301'],
  ['shufflenet_v2_x0_5', 1_366_792, '0.040'],
  ['shufflenet_v2_x1_0', 2_278_604, '0.145'],
  ['shufflenet_v2_x1_5', 3_503_624, '0.296'],
  ['shufflenet_v2_x2_0', 7_393_996, '0.583'],
  ['squeezenet1_1', 1_235_496, '0.349'],
];

describe('torchvision publishes params and GMACs', () => {
  for (const [name, params, ops] of TORCHVISION)
    test(name, () => {
      const { totals } = at(builtIn(name));
      expect(totals.params).toBe(params);
      expect(inUnits(totals.multAdds, G, 3)).toBe(ops);
    });

  test('squeezenet1_0, as a config with a 7x7 stem and later pools', () => {
    const { totals } = at(configured('squeezenet', { stem: 96, stemKernel: [7, 7], depths: [3, 4, 1] }));
    expect(totals.params).toBe(1_248_424);
    expect(inUnits(totals.multAdds, G, 3)).toBe('0.819');
  });
});

/** timm's benchmark-infer-amp-nchw-pt113-cu117-rtx3090.csv: input, params in M, GMACs, activations in M. */
const TIMM: readonly [Model, number, string, string, string][] = [
  [builtIn('resnet18'), 224, '11.69', '1.82', '2.48'],
  [builtIn('resnet34'), 224, '21.80', '3.67', '3.74'],
  [builtIn('resnet50'), 224, '25.56', '4.11', '11.11'],
  [builtIn('resnet101'), 224, '44.55', '7.83', '16.23'],
  [builtIn('resnet152'), 224, '60.19', '11.56', '22.56'],
  [builtIn('densenet121'), 224, '7.98', '2.87', '6.90'],
  [builtIn('densenet169'), 224, '14.15', '3.40', '7.30'],
  [builtIn('densenet201'), 224, '20.01', '4.34', '7.85'],
  [builtIn('densenet161'), 224, '28.68', '7.79', '11.06'],
  [builtIn('vovnet39'), 224, '22.60', '7.09', '6.73'],
  [builtIn('vovnet57'), 224, '36.64', '8.95', '7.52'],
  [builtIn('ese_vovnet19b_slim_dw'), 224, '1.90', '0.40', '5.28'],
  [builtIn('ese_vovnet19b_slim'), 224, '3.17', '1.69', '3.52'],
  [builtIn('ese_vovnet19b_dw'), 224, '6.54', '1.34', '8.25'],
  [builtIn('ese_vovnet39b'), 224, '24.57', '7.09', '6.74'],
  [builtIn('ese_vovnet57b'), 224, '38.61', '8.95', '7.52'],
  [builtIn('ese_vovnet99b'), 224, '63.20', '16.51', '11.27'],
  [builtIn('darknet53'), 288, '41.61', '11.78', '15.68'],
  [builtIn('mobilenet_v2'), 224, '3.50', '0.31', '6.68'],
  [configured('mobilenet_v2', { width: 1.4 }), 224, '6.11', '0.60', '9.57'],
  [builtIn('vgg11'), 224, '132.86', '7.61', '7.44'],
  [builtIn('vgg16'), 224, '138.36', '15.47', '13.56'],
  [builtIn('vgg16_bn'), 224, '138.37', '15.50', '13.56'],
  [builtIn('vgg19'), 224, '143.67', '19.63', '14.86'],
  [builtIn('seresnet50'), 224, '28.09', '4.11', '11.13'],
  [configured('resnet', { block: 'basic', depths: [2, 2, 2, 2], attention: 'se' }), 224, '11.78', '1.82', '2.49'],
  [configured('resnet', { block: 'basic', depths: [3, 4, 6, 3], attention: 'se' }), 224, '21.96', '3.67', '3.74'],
  [
    configured('resnet', { block: 'bottleneck', depths: [3, 4, 23, 3], attention: 'se' }),
    224,
    '49.33',
    '7.84',
    '16.27',
  ],
  [
    configured('resnet', { block: 'bottleneck', depths: [3, 8, 36, 3], attention: 'se' }),
    224,
    '66.82',
    '11.57',
    '22.61',
  ],
];

describe('timm publishes params, GMACs and activations; its GMACs have 2 per element of a batch norm', () => {
  for (const [model, size, params, gmacs, macts] of TIMM)
    test(`${model.name} at ${size}: ${params} M params`, () => {
      const { totals, layers } = at(model, size);
      const normed = layers
        .filter(({ op }) => op === 'batchNorm')
        .reduce((sum, { outShape }) => sum + outShape.reduce((product, side) => product * side, 1), 0);
      expect(inUnits(totals.params, M, 2)).toBe(params);
      expect(inUnits(totals.multAdds + 2 * normed, G, 2)).toBe(gmacs);
      expect(inUnits(totals.activations, M, 2)).toBe(macts);
    });
});

const RESNET50_V1 = configured('resnet', { block: 'bottleneck', depths: [3, 4, 6, 3], strideIn: '1x1' });

/** Multiply-adds and params as the papers print them; rows with a config are variants that are not built in. */
const PAPERS: readonly [string, Model, number, { multAdds?: [number, string]; params?: [number, string] }][] = [
  ['MobileNet 1.0', builtIn('mobilenet_v1'), 224, { multAdds: [M, '569'], params: [M, '4.2'] }],
  ['MobileNet 0.75', configured('mobilenet_v1', { width: 0.75 }), 224, { multAdds: [M, '325'], params: [M, '2.6'] }],
  ['MobileNet 0.5', configured('mobilenet_v1', { width: 0.5 }), 224, { multAdds: [M, '149'], params: [M, '1.3'] }],
  ['MobileNet 0.25', configured('mobilenet_v1', { width: 0.25 }), 224, { multAdds: [M, '41'], params: [M, '0.5'] }],
  ['MobileNet at 192', builtIn('mobilenet_v1'), 192, { multAdds: [M, '418'] }],
  ['MobileNet at 128', builtIn('mobilenet_v1'), 128, { multAdds: [M, '186'] }],
  ['PeleeNet', builtIn('peleenet'), 224, { multAdds: [M, '508'], params: [M, '2.8'] }],
  ['ResNet-50, stride in the 1x1 (SENet, Table 2)', RESNET50_V1, 224, { multAdds: [G, '3.86'] }],
  ['ResNet-20', builtIn('resnet20'), 32, { params: [M, '0.27'] }],
  ['ResNet-32', configured('resnet_cifar', { depths: [5, 5, 5] }), 32, { params: [M, '0.46'] }],
  ['ResNet-44', configured('resnet_cifar', { depths: [7, 7, 7] }), 32, { params: [M, '0.66'] }],
  ['ResNet-56', builtIn('resnet56'), 32, { params: [M, '0.85'] }],
  ['ResNet-110', builtIn('resnet110'), 32, { params: [M, '1.7'] }],
  ['ResNet-1202', configured('resnet_cifar', { depths: [200, 200, 200] }), 32, { params: [M, '19.4'] }],
  ['DenseNet-40 k=12', builtIn('densenet40_k12'), 32, { params: [M, '1.0'] }],
  ['DenseNet-BC-100 k=12', builtIn('densenet_bc100_k12'), 32, { params: [M, '0.8'] }],
  ['DenseNet-BC-190 k=40', bc(40, 31), 32, { params: [M, '25.6'] }],
  ['DenseNet-BC-250 k=24', bc(24, 41), 32, { params: [M, '15.3'] }],
  ['VGG A', builtIn('vgg11'), 224, { params: [M, '133'] }],
  ['VGG B', builtIn('vgg13'), 224, { params: [M, '133'] }],
  ['VGG D', builtIn('vgg16'), 224, { params: [M, '138'] }],
  ['VGG E', builtIn('vgg19'), 224, { params: [M, '144'] }],
];

function bc(growth: number, layers: number): Model {
  return configured('densenet_cifar', { growth, blocks: [layers, layers, layers], bottleneck: true, compression: 0.5 });
}

describe('papers print multiply-adds and params', () => {
  for (const [name, model, size, { multAdds, params }] of PAPERS)
    test(name, () => {
      const { totals } = at(model, size);
      const printed = (count: number, [unit, text]: [number, string]): string =>
        inUnits(count, unit, text.split('.')[1]?.length ?? 0);
      if (multAdds) expect(printed(totals.multAdds, multAdds)).toBe(multAdds[1]);
      if (params) expect(printed(totals.params, params)).toBe(params[1]);
    });

  /** YOLOv3 (arXiv 1804.02767), Table 2, counts 2 per multiply-add at 256x256. */
  test('Darknet-19: 7.29 Bn operations', () => {
    expect(inUnits(2 * at(builtIn('darknet19'), 256).totals.multAdds, G, 2)).toBe('7.29');
  });
});

/** The authors' V2 code: params without and with a classifier of 1000; GMACs with it; conv outputs and convolution MAC in M. */
const V2: readonly [string, number, number, string, string, string][] = [
  ['V-19-slim-dw-eSE', 1_384_752, 1_897_752, '0.398', '5.28', '12.52'],
  ['V-19-dw-eSE', 5_518_080, 6_543_080, '1.333', '8.25', '22.77'],
  ['V-19-slim-eSE', 2_653_136, 3_166_136, '1.680', '3.52', '10.48'],
  ['V-19-eSE', 10_180_416, 11_205_416, '4.122', '5.14', '21.43'],
  ['V-39-eSE', 25_184_128, 26_209_128, '7.076', '6.74', '41.16'],
  ['V-57-eSE', 41_454_912, 42_479_912, '8.936', '7.52', '59.68'],
  ['V-99-eSE', 69_523_520, 70_548_520, '16.496', '11.28', '98.54'],
];

describe('VoVNet: figures derived from the published code', () => {
  for (const [name, params, withClassifier, gmacs, outputs, access] of V2)
    test(`${name}, and with a classifier`, () => {
      const { totals } = at(builtIn(name));
      expect(totals.params).toBe(params);
      expect(inUnits(totals.activations, M, 2)).toBe(outputs);
      expect(inUnits(totals.memoryAccess.conv, M, 2)).toBe(access);
      const classifying = at(configured('vovnet', { ...builtIn(name).config, classes: 1000 })).totals;
      expect(classifying.params).toBe(withClassifier);
      expect(inUnits(classifying.multAdds, G, 3)).toBe(gmacs);
    });

  const V1: readonly [string, number, string, string, number, string, string][] = [
    ['vovnet27_slim', 3_525_736, '2.177', '2.870', 27, '12.64', '13.85'],
    ['vovnet39', 22_600_296, '7.072', '7.766', 39, '37.54', '38.75'],
    ['vovnet57', 36_640_296, '8.930', '9.624', 57, '53.83', '55.04'],
  ];
  for (const [name, params, gmacs, paperGmacs, convolutions, access, paperAccess] of V1)
    test(`${name}, with the code's stem and with the paper's`, () => {
      const code = at(builtIn(name)).totals;
      expect([code.params, code.convLayers]).toEqual([params, convolutions]);
      expect(inUnits(code.multAdds, G, 3)).toBe(gmacs);
      expect(inUnits(code.memoryAccess.conv, M, 2)).toBe(access);
      const stem = { stemStrides: [2, 1, 1], poolBeforeStage2: true };
      const paper = at(configured('vovnet', { ...builtIn(name).config, ...stem })).totals;
      expect(inUnits(paper.multAdds, G, 3)).toBe(paperGmacs);
      expect(inUnits(paper.memoryAccess.conv, M, 2)).toBe(paperAccess);
    });
});

describe("VoVNet's CIFAR experiment (section 3.2): convolution MAC of dense blocks and of OSA", () => {
  const access = (model: Model): number => at(model).totals.memoryAccess.conv;

  test('DenseNet-40, k = 12: 3,679,504 elements, the paper prints 3.7M', () => {
    expect(access(builtIn('densenet40_k12'))).toBe(3_679_504);
  });
  test('DenseNet-40 with the stem of the code, twice the growth: 3.876 M', () => {
    expect(inUnits(access(configured('densenet_cifar', { blocks: [12, 12, 12] })), M, 3)).toBe('3.876');
  });
  test('OSA of 5 layers of 43 with transitions that keep the channels: 2.587 M, the paper prints 2.5M', () => {
    expect(access(builtIn('osa_cifar_5x43'))).toBe(2_587_209);
  });
  test('OSA of 5 layers of 43 with transitions to 215, 430, 645: 2.504 M', () => {
    const narrower = configured('osa_cifar', { layers: 5, growth: 43, transition: 'layers' });
    expect(inUnits(access(narrower), M, 3)).toBe('2.504');
    const widths = at(narrower).layers.filter(({ kernel, op }) => op === 'conv' && kernel?.[0] === 1);
    expect(widths.map(({ outShape }) => outShape[1])).toEqual([215, 430, 645]);
  });
  test('OSA of 12 layers of 20: 2.735 M', () => {
    expect(inUnits(access(builtIn('osa_cifar_12x20')), M, 3)).toBe('2.735');
  });
});

describe('DSOD: DS/A-B-k-theta', () => {
  test('DS/64-64-16-1 is DenseNet-67: 67 convolutions, stem 64, 64, 128, bottlenecks of 64, the last transition to 256', () => {
    const { layers, totals } = at(builtIn('densenet67'));
    const channels = layers.filter(({ op }) => op === 'conv').map(({ outShape }) => outShape[1]);
    expect(totals.convLayers).toBe(67);
    expect(channels.slice(0, 5)).toEqual([64, 64, 128, 64, 16]);
    expect(channels.at(-1)).toBe(256);
  });
  test('pools round up as in Caffe: 300, 150, 75, 38, 19', () => {
    const { layers } = at(builtIn('densenet67'), 300);
    expect([...new Set(layers.map(({ outShape }) => outShape[2]))]).toEqual([150, 75, 38, 19]);
  });
  test('DS/64-192-48-1 has bottlenecks of 192 channels', () => {
    const { layers } = at(configured('dsod', { growth: 48 }));
    expect(layers.find(({ name }) => name === 'denseblock1.denselayer1.conv1')?.outShape[1]).toBe(192);
  });
});

test('densenet121 in closed form: growth g, a square input of side h', () => {
  const model = builtIn('densenet121');
  const h = symbol('h', 32);
  let [params, multAdds]: [Dim, Dim] = [0, 0];
  for (const shapedNode of shapedNodes(model.build([1, 3, h, h], { ...model.config, growth: symbol('g') }))) {
    const counts = countsOf(shapedNode);
    [params, multAdds] = [add(params, counts.params), add(multAdds, counts.multAdds)];
  }
  expect(show(params)).toBe('6700 g^2 + 34908 g + 1000');
  expect(show(multAdds)).toBe('52.84375 g^2 h^2 + 73.5 g h^2 + 32000 g');
});
