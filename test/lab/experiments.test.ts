// Are the stacks those of the papers? Multiply-adds and memory access as derived from their tables, and the verdicts.

import { describe, expect, it } from 'vitest';
import { PAPER, type Experiment } from '../../src/lab/experiment.js';
import { BOTTLENECK, SPLIT } from '../../src/lab/experiments/vovnetClaims.js';
import { G1_WIDTH, G2_GROUPS, G3_FRAGMENTS, G4_ELEMENTWISE } from '../../src/lab/experiments/shufflenetGuidelines.js';
import { EXPERIMENTS } from '../../src/lab/experiments/table.js';
import { outcomeOf } from '../../src/lab/outcome.js';
import { labRuns } from './runs.js';

const counted = (experiment: Experiment, change: Partial<typeof PAPER> = {}) =>
  outcomeOf(experiment, experiment.trials({ ...PAPER, ...change }), []);

describe('G1, ten blocks of two 1x1 convolutions at 56x56', () => {
  it('has the multiply-adds and memory access that its channels give', () => {
    const { trials } = counted(G1_WIDTH, { scales: [1] });
    expect(trials.map(({ totals }) => totals.multAdds)).toEqual(
      [128 * 128, 90 * 180, 52 * 312, 36 * 432].map((c) => 20 * 56 * 56 * c),
    );
    expect(trials.map(({ totals }) => totals.memoryAccess.conv)).toEqual(
      [
        [128, 128],
        [90, 180],
        [52, 312],
        [36, 432],
      ].map(([a, b]) => 20 * (56 * 56 * (a! + b!) + a! * b!)),
    );
  });

  it("prints the paper's slowdowns: 1480 / 748 batches a second at 1:12 and x1", () => {
    const { trials } = counted(G1_WIDTH);
    expect(trials[3]!.published.gpu).toBeCloseTo(1480 / 748, 12);
    expect(trials[11]!.published.arm).toBeCloseTo(5.3 / 4.4, 12);
  });

  it('prints none at a scale that the paper has not', () => {
    expect(counted(G1_WIDTH, { scales: [3] }).trials.map(({ published }) => published.gpu)).toEqual([
      null,
      null,
      null,
      null,
    ]);
  });
});

describe('equal multiply-adds', () => {
  it.each([G1_WIDTH, G2_GROUPS, G3_FRAGMENTS])(
    'hold within 7 % at every scale and on both platforms: $key',
    (experiment) => {
      for (const widths of ['gpu', 'arm'] as const)
        for (const { ratios } of counted(experiment, { widths }).trials)
          expect(Math.abs(ratios.multAdds - 1)).toBeLessThan(0.07);
    },
  );

  it('hold exactly in G4: ReLU and shortcut have none', () => {
    for (const { ratios } of counted(G4_ELEMENTWISE).trials) expect(ratios.multAdds).toBe(1);
  });
});

describe("VoVNet's claims", () => {
  it('split: multiply-adds fall to 1/9 + 1/c', () => {
    const [, split] = counted(SPLIT, { scales: [1] }).trials;
    expect(split!.ratios.multAdds).toBeCloseTo(1 / 64 + 1 / 9, 12);
  });

  it('bottleneck: fewer multiply-adds and params, more memory access', () => {
    const [whole, narrow] = counted(BOTTLENECK).trials;
    expect(narrow!.ratios.multAdds).toBeLessThan(0.85);
    expect(narrow!.totals.params).toBeLessThan(whole!.totals.params);
    expect(narrow!.ratios.memoryAccess).toBeGreaterThan(1);
    expect(narrow!.published.gpu).toBeCloseTo(18 / 14, 12);
  });
});

describe('verdicts', () => {
  const judge = (experiment: Experiment, milliseconds: readonly number[]) => {
    const trials = experiment.trials({ ...PAPER, scales: [1] });
    return outcomeOf(experiment, trials, labRuns(milliseconds));
  };

  it.each([
    [G1_WIDTH, [10, 12, 14, 20], 'holds'],
    [G1_WIDTH, [10, 8, 7, 6], 'does not hold'],
    [G1_WIDTH, [10, 10.05, 9.95, 10], 'within noise'],
    [G1_WIDTH, [10, 12, 9, 10], 'mixed'],
    [G4_ELEMENTWISE, [10, 9, 9, 8], 'holds'],
    [G4_ELEMENTWISE, [10, 11, 12, 13], 'does not hold'],
    // 0.127 of the multiply-adds in 0.5 of the time: fewer FLOP/s, as claimed.
    [SPLIT, [10, 5], 'holds'],
    [SPLIT, [10, 1], 'does not hold'],
  ])('$key with %j: %s', (experiment, milliseconds, verdict) => {
    expect(judge(experiment, milliseconds).verdict).toBe(verdict);
  });

  it('say how they came about', () => {
    expect(judge(G1_WIDTH, [10, 12, 9, 10]).because).toBe(
      'of 3 variants, 1 bears it out, 1 contradicts it and 1 is within noise',
    );
  });

  it('are none where every convolution was put together from others', () => {
    const trials = G2_GROUPS.trials({ ...PAPER, scales: [1] });
    const emulated = labRuns([10, 20, 30, 40]).map((run, i) => ({ ...run, emulated: i === 0 ? [] : ['conv'] }));
    expect(outcomeOf(G2_GROUPS, trials, emulated)).toMatchObject({ verdict: null, because: null });
  });

  it('are none where nothing was measured', () => {
    expect(counted(G1_WIDTH)).toMatchObject({ verdict: null, because: null });
  });
});

it('every experiment builds at another side, batch, number of blocks and squeeze', () => {
  for (const experiment of EXPERIMENTS) {
    const trials = experiment.trials({ batch: 2, side: 14, blocks: 3, widths: 'arm', scales: [1], squeeze: 2 });
    for (const { graph } of trials) expect(graph.inputs[0]!.shape[0]).toBe(2);
  }
});

describe.each(EXPERIMENTS)('$key', (experiment) => {
  /** Another value of each, that every stack can be built at. */
  const others = { ...PAPER, batch: 2, side: 28, blocks: 3, widths: 'arm', scales: [2], squeeze: 2 } as const;
  const built = (change: Partial<typeof PAPER>) =>
    JSON.stringify(experiment.trials({ ...PAPER, scales: [1], ...change }));

  it.each(Object.keys(others) as (keyof typeof PAPER)[])(
    'depends on %s where it says that it assumes it, and only there',
    (key) => {
      expect(built({ [key]: others[key] }) !== built({})).toBe(experiment.assumes.includes(key));
    },
  );
});
