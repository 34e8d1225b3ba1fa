// What does `flopscope report` write, and how does it end? Good and bad input; an existing report is never half-overwritten.

import { existsSync, readFileSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { labelsOf } from '../../../cli/commands/report/written.js';
import type { ReportData } from '../../../reports/report/reportData.js';
import { reportOf } from '../../../reports/report/reportOf.js';
import { builtIn } from '../../../src/builtIn.js';
import { recordedGraph, type RecordedGraph } from '../../../src/measure/recordedGraph.js';
import type { Run } from '../../../src/measure/run.js';
import { graphOf } from '../../../src/model.js';
import { capture } from '../capture.js';
import { profileOf, syntheticRun } from '../../reports/synthetic.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'flopscope-report-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const at = (name: string): string => join(folder, name);
const report = (...args: readonly string[]) => capture(['report', ...args]);

async function runFile(name: string, ...runs: readonly Run[]): Promise<string> {
  await writeFile(at(name), JSON.stringify({ schema: 'flopscope.runs/1', runs }));
  return at(name);
}

function dataIn(path: string): ReportData {
  const [, json] = /id="data">([^]*?)<\/script>/.exec(readFileSync(path, 'utf8'))!;
  return JSON.parse(json!) as ReportData;
}

const resnet = profileOf('resnet18');

describe('--only', () => {
  const { data } = reportOf(['resnet18', 'vovnet27_slim'].map((name) => builtIn(name)));

  it.each([[['resnet18', 'vovnet27_slim']], [['resnet18,vovnet27_slim']], [['resnet18, vovnet27_slim', 'resnet18']]])(
    'takes %j',
    (named) => {
      expect(labelsOf(data, named)).toEqual(['resnet18', 'vovnet27_slim']);
    },
  );

  it.each([
    [['resnet18,vgg16'], /^--only vgg16: the report has no network of this name; it has resnet18, vovnet27_slim$/],
    [[','], /^--only ,: the report has no network/],
  ])('refuses %j', (named, message) => {
    expect(() => labelsOf(data, named)).toThrow(message);
  });
});

describe('a page', () => {
  it('is written whole, and its finding and address are printed', async () => {
    const { out, code } = await report('resnet18', 'vovnet27_slim', '-o', at('report.html'), '--title', 'Two');
    expect(code).toBe(0);
    expect(out).toMatch(/none is shown\.\nfile:\/\/.*report\.html \(\d+\.\d KiB\)\n$/);
    const data = dataIn(at('report.html'));
    expect(data.title).toBe('Two');
    expect(data.networks.map(({ label }) => label)).toEqual(['resnet18', 'vovnet27_slim']);
    expect(await readdir(folder)).toEqual(['report.html']);
  });

  it('of one network leads with its diagnosis, and with --device has predicted times', async () => {
    const { out, code } = await report('densenet121', '--device', 'rtx-4090,i9-10940x', '-o', at('report.html'));
    expect(code).toBe(0);
    expect(out).toMatch(/^densenet121: /);
    const [view] = dataIn(at('report.html')).views;
    expect(view!.answer!.kind).toBe('predicted');
    expect(view!.answer!.layers).toHaveLength(dataIn(at('report.html')).networks[0]!.layers!.length);
    expect(view!.predicted!.rows.map(({ device }) => device)).toEqual(['rtx-4090', 'i9-10940x']);
  });

  it('of a run file alone has the layers and the diagnosis of its network', async () => {
    const graph = graphOf(builtIn('densenet121'));
    const counted = { ...profileOf('densenet121'), model: 'mine', source: 'onnx' as const };
    const runs = await runFile('mine.json', {
      ...syntheticRun(counted),
      graph: JSON.parse(JSON.stringify(recordedGraph(graph, counted))) as RecordedGraph,
    });
    expect((await report('--runs', runs, '-o', at('report.html'))).code).toBe(0);
    const { networks, views, notes, runs: shown } = dataIn(at('report.html'));
    expect(networks[0]!.layers).toHaveLength(counted.layers.length);
    expect(views[0]!.answer!.kind).toBe('measured');
    expect(notes.join(' ')).not.toContain('layers are not known');
    expect(shown[0]).not.toHaveProperty('graph');
  });

  it('is under 400 KB besides its data', async () => {
    await report('resnet18', '-o', at('report.html'));
    const page = readFileSync(at('report.html'), 'utf8');
    const [, json] = /id="data">([^]*?)<\/script>/.exec(page)!;
    expect(page.length - json!.length).toBeLessThan(400_000);
  });

  it('shows runs with their networks at their batch, whether these are named or not', async () => {
    const runs = await runFile('runs.json', syntheticRun(profileOf('resnet18', 8)));
    for (const names of [['resnet18'], []]) {
      const { code } = await report(...names, '--runs', runs, '-o', at('report.html'));
      expect(code).toBe(0);
      const { networks, views, notes } = dataIn(at('report.html'));
      expect(networks).toHaveLength(1);
      expect(networks[0]!.layers).not.toBeNull();
      expect(views[0]).toMatchObject({ batch: 8, entries: [{ network: 0, run: 0 }] });
      expect(notes).toEqual([]);
    }
  });

  it('labels a run of a model that was not named, and runs of other machines, apart', async () => {
    const other = syntheticRun(profileOf('vgg11'), { device: { ...syntheticRun(resnet).device, name: 'another' } });
    const runs = await runFile('runs.json', syntheticRun(resnet), other);
    expect((await report('resnet18', '--runs', runs, '-o', at('report.html'))).code).toBe(0);
    const { views, notes } = dataIn(at('report.html'));
    expect(views.map(({ label }) => label)).toEqual(['synthetic (synthetic), batch 1', 'another (synthetic), batch 1']);
    expect(notes).toEqual(['vgg11 was not named: it is here because the run files hold it.']);
  });

  it('of a run whose network only bears the name of a built-in one keeps it as the baseline, and tells the difference', async () => {
    const edited = { ...resnet, totals: { ...resnet.totals, params: resnet.totals.params + 9 } };
    const runs = await runFile('runs.json', syntheticRun(edited), syntheticRun(profileOf('vgg11')));
    expect((await report('--runs', runs, '-o', at('report.html'))).code).toBe(0);
    const { views, networks, notes } = dataIn(at('report.html'));
    expect(networks[views[0]!.entries[views[0]!.baseline]!.network]!.label).toBe('resnet18 (run file)');
    expect(networks.map(({ layers }) => layers !== null)).toEqual([false, true]);
    expect(notes).toEqual([
      expect.stringContaining('and 11,689,521 parameters, not 1,814,073,344 and 11,689,512 (an edited config'),
    ]);
  });

  it('takes a run whose layers were not timed, and says once what that leaves out', async () => {
    const runs = await runFile('runs.json', syntheticRun(resnet, { layers: null, noLayers: 'not asked for' }));
    const { code, err } = await report('resnet18', '--runs', runs, '-o', at('report.html'));
    expect(code).toBe(0);
    expect(err).toBe('resnet18: no times of layers (not asked for), so charts of layer times leave it out\n');
  });

  it('compares to another baseline', async () => {
    await report('resnet18', 'vgg11', '--baseline', 'vgg11', '-o', at('report.html'));
    expect(dataIn(at('report.html')).views[0]!.findings[0]).toMatch(/^resnet18 has .* of vgg11/);
  });
});

describe('charts and summary', () => {
  it('are written and linked from Markdown', async () => {
    const { code, err } = await report(
      ...['resnet18', 'vgg11', '--format', 'markdown', '-o', at('summary.md'), '--charts', at('charts')],
    );
    expect(code).toBe(0);
    expect(err).toContain('3 charts as PNG, SVG and PDF');
    const text = readFileSync(at('summary.md'), 'utf8');
    expect(text).toContain('![Cost relative to the baseline](charts/relative-cost.png)');
    for (const [, path] of text.matchAll(/\]\((.*?)\)/g)) expect(existsSync(at(path!))).toBe(true);
  });

  it('Markdown goes to the screen where no file is named', async () => {
    const { out, code } = await report('resnet18', '--format', 'markdown');
    expect(code).toBe(0);
    expect(out).toMatch(/^## resnet18\n/);
  });
});

describe('bad input ends with 2 and one sentence', () => {
  it.each([
    ['no models', [], 'there is nothing to report: name models, or give --runs'],
    ['an unknown model', ['resnet'], 'resnet'],
    ['an unknown baseline', ['resnet18', '--baseline', 'x'], '--baseline x is not in the report'],
    ['several batches without --measure', ['resnet18', '--batch', '1,2'], 'several batches can only be measured'],
    ['a run file that is not there', ['--runs', '/nowhere/run.json'], '/nowhere/run.json'],
    ['--runs beside --measure', ['resnet18', '--measure', '--runs', 'a.json'], 'exclude each other'],
    [
      'a folder that is not there',
      ['resnet18', '-o', '/nowhere/report.html'],
      '/nowhere/report.html: cannot be written',
    ],
    ['an unknown format', ['resnet18', '--format', 'pdf'], 'Allowed choices are html, markdown'],
  ] as const)('%s', async (_, args, message) => {
    const output = (args as readonly string[]).includes('-o') ? [] : ['-o', at('report.html')];
    const { err, out, code } = await report(...args, ...output);
    expect(code).toBe(2);
    expect(out).toBe('');
    expect(err).toContain(message);
    expect(err.trim().split('\n')).toHaveLength(1);
    expect(existsSync(at('report.html'))).toBe(false);
  });

  it.each([
    [
      'a later schema',
      { schema: 'flopscope.run/2' },
      'is a run of another version of flopscope (its schema is flopscope.run/2',
    ],
    [
      'one of a later schema among others',
      { schema: 'flopscope.runs/1', runs: [syntheticRun(resnet), { schema: 'flopscope.run/2' }] },
      'is a run of another version of flopscope (its schema is flopscope.run/2',
    ],
    ['another schema', { schema: 'flopscope.runs/x' }, 'holds no measured run'],
    ['a profile', { schema: 'flopscope.profile/1' }, 'holds no measured run'],
    ['a run with a hole', { ...syntheticRun(resnet), times: {} }, 'times.median is wrong'],
    ['a run with an empty list of layers', syntheticRun(resnet, { layers: [] }), 'layers is wrong (no layer is there'],
    [
      'a run without layers or a reason',
      syntheticRun(resnet, { layers: null }),
      'layers is wrong (nothing is there, nor a reason',
    ],
    ['a run without the field of layers', { ...syntheticRun(resnet), layers: undefined }, 'layers is wrong'],
    ['no run at all', { schema: 'flopscope.runs/1', runs: [] }, 'runs is wrong'],
  ])('a run file of %s, with an existing report left as it was', async (_, content, message) => {
    await writeFile(at('run.json'), JSON.stringify(content));
    await writeFile(at('report.html'), 'as it was');
    const { err, code } = await report('resnet18', '--runs', at('run.json'), '-o', at('report.html'));
    expect(code).toBe(2);
    expect(err).toContain(message);
    expect(readFileSync(at('report.html'), 'utf8')).toBe('as it was');
  });

  it('a folder for charts that is a file', async () => {
    await writeFile(at('charts'), '');
    const { err, code } = await report('resnet18', '-o', at('report.html'), '--charts', at('charts'));
    expect(code).toBe(2);
    expect(err).toContain('the folder cannot be made');
    expect(existsSync(at('report.html'))).toBe(false);
  });

  it.skipIf(process.getuid?.() === 0)('a folder without permission', async () => {
    await mkdir(at('closed'));
    await chmod(at('closed'), 0o500);
    expect((await report('resnet18', '-o', at('closed/report.html'))).code).toBe(2);
  });
});

describe('--training', () => {
  it('shows training beside inference: totals, stages and layers that add up, findings', async () => {
    const { code } = await report('resnet18', 'vgg16_bn', '--training', '--batch', '2', '-o', at('report.html'));
    expect(code).toBe(0);
    const [resnet, vgg] = dataIn(at('report.html')).networks;
    const { totals, stages, layers, findings } = resnet!.training!;
    expect(totals).toMatchObject({ keptBytes: 43193856, backwardMultAdds: 7020265472 });
    for (const parts of [stages, layers]) {
      expect(parts.reduce((sum, { keptBytes }) => sum + keptBytes, 0)).toBe(43193856);
      expect(parts.reduce((sum, { backwardMultAdds }) => sum + backwardMultAdds, 0)).toBe(7020265472);
    }
    expect([stages.length, layers.length]).toEqual([resnet!.stages!.length, resnet!.layers!.length]);
    expect(findings).toEqual([]);
    // VGG drops elements in its head; what that keeps is part of its layers too.
    const kept = vgg!.training!.layers.reduce((sum, { keptBytes }) => sum + keptBytes, 0);
    expect(kept).toBe(vgg!.training!.totals.keptBytes);
    expect(vgg!.training!.findings.map(({ audit }) => audit)).toEqual(['stem-at-full-resolution']);
    expect(readFileSync(at('report.html'), 'utf8')).toContain('<li>Autograd keeps 41.2 MiB.');
  });

  const BUDGET = ['--training', '--memory-budget', '60MB', '-o'] as const;
  it('of a network that misses the budget says by how much, beside the others, and ends with 2', async () => {
    const { code, err } = await report('resnet18', 'vgg16_bn', 'resnet34', ...BUDGET, at('report.html'));
    expect([code, err]).toEqual([
      2,
      expect.stringMatching(
        /^error: vgg16_bn: no set of checkpoints of [a-z, ]+ fits in 60000000 bytes: the least peak is (\d+) bytes, \d+ too many, with \d+ segments under a checkpoint; take a smaller batch or input\n$/,
      ),
    ]);
    const { networks, notes } = dataIn(at('report.html'));
    expect(networks.map(({ training }) => training !== undefined)).toEqual([true, false, true]);
    const { budget, leastPeakBytes } = networks[1]!.missesBudget!;
    expect([budget, err]).toEqual([60_000_000, expect.stringContaining(`${leastPeakBytes - budget} too many`)]);
    expect(notes).toEqual([
      expect.stringMatching(/^vgg16_bn misses the memory budget of 57\.2 MiB by [0-9.]+ [KM]iB: /),
    ]);
    const page = readFileSync(at('report.html'), 'utf8');
    expect(page).toContain(`<h3>vgg16_bn</h3><ul><li>No set of checkpoints of `);
    const markdown = await report('resnet18', 'vgg16_bn', ...BUDGET, at('report.md'));
    expect([markdown.code, readFileSync(at('report.md'), 'utf8')]).toEqual([2, expect.stringContaining('not counted')]);
  });

  it('of networks that all miss the budget is not written', async () => {
    const { code, err } = await report(
      'resnet18',
      'vgg16_bn',
      '--training',
      '--memory-budget',
      '1kB',
      '-o',
      at('a.html'),
    );
    expect([code, err]).toEqual([2, expect.stringMatching(/resnet18: no set[^]*vgg16_bn: no set/)]);
    expect(existsSync(at('a.html'))).toBe(false);
  });

  it('is in the summary, and hidden where nobody asks', async () => {
    const { out } = await report('densenet121', '--training', '--optimizer', 'adam', '--format', 'markdown');
    expect(out).toContain('| kept | training peak | training memory |');
    expect(out).toContain('Training keeps every concat of a dense chain: 58 concats');
    expect(out).toContain('in single precision; adam');
    const plain = await report('densenet121', '--format', 'markdown');
    expect(plain.out).not.toContain('raining');
    await report('resnet18', '-o', at('report.html'));
    expect(readFileSync(at('report.html'), 'utf8')).toContain(
      '<section id="training" aria-labelledby="training-title" hidden>',
    );
  });
});
