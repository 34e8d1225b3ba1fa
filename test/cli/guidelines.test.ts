// Does flopscope guidelines count, measure and judge, and refuse what it cannot?

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
