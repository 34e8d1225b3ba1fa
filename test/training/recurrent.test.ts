// Tests of what recurrent layers keep, against PyTorch 2.13 on a CPU (saved_tensors_hooks).

import { describe, expect, test } from 'vitest';
import { Builder } from '../../src/builder.js';
import type { Model } from '../../src/model.js';
import { countsOfSteps, sumOf } from '../../src/training/counts.js';
import { tapeOf } from '../../src/training/recordTape.js';
import type { TapeOptions } from '../../src/training/tape.js';
import { trainingUnder } from '../../src/training/training.js';
import { PLAIN } from './chain.js';

interface Layer {
  readonly kind: 'lstm' | 'gru' | 'simple';
  readonly sizes: readonly [steps: number, images: number, features: number, hidden: number];
  readonly timeAxis?: 0 | 1;
  readonly directions?: 1 | 2;
  readonly biases?: 0 | 2;
  readonly projection?: number;
}

/** @param layers how many follow one another; @param given the value in front of the first is trained */
function kept(
  { kind, sizes, ...fields }: Layer,
  options: TapeOptions & { given?: boolean; layers?: number } = {},
): number {
  const [steps, images, features, hidden] = sizes;
  const net = Builder.start();
  const shape = fields.timeAxis === 0 ? [steps, images, features] : [images, steps, features];
  let value = net.input(shape);
  if (options.given) value = net.apply('shiftBy', 'given', value, { shape: [features] });
  for (let i = 0; i < (options.layers ?? 1); i++)
    value = net.apply('rnn', `rnn${i}`, value, { kind, hidden, ...fields });
  const tape = tapeOf(net.finish('recurrent', value), PLAIN, options);
  return Number(sumOf(countsOfSteps(tape, [], 'sgd')).keptBytes);
}

describe('bytes that PyTorch 2.13 keeps on a CPU', () => {
  test.each<[Layer, number]>([
    [{ kind: 'lstm', sizes: [5, 3, 8, 16], timeAxis: 0 }, 30_400],
    [{ kind: 'lstm', sizes: [5, 3, 8, 16] }, 30_880],
    [{ kind: 'lstm', sizes: [5, 1, 8, 16] }, 29_248],
    [{ kind: 'lstm', sizes: [7, 2, 8, 16], directions: 2 }, 60_608],
    [{ kind: 'lstm', sizes: [7, 2, 8, 12], biases: 0 }, 34_016],
    [{ kind: 'lstm', sizes: [10, 4, 32, 64] }, 199_680],
    [{ kind: 'lstm', sizes: [5, 3, 8, 17], timeAxis: 0 }, 45_056 + 1836],
    [{ kind: 'lstm', sizes: [3, 2, 300, 100], timeAxis: 0 }, 94_208 + 5600],
    [{ kind: 'lstm', sizes: [10, 16, 500, 250], timeAxis: 0 }, 3_764_224 + 224_000],
    [{ kind: 'lstm', sizes: [10, 16, 16, 256], timeAxis: 0 }, 2_719_744 + 229_376],
    [{ kind: 'lstm', sizes: [100, 1, 512, 1024], timeAxis: 0 }, 6_250_496 + 425_984],
    [{ kind: 'lstm', sizes: [5, 3, 8, 16], timeAxis: 0, projection: 7 }, 7140],
    [{ kind: 'lstm', sizes: [5, 3, 8, 16], directions: 2, projection: 7 }, 15_240],
    [{ kind: 'gru', sizes: [5, 3, 8, 16], timeAxis: 0 }, 6720],
    [{ kind: 'gru', sizes: [5, 3, 8, 16] }, 7200],
    [{ kind: 'gru', sizes: [5, 1, 8, 16] }, 2240],
    [{ kind: 'gru', sizes: [1, 3, 8, 16] }, 1344],
    [{ kind: 'gru', sizes: [7, 2, 8, 16], directions: 2 }, 13_440],
    [{ kind: 'gru', sizes: [7, 2, 8, 12], biases: 0 }, 5152],
    [{ kind: 'gru', sizes: [10, 4, 32, 64] }, 76_800],
    [{ kind: 'simple', sizes: [5, 3, 8, 16], timeAxis: 0 }, 1152],
    [{ kind: 'simple', sizes: [7, 2, 8, 16], directions: 2 }, 2944],
    [{ kind: 'simple', sizes: [10, 4, 32, 64] }, 16_384],
  ])('%j: %i', (layer, bytes) => {
    expect(kept(layer)).toBe(bytes);
  });

  test.each<[Layer['kind'], number]>([
    ['lstm', 61_280],
    ['gru', 29_760],
  ])('a second %s reads the result of the first as it lies in memory', (kind, bytes) => {
    const directions = kind === 'gru' ? 2 : 1;
    expect(kept({ kind, sizes: [5, 3, 8, 16], directions }, { layers: 2 })).toBe(bytes);
  });

  test.each<[Layer, number]>([
    [{ kind: 'lstm', sizes: [5, 3, 8, 16] }, 30_880],
    [{ kind: 'gru', sizes: [5, 3, 8, 16] }, 5760],
    [{ kind: 'simple', sizes: [5, 3, 8, 16] }, 960],
    [{ kind: 'lstm', sizes: [5, 3, 8, 16], timeAxis: 0, projection: 7 }, 5760],
  ])('frozen behind something trained %j: %i', (layer, bytes) => {
    expect(kept(layer, { given: true, frozen: new Set(['rnn0']) })).toBe(bytes);
  });
});

test('on CUDA, where cuDNN keeps what it does not document, the bytes are said to be a lower bound', () => {
  const net = Builder.start();
  const graph = net.finish('cudnn', net.apply('rnn', 'lstm', net.input([2, 5, 8]), { kind: 'lstm', hidden: 4 }));
  const model = { name: 'cudnn', source: 'custom', input: [5, 8, 1], build: () => graph } as unknown as Model;
  expect(trainingUnder(model, tapeOf(graph, PLAIN, { amp: true }), [], { amp: true }).keptAtLeast).toContain('cuDNN');
  expect(trainingUnder(model, tapeOf(graph, PLAIN), [], {})).not.toHaveProperty('keptAtLeast');
});
