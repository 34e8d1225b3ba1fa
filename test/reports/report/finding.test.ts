// Do the sentences say what the numbers say? Direction and figures for faster, slower, equal and missing times.

import { describe, expect, it } from 'vitest';
import { findingsOf } from '../../../reports/report/finding.js';
import type { Subject } from '../../../reports/report/subject.js';
import { reportData } from '../../../reports/report/reportData.js';
import type { Run } from '../../../src/measure/run.js';
import { profileOf, syntheticRun } from '../synthetic.js';

const [resnet, densenet, vovnet] = ['resnet50', 'densenet121', 'vovnet39'].map((name) => profileOf(name));

/** A run of exactly that median, without any spread. */
function taking(profile: typeof resnet, median: number): Run {
  const run = syntheticRun(profile!);
  const windows = Array.from({ length: 5 }, () => median);
  const all = { lowerQuartile: median, upperQuartile: median, least: median, most: median };
  return { ...run, times: { ...run.times, ...all, median, windows, spread: 0 } };
}

/** Five sessions that lie up to 4 % apart, in the one direction or the other. */
const wide = (run: Run, direction: 1 | -1): Run => ({
  ...run,
  times: {
    ...run.times,
    windows: run.times.windows.map((ms, i) => ms * (1 + direction * [0.01, -0.02, 0.02, 0, -0.01][i]!)),
  },
});

function findings(times: readonly (number | null)[], profiles = [resnet!, densenet!]) {
  const runs = profiles.flatMap((profile, i) => (times[i] == null ? [] : [taking(profile, times[i])]));
  return reportData({ madeAt: '2001-01-01', version: '0', profiles, runs }).views[0]!;
}

describe('a sentence per network', () => {
  it('slower: 14 ms against 10 ms is 1.40x the time', () => {
    expect(findings([10, 14]).findings).toEqual([
      'densenet121 has 0.69x the multiply-adds of resnet50 but 1.09x its memory access, in 2.47x as many ops; on synthetic (synthetic) it takes 1.40x the time (1.40 to 1.40).',
    ]);
  });

  it('faster: 5 ms against 10 ms is 0.50x the time', () => {
    expect(findings([10, 5]).findings[0]).toContain('it takes 0.50x the time (0.50 to 0.50).');
  });

  it('equal: the same medians take the same time', () => {
    expect(findings([10, 10]).findings[0]).toContain(
      'it shows no significant difference in time: 1.00x (1.00 to 1.00).',
    );
  });

  it('equal within doubt: 1 % more with an uncertainty of 2 % is not called slower', () => {
    const profiles = [resnet!, densenet!];
    const runs = [wide(taking(resnet, 10), 1), wide(taking(densenet, 10.1), -1)];
    const view = reportData({ madeAt: '2001-01-01', version: '0', profiles, runs }).views[0]!;
    expect(view.findings[0]).toMatch(/it shows no significant difference in time: 1\.01x \(0\.9\d to 1\.0\d\)\.$/);
    expect(view.headline).not.toContain('the time');
  });

  it('missing: a network without a run is said not to be measured', () => {
    expect(findings([10, null]).findings[0]).toMatch(/; it was not measured here\.$/);
  });

  it('measured on another device: no ratio across devices, and each device has its own sentence', () => {
    const elsewhere = { ...syntheticRun(densenet!).device, name: 'another' };
    const { views } = reportData({
      ...{ madeAt: '2001-01-01', version: '0', profiles: [resnet!, densenet!] },
      runs: [taking(resnet, 10), { ...taking(densenet, 14), device: elsewhere }],
    });
    expect(views.map(({ findings: [first] }) => first!.split('; ')[1])).toEqual([
      'it was not measured here.',
      'resnet50 was not measured here, so times cannot be compared.',
    ]);
  });

  it('missing baseline: no ratio of times is given', () => {
    expect(findings([null, 10]).findings[0]).toContain('resnet50 was not measured here, so times cannot be compared.');
  });

  it('nothing measured: no word of time at all', () => {
    const view = findings([null, null]);
    expect(view.findings).toEqual([
      'densenet121 has 0.69x the multiply-adds of resnet50 but 1.09x its memory access, in 2.47x as many ops.',
    ]);
    expect(view.ranking).toBeNull();
    expect(view.explanation).toContain('No time was measured for this report, and none is shown.');
  });
});

