// Do VoVNet's printed figures follow from our networks? Every figure of Table 4, and every difference that cancels the heads.

import { describe, expect, it } from 'vitest';
import { builtIn, isBuiltIn } from '../../src/builtIn.js';
import { detectorOn } from '../../src/detectors/table.js';
import { graphOf } from '../../src/model.js';
import { profile } from '../../src/profile.js';
import { difference, printed, verdictOf, verdictOfDifference } from '../../src/studies/printed.js';
import { TABLES } from '../../src/studies/voVNetRows.js';
import { studyCases, studyJobs, voVNetTables } from '../../src/studies/voVNetTables.js';
import { capture } from '../cli/capture.js';

const cases = studyCases(TABLES);
const { rows, differences } = voVNetTables(cases);

describe('the model of a row', () => {
  const named = rows.map(({ model }) => [model, ...model.split('@')] as const);

  it.each(named.filter(([, , backbone]) => isBuiltIn(backbone!)))('%s is what profile counts by that name', (model) => {
    const [detector, backbone] = model.split('@') as [string, string];
    const { totals } = profile(graphOf(detectorOn(detector, builtIn(backbone))));
    expect(rows.find((row) => row.model === model)!.multAdds).toBe(totals.multAdds);
  });

  it('has a name of its own where its backbone is built otherwise', () => {
    const others = new Set(named.map(([, , backbone]) => backbone!).filter((backbone) => !isBuiltIn(backbone)));
    expect([...others].sort()).toEqual([
      'resnet101-caffe',
      'resnet50-caffe',
      'resnext101_32x8d',
      'vovnet27_slim-halved-inputs',
      'vovnet27_slim-halved-layers',
      'vovnet27_slim-paper-stem',
      'vovnet39-paper-stem',
      'vovnet57-paper-stem',
    ]);
  });
});

describe('a printed figure', () => {
  it('may have been rounded or cut off', () => {
    expect(printed('32.6').range).toEqual([expect.closeTo(32.55), expect.closeTo(32.7)]);
    expect(printed('25.0').range).toEqual([expect.closeTo(24.95), expect.closeTo(25.1)]);
    expect(printed('37').range).toEqual([36.5, 38]);
  });

  it('agrees in all digits, within one per cent, or not', () => {
    expect([5.55, 5.6999, 5.5499, 5.7001].map((ours) => verdictOf(ours, printed('5.6')))).toEqual([
      'all digits',
      'all digits',
      'within 1 %',
      'differs',
    ]);
  });

  it('of a difference, one per cent says more than coarse digits do', () => {
    const apart = difference(printed('36.45'), printed('32.6'));
    expect(apart.text).toBe('3.85');
    expect(apart.range).toEqual([expect.closeTo(3.745), expect.closeTo(3.91)]);
    expect([3.85, 3.82, 3.79, 3.7].map((ours) => verdictOfDifference(ours, apart))).toEqual([
      'within 1 %',
      'within 1 %',
      'as far as printed',
      'differs',
    ]);
  });
});

