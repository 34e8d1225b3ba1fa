// Do single layers cost what each tool prints for them? Known answers of layers behind one convolution.

import { describe, expect, test } from 'vitest';
import { Builder } from '../../src/builder.js';
import { builtIn } from '../../src/builtIn.js';
import { count } from '../../src/counters/count.js';
import { executed } from '../../src/counters/executed.js';
import { originOf } from '../../src/counters/likely.js';
import { reconcile } from '../../src/counters/reconcile.js';
import { COUNTERS } from '../../src/counters/table.js';
import type { OpName } from '../../src/ops/table.js';

const PLAIN = { name: 'plain', about: '', calls: {} };

/** A 3x3 convolution of 3x16x24 to 6 channels without a bias (62,208 multiply-adds), then the op. */
function total(counter: string, op: OpName, attributes: object = {}): number {
  const net = Builder.start();
  const features = net.apply('conv', 'c', net.input([1, 3, 16, 24]), {
    channels: 6,
    kernel: 3,
    padding: 1,
    bias: false,
  });
  const graph = net.finish('net', net.apply(op, 'x', features, attributes));
  return count(
    COUNTERS.find(({ name }) => name === counter)!,
    executed(graph, PLAIN),
  ).total;
}

describe('a layer behind 62,208 multiply-adds', () => {
  test.each([
    ['ptflops', 'prelu', { shape: [6, 1, 1] }, 62_208 + 2 * 2304],
    ['thop', 'prelu', { shape: [6, 1, 1] }, 62_208 + 2304],
    ['torchinfo', 'prelu', { shape: [6, 1, 1] }, 62_208 + 6],
    ['ptflops', 'elu', {}, 62_208 + 2 * 2304],
    ['thop', 'elu', {}, 62_208],
    ['torchinfo', 'elu', {}, 62_208],
    ['ptflops', 'instanceNorm', {}, 62_208 + 2 * 2304],
    ['torchinfo', 'instanceNorm', {}, 62_208 + 12],
    ['fvcore', 'instanceNorm', {}, 62_208 + 5 * 2304],
    ['mmengine', 'instanceNorm', {}, 62_208 + 5 * 2304],
    ['ptflops', 'upsample', { scale: 2 }, 62_208 + 2 * 9216],
    ['thop', 'upsample', { scale: 2, mode: 'bilinear' }, 62_208 + 11 * 9216],
    ['keras', 'batchNorm', {}, 162 + 24],
  ] as const)('%s of %s %j is %i', (counter, op, attributes, expected) => {
    expect(total(counter, op, attributes)).toBe(expected);
  });
});

describe('Keras', () => {
  test.each([
    ['densenet121', 'Total params: 8,062,504'],
    ['mobilenet_v2', 'Total params: 3,538,984'],
  ])('prints %s as its own application', (name, printed) => {
    const { counters } = reconcile(builtIn(name));
    expect(counters.find(({ counter }) => counter === 'keras')!.printed).toBe(printed);
    const { candidates } = originOf(printed.slice(14), builtIn(name));
    expect(candidates.map(({ who }) => who)).toEqual([['Keras Total params']]);
  });
});

test("mmengine is fvcore's rule on every built-in network that is tried", () => {
  for (const name of ['resnet18', 'vovnet39', 'shufflenet_v2_x1_0']) {
    const { counters } = reconcile(builtIn(name));
    const [own, fvcore] = ['mmengine', 'fvcore'].map((one) => counters.find(({ counter }) => counter === one)!);
    expect(own!.total).toBe(fvcore!.total);
  }
});
