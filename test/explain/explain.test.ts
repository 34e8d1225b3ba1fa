// Does explain find what is there? Times made by a device that we know must give that device back, and its sentences.

import { describe, expect, it } from 'vitest';
import { builtIn } from '../../src/builtIn.js';
import { explain } from '../../src/explain/explain.js';
import { breakdown, fitPhysical, totalOf, type Physical } from '../../src/explain/physical.js';
import { launches, sampleOf, type Sample } from '../../src/explain/sample.js';
import { graphOf } from '../../src/model.js';

const NAMES = [
  ...['resnet18', 'resnet50', 'resnet101', 'densenet121', 'densenet201', 'vovnet27_slim', 'vovnet39', 'vovnet57'],
  ...['vgg11', 'vgg16_bn', 'mobilenet_v2', 'shufflenet_v2_x1_0', 'squeezenet1_1', 'darknet53', 'peleenet'],
];
const counted = NAMES.map((name) => sampleOf(graphOf(builtIn(name)), 1));

/** The networks as a device would run them that is exactly this. */
const timedOn = (device: Physical): readonly Sample[] =>
  counted.map((sample) => ({ ...sample, milliseconds: totalOf(breakdown(sample, device)) }));

const DEVICE: Physical = {
  overlap: 'sum',
  reading: 'unfused',
  flopsPerSecond: 2e12,
  elementsPerSecond: 1.25e10,
  secondsPerLaunch: 2e-5,
};

describe('the work of a network', () => {
  it('adds up to its profile, in both readings', () => {
    for (const { work, totals } of counted) {
      const sum = (pick: (one: (typeof work)[number]) => number): number =>
        work.reduce((all, one) => all + pick(one), 0);
      expect(sum(({ flops }) => flops)).toBe(totals.flops);
      expect(sum(({ moved }) => moved.unfused)).toBe(totals.memoryAccess.unfused);
      expect(sum(({ moved }) => moved.fused)).toBe(totals.memoryAccess.fused);
    }
  });

  it('launches every op but views, and fused less those that are absorbed and the concats: ResNet-18 has 20 + 2 + 1', () => {
    const resnet18 = counted[0]!;
    expect(launches(resnet18, 'unfused')).toBe(resnet18.totals.ops);
    // 20 convolutions, a max pool, a global pool and a fully connected layer; the adds are absorbed.
    expect(launches(resnet18, 'fused')).toBe(23);
  });
});

describe('the physical model', () => {
  it('gives back the device of the sum model, exactly', () => {
    const fit = fitPhysical(timedOn(DEVICE), 4).find((one) => one.overlap === 'sum' && one.reading === 'unfused')!;
    expect(fit.flopsPerSecond! / 2e12).toBeCloseTo(1, 6);
    expect(fit.bytesPerSecond! / 5e10).toBeCloseTo(1, 6);
    expect(fit.secondsPerLaunch / 2e-5).toBeCloseTo(1, 6);
    expect(fit.leaveOneOut).toBeLessThan(1e-9);
  });

  it('gives back the device of the roofline to five digits, between the steps of its grid, and chooses that model', () => {
    for (const reading of ['unfused', 'fused'] as const) {
      const [best] = fitPhysical(timedOn({ ...DEVICE, overlap: 'roofline', reading }), 4);
      expect(best).toMatchObject({ overlap: 'roofline', reading });
      expect(best!.flopsPerSecond! / 2e12).toBeCloseTo(1, 5);
      expect(best!.bytesPerSecond! / 5e10).toBeCloseTo(1, 5);
      expect(best!.secondsPerLaunch / 2e-5).toBeCloseTo(1, 4);
      expect(best!.leaveOneOut).toBeLessThan(1e-5);
    }
  });

  // Times with noise, so that no ridge fits exactly and the grid would show.
  const noisy = timedOn({ ...DEVICE, overlap: 'roofline' }).map((sample, i) => ({
    ...sample,
    milliseconds: sample.milliseconds * (1 + 0.05 * Math.sin(7 * i)),
  }));

  it.each([1, 2, 3])('does not depend on the bytes of an element but for the rate of bytes: %i', (bytes) => {
    const [{ models, networks }, at4] = [explain(noisy, null, bytes), explain(noisy, null, 4)];
    expect(networks).toEqual(at4.networks);
    for (const [i, { bytesPerSecond, ...model }] of models.entries()) {
      const { bytesPerSecond: four, ...other } = at4.models[i]!;
      expect(model).toEqual(other);
      if (four !== null) expect(bytesPerSecond! / four).toBeCloseTo(bytes / 4, 12);
    }
  });

  it('does not depend on the units of operations and elements, which move the grid', () => {
    const [flopUnit, elementUnit] = [1.013, 7.1];
    const scaled = noisy.map((sample) => ({
      ...sample,
      work: sample.work.map((one) => ({
        ...one,
        flops: one.flops * flopUnit,
        moved: { unfused: one.moved.unfused * elementUnit, fused: one.moved.fused * elementUnit },
      })),
    }));
    const roofline = (samples: readonly Sample[]) =>
      fitPhysical(samples, 4).find(({ overlap, reading }) => overlap === 'roofline' && reading === 'unfused')!;
    const [own, other] = [roofline(noisy), roofline(scaled)];
    expect(other.secondsPerLaunch / own.secondsPerLaunch).toBeCloseTo(1, 5);
    expect(other.flopsPerSecond! / own.flopsPerSecond! / flopUnit).toBeCloseTo(1, 5);
    expect(other.elementsPerSecond! / own.elementsPerSecond! / elementUnit).toBeCloseTo(1, 5);
  });

  it('says how well the cost per launch is known: wider with noise, around what it is', () => {
    const intervalOf = (samples: readonly Sample[]) => fitPhysical(samples, 4)[0]!.launchInterval!;
    const [exact, rough] = [intervalOf(timedOn({ ...DEVICE, overlap: 'roofline' })), intervalOf(noisy)];
    expect(exact[1] - exact[0]).toBeLessThan(0.01 * (rough[1] - rough[0]));
    expect(rough[0]).toBeLessThan(2e-5);
    expect(rough[1]).toBeGreaterThan(2e-5);
    expect(fitPhysical(noisy.slice(0, 9), 4)[0]!.launchInterval).toBeNull();
  });

  it('leaves out a term that explains nothing', () => {
    const fit = fitPhysical(timedOn({ ...DEVICE, secondsPerLaunch: 0 }), 4).find(
      ({ overlap, reading }) => overlap === 'sum' && reading === 'unfused',
    )!;
    expect(fit.secondsPerLaunch).toBeLessThan(1e-12);
  });

  it('takes a time apart into parts that add up to the prediction', () => {
    const { networks } = explain(timedOn(DEVICE), null, 4);
    for (const { parts, predicted } of networks) expect(parts.compute + parts.traffic + parts.launches).toBe(predicted);
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
    expect(first!.leaveOneOut).toBeLessThan(1e-9);
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

  it('refuse a network that is there twice, and times that are all equal', () => {
    expect(() => explain([...timedOn(DEVICE), timedOn(DEVICE)[0]!], null, 4)).toThrow(
      'resnet18 at 1x3x224x224 is there twice',
    );
    expect(() => explain(counted, null, 4)).toThrow('all 15 networks take 1 ms: there is nothing to explain');
  });

  it('refuse four networks', () => {
    expect(() => explain(counted.slice(0, 4), null, 4)).toThrow('times of 4 networks explain nothing: give at least 5');
  });
});
