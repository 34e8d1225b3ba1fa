// Does a fit give back the device that made the times, and does one bad time leave it alone?

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { builtIn } from '../../src/builtIn.js';
import { classRatios } from '../../src/devices/classRatios.js';
import { leaveGroupsOut, quantileOf, unseenError } from '../../src/devices/crossValidation.js';
import { fitRates, type Timed } from '../../src/devices/fit.js';
import { MODES, modePriors, MODE_NAMES } from '../../src/devices/modes.js';
import { fitNetworks, timeOf } from '../../src/devices/networkFit.js';
import { breakdown, termTimes, totalOf, type Rates } from '../../src/devices/rates.js';
import { TERM_NAMES, TERMS } from '../../src/devices/terms.js';
import { layerWorks, totalWork } from '../../src/devices/work.js';
import { graphOf } from '../../src/model.js';

const NAMES = [
  ...['resnet18', 'resnet50', 'densenet121', 'vovnet27_slim', 'vovnet39', 'vgg11', 'mobilenet_v2', 'peleenet'],
  ...['shufflenet_v2_x1_0', 'squeezenet1_1', 'darknet19', 'resnext50_32x4d', 'seresnet50', 'densenet40_k12'],
];
const works = NAMES.map((name) => ({
  model: name,
  family: name.replace(/\d.*|_.*/, ''),
  work: totalWork(layerWorks(graphOf(builtIn(name), 64), 'eager')),
}));

const DEVICE: Rates = {
  flopsPerSecond: 8e13,
  elementsPerSecond: 2.5e11,
  weightsPerSecond: 2.5e11,
  secondsPerLaunch: 2e-5,
  halfLength: MODES.eager.halfLength,
  ratios: MODES.eager.ratios,
};
const timedOn = (rates: Rates) => works.map((one) => ({ ...one, milliseconds: timeOf(one.work, rates) }));

describe('the fit', () => {
  it('gives back the device that made the times', () => {
    const found = fitRates(timedOn(DEVICE), modePriors('eager'));
    for (const key of ['flopsPerSecond', 'elementsPerSecond', 'secondsPerLaunch'] as const)
      expect(found[key] / DEVICE[key]).toBeCloseTo(1, 1);
    for (const { work, milliseconds } of timedOn(DEVICE)) expect(timeOf(work, found) / milliseconds).toBeCloseTo(1, 1);
  });

  it('finds matrix products that run at a thousandth of the rate, as of classifiers for one image', () => {
    const slow: Rates = { ...DEVICE, flopsPerSecond: 2e12, elementsPerSecond: 1e10, weightsPerSecond: 5e9 };
    const device: Rates = { ...slow, halfLength: 40, ratios: { ...MODES['eager-own'].ratios, linearCompute: 1e-3 } };
    const one = NAMES.map((name) => totalWork(layerWorks(graphOf(builtIn(name), 1), 'eager')));
    const samples = one.map((work) => ({ work, milliseconds: timeOf(work, device) }));
    const found = fitRates(samples, modePriors('eager-own'));
    for (const { work, milliseconds } of samples) expect(timeOf(work, found) / milliseconds).toBeCloseTo(1, 1);
  });

  it('does so for any device', () => {
    const rate = (low: number, high: number) =>
      fc.double({ min: Math.log(low), max: Math.log(high), noNaN: true }).map(Math.exp);
    fc.assert(
      fc.property(rate(1e11, 1e15), rate(30, 3000), rate(1e-6, 1e-4), (flopsPerSecond, balance, secondsPerLaunch) => {
        const elementsPerSecond = flopsPerSecond / balance;
        const device = {
          ...DEVICE,
          flopsPerSecond,
          elementsPerSecond,
          weightsPerSecond: elementsPerSecond,
          secondsPerLaunch,
        };
        const samples = timedOn(device);
        const found = fitRates(samples, modePriors('eager'));
        const errors = samples.map(({ work, milliseconds }) => Math.abs(timeOf(work, found) / milliseconds - 1));
        expect(quantileOf(errors, 0.5)).toBeLessThan(0.05);
      }),
      { numRuns: 25, seed: 1 },
    );
  });

  it('is hardly moved by one time that is ten times too long', () => {
    const samples = timedOn(DEVICE).map((one, i) => (i === 0 ? { ...one, milliseconds: 10 * one.milliseconds } : one));
    const found = fitRates(samples, modePriors('eager'));
    const errors = samples.slice(1).map(({ work, milliseconds }) => Math.abs(timeOf(work, found) / milliseconds - 1));
    expect(quantileOf(errors, 0.5)).toBeLessThan(0.03);
  });

  it('keeps the ratios of a mode that has them, and finds them in one that has none', () => {
    const slowNorms: Rates = { ...DEVICE, ratios: { ...MODES['eager-own'].ratios, elementwise: 0.2 } };
    const kept = fitRates(timedOn(slowNorms), modePriors('eager')).ratios;
    expect(kept.elementwise).toBeCloseTo(MODES.eager.ratios.elementwise, 12);
    const own = fitRates(timedOn(slowNorms), modePriors('eager-own'));
    expect(own.ratios.elementwise).toBeLessThan(0.5);
  });

  it('takes a single network, and finite numbers follow', () => {
    for (const mode of MODE_NAMES) {
      const rates = fitRates(timedOn(DEVICE).slice(0, 1), modePriors(mode));
      expect(
        Object.values(rates).every((value) => typeof value !== 'number' || (value > 0 && Number.isFinite(value))),
      ).toBe(true);
    }
  });

  it('weighs a network of weight 0 not at all', () => {
    const samples: readonly Timed[] = timedOn(DEVICE);
    const odd = { ...samples[0]!, milliseconds: 50 * samples[0]!.milliseconds, weight: 0 };
    expect(fitRates([...samples, odd], modePriors('eager'))).toEqual(
      fitRates([...samples, { ...odd, milliseconds: odd.milliseconds / 7 }], modePriors('eager')),
    );
  });
});

