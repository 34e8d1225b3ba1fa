// Does flopscope study osa count, measure and conclude, and refuse what it cannot?

import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { capture } from '../capture.js';

interface Study {
  readonly schema: string;
  readonly device: string | null;
  readonly outcomes: readonly {
    readonly key: string;
    readonly verdict: string | null;
    readonly trials: readonly { readonly milliseconds: number | null; readonly noEnergy: string | null }[];
  }[];
}

describe('flopscope study osa', () => {
  it('counts networks and stages, and says which printed figures hold', async () => {
    const { out, code } = await capture(['study', 'osa']);
    expect(code).toBe(0);
    expect(out).toContain('DenseNet-40 3.68 M (holds), OSA 5x43 2.59 M and OSA 5x43, narrow 2.50 M (holds)');
    expect(out.match(/^a stage at stride \d+ of a 800x1280 image/gm)).toHaveLength(2);
    expect(out).not.toMatch(/null|NaN|undefined/);
  });

  it('measures on an engine, with a verdict on time and the reason why there is no energy', async () => {
    const small = ['--only', 'stages', '--image', '64x64', '--strides', '8', '--format', 'json'];
    const quick = ['--engine', 'wasm', '--min-window', '0.01', '--windows', '3', '--no-ceilings'];
    const { out, code } = await capture(['study', 'osa', '--measure', ...small, ...quick]);
    expect(code).toBe(0);
    const { schema, device, outcomes } = JSON.parse(out) as Study;
    expect(schema).toBe('flopscope.study.osa/1');
    expect(device).toContain('(wasm)');
    expect(outcomes.map(({ key }) => key)).toEqual(['stride8']);
    expect(['holds', 'does not hold', 'within noise']).toContain(outcomes[0]!.verdict);
    for (const { milliseconds, noEnergy } of outcomes[0]!.trials) {
      expect(milliseconds).toBeGreaterThan(0);
      expect(noEnergy).toMatch(/energy/);
    }
  });

  it('writes a page, a record that is read back, and a picture of each part', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'flopscope-osa-'));
    try {
      const [page, record, charts] = ['o.html', 'o.json', 'charts'].map((name) => join(folder, name)) as [
        string,
        string,
        string,
      ];
      const counted = ['study', 'osa', '--no-measure'];
      const { out, code } = await capture([...counted, '-o', record, '--charts', charts]);
      expect(code).toBe(0);
      expect((await readdir(charts)).sort()).toEqual(
        ['cifar', 'stride16', 'stride8'].flatMap((part) => ['pdf', 'png', 'svg'].map((kind) => `osa-${part}.${kind}`)),
      );
      const again = await capture(['study', 'osa', '--from', record, '-o', page]);
      expect([again.code, again.out]).toEqual([0, out]);
      expect(await readFile(page, 'utf8')).toContain('3 claims, counted and not measured');
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it("writes VoVNet's tables as a page and a record, and has no pictures of them", async () => {
    const folder = await mkdtemp(join(tmpdir(), 'flopscope-tables-'));
    try {
      const record = join(folder, 't.json');
      const { out, code } = await capture(['study', 'vovnet-tables', '--only', '4', '-o', record]);
      expect(code).toBe(0);
      expect((await capture(['study', 'VoVNet-tables', '--from', record])).out).toBe(out);
      const refused = await capture(['study', 'vovnet-tables', '--only', '4', '--charts', folder]);
      expect([refused.code, refused.out]).toEqual([2, '']);
      expect(refused.err).toContain('has tables alone');
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it('names the parts of its table in markdown too', async () => {
    const { out } = await capture(['study', 'osa', '--no-measure', '--only', 'stages', '--format', 'markdown']);
    expect(out.match(/^\| \*\*a stage at stride (8|16) /gm)).toHaveLength(2);
  });

  it('leaves times and energy out of a csv of counts', async () => {
    const { out } = await capture(['study', 'osa', '--no-measure', '--format', 'csv']);
    const [head, ...rows] = out.trim().split('\n');
    expect(head).toMatch(/^part,variant,.*balance/);
    expect(head).not.toMatch(/milliseconds|joules/);
    expect(rows).toHaveLength(10);
  });

  it.each([
    [['vovnet-tables', '--strides', '8'], '--strides belongs to study osa'],
    [['osaa'], 'there is no study "osaa"; the nearest name is osa; there are'],
    [['osa', '--only', 'heads'], '--only heads: study osa has no such part; there are networks, stages'],
    [['osa', '--strides', '7'], 'Each must be one of 4, 8, 16, 32'],
    [['osa', '--image', '512'], 'a height and a width from 32 to 8192'],
    [['osa', '--image', '512x5e2x1'], 'a height and a width from 32 to 8192'],
    [['osa', '--osa-layers', '0'], 'whole number of at least 1'],
  ])('%j ends with exit code 2: %s', async (args, message) => {
    const { out, err, code } = await capture(['study', ...args, '--no-measure']);
    expect([code, out]).toEqual([2, '']);
    expect(err).toContain(message);
  });
});

it('study memory -o writes its figures as JSON, and refuses another ending', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'flopscope-memory-'));
  try {
    const path = join(folder, 'm.json');
    const { code } = await capture(['study', 'memory', '-o', path]);
    expect(code).toBe(0);
    expect(await readFile(path, 'utf8')).toBe((await capture(['study', 'memory', '--json'])).out);
    const { err } = await capture(['study', 'memory', '-o', join(folder, 'm.html')]);
    expect(err).toContain('study memory writes its figures alone, as .json');
  } finally {
    await rm(folder, { recursive: true });
  }
});
