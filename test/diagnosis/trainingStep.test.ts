// A training step for audits costs what the step alone costs, under named checkpoints and under a budget.

import { describe, expect, test } from 'vitest';
import { builtIn } from '../../src/builtIn.js';
import { trainingsOf, trainingStep } from '../../src/diagnosis/trainingStep.js';
import { profileOf } from '../../src/model.js';
import type { NoSetFits } from '../../src/training/search.js';
import { training } from '../../src/training/training.js';
import { trainingWithin } from '../../src/training/within.js';

const model = builtIn('resnet20');

describe('trainingStep', () => {
  test('costs what the training step costs, at the batch and the input that are given', () => {
    const { result, subject } = trainingStep(model, { checkpoint: ['block'] }, { batch: 2, input: [3, 64, 64] });
    expect(result).toEqual({ training: training(model, { checkpoint: ['block'] }, 2, [3, 64, 64]) });
    expect(subject().profile.input).toEqual({ n: 2, c: 3, h: 64, w: 64 });
    expect(subject().training?.segments).not.toEqual([]);
  });

  test('fits in a budget as the search does, and says what else would', () => {
    const { result } = trainingStep(model, { checkpoint: ['block'] }, { memoryBudget: 3_000_000 });
    expect(result).toEqual(trainingWithin(model, 3_000_000, { checkpoint: ['block'] }));
    expect(() => trainingStep(model, {}, { memoryBudget: 1 })).toThrow('no set of checkpoints');
  });
});

test('trainingsOf counts the profiles whose models are given or built in, at their own sizes', () => {
  const small = profileOf(model, { batch: 3 });
  const strange = { ...small, model: 'strange', source: 'onnx' as const };
  const file = { ...model, name: 'strange', source: 'onnx' as const };
  expect([...trainingsOf([], [small, strange], {}).keys()]).toEqual([small]);
  const found = trainingsOf([file], [small, strange], {});
  expect([...found.keys()]).toEqual([small, strange]);
  expect(found.get(small)).toMatchObject({ training: training(model, {}, 3) });
});

test('trainingsOf says of a profile that misses the memory budget by how much, and counts the others', () => {
  const [small, large] = [profileOf(model), profileOf(model, { batch: 64 })];
  const found = trainingsOf([], [large, small], {}, 3_000_000);
  expect(found.get(small)).toHaveProperty('training');
  const { missed } = found.get(large) as { missed: NoSetFits };
  const { budget, leastPeakBytes } = missed.miss;
  expect(budget).toBe(3_000_000);
  expect(missed.message).toContain(`is ${leastPeakBytes} bytes, ${leastPeakBytes - budget} too many, with`);
  // The least peak is one that a set has.
  expect(trainingStep(model, {}, { batch: 64, memoryBudget: leastPeakBytes }).result.training.totals.peak.bytes).toBe(
    leastPeakBytes,
  );
  expect(() => trainingStep(model, {}, { batch: 64, memoryBudget: leastPeakBytes - 1 })).toThrow('1 too many');
});
