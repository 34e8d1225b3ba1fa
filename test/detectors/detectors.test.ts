// Do detectors cost what their papers and code say? Pinned per part, checked by hand, and built on whatever a user brings.

import { describe, expect, it } from 'vitest';
import { builtIn } from '../../src/builtIn.js';
import { closedForm } from '../../src/formula/closedForm.js';
import { detectorOn } from '../../src/detectors/table.js';
import { evaluate } from '../../src/dim/evaluate.js';
import { FAMILIES } from '../../src/families/table.js';
import { readConfig } from '../../src/importers/config/readConfig.js';
import { graphToJson } from '../../src/exporters/json/graphJson.js';
import { graphFromJson } from '../../src/importers/graphJson/readGraph.js';
import { graphOf, type Model } from '../../src/model.js';
import { groupBy, profile, type Profile } from '../../src/profile.js';

const on = (detector: string, backbone: string): Model => detectorOn(detector, builtIn(backbone));
const counted = (model: Model): Profile => profile(graphOf(model));
const params = (profile: Profile, block: string): number =>
  groupBy(profile.layers, 'block').find(({ name }) => name === block)!.params;

type Count = readonly [params: number, multAdds: number];

/** Backbone, neck and heads. */
const PINNED: readonly (readonly [string, string, Count, Count, Count])[] = [
  ['ssd300', 'vgg16_caffe', [14714688, 27816496128], [8229248, 2312536064], [3341550, 1244505600]],
  ['ssd300-mobilenet', 'mobilenet_v1', [3206976, 1055206336], [2223488, 61612032], [365625, 31660800]],
  ['pelee304', 'peleenet_caffe', [2097248, 944388096], [1426688, 36831232], [1901956, 223749632]],
  ['dsod300', 'densenet67', [1669408, 4342828800], [1654720, 167272448], [2509244, 787737600]],
  ['dsod300', 'vovnet27_slim', [3012736, 3854199552], [709376, 14090240], [2249820, 551001600]],
  ['refinedet320', 'resnet101', [42500160, 15917056000], [16476160, 6014976000], [23475268, 11515008000]],
  ['refinedet320', 'vovnet39', [21575296, 14431027200], [12871680, 5526732800], [21836868, 11252864000]],
  ['refinedet320', 'vgg16', [14714688, 31319654400], [18619904, 5901516800], [2765892, 1433030400]],
  ['refinedet512', 'resnet101', [42500160, 40747663360], [16476160, 15398338560], [23475268, 29478420480]],
  ['refinedet512', 'vgg16', [14714688, 80178315264], [18619904, 15107883008], [2765892, 3668557824]],
  ['fasterrcnn', 'resnet50', [23508032, 83410944000], [3344384, 57999360000], [14900640, 64920048640]],
  ['fasterrcnn', 'V-39-eSE', [25184128, 144313876480], [3016704, 57475072000], [14900640, 64920048640]],
  ['maskrcnn', 'resnet50', [23508032, 83410944000], [3344384, 57999360000], [17543920, 117905904640]],
  ['maskrcnn', 'V-39-eSE', [25184128, 144313876480], [3016704, 57475072000], [17543920, 117905904640]],
  ['centermask', 'resnet50', [23508032, 83410944000], [3868672, 16250961920], [23904268, 150825190160]],
  ['centermask', 'V-39-eSE', [25184128, 144313876480], [3540992, 15726673920], [23904268, 150825190160]],
  ['centermask-lite', 'mobilenet_v2', [2223872, 3716173824], [918528, 2081554432], [8912012, 15047915792]],
  ['centermask-lite', 'V-19-eSE', [10180416, 51110543360], [1033216, 2868510720], [8912012, 15047915792]],
];

describe('params and multiply-adds of backbone, neck and heads', () => {
  it.each(PINNED)('%s on %s', (detector, backbone, ...parts) => {
    const groups = groupBy(counted(on(detector, backbone)).layers, 'stage');
    expect(groups.map(({ name }) => name)).toEqual(['backbone', 'neck', 'heads']);
    expect(groups.map(({ params, multAdds }) => [params, multAdds])).toEqual(parts);
  });

  it('a backbone costs what its features cost without a detector', () => {
    const features = FAMILIES.find(({ name }) => name === 'vovnet')!;
    expect(features.variants['V-39-eSE']).toMatchObject({ classes: 0 });
    const alone = profile(graphOf(builtIn('V-39-eSE'), 1, [3, 800, 1280])).totals;
    const [backbone] = groupBy(counted(on('centermask', 'V-39-eSE')).layers, 'stage');
    expect([backbone!.params, backbone!.multAdds]).toEqual([alone.params, alone.multAdds]);
  });
});

