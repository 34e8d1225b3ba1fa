// Does the table of runs say what its figures rest on? Memory access of which kind, power of which GPU, and why there is none.

import { describe, expect, it } from 'vitest';
import { plainLook } from '../../cli/screen.js';
import { layerTimeSheet } from '../../reports/layerTimeSheet.js';
import { runSheet } from '../../reports/runSheet.js';
import { terminal } from '../../reports/terminal.js';
import type { Run } from '../../src/measure/run.js';
import { profileOf, syntheticRun } from './synthetic.js';

const counted = profileOf('resnet20');
const shown = (...changes: readonly Partial<Run>[]): string =>
  terminal(runSheet(changes.map((change) => syntheticRun(counted, change)) as [Run, ...Run[]]), plainLook);
const ENERGY = syntheticRun(counted).energy!;

describe('runSheet', () => {
  it('says which memory access bytes/s is made of', () => {
    expect(shown({})).toContain('bytes/s is the fused memory access over the time.');
    expect(shown({ mode: 'eager' })).toContain('bytes/s is the memory access of every op over the time.');
    expect(shown({}, { mode: 'eager' })).toContain('the fused memory access or, as run, the memory access of every op');
  });

  it('has a column for the mode only where one run is eager', () => {
    expect(shown({}, {})).not.toMatch(/^model.* mode /m);
    expect(shown({}, { mode: 'eager' })).toMatch(/^model.* mode /m);
  });

  it('says whose power it is, and what that GPU draws without work', () => {
    const energy = { ...ENERGY, meter: 'nvidia-smi of GPU 1', idleHow: 'the last 2 s' };
    expect(shown({ energy })).toContain(
      'J/image is from nvidia-smi of GPU 1; its idle power, 40 W (the last 2 s), is not taken off.',
    );
    expect(shown({ energy: { ...energy, idleWatts: null } })).toContain('its idle power, unknown (the last 2 s)');
  });

  it('says why a GPU has no joules, once, and is silent about a CPU', () => {
    const none = { energy: null, noEnergy: 'nvidia-smi is not on the PATH' };
    expect(shown(none, none).split('no J/image: nvidia-smi is not on the PATH.')).toHaveLength(2);
    const cpu = { ...none, device: { ...syntheticRun(counted).device, kind: 'cpu' } } as const;
    expect(shown(cpu)).not.toContain('no J/image');
  });
});

describe('layerTimeSheet', () => {
  it('shows what an eager norm moves, which a fused one does not', () => {
    const layers = [{ name: 'bn1', op: 'batchNorm', absorbed: [], milliseconds: 1, emulation: null }];
    const access = (mode: Run['mode']): string =>
      terminal(layerTimeSheet(syntheticRun(counted, { mode, layers }), counted, 5), plainLook);
    expect(access('fused')).toMatch(/memory access, fused .*\nbn1 .* 0 +0\n/);
    expect(access('eager')).toMatch(/memory access .*\nbn1 .* 32,800 +0\n/);
  });
});
