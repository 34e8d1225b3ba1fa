// Do the itemisations hold for every network? Items add up to totals, differences to differences, and a batch to its images.

import { describe, expect, test } from 'vitest';
import { builtIn, builtInNames } from '../../src/builtIn.js';
import { count } from '../../src/counters/count.js';
import { executed } from '../../src/counters/executed.js';
import { implementationOf } from '../../src/counters/implementation.js';
import { reconcile } from '../../src/counters/reconcile.js';
import { COUNTERS } from '../../src/counters/table.js';
import { Builder } from '../../src/builder.js';
import { profile } from '../../src/profile.js';
import { graphOf } from '../../src/model.js';
import { readConfig } from '../../src/importers/config/readConfig.js';

const PLAIN = { name: 'plain', about: '', calls: {} };
const sum = (values: readonly number[]): number => values.reduce((all, value) => all + value, 0);

describe.each(builtInNames())('%s', (name) => {
  const model = builtIn(name);
  const result = reconcile(model);

  test('every total is the sum of its items, every difference that of their differences', () => {
    for (const { total, difference, items } of result.counters) {
      expect(sum(items.map(({ operations }) => operations))).toBe(total);
      expect(sum(items.map((item) => item.difference))).toBe(difference);
      for (const { times, elements, operations } of items) expect(times * elements).toBe(operations);
    }
  });

  test('its own counts are those of the profile', () => {
    const { totals } = profile(graphOf(model));
    expect(result).toMatchObject({
      params: totals.params,
      multAdds: totals.multAdds,
      activations: totals.activations,
      flops: totals.flops,
    });
  });

  test('what the implementation hides is what plain modules would count more', () => {
    const plain = executed(graphOf(model), PLAIN);
    for (const [i, counter] of COUNTERS.entries()) {
      const { total, hidden } = result.counters[i]!;
      expect(total - count(counter, plain).total).toBe(sum(hidden.map(({ operations }) => operations)));
    }
  });

  test('a batch costs as much as its images, and nothing more where the counter makes its own input', () => {
    const batch = reconcile(model, 3);
    for (const [i, { total, oneImage }] of batch.counters.entries())
      expect(total).toBe(result.counters[i]!.total * (oneImage ? 1 : 3));
  });
});

test('each variant mirrors the implementation that its names come from', () => {
  expect(Object.fromEntries(builtInNames().map((name) => [name, implementationOf(builtIn(name)).name]))).toMatchObject({
    ...{ resnet152: 'torchvision', seresnet50: 'timm', densenet201: 'torchvision', darknet53: 'timm' },
    ...{ darknet19: 'plain modules', vovnet57: 'VoVNet.pytorch', 'V-99-eSE': 'vovnet-detectron2' },
    ...{ ese_vovnet19b_dw: 'timm', mobilenet_v1: 'plain modules', resnet110: 'pytorch_resnet_cifar10 (akamaster)' },
  });
});

test("a user's network is taken as plain modules, also where a built-in one of that name is not", () => {
  const own = readConfig(
    'name: densenet121\nfamily: densenet\ngrowth: 32\nblocks: [6, 12, 24, 16]\n',
    'densenet121.yaml',
  );
  const thop = (result: ReturnType<typeof reconcile>): number =>
    result.counters.find(({ counter }) => counter === 'thop')!.total;
  expect(reconcile(own).implementation.name).toBe('plain modules');
  // The last pool is a module now: 1024 outputs of 49 additions and a division.
  expect(thop(reconcile(own)) - thop(reconcile(builtIn('densenet121')))).toBe(1024 * 50);
});

