// Every command that compares times measures all of its networks together, in sessions in which their windows alternate.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { measureInSessions } from '../../../src/measure/sessions.js';
import { capture } from '../capture.js';

vi.mock('../../../src/measure/sessions.js', async (original) => {
  const real = await original<{ measureInSessions: typeof measureInSessions }>();
  return { ...real, measureInSessions: vi.fn(real.measureInSessions) };
});

const folder = mkdtempSync(join(tmpdir(), 'flopscope-together-'));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});
const QUICK = ['--engine', 'wasm', '--warmups', '1', '--windows', '1', '--min-window', '0.01', '--no-ceilings'];
const [BEFORE, AFTER] = ['fixtures/diff/before.yaml', 'fixtures/diff/after.yaml'] as const;

describe('networks are measured together', () => {
  beforeEach(() => {
    vi.mocked(measureInSessions).mockClear();
  });

  it.each<[string, readonly string[], number, number]>([
    ['compare', ['compare', 'resnet20', 'resnet56', '--measure'], 2, 5],
    ['report', ['report', 'resnet20', 'resnet56', '--measure', '-o', join(folder, 'page.html')], 2, 5],
    ['diff', ['diff', BEFORE, AFTER, '--measure'], 2, 5],
    ['study guidelines', ['study', 'guidelines', '--measure', '--only', 'G4', '--scales', '1', '--side', '8'], 4, 3],
    ['study osa', ['study', 'osa', '--measure', '--only', 'stages', '--image', '32x32', '--strides', '8'], 2, 3],
    ['measure', ['measure', 'resnet20', 'resnet56'], 2, 1],
  ])('by %s', async (_, args, networks, sessions) => {
    expect(await capture([...args, ...QUICK])).toMatchObject({ code: 0 });
    expect(measureInSessions).toHaveBeenCalledOnce();
    const [, , jobs, plan] = vi.mocked(measureInSessions).mock.lastCall!;
    expect(jobs.length).toBeGreaterThanOrEqual(networks);
    expect(plan.sessions).toBe(sessions);
    const runs = await (vi.mocked(measureInSessions).mock.results[0]!.value as ReturnType<typeof measureInSessions>);
    const ids = runs.map((run) => run.sessions.map(({ id, turn }) => [id, turn]));
    expect(ids[0]).toHaveLength(sessions);
    for (const one of ids) expect(one).toEqual(ids[0]);
  });
});
