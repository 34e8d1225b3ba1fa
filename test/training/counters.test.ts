// Tests of other tools' counts of a training step, and of memory against depth.

import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { builtIn } from '../../src/builtIn.js';
import { implementationOf, type Implementation } from '../../src/counters/implementation.js';
import type { ImageSize } from '../../src/families/family.js';
import { studyMemory } from '../../src/lab/memoryStudy.js';
import { Builder } from '../../src/builder.js';
import type { Graph } from '../../src/graph.js';
import { graphOf } from '../../src/model.js';
import { trainingCounters } from '../../src/training/counters.js';
import { tapeFrom } from '../../src/training/training.js';
import { PLAIN } from './chain.js';

const [, ...rows] = readFileSync('fixtures/golden/training.csv', 'utf8').trim().split('\n');

const countersOn = (graph: Graph, implementation: Implementation) =>
  new Map(
    trainingCounters(tapeFrom(graph, implementation, {}), implementation).map((row) => [row.counter, row] as const),
  );

function countersOf(name: string, size: string) {
  const [n, c, h, w] = size.split('x').map(Number);
  const input: ImageSize = [c!, h!, w!];
  const model = builtIn(name);
  return countersOn(graphOf(model, n, input), implementationOf(model));
}

describe('counters of a training step', () => {
  test.each(rows.map((row) => row.split(',')))(
    'torch counts %s at %s as it does',
    (name, size, _, forward, backward) => {
      const torch = countersOf(name, size).get('torch')!;
      expect([torch.forward, torch.backward]).toEqual([2 * Number(forward), 2 * Number(backward)]);
      expect(torch.mistake === undefined).toBe(torch.difference === 0);
    },
  );

  test('DeepSpeed and calflops take the backward pass as twice the forward one', () => {
    for (const counter of ['deepspeed', 'calflops', 'calflops-flops']) {
      const { forward, backward, total } = countersOf('resnet50', '2x3x224x224').get(counter)!;
      expect([backward, total]).toEqual([2 * forward, 3 * forward]);
    }
  });
});

describe('recurrent layers, as PyTorch 2.13, DeepSpeed and calflops count them', () => {
  const rnn = (kind: 'lstm' | 'gru' | 'simple', sizes: readonly number[], fields: object = {}) => {
    const [steps, images, features, hidden] = sizes;
    const net = Builder.start();
    const x = net.input([images!, steps!, features!]);
    return countersOn(net.finish(kind, net.apply('rnn', kind, x, { kind, hidden: hidden!, ...fields })), PLAIN);
  };

  test('torch sees the products of a GRU and of a plain RNN on a CPU, forward and backward', () => {
    for (const [kind, sizes, fields, forward, backward] of [
      ['gru', [5, 3, 8, 16], {}, 34_560, 52_992],
      ['gru', [7, 2, 8, 16], { directions: 2 }, 64_512, 101_376],
      ['simple', [5, 3, 8, 16], {}, 11_520, 17_664],
      ['simple', [10, 4, 32, 64], {}, 491_520, 786_432],
    ] as const)
      expect(rnn(kind, sizes, fields).get('torch')).toMatchObject({ forward, backward, difference: 0 });
  });

  test('torch sees no LSTM, which is one kernel, neither forward nor backward', () => {
    const torch = rnn('lstm', [5, 3, 8, 16]).get('torch')!;
    expect(torch).toMatchObject({ forward: 0, backward: 0, printed: '0.000' });
    expect(torch.difference).toBeLessThan(0);
    expect(torch.mistake).toContain('It counts nothing for nn.LSTM (1 layer)');
  });

  test('DeepSpeed and calflops count an LSTM in operations, calflops not in MACs', () => {
    const counters = rnn('lstm', [5, 3, 8, 16]);
    // 15 runs of 2 x 4 x 16 x (8 + 16) products, 10 operations for each of 16 elements.
    const forward = 15 * (2 * 64 * 24 + 160);
    expect(counters.get('deepspeed')).toMatchObject({ forward, backward: 2 * forward });
    expect(counters.get('calflops-flops')).toMatchObject({ forward });
    expect(counters.get('calflops')).toMatchObject({ forward: 0, total: 0 });
    expect(counters.get('calflops')!.rule).toContain('It counts nothing for nn.LSTM (1 layer)');
    expect(rnn('lstm', [5, 3, 8, 16], { biases: 0 }).get('deepspeed')!.forward).toBe(forward - 15 * 128);
  });
});

test('torch and DeepSpeed see no deformable convolution; DeepSpeed sees one of three sides', () => {
  const net = Builder.start();
  const x = net.apply('conv', 'stem', net.input([1, 2, 6, 6]), { channels: 4, kernel: 1 });
  const offsets = net.apply('conv', 'offsets', x, { channels: 18, kernel: 3, padding: 1 });
  const deformed = net.apply('deformConv', 'deform', [x, offsets], { channels: 4, kernel: 3, padding: 1 });
  const counters = countersOn(net.finish('deformable', deformed), PLAIN);
  const seen = 2 * 36 * (2 * 4 + 4 * 18 * 9);
  expect(counters.get('torch')).toMatchObject({ forward: seen, backward: 2 * 36 * (2 * 4 + 2 * 4 * 18 * 9) });
  expect(counters.get('torch')!.mistake).toContain('DeformConv2d (1 layer)');
  const solid = Builder.start();
  const cube = solid.apply('conv3d', 'cube', solid.input([1, 2, 4, 4, 4]), {
    ...{ channels: 3, kernel: [3, 3, 3], padding: [1, 1, 1, 1, 1, 1] },
  });
  const cubes = countersOn(solid.finish('solid', cube), PLAIN);
  expect(cubes.get('deepspeed')!.forward).toBe(2 * 64 * 2 * 3 * 27);
  expect(cubes.get('calflops')!.forward).toBe(64 * 2 * 3 * 27);
});

test('batch norms count 5 for each element in train mode, which DeepSpeed sees and calflops does not', () => {
  const net = Builder.start();
  const normed = net.apply('batchNorm', 'norm', net.input([2, 3, 4, 4]));
  const counters = countersOn(net.finish('norm', normed), PLAIN);
  expect(counters.get('deepspeed')).toMatchObject({ forward: 5 * 96, printed: 'fwd flops per GPU: 480 ' });
  expect(counters.get('calflops-flops')!.forward).toBe(2 * 96);
});

test('memory against depth: dense grows faster than its layers, one-shot does not, at parameters within 2 %', () => {
  const { rows: depths } = studyMemory(1, [8, 16, 32]);
  const [first, , last] = depths;
  expect(last!.dense / first!.dense).toBeGreaterThan(6);
  expect(last!.osa / first!.osa).toBeLessThan(4);
  for (const { deviation, dense, efficientDense } of depths) {
    expect(Math.abs(deviation)).toBeLessThan(0.02);
    expect(efficientDense).toBeLessThan(dense);
  }
});