describe('single ops', () => {
  const totals = (build: (net: Builder) => ReturnType<Builder['input']>): Record<string, number> => {
    const net = Builder.start();
    const nodes = executed(net.finish('one', build(net)), PLAIN);
    return Object.fromEntries(COUNTERS.map((counter) => [counter.name, count(counter, nodes).total]));
  };

  test('batch norm without scale and shift: fvcore, ptflops and DeepSpeed count 1 per element, thop 2, torchinfo nothing', () => {
    const elements = 2 * 3 * 5 * 7;
    expect(totals((net) => net.apply('batchNorm', 'norm', net.input([2, 3, 5, 7]), { affine: false }))).toMatchObject({
      fvcore: elements,
      ptflops: elements,
      deepspeed: elements,
      thop: 2 * elements,
      torchinfo: 0,
      torch: 0,
    });
  });

  test('layer norm with scale and shift: 5 per element in fvcore and DeepSpeed, 4 in thop, 1 in ptflops, params in torchinfo', () => {
    expect(totals((net) => net.apply('layerNorm', 'norm', net.input([1, 6, 4, 4])))).toMatchObject({
      ...{ fvcore: 5 * 96, deepspeed: 5 * 96, thop: 4 * 96, ptflops: 96, torchinfo: 12 },
    });
  });

  test('bilinear upsampling: 4 per output in fvcore, 11 in thop, 1 in DeepSpeed; nearest 1, 1 and 1', () => {
    const out = 4 * 6 * 6;
    const upsample = (mode: 'nearest' | 'bilinear') => (net: Builder) =>
      net.apply('upsample', 'up', net.input([1, 4, 3, 3]), { scale: 2, mode });
    expect(totals(upsample('bilinear'))).toMatchObject({ fvcore: 4 * out, thop: 11 * out, deepspeed: out, torch: 0 });
    expect(totals(upsample('nearest'))).toMatchObject({ fvcore: out, thop: out, deepspeed: out });
  });

  test('an adaptive pool from 10 to 7: thop cuts (10/7)^2 + 1 per output to a whole number, fvcore reads the input', () => {
    const pooled = (net: Builder) => net.apply('adaptiveAvgPool', 'pool', net.input([1, 512, 10, 10]), { size: 7 });
    expect(totals(pooled)).toMatchObject({ thop: Math.trunc(((10 / 7) ** 2 + 1) * 512 * 49), fvcore: 51_200 });
  });

  test('a fully connected layer over positions: torchinfo counts its params once per image, all others every row', () => {
    const rows = (net: Builder) => net.apply('linear', 'fc', net.input([2, 5, 8]), { features: 3 });
    const multAdds = 2 * 5 * 8 * 3;
    expect(totals(rows)).toMatchObject({
      torchinfo: 2 * (24 + 3),
      fvcore: multAdds,
      thop: multAdds,
      torch: 2 * multAdds,
    });
  });

  test("a transposed convolution: ptflops' own test has 3,112,706, with 2 channels of 449 x 449 biased outputs", () => {
    const up = (net: Builder) =>
      net.apply('convTranspose', 'up', net.input([1, 3, 224, 224]), { channels: 2, kernel: 3, stride: 2, bias: true });
    const multAdds = 224 * 224 * 3 * 2 * 9;
    const everyOutput = 449 * 449 * 3 * 2 * 9;
    expect(totals(up)).toMatchObject({
      ...{ ptflops: 3_112_706, 'ptflops-aten': 3_112_706, fvcore: multAdds, torch: 2 * multAdds },
      // thop and torchinfo place the kernel at each output; DeepSpeed adds a bias at each of 111 x 111 positions.
      ...{ thop: everyOutput, torchinfo: everyOutput + 2 * 449 * 449, deepspeed: 2 * multAdds + 2 * 111 * 111 },
    });
  });

  test("a convolution: ptflops' own test has 2,759,904", () => {
    const conv = (net: Builder) =>
      net.apply('conv', 'conv', net.input([1, 3, 224, 224]), { channels: 2, kernel: 3, bias: true });
    expect(totals(conv)).toMatchObject({ ptflops: 2_759_904, 'ptflops-aten': 2_759_904, torchinfo: 2_759_904 });
  });

  test('group norm: 5 per element in fvcore and DeepSpeed, 2 in ptflops, params in torchinfo, unknown to thop', () => {
    expect(totals((net) => net.apply('groupNorm', 'norm', net.input([1, 6, 4, 4]), { groups: 2 }))).toMatchObject({
      ...{ fvcore: 5 * 96, deepspeed: 5 * 96, ptflops: 2 * 96, torchinfo: 12, thop: 0 },
    });
  });

  test('softmax: thop counts three steps for each element but one of each row', () => {
    expect(totals((net) => net.apply('softmax', 'p', net.input([2, 10])))).toMatchObject({ thop: 2 * 29, ptflops: 20 });
  });
});

test('fvcore warns about what it does not know, once per kind with the number of times', () => {
  const { leftOut } = reconcile(builtIn('resnet50')).counters.find(({ counter }) => counter === 'fvcore')!;
  expect(leftOut.map(({ warning }) => warning)).toEqual([
    null,
    'Unsupported operator aten::max_pool2d encountered 1 time(s)',
    'Unsupported operator aten::add_ encountered 16 time(s)',
  ]);
  expect(leftOut[0]).toMatchObject({ what: 'aten::relu_', how: 'free', nodes: 49 });
});

test('hooks on modules do not see functions and operators, and warn about unknown modules only', () => {
  const { leftOut } = reconcile(builtIn('V-39-eSE')).counters.find(({ counter }) => counter === 'thop')!;
  expect(Object.fromEntries(leftOut.map(({ what, warning }) => [what, warning]))).toEqual({
    'nn.ReLU': null,
    'nn.MaxPool2d': null,
    Hsigmoid: '[WARN] Cannot find rule for Hsigmoid. Treat it as zero Macs.',
    'x * y': null,
    'x + y': null,
  });
});
