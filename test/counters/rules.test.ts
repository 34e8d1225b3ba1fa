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
    // 2 x 162 x 384 for the convolution, whose output has 2,304 elements.
    ['tensorflow', 'batchNorm', {}, 124_416],
    ['tensorflow', 'relu', {}, 124_416],
    ['tensorflow', 'softmax', {}, 124_416 + 5 * 2304],
    ['tensorflow', 'maxPool', { kernel: 3, stride: 2, padding: 1 }, 124_416 + 9 * 6 * 8 * 12],
    ['tensorflow', 'globalAvgPool', {}, 124_416 + 2304],
    ['tensorflow', 'reduce', { axes: [2, 3], mode: 'sum' }, 124_416 + 2304 - 6],
    ['tensorflow', 'reciprocalSquareRoot', {}, 124_416 + 2 * 2304],
    ['tensorflow', 'linear', { features: 5 }, 124_416 + 96 * 5 * (2 * 24 + 1)],
    // Its output is 34x50: 2 x 34 x 50 x (9 x 6 x 4) / 4, and a bias for each element.
    ['tensorflow', 'convTranspose', { channels: 4, kernel: 3, stride: 2, bias: true }, 124_416 + 174_636 + 4 * 33 * 49],
    ['onnx-tool', 'batchNorm', {}, 62_208 + 31 * 2304],
    ['onnx-tool', 'relu', {}, 62_208 + 2304],
    ['onnx-tool', 'silu', {}, 62_208 + 33 * 2304],
    ['onnx-tool', 'hardSwish', {}, 62_208 + 5 * 2304],
    ['onnx-tool', 'instanceNorm', {}, 62_208 + 14 * 2304],
    ['onnx-tool', 'layerNorm', {}, 62_208 + 7 * 2304 + 29 * 384],
    ['onnx-tool', 'avgPool', { kernel: 2, stride: 2 }, 62_208 + 4 * 576],
    ['onnx-tool', 'globalAvgPool', {}, 62_208 + 2304 + 4 * 6],
    ['onnx-tool', 'localResponseNorm', { size: 5 }, 62_208 + (37 + 5) * 2304],
    // A transposed kernel at every output: 34x50x4 outputs of 4 x 9 weights, and their biases.
    ['onnx-tool', 'convTranspose', { channels: 4, kernel: 3, stride: 2, bias: true }, 62_208 + 4 * 33 * 49 * (36 + 1)],
    ['onnx-tool', 'upsample', { scale: 2, mode: 'bilinear' }, 62_208 + 4 * 9216],
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

/** [5 steps, 1 sequence, 8 features] through a recurrent layer whose state has 3 elements. */
function recurrent(counter: string, attributes: object): number {
  const net = Builder.start();
  const steps = net.apply('view', 'v', net.input([1, 8, 5, 1]), { shape: [5, 1, 8] });
  const graph = net.finish('net', net.apply('rnn', 'r', steps, { hidden: 3, timeAxis: 0, ...attributes }));
  return count(
    COUNTERS.find(({ name }) => name === counter)!,
    executed(graph, PLAIN),
  ).total;
}

test('onnx-tool counts the instructions of recurrent layers', () => {
  // 5 steps of 4 gates of 3 rows of 8 + 3 weights, 24 biases, and 180 for each element of the state.
  expect(recurrent('onnx-tool', { kind: 'lstm' })).toBe(5 * (4 * 3 * 11 + 24) + 180 * 15);
  // Both directions have weights and biases; the state is counted once.
  expect(recurrent('onnx-tool', { kind: 'lstm', directions: 2 })).toBe(2 * 5 * (4 * 3 * 11 + 24) + 180 * 15);
  expect(recurrent('onnx-tool', { kind: 'gru' })).toBe(5 * (3 * 3 * 11 + 18) + 110 * 15);
  expect(recurrent('tensorflow', { kind: 'lstm' })).toBe(0);
});