describe('the rows', () => {
  it('of Table 4 have every printed digit of FLOPs and params', () => {
    const table4 = rows.filter(({ table }) => table === '4');
    expect(table4).toHaveLength(6);
    for (const { backbone, flops, params } of table4) {
      expect([flops.verdict, params.verdict], backbone).toEqual(['all digits', 'all digits']);
      expect(Math.abs(params.off!), backbone).toBeLessThan(0.0001);
    }
    expect(table4.map(({ flops }) => flops.ours.toFixed(2))).toEqual([
      '25.43',
      '24.65',
      '32.66',
      '33.02',
      '32.74',
      '36.45',
    ]);
  });

  it('of the README are CenterMask, not Faster R-CNN', () => {
    const verdicts = (detector: string) =>
      rows.filter((row) => row.detector === detector).map(({ params }) => params.verdict);
    expect(new Set(verdicts('CenterMask'))).toEqual(new Set(['all digits']));
    expect(new Set(verdicts('Faster R-CNN FPN'))).toEqual(new Set(['differs']));
    expect(new Set(verdicts('Faster R-CNN FPNLite'))).toEqual(new Set(['all digits']));
  });

  it('of Table 2 are all counted, SSD300 and Pelee304 to every printed digit', () => {
    const table2 = rows.filter(({ table }) => table === '2');
    expect(table2.map(({ detector, flops, params }) => [detector, flops.verdict, params.verdict])).toEqual([
      ['SSD300', 'all digits', 'all digits'],
      ['Pelee304', 'all digits', 'all digits'],
      ['DSOD300', 'all digits', 'differs'],
      ['DSOD300', 'all digits', 'all digits'],
    ]);
  });

  it('of Mask R-CNN, CenterMask2 and CenterMask2-Lite stand there with their times, and only of backbones their params', () => {
    const of = (detector: string) => rows.filter((row) => row.detector === detector);
    expect(of('Mask R-CNN FPN').map(({ figures }) => figures.milliseconds)).toEqual([
      '44',
      '55',
      '52',
      '70',
      '58',
      '129',
      '76',
    ]);
    expect(of('CenterMask2').map(({ backbone }) => backbone)).toEqual(['V2-39', 'V2-57', 'V2-99']);
    expect(of('CenterMask2-Lite').map(({ params, paramsOf }) => [params.verdict, paramsOf])).toEqual([
      ['all digits', 'V-19-eSE'],
      ['all digits', 'V-19-slim-eSE'],
      ['all digits', 'V-19-slim-dw-eSE'],
      [null, null],
    ]);
    for (const { flops, model } of of('CenterMask2-Lite')) {
      expect(model).toMatch(/^centermask-lite@/);
      expect(flops.ours).toBeGreaterThan(20);
    }
  });

  it('say which differ, and every one says why', () => {
    const differing = rows.filter(({ flops, params }) => [flops.verdict, params.verdict].includes('differs'));
    expect(differing.map(({ table, backbone }) => `${table} ${backbone}`)).toEqual([
      '2 DenseNet-67',
      '3 + 1x1 bottleneck, as its text',
      ...['V2-19', 'R-50', 'V2-39', 'R-101', 'V2-57', 'X-101', 'V2-99'].map((backbone) => `readme ${backbone}`),
    ]);
    for (const { note } of rows) expect(note).toMatch(/^[^.]+.*\.$/);
  });

  it('keep the printed FLOP/s: printed FLOPs times printed frames', () => {
    for (const { figures, backbone } of rows.filter(({ figures }) => figures.efficiency !== undefined)) {
      const product = Number(figures.flops) * Number(figures.fps);
      expect(Math.abs(product / Number(figures.efficiency) - 1), backbone).toBeLessThan(0.06);
    }
  });
});

describe('the differences', () => {
  it('of params agree within one per cent', () => {
    expect(differences).toHaveLength(8);
    for (const { to, from, params } of differences) {
      expect(params.verdict, `${to} - ${from}`).toBe('within 1 %');
      expect(Math.abs(params.off!)).toBeLessThan(0.01);
    }
  });

  it('of FLOPs agree within one per cent, or as far as the digits say', () => {
    expect(differences.flatMap(({ to, flops }) => (flops ? [[to, flops.ours.toFixed(2), flops.verdict]] : []))).toEqual(
      [
        ['+ 1x1 bottleneck', '-1.02', 'as far as printed'],
        ['ResNet-101', '7.59', 'within 1 %'],
        ['VoVNet-57', '3.79', 'as far as printed'],
      ],
    );
  });

  it('all lie inside what the digits allow, and those whose digits cannot tell one per cent are said', () => {
    const figures = differences.flatMap(({ to, flops, params }) =>
      [flops, params].flatMap((one, i) => (one ? [{ name: `${to} ${i === 0 ? 'FLOPs' : 'params'}`, ...one }] : [])),
    );
    expect(figures.filter(({ inside }) => inside !== true)).toEqual([]);
    expect(figures.flatMap(({ tells, name }) => (tells === true ? [] : [name]))).toEqual([
      '+ 1x1 bottleneck FLOPs',
      '+ 1x1 bottleneck params',
      'VoVNet-57 FLOPs',
    ]);
  });
});

