// The noise that is stated of a utilisation covers another run of the same network on the same device.

import { describe, expect, it } from 'vitest';
import type { Run } from '../../src/measure/run.js';
import { quantile, summarise } from '../../src/measure/statistics.js';
import { utilisationNoise, utilisationText } from '../../src/measure/utilisation.js';
import { mulberry32 } from '../../src/weights/random.js';

const CEILINGS = { flopsPerSecond: 100, bytesPerSecond: 100, how: 'told', raised: null, sampled: null };

const uniform = (seed: number): (() => number) => {
  const random = mulberry32(seed);
  return () => random() / 2 ** 32;
};

/** Runs of one network on one device: only what it took and what the ceilings' samples were differ. */
function runOf(
  sessions: readonly (readonly number[])[],
  noise: number | null,
  utilisation = 0.5,
): Pick<Run, 'times' | 'sessions' | 'utilisation' | 'ceilings'> {
  const windows = sessions.flat();
  return {
    times: { ...summarise(windows), windows, host: null, kernels: null, first: 1 },
    sessions: sessions.map((own, i) => ({
      ...{ id: `s${i}`, measuredAt: '2026-01-01T00:00:00.000Z', turn: 0, ownProcess: true },
      ...{ windows: own.length, inferencesPerWindow: 1 },
    })),
    utilisation: { compute: utilisation, memory: utilisation / 2 },
    ceilings: { ...CEILINGS, noise },
  };
}

const QUIET = [10, 10.1, 9.9, 10, 10.05];

describe('the noise of a utilisation', () => {
  it('is that of the time between sessions, and of the ceilings', () => {
    const steady = runOf([QUIET, QUIET, QUIET], 0.1);
    const { least, most, basis } = utilisationNoise(steady)!;
    expect(basis).toBe('sessions');
    expect(least).toBeGreaterThan(0.85);
    expect(least).toBeLessThan(0.9);
    expect(most).toBeCloseTo(1 / least, 9);
    // Sessions that differ widen it.
    const apart = runOf([QUIET, QUIET.map((ms) => 1.3 * ms), QUIET.map((ms) => 0.9 * ms)], 0.1);
    expect(utilisationNoise(apart)!.least).toBeLessThan(0.7);
  });

  it('allows a single session a factor of 1.5, as ratios of times do', () => {
    const { least, most, basis } = utilisationNoise(runOf([QUIET], 0))!;
    expect([least, most]).toEqual([expect.closeTo(1 / 1.5, 9), expect.closeTo(1.5, 9)]);
    expect(basis).toBe('allowance');
  });

  it('covers 95 % of pairs of runs of a machine that is busy half of the time', () => {
    // A busy moment takes half of the speed, of the network and of the ceilings' samples alike.
    const random = uniform(1);
    const speed = (): number => (random() < 0.5 ? 1 : 0.5) * (1 - 0.03 * random());
    const runs = Array.from({ length: 200 }, () => {
      const times = Array.from({ length: 5 }, () => 10 / speed());
      const samples = Array.from({ length: 14 }, speed);
      const best = Math.max(...samples);
      return runOf([times], 1 - quantile(samples, 0.5) / best, 5 / quantile(times, 0.5) / best);
    });
    let missed = 0;
    for (const one of runs)
      for (const other of runs) {
        const [a, b] = [one, other].map((run) => run.utilisation!.compute) as [number, number];
        const covers = (run: typeof one): boolean => {
          const { least, most } = utilisationNoise(run)!;
          return Math.max(a, b) / Math.min(a, b) <= Math.max(most, 1 / least);
        };
        if (!covers(one) && !covers(other)) missed++;
      }
    expect(missed / runs.length ** 2).toBeLessThan(0.05);
  });

  it('is not known without ceilings, and in records of earlier versions', () => {
    expect(utilisationNoise(runOf([QUIET], null))).toBeNull();
    expect(utilisationNoise({ ...runOf([QUIET], 0), utilisation: null, ceilings: null })).toBeNull();
  });
});

describe('what is shown', () => {
  it('is one figure where the run shows little noise', () => {
    expect(utilisationText(runOf([QUIET], 0.05, 0.823))).toBe('82 %');
    expect(utilisationText(runOf([QUIET], 0.05, 0.823), 'memory', 1)).toBe('41.1 %');
    expect(utilisationText(runOf([QUIET], null, 0.823))).toBe('82 %');
  });

  it('is a range where its ceilings, its windows or its sessions are too far apart', () => {
    expect(utilisationText(runOf([QUIET], 0.5, 0.29))).toMatch(/^1\d to 5\d %$/);
    expect(utilisationText(runOf([[10, 10, 18, 18, 30]], 0, 0.9))).toMatch(/^\d\d to 100 %$/);
    expect(utilisationText(runOf([QUIET, QUIET.map((ms) => 2 * ms)], 0, 0.5), 'compute', 1)).toMatch(
      /^\d+\.\d to 100\.0 %$/,
    );
  });

  it('is nothing without ceilings', () => {
    expect(utilisationText({ ...runOf([QUIET], 0), utilisation: null, ceilings: null })).toBeNull();
  });
});
