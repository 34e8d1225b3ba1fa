// Does the meter tell the truth about when power was drawn? Fakes stand in for nvidia-smi: honest, late, lying, dying.

import { setTimeout } from 'node:timers/promises';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { meterFor, startMeter, type Meter, type NoMeter } from '../../src/measure/meter.js';
import { fakeSmi, gpuLine, noSmi, smiWith, uuidOf } from '../nvidia/smi.js';

let open: Meter | NoMeter | undefined;
afterEach(() => {
  vi.unstubAllEnvs();
  if (open && 'stop' in open) open.stop();
});

const GPU = { uuid: uuidOf(0), index: 0, name: 'NVIDIA T4' };
const started = async (script: string, patience?: number): Promise<Meter | NoMeter> => {
  fakeSmi(script);
  open = await startMeter(GPU, 'power.draw.instant', patience);
  return open;
};
const meterOf = (meter: Meter | NoMeter): Meter => {
  if ('reason' in meter) throw new Error(meter.reason);
  return meter;
};
/** Prints so many samples at this distance in seconds, all with their own time, which `shift` (of date) may move. */
const sampling = (count: number, shift = '0 seconds'): string =>
  `for i in $(seq ${count}); do echo "$(date -d '${shift}' '+%Y/%m/%d %H:%M:%S.%3N'), 250.5"; sleep 0.05; done`;

describe('startMeter', () => {
  it('asks for the one GPU, its power and the time of it', async () => {
    const meter = meterOf(await started(`echo "$@" > "$0.args"; ${sampling(100)}`));
    await setTimeout(300);
    expect(meter.samples.length).toBeGreaterThan(1);
    expect(meter.samples.every(({ watts }) => watts === 250.5)).toBe(true);
    expect(meter.name).toBe(`nvidia-smi every 100 ms: power.draw.instant of GPU 0, NVIDIA T4 (${uuidOf(0)})`);
    expect(meter.doubt()).toBeNull();
  });

  it('places samples by their own time, not by that of their arrival in a burst', async () => {
    const meter = meterOf(await started(sampling(100)));
    const blocked = performance.now();
    while (performance.now() - blocked < 2000); // an engine that works inside the call, on a busy machine
    const end = performance.now();
    expect(await meter.reached(end)).toBe(true);
    const inside = meter.samples.filter(({ at }) => at > blocked + 50 && at < end - 50);
    expect(inside.length).toBeGreaterThan(2);
    const gaps = inside.slice(1).map(({ at }, i) => at - inside[i]!.at);
    expect(Math.min(...gaps)).toBeGreaterThan(20);
  });

  it('understands a clock in another time zone', async () => {
    const meter = meterOf(await started(sampling(100, '-19800 seconds')));
    expect(meter.doubt()).toBeNull();
    expect(Math.abs(meter.samples[0]!.at - performance.now())).toBeLessThan(5000);
  });

  it('doubts a clock that is wrong', async () => {
    const meter = meterOf(await started(sampling(100, '-100 seconds')));
    expect(meter.doubt()).toMatch(/timestamps are 10\d s off/);
  });

  it('takes a clock that stands still for one sample', async () => {
    const meter = meterOf(
      await started('now=$(date \'+%Y/%m/%d %H:%M:%S.%3N\'); while true; do echo "$now, 250.5"; sleep 0.02; done'),
    );
    await setTimeout(200);
    expect(meter.samples).toHaveLength(1);
  });

  it('passes over nonsense between samples', async () => {
    const meter = meterOf(await started(`echo '[N/A], [N/A]'; echo nonsense; ${sampling(100)}`));
    expect(meter.samples).toHaveLength(1);
  });

  it('says whether a sample of a moment came, and does not wait for one that cannot come', async () => {
    const meter = meterOf(await started(sampling(3)));
    expect(await meter.reached(performance.now() + 50)).toBe(true);
    expect(await meter.reached(performance.now() + 60_000)).toBe(false);
  });

  it.each<[string, string, RegExp]>([
    ['fails', 'exit 9', /^nvidia-smi ended with exit code 9$/],
    ['ends without a word', 'exit 0', /^nvidia-smi ended with exit code 0$/],
    [
      'tells no power',
      'while true; do echo "$(date \'+%Y/%m/%d %H:%M:%S.%3N\'), [N/A]"; sleep 0.05; done',
      /no power of NVIDIA T4 within 0.5 s/,
    ],
    ['hangs', "trap '' TERM; sleep 30", /no power of NVIDIA T4 within 0.5 s/],
    ['prints nonsense', 'while true; do echo 312.40; sleep 0.05; done', /no power of NVIDIA T4 within 0.5 s/],
  ])('says why there is no meter when nvidia-smi %s', async (_, script, reason) => {
    expect(await started(script, 500)).toEqual({ reason: expect.stringMatching(reason) as string });
  });

  it('says that nvidia-smi is missing', async () => {
    noSmi();
    expect(await startMeter(GPU, 'power.draw')).toEqual({ reason: 'nvidia-smi is not on the PATH' });
  });
});

describe('meterFor', () => {
  const device = { kind: 'gpu', vendor: 'nvidia', name: 'nvidia-t4', software: false, driver: null } as const;
  const webgpu = { device, throughCuda: false } as const;

  it("measures the engine's own GPU, not the first", async () => {
    fakeSmi(smiWith(gpuLine(0, 'NVIDIA A10'), gpuLine(1, 'NVIDIA T4')));
    open = await meterFor(webgpu);
    expect(meterOf(open).name).toContain(`of GPU 1, NVIDIA T4 (${uuidOf(1)})`);
  });

  it('lets CUDA choose for tensorflow', async () => {
    fakeSmi(smiWith(gpuLine(0, 'NVIDIA T4'), gpuLine(1, 'NVIDIA T4')));
    const tensorflow = { device, throughCuda: true } as const;
    expect(await meterFor(tensorflow)).toEqual({ reason: expect.stringMatching(/CUDA_DEVICE_ORDER/) as string });
    vi.stubEnv('CUDA_VISIBLE_DEVICES', uuidOf(1));
    open = await meterFor(tensorflow);
    expect(meterOf(open).name).toContain('of GPU 1');
  });

  it('has a reason where the GPU does not tell its power', async () => {
    fakeSmi(smiWith(gpuLine(0, 'NVIDIA T4', { power: '[N/A]', instant: '[N/A]' })));
    expect(await meterFor(webgpu)).toEqual({ reason: 'NVIDIA T4 does not tell its power to nvidia-smi' });
  });

  it('asks nobody where the engine has no GPU of NVIDIA', async () => {
    const ask = (): never => expect.fail('nvidia-smi was asked');
    const cpu = { device: { ...device, kind: 'cpu' }, throughCuda: false } as const;
    expect(await meterFor(cpu, ask)).toEqual({ reason: expect.stringMatching(/has none/) as string });
  });
});