it('a network that stands in two tables is run once, and one whose time is not published never', () => {
  const jobs = studyJobs(cases, 2);
  expect(new Set(jobs.map(({ counted }) => counted.model)).size).toBe(jobs.length);
  const slim = jobs.find(({ counted }) => counted.model === 'dsod300@vovnet27_slim-paper-stem')!;
  expect(slim.cases.map(({ published }) => published.table)).toEqual(['2', '3']);
  expect(slim.counted.input.n).toBe(2);
  expect(jobs.some(({ counted }) => counted.model === 'centermask@V-39-eSE')).toBe(true);
  expect(jobs.some(({ counted }) => counted.model === 'centermask@V-19-eSE')).toBe(false);
});

describe('flopscope study', () => {
  it('vovnet-tables, in whatever case', async () => {
    const { out, code } = await capture(['study', 'voVNet-tables', '--only', '4']);
    expect(code).toBe(0);
    expect(out).toContain(
      'RefineDet320  VoVNet-57        36.45  36.45   0.0 %  all digits      70.32  70.32  0.0 %  all digits',
    );
    expect(out).toContain('ResNet-101 - ResNet-50');
    expect(out).not.toContain('Table 2');
  });

  it('prints the interval that the digits allow where they cannot tell one per cent', async () => {
    const { out } = await capture(['study', 'vovnet-tables', '--only', '4']);
    expect(out).toContain(
      'VoVNet-57 - VoVNet-39, FLOPs: the digits of the two rows allow 3.74 to 3.91 G, that is -2.7 % to +1.6 % of 3.85, so that 1 % cannot be told from them; ours, 3.79, lies inside.',
    );
    expect(out.match(/cannot be told from them/g)).toHaveLength(1);
  });

  it.each(['json', 'csv', 'markdown'])('as %s', async (format) => {
    const { out, code } = await capture(['study', 'vovnet-tables', '--format', format]);
    expect(code).toBe(0);
    expect(out).toContain('VoVNet-27-slim');
    if (format === 'json') expect(JSON.parse(out)).toEqual(JSON.parse(JSON.stringify(voVNetTables(cases))));
    else expect(out).not.toMatch(/undefined|NaN|null/);
    // A program reads one table.
    if (format === 'csv') expect(out.trim().split('\n')).toHaveLength(rows.length + 1);
  });

  it('fills in what this device does', async () => {
    const { out, code } = await capture([
      ...[
        'study',
        'vovnet-tables',
        '--only',
        '2',
        '--measure',
        '--engine',
        'onnxruntime',
        '--threads',
        '1',
        '--no-ceilings',
      ],
      ...['--sessions', '1', '--warmups', '1', '--windows', '1', '--min-window', '0.01', '--format', 'json'],
    ]);
    expect(code).toBe(0);
    const result = JSON.parse(out) as ReturnType<typeof voVNetTables>;
    expect(result.device).toMatch(/onnxruntime/);
    expect(result.rows.map(({ measured }) => measured !== null)).toEqual([true, true, true, true]);
    const { flops, measured } = result.rows[3]!;
    expect(measured!.gigaflopsPerSecond).toBeLessThan(flops.ours * measured!.framesPerSecond);
    expect(measured!.framesPerSecond).toBeGreaterThan(0);
  }, 120_000);

  it.each([
    [['study', 'vovnet-table'], 'there is no study "vovnet-table"; the nearest name is vovnet-tables'],
    [['study', 'vovnet-tables', '--only', '5'], '--only 5: there is no such table'],
    [['study', 'vovnet-tables', '--batch', '8'], 'add --measure'],
  ])('%s is refused', async (args, says) => {
    const { out, err, code } = await capture(args);
    expect(err).toContain(says);
    expect([out, code]).toEqual(['', 2]);
  });
});
