import { chmodSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { joules, readPower, startMeter } from '../../src/measure/power.js';

const path = process.env['PATH'];
afterEach(() => {
  process.env['PATH'] = path;
});

/** A nvidia-smi of our own, first on the PATH. */
function fakeSmi(script: string): void {
  const folder = mkdtempSync(join(tmpdir(), 'smi-'));
  writeFileSync(join(folder, 'nvidia-smi'), `#!/bin/sh\n${script}\n`);
  chmodSync(join(folder, 'nvidia-smi'), 0o755);
  process.env['PATH'] = `${folder}:${path ?? ''}`;
}

describe('readPower', () => {
  it('prefers instantaneous power and falls back where the driver has none', () => {
    expect(readPower('312.40, 298.10')).toEqual({ watts: 312.4, query: 'power.draw.instant' });
    expect(readPower('[N/A], 298.10')).toEqual({ watts: 298.1, query: 'power.draw' });
    expect(readPower('[N/A], [N/A]')).toBeUndefined();
    expect(readPower('Field "power.draw.instant" is not a valid field to query.')).toBeUndefined();
  });
});

describe('joules', () => {
  it('integrates by the trapezoid rule and holds the ends', () => {
    const samples = [0, 1000, 2000].map((at, i) => ({ at, watts: [100, 200, 100][i]! }));
    expect(joules(samples, 0, 2000)).toBe(300);
    expect(joules(samples, 500, 3000)).toBe(100 + 150 + 100);
    expect(joules(samples, 2500, 3000)).toBeNull();
  });
});

describe('startMeter', () => {
  it('samples a nvidia-smi that is on the PATH, and stops it', async () => {
    fakeSmi('echo "$@" > "$0.args"; while true; do echo "250.5, 240.0"; sleep 0.05; done');
    const meter = await startMeter();
    if ('reason' in meter) throw new Error(meter.reason);
    await setTimeout(300);
    meter.stop();
    expect(meter.samples.length).toBeGreaterThan(1);
    expect(meter.samples[0]!.watts).toBe(250.5);
    expect(meter.name).toContain('power.draw.instant every 100 ms');
  });

  it.each([
    ['is missing', undefined, /not on the PATH/],
    ['fails', 'exit 9', /exit code 9/],
  ])('says why there is no meter when nvidia-smi %s', async (_, script, reason) => {
    if (script === undefined) process.env['PATH'] = mkdtempSync(join(tmpdir(), 'empty-'));
    else fakeSmi(script);
    expect(await startMeter()).toEqual({ reason: expect.stringMatching(reason) as string });
  });
});
