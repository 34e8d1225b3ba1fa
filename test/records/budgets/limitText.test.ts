// How is a limit read? What may be written for each metric, exactly, and one sentence for what makes no sense.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { allowed } from '../../../src/budgets/limit.js';
import { METRIC_NAMES, metricOf, type MetricName } from '../../../src/metrics/table.js';
import { readLimit } from '../../../src/records/budgets/limitText.js';

const value = (metric: MetricName, given: unknown): unknown => {
  const limit = readLimit(metric, given);
  return typeof limit !== 'string' && limit.kind === 'absolute' ? limit.value : limit;
};
const from = (metric: MetricName, given: string, baseline: number): number => {
  const limit = readLimit(metric, given);
  if (typeof limit === 'string') throw new Error(limit);
  return allowed(limit, metricOf(metric), baseline);
};

describe('an absolute limit', () => {
  it.each([
    ['params', 25557032, 25557032],
    ['params', '25557032', 25557032],
    ['params', '8_000_000', 8_000_000],
    ['params', '7,978,856', 7_978_856],
    ['params', '8.1M', 8_100_000],
    ['params', ' 8.1 M ', 8_100_000],
    ['multAdds', '2.87 G', 2_870_000_000],
    ['multAdds', '2.87G', 2_870_000_000],
    ['flops', '1T', 1e12],
    ['activations', '6900.2k', 6_900_200],
    ['memoryAccess.linear', 0, 0],
    // What a float would make 8123456.000000001 or 1.1 x 10^9 off by one.
    ['params', '8.123456M', 8_123_456],
    ['multAdds', '4.089184256 G', 4_089_184_256],
    ['params', '9007.199254740991 T', 9_007_199_254_740_991],
    // Less than an element is no element.
    ['params', '8.1234567M', 8_123_456],
    ['balance', 1, 1],
    ['balance', '1.5', 1.5],
    ['ms', 12.5, 12.5],
    ['ms', '12.5 ms', 12.5],
    ['ms', '0.5s', 500],
    ['imagesPerSecond', '1_200', 1200],
    ['utilisation', '40%', 0.4],
    ['utilisation', 0.4, 0.4],
    ['training.keptBytes', 250_000_000, 250_000_000],
    ['training.keptBytes', '250MB', 250_000_000],
    ['training.peakBytes', '1.5 GiB', 1_610_612_736],
    ['training.totalBytes', '1.0001 KiB', 1024],
    ['training.optimizerBytes', '12 B', 12],
    ['training.backwardMultAdds', '12G', 12_000_000_000],
    ['joulesPerImage', '500 mJ', 0.5],
    ['joulesPerImage', '0.5 J', 0.5],
  ] as const)('%s: %j is %d', (metric, given, expected) => {
    expect(value(metric, given)).toBe(expected);
  });
});

describe('a limit from the baseline', () => {
  it.each([
    ['params', '+0%', 7, 7],
    ['params', '+2%', 100, 102],
    ['params', '+0.5%', 1000, 1005],
    ['training.keptBytes', '+1%', 259_853_056, 262_451_586],
    // 31,693,224 x 1.02 = 32,327,088.48: the last whole element inside.
    ['memoryAccess.fused', '+2%', 31_693_224, 32_327_088],
    ['memoryAccess.linear', '+50%', 0, 0],
    ['imagesPerSecond', '-5%', 200, 190],
    ['ms', '+10 %', 10, 11],
  ] as const)('%s %s of %d allows %d', (metric, text, baseline, expected) => {
    expect(from(metric, text, baseline)).toBeCloseTo(expected, 9);
  });

  it('of a count holds exactly where value x 100 <= baseline x (100 + percent), in whole numbers of any size', () => {
    const count = fc.maxSafeNat().map((n) => Math.floor(n / 4));
    fc.assert(
      fc.property(count, fc.nat(9999), fc.integer({ min: -3, max: 3 }), (baseline, hundredths, off) => {
        const text = `+${Math.floor(hundredths / 100)}.${String(hundredths % 100).padStart(2, '0')}%`;
        const limit = from('params', text, baseline);
        const candidate = BigInt(limit) + BigInt(off);
        const inside = candidate * 10_000n <= BigInt(baseline) * BigInt(10_000 + hundredths);
        expect(candidate <= BigInt(limit)).toBe(inside);
      }),
      { seed: 1, numRuns: 500 },
    );
  });
});

describe('a limit that makes no sense is answered with one sentence', () => {
  it.each([
    ['params', 8.1, 'is a unit missing, as in 8.1M?'],
    ['params', '8.1', 'is a unit missing, as in 8.1M?'],
    ['params', -5, 'a whole number from 0'],
    ['params', 1e21, 'a whole number from 0 to 9007199254740991'],
    ['params', '9007199254740992', 'a whole number from 0 to 9007199254740991'],
    ['params', '8.1Q', 'write k, M, G, T or nothing'],
    ['params', '8 millions', 'which is not a unit of it'],
    ['params', '2%', 'does not say of what: write +2%'],
    ['params', '-2%', 'would refuse the baseline itself'],
    ['params', 'many', 'must be a whole number, as in 8_000_000'],
    ['params', '', 'must be a whole number'],
    ['params', null, 'not nothing'],
    ['params', [1], 'not [1]'],
    ['params', { least: 3 }, 'must be a whole number'],
    ['params', '+8M', 'must be a whole number'],
    ['params', '1,00', 'must be a whole number'],
    ['params', '1'.repeat(1000), 'must be a whole number'],
    ['params', Infinity, 'must be'],
    ['params', NaN, 'must be'],
    ['balance', 0.9, 'no layer can be below 1'],
    ['balance', '2x', 'write the number alone'],
    ['ms', 0, 'must be more than 0'],
    ['ms', '12 G', 'write ms, s or nothing'],
    ['imagesPerSecond', 0, '0 allows everything'],
    ['imagesPerSecond', '+5%', 'so write -5%'],
    ['imagesPerSecond', '-100%', 'allows everything'],
    ['utilisation', 40, 'write 40% or 0.4'],
    ['utilisation', '140%', 'at most 1 (100%)'],
    ['joulesPerImage', -1, 'must be more than 0'],
  ] as const)('%s: %j', (metric, given, expected) => {
    expect(readLimit(metric, given)).toContain(expected);
  });

  it('of any text or value: a limit that allows a finite number, or a sentence that names the metric', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 12 }),
      fc.stringMatching(/^[+-]?[0-9_,]{1,12}(\.[0-9]{0,6})? ?[kMGT%msJ]{0,2}$/),
      fc.double(),
      fc.integer(),
      fc.anything(),
    );
    fc.assert(
      fc.property(fc.constantFrom(...METRIC_NAMES), text, (metric, given) => {
        const limit = readLimit(metric, given);
        if (typeof limit === 'string') expect(limit).toContain(metric);
        else {
          const most = allowed(limit, metricOf(metric), 1000);
          expect(Number.isFinite(most) && most >= 0).toBe(true);
          if (metricOf(metric).unit === 'count') expect(Number.isInteger(most)).toBe(true);
        }
      }),
      { seed: 2, numRuns: 20_000 },
    );
  });
});
