// Does flopscope guidelines count, measure and judge, and refuse what it cannot?

import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { capture } from './capture.js';

describe('flopscope guidelines', () => {
  it('counts every experiment beside the papers without measuring', async () => {
    const { out, code } = await capture(['guidelines', '--no-measure']);
    expect(code).toBe(0);
    expect(out.match(/^(G1|G2|G3|G4|split|bottleneck): /gm)).toHaveLength(6);
    expect(out).not.toMatch(/It holds|null|NaN/);
  });

  it('measures on an engine and gives a verdict with its reasons', async () => {
    const small = ['--only', 'g1,G4', '--scales', '1', '--side', '8', '--blocks', '2', '--widths', 'arm'];
    const quick = ['--engine', 'wasm', '--min-window', '0.01', '--windows', '3', '--no-ceilings'];
    const { out, code } = await capture(['guidelines', ...small, ...quick, '--format', 'json']);
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
    [['--only', 'G5'], '--only G5: there is no such experiment; did you mean G1?'],
    [['--scales', '0'], 'whole number of at least 1'],
    [['--scales', '1,1'], 'Each scale only once'],
    [['--widths', 'cpu'], 'Allowed choices are gpu, arm'],
  ])('%j ends with exit code 2: %s', async (args, message) => {
    const { out, err, code } = await capture(['guidelines', '--no-measure', ...args]);
    expect([code, out]).toEqual([2, '']);
    expect(err).toContain(message);
  });
});

describe('what flopscope guidelines writes', () => {
  const inFolder = async (check: (folder: string) => Promise<void>): Promise<void> => {
    const folder = await mkdtemp(join(tmpdir(), 'flopscope-lab-'));
    await check(folder).finally(() => rm(folder, { recursive: true }));
  };
  const counted = ['guidelines', '--no-measure', '--only', 'G1,split', '--scales', '1'];

  it('a page without script that says that nothing was measured, and a picture of each experiment', () =>
    inFolder(async (folder) => {
      const { code } = await capture([...counted, '-o', join(folder, 'g.html'), '--charts', join(folder, 'charts')]);
      expect(code).toBe(0);
      const page = await readFile(join(folder, 'g.html'), 'utf8');
      expect(page).toContain("default-src 'none'; style-src 'sha256-");
      expect(page).not.toMatch(/<script| style=|https?:\/\/(?!www\.w3)/);
      expect(page).toContain('Nothing was measured here');
      expect(page.match(/<img [^>]*alt="[^"]{40}/g)).toHaveLength(2);
      expect((await readdir(join(folder, 'charts'))).sort()).toEqual(
        ['g1', 'split'].flatMap((key) => ['png', 'svg'].map((kind) => `guideline-${key}.${kind}`)),
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
