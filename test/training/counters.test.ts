// Tests of other tools' counts of a training step, and of memory against depth.

import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { builtIn } from '../../src/builtIn.js';
import { implementationOf } from '../../src/counters/implementation.js';
import { reconcile } from '../../src/counters/reconcile.js';
import type { ImageSize } from '../../src/families/family.js';
import { studyMemory } from '../../src/lab/memoryStudy.js';
import { graphOf } from '../../src/model.js';
import { trainingCounters } from '../../src/training/counters.js';
import { tapeFrom } from '../../src/training/training.js';

const [, ...rows] = readFileSync('fixtures/golden/training.csv', 'utf8').trim().split('\n');

function countersOf(name: string, size: string) {
  const [n, c, h, w] = size.split('x').map(Number);
  const input: ImageSize = [c!, h!, w!];
  const model = builtIn(name);
  const tape = tapeFrom(graphOf(model, n, input), implementationOf(model), {});
  return new Map(trainingCounters(tape, reconcile(model, n, input)).map((row) => [row.counter, row]));
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
    for (const counter of ['deepspeed', 'calflops']) {
      const { forward, backward, total } = countersOf('resnet50', '2x3x224x224').get(counter)!;
      expect([backward, total]).toEqual([2 * forward, 3 * forward]);
    }
  });
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
