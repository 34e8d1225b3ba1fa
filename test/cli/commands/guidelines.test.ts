// Does flopscope study guidelines count, measure and judge, and refuse what it cannot?

import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { LabResult } from '../../../src/lab/outcome.js';
import { capture } from '../capture.js';

describe('flopscope study guidelines', () => {
  it('is one table of all trials as csv', async () => {
    const { out, code } = await capture(['guidelines', '--format', 'csv']);
    expect(code).toBe(0);
    const lines = out
      .trim()
      .split('\n')
      .map((line) => line.replaceAll(/"[^"]*"/g, '').split(','));
    expect(new Set(lines.map(({ length }) => length)).size).toBe(1);
    expect(lines[0]!.slice(0, 3)).toEqual(['experiment', 'scale', 'variant']);
    expect([...new Set(lines.slice(1).map(([key]) => key))]).toEqual(['G1', 'G2', 'G3', 'G4', 'split', 'bottleneck']);
  });

  it('counts every experiment beside the papers without measuring', async () => {
    const { out, code } = await capture(['guidelines', '--no-measure']);
    expect(code).toBe(0);
    expect(out.match(/^(G1|G2|G3|G4|split|bottleneck): /gm)).toHaveLength(6);
    expect(out).not.toMatch(/It holds|null|NaN/);
  });

  it('measures on an engine and gives a verdict with its reasons', async () => {
    const small = ['--only', 'g1,G4', '--scales', '1', '--side', '8', '--blocks', '2', '--widths', 'arm'];
    const quick = ['--engine', 'wasm', '--min-window', '0.01', '--windows', '3', '--no-ceilings'];
    const { out, code } = await capture(['guidelines', '--measure', ...small, ...quick, '--format', 'json']);
    expect(code).toBe(0);
    const { schema, device, outcomes } = JSON.parse(out) as {
      schema: string;
      device: string;
      outcomes: { key: string; verdict: string; trials: { milliseconds: number }[] }[];
    };
    expect(schema).toBe('flopscope.guidelines/1');
    expect(device).toContain('(wasm)');
    expect(outcomes.map(({ key }) => key)).toEqual(['G1', 'G4']);
    for (const { verdict, trials } of outcomes) {
      expect(['holds', 'does not hold', 'within noise']).toContain(verdict);
      for (const { milliseconds } of trials) expect(milliseconds).toBeGreaterThan(0);
    }
  });

  it.each([
    [['--only', 'G5'], '--only G5: there is no such experiment; the nearest names are G1'],
    [['--scales', '0'], 'whole number of at least 1'],
    [['--scales', '1,1'], 'Each scale only once'],
    [['--widths', 'cpu'], 'Allowed choices are gpu, arm'],
  ])('%j ends with exit code 2: %s', async (args, message) => {
    const { out, err, code } = await capture(['guidelines', '--no-measure', ...args]);
    expect([code, out]).toEqual([2, '']);
    expect(err).toContain(message);
  });
});

describe('what flopscope study guidelines writes', () => {
  const inFolder = async (check: (folder: string) => Promise<void>): Promise<void> => {
    const folder = await mkdtemp(join(tmpdir(), 'flopscope-lab-'));
    await check(folder).finally(() => rm(folder, { recursive: true }));
  };
  const counted = ['guidelines', '--no-measure', '--only', 'G1,split', '--scales', '1'];

  it('a page that says that nothing was measured, and a picture of each experiment', () =>
    inFolder(async (folder) => {
      const { code } = await capture([...counted, '-o', join(folder, 'g.html'), '--charts', join(folder, 'charts')]);
      expect(code).toBe(0);
      const page = await readFile(join(folder, 'g.html'), 'utf8');
      expect(page).toMatch(/default-src 'none'; script-src 'sha256-[^']+'; style-src 'sha256-/);
      expect(page.split('<script')[0]).not.toMatch(/ style=|https?:\/\//);
      expect(page).toContain('Nothing was measured here');
      expect(page.match(/<div class="charts" id="charts-guideline-(g1|split)">/g)).toHaveLength(2);
      expect(page.length).toBeLessThan(600_000);
      expect((await readdir(join(folder, 'charts'))).sort()).toEqual(
        ['g1', 'split'].flatMap((key) => ['pdf', 'png', 'svg'].map((kind) => `guideline-${key}.${kind}`)),
      );
    }));

  it('a record equal to what --format json prints', () =>
    inFolder(async (folder) => {
      const path = join(folder, 'g.json');
      const { out } = await capture([...counted, '-o', path, '--format', 'json']);
      expect(await readFile(path, 'utf8')).toBe(out);
    }));

  it.each([
    ['g.txt', 'a page ends in .html, a record in .json'],
    ['missing/g.html', 'cannot be written'],
  ])('nothing to %s: %s', (name, message) =>
    inFolder(async (folder) => {
      const { out, err, code } = await capture([...counted, '-o', join(folder, name)]);
      expect([code, out]).toEqual([2, '']);
      expect(err).toContain(message);
      expect(await readdir(folder)).toEqual([]);
    }),
  );
});

describe('a record that was measured before', () => {
  const MEASURED = 'fixtures/runs/guidelines-amd-epyc-onnxruntime.json';

  it('is shown again without measuring, on the machine that it names', async () => {
    const { out, code } = await capture(['guidelines', '--from', MEASURED]);
    expect(code).toBe(0);
    expect(out.match(/^(G1|G2|G3|G4|split|bottleneck): /gm)).toHaveLength(6);
    expect(out).toContain('on AMD EPYC CPU (onnxruntime), 2 cores');
    expect(out).toMatch(/^1:12 .* \d+\.\d\dx \(\d+\.\d\d to \d+\.\d\d\) /m);
  });

  it('has no intervals where it was made before they were', async () => {
    const record = JSON.parse(await readFile(MEASURED, 'utf8')) as LabResult;
    const outcomes = record.outcomes.map((outcome) => ({
      ...outcome,
      trials: outcome.trials.map((trial) => ({
        ...trial,
        ratios: Object.fromEntries(
          Object.entries(trial.ratios).filter(([key]) => key !== 'interval' && key !== 'comparison'),
        ),
      })),
    }));
    const folder = await mkdtemp(join(tmpdir(), 'flopscope-guidelines-'));
    try {
      await writeFile(join(folder, 'lab.json'), JSON.stringify({ ...record, outcomes }));
      const { out, err } = await capture(['guidelines', '--from', join(folder, 'lab.json')]);
      expect([err, out]).toEqual(['', expect.stringMatching(/^1:12 .* \d+\.\d\dx {2}/m)]);
      expect(out).not.toContain(' to 1');
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it('comes back as it was', async () => {
    const { out } = await capture(['guidelines', '--from', MEASURED, '--format', 'json']);
    expect(JSON.parse(out)).toEqual(JSON.parse(await readFile(MEASURED, 'utf8')));
  });

  it('says how it was measured, and what its verdicts rest on', async () => {
    const { outcomes, setup } = JSON.parse(await readFile(MEASURED, 'utf8')) as LabResult;
    expect(setup).toMatchObject({ engine: 'onnxruntime', environment: { cores: 2 }, device: { name: 'AMD EPYC' } });
    for (const outcome of outcomes)
      for (const [i, { bearing, emulated, ratios }] of outcome.trials.entries()) {
        if (i > 0 && !emulated && !outcome.trials[0]!.emulated) expect(bearing).not.toBeNull();
        if (bearing === 'within noise' || outcome.measure !== 'time' || bearing === null) continue;
        expect(Math.abs(ratios.time! - 1)).toBeGreaterThan(2 * ratios.uncertainty!);
      }
  });

  it.each([
    [['--only', 'G1'], 'leave out --only'],
    [['--engine', 'wasm'], 'leave out --engine'],
    [['--no-measure'], 'leave out --no-measure'],
  ])('%j beside it is refused: %s', async (flags, message) => {
    const { out, err, code } = await capture(['guidelines', '--from', MEASURED, ...flags]);
    expect([code, out]).toEqual([2, '']);
    expect(err).toContain(message);
  });

  it.each([
    [
      'fixtures/runs/amd-epyc-wasm.json',
      'holds no record of flopscope study guidelines (its schema is "flopscope.runs/1"',
    ],
    ['README.md', 'is not JSON'],
    ['missing.json', 'missing.json'],
  ])('%s is none: %s', async (path, message) => {
    const { out, err, code } = await capture(['guidelines', '--from', path]);
    expect([code, out]).toEqual([2, '']);
    expect(err).toContain(message);
  });

  it('of another experiment is told where it belongs', async () => {
    const { err, code } = await capture(['study', 'osa', '--from', MEASURED]);
    expect(code).toBe(2);
    expect(err).toContain('is a record of flopscope study guidelines: give it to flopscope study guidelines --from');
  });
});
