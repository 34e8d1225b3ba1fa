// Is the OSA study fair? Budgets met as closely as whole channels allow, the paper's figures, and counts of the blocks' closed forms.

import { describe, expect, it, test } from 'vitest';
import { cifar, OSA_DEFAULTS, printedAccess, stage } from '../../src/lab/osaStudy.js';
import { closestGrowth, denseStage, DENSE_BLOCKS, osaStage, solveGrowth } from '../../src/lab/osaStage.js';
import { outcomeOf } from '../../src/lab/outcome.js';
import { profile } from '../../src/profile.js';

describe('the growth that comes closest', () => {
  it.each([
    [1, 1],
    [100, 10],
    [110, 10],
    [111, 11],
    [1e6, 1000],
  ])('to %d of squares is %d', (wanted, growth) => {
    expect(closestGrowth(wanted, (g) => g * g)).toBe(growth);
  });

  test.each(['params', 'multAdds'] as const)('of an OSA stage: neither neighbour has closer %s', (budget) => {
    for (const [stride, { channels, layers }] of Object.entries(DENSE_BLOCKS)) {
      const size = { shape: [1, channels, 512 / Number(stride), 512 / Number(stride)] as const, layers };
      const wanted = profile(denseStage('dense', size)).totals[budget];
      const { growth, deviation } = solveGrowth(size, 5, budget);
      const off = (g: number): number => Math.abs(profile(osaStage('osa', size, 5, g)).totals[budget] / wanted - 1);
      expect(off(growth)).toBeCloseTo(Math.abs(deviation), 12);
      expect(off(growth)).toBeLessThanOrEqual(Math.min(off(growth - 1), off(growth + 1)));
    }
  });
});

describe('a stage at stride 8 of 800x1280', () => {
  const { trials } = stage(8, OSA_DEFAULTS);
  const [dense, equal] = outcomeOf(stage(8, OSA_DEFAULTS), trials, []).trials;

  it('has the 128 channels of 100x160 that DenseNet-121 has there, and 512 behind it', () => {
    for (const { graph } of trials) {
      expect(graph.inputs[0]!.shape).toEqual([1, 128, 100, 160]);
      expect(graph.nodes.at(-1)!.shape).toEqual([1, 512, 100, 160]);
    }
  });

  it('has as dense block 12 layers of a 1x1 to 128 and a 3x3 to 32 channels', () => {
    const weights = Array.from({ length: 12 }, (_, i) => (128 + 32 * i) * 128 + 9 * 128 * 32);
    expect(dense!.totals.multAdds).toBe(100 * 160 * weights.reduce((sum, one) => sum + one));
  });

  it('moves less data as OSA at equal params', () => {
    expect(Math.abs(equal!.totals.params / dense!.totals.params - 1)).toBeLessThan(0.005);
    expect(equal!.ratios.memoryAccess).toBeLessThan(0.25);
  });
});

describe('the networks at 32x32', () => {
  it('meet 3.7 M; and 2.5 M only where the 1x1 are narrow', () => {
    expect(printedAccess().map(({ elements, printed, holds }) => [elements, printed, holds])).toEqual([
      [3_679_504, '3.7', true],
      [2_587_209, '2.5', false],
      [expect.closeTo(2_504_000, -3), '2.5', true],
    ]);
  });

  it('are counted at the batch that is asked for', () => {
    const counted = [1, 4].map((batch) => cifar({ ...OSA_DEFAULTS, batch }).trials.map(({ graph }) => profile(graph)));
    const [one, four] = counted.map((profiles) => profiles.map(({ totals }) => totals.multAdds));
    expect(four).toEqual(one!.map((multAdds) => 4 * multAdds));
  });
});