describe('the headline', () => {
  it('names the network with fewer multiply-adds that takes longer, and what explains it', () => {
    const { headline, explanation } = findings([10, 14]);
    expect(headline).toBe(
      'densenet121 does 0.69x the multiply-adds of resnet50 and takes 1.40x the time (1.40 to 1.40).',
    );
    expect(explanation).toContain(
      'What multiply-adds do not show: densenet121 has 1.09x the memory access and runs 2.47x as many ops.',
    );
  });

  it('turns the pair around where the baseline is the surprising one', () => {
    // vovnet39 has 1.73x the multiply-adds of resnet50.
    const { headline } = findings([10, 8], [resnet!, vovnet!]);
    expect(headline).toBe('resnet50 does 0.58x the multiply-adds of vovnet39 and takes 1.25x the time (1.25 to 1.25).');
  });

  it('claims no surprise where fewer multiply-adds take less time, and still has numbers', () => {
    const { headline, explanation } = findings([10, 5]);
    expect(headline).toBe('densenet121 takes 0.50x the time of resnet50 (0.50 to 0.50).');
    expect(explanation).toBe(
      'Among these 2 networks, none with fewer multiply-adds takes notably longer. Beside resnet50, densenet121 has 0.69x the multiply-adds and 1.09x the memory access. Measured on synthetic (synthetic).',
    );
  });

  it('without a surprise names the fastest, and which cannot be told apart from it', () => {
    const three = [resnet!, densenet!, vovnet!];
    expect(findings([9.5, 7, 10], three).headline).toBe(
      'densenet121 takes 0.74x the time of resnet50 (0.74 to 0.74), the least of 3 networks.',
    );
    const names = ['resnet50', 'resnet34', 'resnet18'].map((name) => profileOf(name));
    expect(findings([10, 7, 7], names).headline).toMatch(
      /^resnet34 takes 0\.70x .*; resnet18 cannot be told apart from it\.$/,
    );
    expect(
      findings(
        [7, 10, 14],
        ['resnet18', 'resnet34', 'resnet50'].map((name) => profileOf(name)),
      ).headline,
    ).toBe(
      'resnet18 is the fastest of 3 networks; the next, resnet34, takes 1.43x the time of resnet18 (1.43 to 1.43).',
    );
    expect(findings([7, 7, 7], names).headline).toBe(
      'All 3 networks take the same time: none differs significantly from resnet50.',
    );
  });

  it('speaks of the baseline that the user chose', () => {
    const profiles = [resnet!, densenet!, vovnet!];
    const runs = profiles.map((profile, i) => taking(profile, [9.5, 7, 10][i]!));
    const [view] = reportData({ madeAt: '2001-01-01', version: '0', profiles, runs, baseline: 'vovnet39' }).views;
    expect(view!.headline).toBe(
      'densenet121 takes 0.70x the time of vovnet39 (0.70 to 0.70), the least of 3 networks.',
    );
    expect(view!.explanation).toMatch(/^Beside vovnet39, no network with fewer multiply-adds takes notably longer/);
  });

  it('calls times the same that the measurement cannot tell apart, with their ratio', () => {
    const runs = [wide(taking(resnet, 10), 1), wide(taking(densenet, 10.1), -1)];
    const profiles = [resnet!, densenet!];
    expect(reportData({ madeAt: '2001-01-01', version: '0', profiles, runs }).views[0]!.headline).toMatch(
      /^densenet121 shows no significant difference in time from resnet50: 1\.01x \(0\.9\d to 1\.0\d\)\.$/,
    );
  });

  it('says of single sessions that they cannot tell, and why', () => {
    const single = (run: Run): Run => ({ ...run, sessions: [] });
    const runs = [single(taking(resnet, 10)), single(taking(densenet, 14))];
    const profiles = [resnet!, densenet!];
    const { headline, explanation } = reportData({ madeAt: '2001-01-01', version: '0', profiles, runs }).views[0]!;
    expect(headline).toBe(
      'densenet121 does 0.69x the multiply-adds of resnet50 but needs 1.09x its memory access; which is faster is not known.',
    );
    expect(explanation).toBe(
      'It runs 2.47x as many ops. densenet121 took 1.40x the time of resnet50 (anything from 0.93x to 2.10x is possible). Measure again with more sessions (--sessions 10), on a machine that does nothing else. Measured on synthetic (synthetic).',
    );
  });

  it('says of too few windows that they do not show how sure a ratio is', () => {
    const once = (run: Run): Run => ({
      ...run,
      sessions: [{ ...run.sessions[0]!, windows: 2 }],
      times: { ...run.times, windows: run.times.windows.slice(0, 2) },
    });
    const profiles = [resnet!, densenet!];
    const runs = [once(taking(resnet, 10)), once(taking(densenet, 14))];
    const { headline, explanation } = reportData({ madeAt: '2001-01-01', version: '0', profiles, runs }).views[0]!;
    expect(headline).toMatch(/; which is faster is not known\.$/);
    expect(explanation).toContain(
      '1.40x the time of resnet50, in too few windows to know how sure that is. Measure again',
    );
  });

  it('without a surprise and without times says which costs the least, by how much, and that nothing was measured', () => {
    const { headline, explanation } = findings(
      [null, null, null],
      ['vgg16', 'resnet18', 'vgg11'].map((n) => profileOf(n)),
    );
    const [vgg, light] = ['vgg16', 'resnet18'].map((n) => profileOf(n).totals);
    const ratio = (pick: (totals: typeof vgg) => number): string => (pick(light) / pick(vgg)).toFixed(2);
    expect(headline).toBe(
      `resnet18 costs the least of 3 networks; beside vgg16: ${ratio((t) => t!.multAdds)}x the multiply-adds and ${ratio((t) => t!.memoryAccess.unfused)}x the memory access.`,
    );
    expect(explanation).toBe(
      'Among these 3 networks, none with fewer multiply-adds needs notably more memory access. No time was measured for this report, and none is shown.',
    );
  });

  it('of two networks says which costs less, and of which cost there is no difference', () => {
    const two = (work: number, access: number) => {
      const { totals } = resnet!;
      const memoryAccess = { ...totals.memoryAccess, unfused: Math.round(access * totals.memoryAccess.unfused) };
      const multAdds = Math.round(work * totals.multAdds);
      return findings(
        [null, null],
        [resnet!, { ...resnet!, model: 'other', totals: { ...totals, multAdds, memoryAccess } }],
      );
    };
    expect(two(0.94, 1).headline).toBe(
      'other costs less than resnet50: 0.94x the multiply-adds and the same memory access.',
    );
    expect(two(1.2, 1.1).headline).toBe(
      'other costs more than resnet50: 1.20x the multiply-adds and 1.10x the memory access.',
    );
    expect(two(0.99, 1.5).headline).toBe(
      'Beside resnet50, other has 0.99x the multiply-adds and 1.50x the memory access.',
    );
    expect(two(1.001, 1).headline).toBe(
      'other and resnet50 cost the same: their multiply-adds and their memory access differ by less than 0.5 %.',
    );
  });

  it('offers no reason that points the other way', () => {
    const lighter = {
      ...densenet!,
      totals: { ...densenet!.totals, ops: 1, memoryAccess: { ...densenet!.totals.memoryAccess, unfused: 1 } },
    };
    const { explanation } = findings([10, 14], [resnet!, lighter]);
    expect(explanation).toContain('Neither memory access');
  });

  it('speaks of counts only where nothing was measured', () => {
    expect(findings([null, null]).headline).toBe(
      'densenet121 does 0.69x the multiply-adds of resnet50 but needs 1.09x its memory access.',
    );
  });

  it('says whose time alone is known, and compares counts', () => {
    const { headline, explanation } = findings([10, null]);
    expect(headline).toContain('but needs 1.09x its memory access');
    expect(explanation).toContain('Only resnet50 was measured on synthetic (synthetic), so no times are compared.');
  });

  it('describes a network that stands alone', () => {
    expect(findings([null], [resnet!]).headline).toBe(
      'resnet50 does 4.09 G multiply-adds with 25.6 M parameters, and accesses 106 M elements of memory.',
    );
  });

  it('never hides that a software driver played the GPU', () => {
    const subject: Subject = {
      network: { ...resnet!, label: 'resnet50', stages: null, layers: null },
      run: { ...taking(resnet, 10), device: { ...syntheticRun(resnet!).device, software: true } },
    };
    const { explanation } = findingsOf([subject], 0, null);
    expect(explanation).toContain('a software GPU');
  });
});