describe('what can be added up by hand', () => {
  it('a pyramid of 256 channels on a ResNet: one 1x1 and one 3x3 with bias for each level', () => {
    const neck = [256, 512, 1024, 2048].reduce((sum, c) => sum + (c + 1) * 256 + (9 * 256 + 1) * 256, 0);
    expect(PINNED.find(([name]) => name === 'fasterrcnn')![3][0]).toBe(neck);
  });

  it('proposals on five levels have the parameters of one', () => {
    const profiled = counted(on('fasterrcnn', 'resnet50'));
    expect(params(profiled, 'rpn')).toBe((9 * 256 + 1) * 256 + (256 + 1) * 3 + (256 + 1) * 12);
    const [p2, p3] = ['p2', 'p3'].map((level) => profiled.layers.find(({ name }) => name === `rpn.${level}.conv`)!);
    expect([p2!.params, p3!.params]).toEqual([590_080, 0]);
    expect(p2!.multAdds).toBe(4 * p3!.multAdds);
  });

  it('the box head runs on every proposal, the mask head on every detection', () => {
    const box = (text: string): number =>
      groupBy(counted(on(text, 'resnet50')).layers, 'block').find(({ name }) => name === 'box')!.multAdds;
    const each = 256 * 49 * 1024 + 1024 * 1024 + 1024 * (81 + 320);
    expect(box('maskrcnn')).toBe(1000 * each);
    expect(box('maskrcnn:proposals=300')).toBe(300 * each);
    const mask = counted(on('maskrcnn:detections=1', 'resnet50'));
    const grid = 4 * 14 * 14 * 9 * 256 * 256 + 14 * 14 * 256 * 256 * 4 + 28 * 28 * 256 * 80;
    expect(groupBy(mask.layers, 'block').find(({ name }) => name === 'mask')!.multAdds).toBe(grid);
    expect(params(mask, 'mask')).toBe(4 * (9 * 256 + 1) * 256 + (4 * 256 + 1) * 256 + (256 + 1) * 80);
  });

  it('FCOS shares its towers and keeps a factor for each of five levels', () => {
    const tower = 4 * ((9 * 256 + 1) * 256 + 2 * 256);
    expect(params(counted(on('centermask', 'resnet50')), 'fcos')).toBe(2 * tower + (9 * 256 + 1) * (80 + 4 + 1) + 5);
  });

  it('six predictors of DSOD on VoVNet: 25 numbers for each box, a norm behind each, a factor per channel before', () => {
    const [channels, boxes] = [
      [256, 384, 512, 256, 256, 256],
      [4, 6, 6, 6, 4, 4],
    ];
    const heads = channels.reduce((sum, c, i) => sum + 9 * c * 25 * boxes[i]! + 2 * 25 * boxes[i]! + c, 0);
    expect(PINNED.find(([name, backbone]) => name === 'dsod300' && backbone === 'vovnet27_slim')![4][0]).toBe(heads);
  });
});

describe('figures that were published', () => {
  it.each([
    ['resnet50', 63.46],
    ['densenet201', 56.13],
    ['vovnet39', 56.28],
    ['resnet101', 82.45],
    ['densenet161', 66.76],
    ['vovnet57', 70.32],
  ])('RefineDet320 on %s has the %f M params of VoVNet Table 4', (backbone, millions) => {
    expect(Math.round(counted(on('refinedet320', backbone)).totals.params / 1e4) / 100).toBe(millions);
  });

  it("SSD300 on VGG16 has torchvision's ssd300_vgg16: 35,641,826 params, 34.858 GMACs, 91 classes", () => {
    const { totals } = counted(on('ssd300:classes=91', 'vgg16_caffe'));
    expect(totals.params).toBe(35_641_826);
    expect((totals.multAdds / 1e9).toFixed(3)).toBe('34.858');
  });

  it('SSD300 looks for boxes at the 8732 places of its paper, where pools round up', () => {
    const boxes = (backbone: string): number =>
      counted(on('ssd300', backbone))
        .layers.filter(({ name }) => name.endsWith('.loc'))
        .reduce((sum, { outShape: [, c, h, w] }) => sum + (c! / 4) * h! * w!, 0);
    expect(boxes('vgg16_caffe')).toBe(8732);
    expect(boxes('vgg16')).toBeLessThan(8732);
  });

  it('Pelee304 predicts twice on its finest map of five', () => {
    const places = counted(on('pelee304', 'peleenet_caffe'))
      .layers.filter(({ name }) => name.endsWith('.loc'))
      .map(({ outShape: [, c, h, w] }) => [c, h, w]);
    // prettier-ignore
    expect(places).toEqual([[24, 19, 19], [24, 19, 19], [24, 10, 10], [24, 5, 5], [24, 3, 3], [24, 1, 1]]);
  });

  it('RefineDet has the 6375 and 16320 anchors of its README', () => {
    const anchors = (name: string): number =>
      counted(on(name, 'vgg16'))
        .layers.filter(({ name }) => /arm\d\.conf/.test(name))
        .reduce((sum, { outShape: [, c, h, w] }) => sum + (c! / 2) * h! * w!, 0);
    expect([anchors('refinedet320'), anchors('refinedet512')]).toEqual([6375, 16320]);
  });

  it('DSOD300 looks for boxes at six scales, of which a pool that rounds up makes the last 2x2', () => {
    const boxes = counted(on('dsod300', 'densenet67'))
      .layers.filter(({ name }) => /loc\.conv/.test(name))
      .map(({ outShape: [, c, h, w] }) => [c! / 4, h, w]);
    // prettier-ignore
    expect(boxes).toEqual([[4, 38, 38], [6, 19, 19], [6, 10, 10], [6, 5, 5], [4, 3, 3], [4, 2, 2]]);
  });
});

