// Tests of a diff in training: every byte of the totals is in a row, and what an earlier layer came to keep moves.

import { expect, test } from 'vitest';
import { builtIn } from '../../src/builtIn.js';
import { diff } from '../../src/diff/diff.js';
import { trainingMoved } from '../../src/diff/trainingDiff.js';
import { profileOf } from '../../src/model.js';
import { TRAINING_COUNTS } from '../../src/training/counts.js';
import { training, type TrainingOptions } from '../../src/training/training.js';

function movedBetween(
  names: readonly [string, string],
  by: 'layer' | 'stage',
  options: readonly TrainingOptions[] = [],
) {
  const models = names.map((name) => builtIn(name));
  const [first, second] = models.map((model) => profileOf(model));
  const [before, after] = models.map((model, i) => training(model, options[i] ?? {}));
  return { before: before!, after: after!, rows: trainingMoved(diff(first!, second!).rows, before!, after!, by) };
}

test.each(['layer', 'stage'] as const)('rows by %s add up to the difference of the totals', (by) => {
  for (const names of [
    ['resnet18', 'resnet34'],
    ['vgg16', 'vgg16_bn'],
    ['densenet121', 'resnet50'],
  ] as const) {
    const { before, after, rows } = movedBetween(names, by);
    for (const count of TRAINING_COUNTS)
      expect([count, rows.reduce((sum, { moved }) => sum + moved[count], 0)]).toEqual([
        count,
        after.totals[count] - before.totals[count],
      ]);
  }
});

test('the same network under other settings has rows of unchanged layers', () => {
  const { rows } = movedBetween(['resnet18', 'resnet18'], 'layer', [{}, { freeze: ['stem', 'layer1'] }]);
  expect(rows.every(({ change }) => change === 'unchanged')).toBe(true);
  expect(rows.find(({ name }) => name.after === 'conv1')?.moved).toMatchObject({ trainedParams: -9408, multAdds: 0 });
});

test('dropouts are counted with the layer that they stand at, and nothing moves where nothing changed', () => {
  expect(movedBetween(['vgg16', 'vgg16'], 'layer').rows).toEqual([]);
});