describe('the ranking', () => {
  const five = ['resnet18', 'resnet34', 'resnet50', 'resnet101', 'resnet152'].map((name) => profileOf(name));

  it('of five networks in the order of their counts is 1', () => {
    expect(findings([1, 2, 3, 4, 5], five).ranking).toBe(
      'Over 5 networks on synthetic (synthetic), the rank correlation with time is 1.00 for unfused memory access, 1.00 for multiply-adds and 1.00 for parameters.',
    );
  });

  it('in the opposite order is -1', () => {
    expect(findings([5, 4, 3, 2, 1], five).ranking).toContain('-1.00 for multiply-adds');
  });

  it('of four networks is not told: even a perfect order could be chance', () => {
    expect(findings([1, 2, 3, 4], five.slice(0, 4)).ranking).toBeNull();
    expect(findings([1, 2, 3, 4, null], five).ranking).toBeNull();
  });
});

it('a CPU is called one, whatever its name', () => {
  const device = { ...syntheticRun(resnet!).device, kind: 'cpu' as const };
  const onCpu = (name: string): string =>
    reportData({
      ...{ madeAt: '2001-01-01', version: '0', profiles: [resnet!] },
      runs: [{ ...taking(resnet, 10), device: { ...device, name } }],
    }).views[0]!.label;
  expect(onCpu('AMD EPYC')).toBe('AMD EPYC CPU (synthetic), batch 1');
  expect(onCpu('Some(R) CPU @ 2 GHz')).toBe('Some(R) CPU @ 2 GHz (synthetic), batch 1');
});
