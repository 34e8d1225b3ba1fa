// Ceilings hold: the best of several shapes, sampled again, and raised where something passed them.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CeilingMeter } from '../../src/measure/ceilings.js';
import { howMeasured, raised } from '../../src/measure/raised.js';
import { ratesOf } from '../../src/measure/rates.js';
import { reachedBy } from '../../src/measure/reached.js';
import { builtIn } from '../../src/builtIn.js';
import { graphOf } from '../../src/model.js';
import { profile } from '../../src/profile.js';
import { fakeEngine } from './fakeEngine.js';

const CEILINGS = { flopsPerSecond: 100, bytesPerSecond: 10, how: 'told', noise: 0.02, raised: null, sampled: null };

describe('the ceilings of a session', () => {
  it('are the best windows of the shape that is fastest, whichever it is', async () => {
    // Every run takes 10 ms, so that the largest product is the fastest.
    const { engine, now } = fakeEngine({ host: 0, device: () => 10 });
    const meter = await CeilingMeter.open(engine, undefined, now);
    expect(meter.ceilings.flopsPerSecond).toBeCloseTo((2 * 8192 ** 3) / 0.01, -9);
    expect(meter.ceilings.bytesPerSecond).toBeCloseTo((8 * 2 ** 26) / 0.01, -6);
    expect(meter.ceilings.how).toMatch(/^matrix product of two 8192 x 8192 .+, copy of 67,108,864 floats, .+ windows$/);
    expect(meter.ceilings.noise).toBeCloseTo(0, 9);
  });

  it('grow with a device that becomes faster, and state the noise', async () => {
    let ms = 10;
    const { engine, now } = fakeEngine({ host: 0, device: () => ms });
    const meter = await CeilingMeter.open(engine, undefined, now);
    const before = meter.ceilings;
    ms = 8;
    const after = await meter.again(engine);
    expect(after.flopsPerSecond / before.flopsPerSecond).toBeCloseTo(10 / 8, 3);
    expect(after.noise).toBeCloseTo(0.2, 3);
  });

  it('may be a convolution', async () => {
    const { engine, now } = fakeEngine({ host: 0, device: () => 10 });
    const slow = {
      ...engine,
      matmul: () => ({ amount: 1, unit: 'flop' as const, run: () => undefined, dispose: () => undefined }),
    };
    const meter = await CeilingMeter.open(slow, undefined, () => now() + performance.now());
    expect(meter.ceilings.how).toMatch(/^convolution \d x \d of \d+ channels at/);
  });
});

describe('a ceiling that was passed', () => {
  it('is raised to what was seen, by what is said', () => {
    const one = raised(CEILINGS, [
      { name: 'conv1', flopsPerSecond: 90, bytesPerSecond: 12 },
      { name: 'conv2', flopsPerSecond: 156, bytesPerSecond: 11 },
    ]);
    expect(one).toMatchObject({ flopsPerSecond: 156, bytesPerSecond: 12 });
    expect(howMeasured(one)).toBe(
      'told, FLOP/s raised to what conv2 reached, bytes/s raised to what conv1 reached, noise 2.0 %',
    );
    // One that is raised again names what reached more, once.
    const again = raised(one, [{ name: 'conv, 3', flopsPerSecond: 1000, bytesPerSecond: 1 }]);
    expect(again.raised).toBe('bytes/s raised to what conv1 reached, FLOP/s raised to what conv, 3 reached');
    expect(raised(again, [{ name: 'conv4', flopsPerSecond: 2000, bytesPerSecond: 1 }]).raised).toBe(
      'bytes/s raised to what conv1 reached, FLOP/s raised to what conv4 reached',
    );
    expect(raised(CEILINGS, [{ name: 'x', flopsPerSecond: 99, bytesPerSecond: NaN }])).toEqual(CEILINGS);
  });

  it('leaves no utilisation above 1, whatever the time and the ceilings were', () => {
    const { totals, input } = profile(graphOf(builtIn('resnet18')));
    const positive = fc.double({ min: 1e-6, max: 1e15, noNaN: true });
    fc.assert(
      fc.property(positive, positive, positive, (median, flopsPerSecond, bytesPerSecond) => {
        const ceilings = { ...CEILINGS, flopsPerSecond, bytesPerSecond };
        const { utilisation } = ratesOf({
          ...{ model: 'net', input, mode: 'fused', bytesPerElement: 4, totals },
          times: { median },
          ceilings,
        });
        expect(utilisation!.compute).toBeLessThanOrEqual(1);
        expect(utilisation!.memory).toBeLessThanOrEqual(1);
      }),
      { seed: 13, numRuns: 200 },
    );
  });

  it('holds for every timed layer', () => {
    const counted = profile(graphOf(builtIn('resnet18')));
    const layers = counted.layers
      .filter(({ multAdds }) => multAdds > 0)
      .map(({ name }) => ({ nodes: [name], op: 'conv' as const, ms: 0.5, kernels: [] }));
    const reached = reachedBy({ clock: 'host', layers }, counted, 'fused', 4);
    const { ceilings } = ratesOf({ ...counted, mode: 'fused', times: { median: 1000 }, ceilings: CEILINGS, reached });
    expect(reached.every((one) => one.flopsPerSecond <= ceilings!.flopsPerSecond)).toBe(true);
    expect(reached.every((one) => one.bytesPerSecond <= ceilings!.bytesPerSecond)).toBe(true);
    expect(ceilings!.raised).toMatch(/^FLOP\/s raised to what .+ reached/);
  });
});

describe('ceilings that have little time', () => {
  const open = async (until?: number) => {
    const fake = fakeEngine({ device: () => 5, host: 0 });
    const { ceilings } = await CeilingMeter.open(fake.engine, undefined, fake.now, until);
    return { ...ceilings, took: fake.now() };
  };

  it('look at one shape of each kind at least, end soon, and say so', async () => {
    const [whole, hurried] = [await open(), await open(500)];
    expect(whole.how).not.toContain('without time');
    expect(hurried.how).toContain(', without time to look at all shapes');
    expect(hurried.took).toBeLessThan(2000);
    expect(hurried.took).toBeLessThan(whole.took / 2);
    for (const rate of [hurried.flopsPerSecond, hurried.bytesPerSecond]) expect(rate).toBeGreaterThan(0);
  });
});
