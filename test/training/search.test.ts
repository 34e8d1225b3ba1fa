// Tests of the search for checkpoints within a memory budget: against all sets, and its refusals.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { builtIn } from '../../src/builtIn.js';
import { setsByWork } from '../../src/training/ascending.js';
import { segmentsOf, type Segment } from '../../src/training/checkpoint.js';
import { countsOfSteps, sumOf } from '../../src/training/counts.js';
import { frontOf } from '../../src/training/front.js';
import { peakOf } from '../../src/training/peak.js';
import { bestWithin, SEARCHED_KINDS } from '../../src/training/search.js';
import type { Tape } from '../../src/training/tape.js';
import { training } from '../../src/training/training.js';
import { trainingWithin } from '../../src/training/within.js';
import { builtInTape } from './chain.js';

const workOf = (tape: Tape, segments: readonly Segment[]): number =>
  Number(sumOf(countsOfSteps(tape, segments, 'sgd')).recomputedMultAdds);

describe('the cheapest set within a budget', () => {
  test('densenet169 by stage: denseblock1 alone, which is not on the front of bytes kept', () => {
    const { training: found, front } = trainingWithin(builtIn('densenet169'), 109_801_472, { checkpoint: ['stage'] });
    expect(found.segments).toEqual(['denseblock1']);
    expect(found.totals.recomputedMultAdds).toBe(1_143_209_984);
    expect(found.search).toEqual({
      ...{ budget: 109_801_472, kinds: [['stage']], of: ['stage'], proved: true },
      checkpoint: ['denseblock1'],
    });
    expect(front.choices.map(({ segments }) => segments)).not.toContainEqual(['denseblock1']);
  });

  test.each([
    ['resnet20', 'block'],
    ['V-39-eSE', 'block'],
    ['vovnet39', 'stage'],
    ['shufflenet_v2_x0_5', 'stage'],
    ['densenet67', 'stage'],
    ['osa_cifar_5x43', 'concat'],
  ])('%s by %s: it pays what the cheapest of all sets pays', (name, kind) => {
    const tape = builtInTape(name);
    const segments = segmentsOf(tape, [kind]);
    const all = Array.from({ length: 2 ** segments.length }, (_, mask) => {
      const chosen = segments.filter((_, i) => (mask >> i) & 1);
      return { work: workOf(tape, chosen), peak: peakOf(tape, chosen).bytes };
    });
    const peaks = all.map(({ peak }) => peak).sort((a, b) => a - b);
    for (const share of [0, 0.1, 0.3, 0.6, 0.9]) {
      const budget = peaks[Math.floor(share * (peaks.length - 1))]!;
      const { found, proved } = bestWithin(tape, [[kind]], budget);
      expect(found.peak).toEqual(peakOf(tape, found.segments));
      expect(found.peak.bytes).toBeLessThanOrEqual(budget);
      expect(found.recomputedMultAdds).toBe(workOf(tape, found.segments));
      expect([found.recomputedMultAdds, proved]).toEqual([
        Math.min(...all.filter(({ peak }) => peak <= budget).map(({ work }) => work)),
        true,
      ]);
    }
    expect(() => bestWithin(tape, [[kind]], peaks[0]! - 1)).toThrow(
      `no set of checkpoints of ${kind} fits in ${peaks[0]! - 1} bytes: the least peak is ${peaks[0]!} bytes`,
    );
  });

  test('over several kinds it pays no more than over each; memory-efficient DenseNet pays nothing', () => {
    const tape = builtInTape('densenet121', {}, 2);
    const { found, of, proved } = bestWithin(tape, SEARCHED_KINDS, 140_000_000);
    expect([of, found.recomputedMultAdds, found.segments.length, proved]).toEqual([['concat'], 0, 58, true]);
    expect(found.peak.bytes).toBe(125709312);
    const blocks = bestWithin(tape, [['block']], 140_000_000);
    expect(blocks.found.recomputedMultAdds).toBeGreaterThan(0);
    expect(bestWithin(tape, SEARCHED_KINDS, 1e9)).toMatchObject({ found: { segments: [] }, proved: true });
    expect(() => bestWithin(tape, SEARCHED_KINDS, 1000)).toThrow(
      'fits in 1000 bytes: the least peak that was found is',
    );
  });

  test('of more segments than can be tried it says that it is not proved, and beats the front', () => {
    const tape = builtInTape('resnet152', {}, 2);
    const { found, proved } = bestWithin(tape, [['block']], 180_000_000);
    expect(proved).toBe(false);
    expect(found.peak.bytes).toBeLessThanOrEqual(180_000_000);
    for (const { segments, recomputedMultAdds } of frontOf(tape, segmentsOf(tape, ['block'])).choices)
      if (recomputedMultAdds < found.recomputedMultAdds)
        expect(peakOf(tape, segments).bytes).toBeGreaterThan(180_000_000);
  }, 30_000);

  test('blocks are searched with what stands outside of them: the stem and the head', () => {
    const { found } = bestWithin(builtInTape('resnet50', {}, 2), SEARCHED_KINDS, 60_000_000);
    expect(found.peak.bytes).toBeLessThanOrEqual(60_000_000);
    expect(found.segments.map(({ name }) => name)).toContain('stem');
  });

  test('the front has the peak of each set', () => {
    const { front } = trainingWithin(builtIn('resnet20'), 3_000_000, { checkpoint: ['block'] });
    expect(front.choices.length).toBeGreaterThan(5);
    for (const { segments, keptBytes, peakBytes, recomputedMultAdds } of front.choices) {
      const { totals } = training(builtIn('resnet20'), { checkpoint: segments });
      expect(totals).toMatchObject({ keptBytes, recomputedMultAdds, peak: { bytes: peakBytes } });
    }
  });
});

test('sets come by ascending sums, each once, all below the limit', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(9), { maxLength: 8 }), fc.nat(30), (costs, limit) => {
      const sumOf = (flags: readonly boolean[]): number =>
        costs.reduce((sum, cost, i) => (flags[i] ? sum + cost : sum), 0);
      const sets = [...setsByWork(costs, limit, Infinity)] as (readonly boolean[])[];
      const sums = sets.map(sumOf);
      expect(sums).toEqual([...sums].sort((a, b) => a - b));
      const expected = Array.from({ length: 2 ** costs.length }, (_, mask) =>
        costs.map((_, i) => ((mask >> i) & 1) === 1),
      );
      expect(new Set(sets.map((flags) => flags.join()))).toEqual(
        new Set(expected.filter((flags) => sumOf(flags) < limit).map((flags) => flags.join())),
      );
      expect(sets.length).toBe(expected.filter((flags) => sumOf(flags) < limit).length);
    }),
    { seed: 7, numRuns: 100 },
  );
  expect([...setsByWork([1, 1, 1], 10, 3)].at(-1)).toBeUndefined();
});