describe('any backbone, any size', () => {
  it.each([
    ['ssd300', [3, 300, 300]],
    ['ssd300-mobilenet', [3, 300, 300]],
    ['pelee304', [3, 304, 304]],
    ['dsod300', [3, 300, 300]],
    ['dsod300', [3, 512, 512]],
    ['refinedet320', [3, 320, 320]],
    ['refinedet512', [3, 512, 512]],
    ['fasterrcnn', [3, 320, 320]],
    ['maskrcnn', [3, 800, 1280]],
    ['centermask', [3, 512, 512]],
    ['centermask-lite', [3, 800, 1280]],
  ] as const)('%s at %o on every family that reaches stride 32', (detector, input) => {
    for (const backbone of [
      'resnet18',
      'densenet121',
      'vovnet27_slim',
      'vgg11',
      'darknet53',
      'mobilenet_v1',
      'mobilenet_v2',
      'shufflenet_v2_x1_0',
      'peleenet',
      'ese_vovnet19b_slim_dw',
    ])
      expect(profile(graphOf(on(detector, backbone), 1, input)).totals.multAdds, backbone).toBeGreaterThan(1e8);
  });

  it("a user's own network, layer by layer", () => {
    const own = readConfig(
      `name: own
input: 3x64x64
layers:
  - { conv: { channels: 8, kernel: 3, stride: 2, padding: 1 }, name: s2 }
  - { maxPool: { kernel: 2, stride: 2 } }
  - { conv: { channels: 16, kernel: 3, padding: 1 }, name: s4 }
  - { maxPool: { kernel: 2, stride: 2 } }
  - { conv: { channels: 24, kernel: 3, padding: 1 }, name: s8 }
  - { conv: { channels: 32, kernel: 3, stride: 2, padding: 1 }, name: s16 }
  - { conv: { channels: 40, kernel: 3, stride: 2, padding: 1 }, name: s32 }
  - globalAvgPool
  - flatten
  - { linear: { features: 10 } }
`,
      'own.yaml',
    );
    const graph = graphOf(detectorOn('fasterrcnn', own), 1, [3, 64, 128]);
    const laterals = graph.nodes
      .filter(({ name }) => name.endsWith('.lateral'))
      .map(({ name, inputs }) => [name, inputs[0]]);
    expect(laterals).toEqual([
      ['p5.lateral', 'backbone.s32'],
      ['p4.lateral', 'backbone.s16'],
      ['p3.lateral', 'backbone.s8'],
      ['p2.lateral', 'backbone.s4'],
    ]);
    expect(graph.nodes.some(({ name, op }) => name.startsWith('backbone.') && op === 'linear')).toBe(false);
  });

  it('travels as JSON with its shared parameters', () => {
    const graph = graphOf(on('centermask-lite', 'ese_vovnet19b_slim_dw'), 1, [3, 64, 64]);
    expect(graphFromJson(JSON.parse(JSON.stringify(graphToJson(graph))))).toEqual(graph);
  });

  it('has a closed form in the fields of both, worth what is counted', () => {
    const model = on('dsod300', 'vovnet27_slim');
    const { counts } = closedForm(model, { classes: 'c', 'backbone.growth.0': 'g' });
    const at = { n: 2, h: 512, w: 256, c: 21, g: 64 };
    const { totals } = profile(model.build([2, 3, 512, 256]));
    expect(evaluate(counts.params, at)).toBe(totals.params);
    expect(evaluate(counts.multAdds, at)).toBe(totals.multAdds);
  });
});
