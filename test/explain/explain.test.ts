// Does explain find what is there? Times made by a device that we know must give that device back, and its sentences.

import { describe, expect, it } from 'vitest';
import { builtIn } from '../../src/builtIn.js';
import { explain } from '../../src/explain/explain.js';
import { fitDevices } from '../../src/explain/deviceFits.js';
import { sampleOf, type Sample } from '../../src/explain/sample.js';
import { familyOf } from '../../src/builtIn.js';
import { MODES } from '../../src/devices/modes.js';
import { timeOf } from '../../src/devices/networkFit.js';
import type { Rates } from '../../src/devices/rates.js';
import { graphOf } from '../../src/model.js';

const NAMES = [
  ...['resnet18', 'resnet50', 'resnet101', 'densenet121', 'densenet201', 'vovnet27_slim', 'vovnet39', 'vovnet57'],
  ...['vgg11', 'vgg16_bn', 'mobilenet_v2', 'shufflenet_v2_x1_0', 'squeezenet1_1', 'darknet53', 'peleenet'],
];
const counted = NAMES.map((name) => sampleOf(graphOf(builtIn(name), 64), 1, familyOf(name)));

/** The networks as a device would run them that is exactly this. */
const timedOn = (device: Rates): readonly Sample[] =>
  counted.map((sample) => ({ ...sample, milliseconds: timeOf(sample.works.eager, device) }));

const DEVICE: Rates = {
  flopsPerSecond: 2e12,
  elementsPerSecond: 1.25e10,
  weightsPerSecond: 1.25e10,
  secondsPerLaunch: 2e-5,
  halfLength: MODES.eager.halfLength,
  ratios: MODES.eager.ratios,
};

it('a graph that leaves something out explains no time', () => {
  const whole = graphOf(builtIn('resnet20'));
  const omitted = { ops: [{ op: 'Fancy', nodes: 1, first: 'own' }], behind: 0 };
  expect(() => sampleOf({ ...whole, omitted }, 1)).toThrow(
    'what is counted of resnet20 is a lower bound, and does not explain the time of the whole: leave it out',
  );
});

describe('the device model', () => {
  it('gives back the device that made the times, and finds its mode', () => {
    const [best] = fitDevices(timedOn(DEVICE), 4);
    expect(best).toMatchObject({ mode: 'eager', reading: 'eager' });
    expect(best!.rates.flopsPerSecond / 2e12).toBeCloseTo(1, 1);
    expect(best!.bytesPerSecond / 5e10).toBeCloseTo(1, 1);
    expect(best!.unseen).toBeLessThan(0.02);
    expect(best!.p90).toBeLessThan(0.05);
  });

  it('puts the modes first in which networks are known to have run, whatever the errors', () => {
    expect(fitDevices(timedOn(DEVICE), 4, ['compiled'])[0]!.mode).toBe('compiled');
  });

  it('keeps two rates without classes beside the modes, which redesign prices with', () => {
    const fit = fitDevices(timedOn(DEVICE), 4).find(({ mode }) => mode === 'two-rates')!;
    expect(new Set(Object.values(fit.rates.ratios))).toEqual(new Set([1]));
  });

  it('does not depend on the bytes of an element but for the rate of bytes', () => {
    const [two, four] = [2, 4].map((bytes) => explain(timedOn(DEVICE), null, bytes));
    expect(two!.networks).toEqual(four!.networks);
    expect(four!.models[0]!.bytesPerSecond / two!.models[0]!.bytesPerSecond).toBeCloseTo(2, 12);
  });

  it('says so where a rate is more than the memory has', () => {
    const said = (bandwidth: number) => explain(timedOn(DEVICE), null, 4, { bandwidth }).findings.join('\n');
    expect(said(1e10)).toMatch(/GB\/s is more than the 10\.0 GB\/s of the device's memory/);
    expect(said(1e12)).not.toContain("of the device's memory");
  });

  it('takes a time apart into parts that add up to the prediction', () => {
    const { networks } = explain(timedOn(DEVICE), null, 4);
    for (const { parts, predicted } of networks) expect(parts.compute + parts.traffic + parts.launches).toBe(predicted);
  });

  it('counts a network once, however many sizes it has', () => {
    const small = NAMES.map((name) => sampleOf(graphOf(builtIn(name), 32), 1, familyOf(name))).slice(0, 6);
    const more = small.map((sample) => ({ ...sample, milliseconds: timeOf(sample.works.eager, DEVICE) }));
    const result = explain([...timedOn(DEVICE), ...more], null, 4);
    expect(result.distinct).toBe(15);
    expect(result.findings[0]).toMatch(/^Over 15 networks at 21 sizes and batches, /);
    expect(result.findings.at(-1)).toMatch(/^15 networks are few/);
  });
});

describe('the costs', () => {
  it('rank first the one that made the times', () => {
    const byAccess = counted.map((sample) => ({ ...sample, milliseconds: sample.totals.memoryAccess.unfused / 1e6 }));
    const [first] = explain(byAccess, null, 4).costs;
    expect(first).toMatchObject({ cost: 'memoryAccessUnfused' });
    expect(first!.spearman).toBeCloseTo(1, 12);
    expect(first!.constant).toBeCloseTo(0, 6);
    expect(first!.perUnit * 1e6).toBeCloseTo(1, 6);
    expect(first!.unseen).toBeLessThan(1e-9);
  });
});

describe('the sentences', () => {
  it('name the pair in which fewer multiply-adds take longer, and what moved', () => {
    const { findings } = explain(timedOn({ ...DEVICE, flopsPerSecond: 1e14 }), 'a device', 4);
    expect(findings[0]).toMatch(/^Over 15 networks on a device, /);
    expect(findings.join('\n')).toMatch(
      / has 0\.\d\dx the multiply-adds of \S+ and takes \d\.\d\dx the time: by the model, .*\+[\d.]+ ms of memory traffic/,
    );
    expect(findings.at(-1)).toMatch(/^15 networks are few/);
  });

  it('say that there is no such pair where multiply-adds make the time', () => {
    const byWork = counted.map((sample) => ({ ...sample, milliseconds: sample.totals.multAdds / 1e9 }));
    expect(explain(byWork, null, 4).findings).toContain(
      'No network with fewer multiply-adds took longer than one with more.',
    );
  });

  it('point at a network that nothing explains', () => {
    const [odd, ...rest] = timedOn(DEVICE);
    const { findings } = explain([...rest, { ...odd!, milliseconds: 9 * odd!.milliseconds }], null, 4);
    expect(findings.some((sentence) => /^resnet18 takes \d\.\d\dx what the model says/.test(sentence))).toBe(true);
  });

  it('name both costs of a tie', () => {
    const [a, b, c, d, e] = counted;
    const five = [a!, b!, c!, d!, e!].map((sample, i) => ({
      ...sample,
      totals: { ...sample.totals, multAdds: i + 1, params: i + 1 },
      milliseconds: i + 1,
    }));
    expect(explain(five, null, 4).findings[0]).toMatch(/ order the times equally well: rank correlation 1\.00\.$/);
  });

  it('refuse a network that occurs twice, and times that are all equal', () => {
    expect(() => explain([...timedOn(DEVICE), timedOn(DEVICE)[0]!], null, 4)).toThrow(
      'resnet18 at 64x3x224x224 occurs twice',
    );
    expect(() => explain(counted, null, 4)).toThrow('all 15 networks take 1 ms: there is nothing to explain');
  });

  it('refuse four networks', () => {
    expect(() => explain(counted.slice(0, 4), null, 4)).toThrow('times of 4 networks explain nothing: give at least 5');
  });
});