describe('a time', () => {
  it('is the sum of its terms, and of its parts', () => {
    const { work } = works[0]!;
    const terms = termTimes(work, DEVICE);
    const sum = TERM_NAMES.reduce((all, term) => all + terms[term], 0);
    expect(sum).toBeCloseTo(totalOf(breakdown(work, DEVICE)), 9);
    const launches = TERM_NAMES.filter((term) => TERMS[term].part === 'launches').reduce(
      (all, term) => all + terms[term],
      0,
    );
    expect(breakdown(work, DEVICE).launches).toBeCloseTo(launches, 12);
  });
});

describe('class ratios', () => {
  it('are the mean of devices: two alike give their own', () => {
    const device: Rates = { ...DEVICE, ratios: { ...MODES.eager.ratios, elementwise: 4 } };
    const { ratios, spread } = classRatios([timedOn(device), timedOn(device)]);
    expect(spread).toBe(0);
    expect(ratios.elementwise).toBeGreaterThan(1.3);
    const [one] = [classRatios([timedOn(device)])];
    expect(ratios.elementwise).toBeCloseTo(one.ratios.elementwise, 9);
  });
});

describe('leaving out', () => {
  const samples = [1, 2, 3, 10].map((milliseconds, i) => ({ model: `m${i}`, milliseconds }));
  const mean = (some: readonly { milliseconds: number }[]) => () =>
    some.reduce((sum, { milliseconds }) => sum + milliseconds, 0) / some.length;

  it('predicts each group by the others', () => {
    const one = leaveGroupsOut(samples, ({ model }) => model, mean);
    expect(one.map(({ predicted }) => predicted)).toEqual([5, 14 / 3, 13 / 3, 2]);
    const two = leaveGroupsOut(samples, ({ milliseconds }) => String(milliseconds > 2), mean);
    expect(two.map(({ predicted }) => predicted)).toEqual([6.5, 6.5, 1.5, 1.5]);
  });

  it('counts a network once, however many sizes it has', () => {
    const sizes = [...Array<null>(9)].map(() => ({ sample: { model: 'a', milliseconds: 1 }, predicted: 1 }));
    const error = unseenError([...sizes, { sample: { model: 'b', milliseconds: 1 }, predicted: 2 }]);
    expect(error).toEqual({ median: 0.5, p90: 0.9, worst: 1, networks: 2 });
  });

  it('of families and of networks is part of a network fit', () => {
    const fit = fitNetworks(timedOn(DEVICE), modePriors('eager'));
    expect(fit.networks.networks).toBe(NAMES.length);
    expect(fit.families!.median).toBeLessThan(0.02);
    expect(
      fitNetworks(
        timedOn(DEVICE).map((one) => ({ ...one, family: 'one' })),
        modePriors('eager'),
      ).families,
    ).toBeNull();
  });
});
