import { describe, expect, it } from 'vitest';
import { energyBetween, readSample } from '../../src/measure/power.js';

describe('readSample', () => {
  it("reads nvidia-smi's own timestamp, which is local time, and its power", () => {
    expect(readSample('2024/05/01 12:34:56.789, 312.40')).toEqual({
      stamp: new Date(2024, 4, 1, 12, 34, 56, 789).getTime(),
      watts: 312.4,
    });
  });

  it.each([
    '2024/05/01 12:34:56.789, [N/A]',
    '2024/05/01 12:34:56.789, 0.00',
    '2024/05/01 12:34:56.789',
    '2024/05/01 12:34:56.789, 312.40, 1',
    '[N/A], 312.40',
    '1714567890, 312.40',
    ', ',
    'GPU is lost',
  ])('makes nothing of "%s"', (line) => {
    expect(readSample(line)).toBeUndefined();
  });
});

describe('energyBetween', () => {
  const at = (watts: readonly number[], step = 500) => watts.map((w, i) => ({ at: step * i, watts: w }));

  it('adds trapezoids, with the power at both ends between its neighbours', () => {
    // 100 -> 200 W over 0.5 s is 75 J; from the middle of it on, 150 -> 200 W over 0.25 s is 43.75 J.
    expect(energyBetween(at([100, 200, 100]), 0, 1000)).toEqual({ joules: 150, samples: 3 });
    expect(energyBetween(at([100, 200, 100]), 250, 1000)).toEqual({ joules: 43.75 + 75, samples: 2 });
  });

  it('keeps the last power where nothing follows', () => {
    expect(energyBetween(at([100, 100]), 0, 1000)).toEqual({ joules: 100, samples: 2 });
  });

  it('gives no energy of fewer than two samples', () => {
    expect(energyBetween(at([100, 200, 100]), 600, 900)).toEqual({
      reason: expect.stringMatching(/--windows/) as string,
    });
  });

  it('gives no energy of a run with a silence in it, nor at its end', () => {
    const silent = { reason: expect.stringMatching(/was silent for 3\.0 s/) as string };
    expect(energyBetween(at([1, 1, 1], 3000), 0, 6000)).toEqual(silent);
    expect(energyBetween(at([1, 1, 1]), 0, 4000)).toEqual(silent);
  });
});
