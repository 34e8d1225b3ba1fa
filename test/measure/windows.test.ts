import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { quantile } from '../../src/measure/statistics.js';
import { timeWindows, type Protocol } from '../../src/measure/windows.js';
import { fakeEngine, type FakeOptions } from './fakeEngine.js';

const PROTOCOL: Protocol = { warmups: 3, windows: 5, minWindowSeconds: 1 };

async function timed(options: FakeOptions, protocol = PROTOCOL) {
  const fake = fakeEngine(options);
  const phases: string[] = [];
  const executable = await fake.engine.load({ name: '', inputs: [], nodes: [], outputs: [] });
  const result = await timeWindows(fake.engine, executable, protocol, (phase) => phases.push(phase), fake.now);
  return { ...result, phases, runs: fake.runs() };
}

describe('timeWindows', () => {
  it('times device-bound work by the device, whatever the host does meanwhile', async () => {
    const { windows, runsPerWindow, host } = await timed({ device: () => 10, host: 1 });
    expect(windows).toHaveLength(5);
    for (const window of windows) expect(window).toBeCloseTo(10, 0);
    expect(runsPerWindow).toBeGreaterThanOrEqual(90);
    expect(host).toBeCloseTo(1);
  });

  it('times host-bound work by the host', async () => {
    const { windows, host } = await timed({ device: () => 0.1, host: 2 });
    for (const window of windows) expect(window).toBeCloseTo(2, 0);
    expect(host).toBeCloseTo(2);
  });

  it('fills each window with as many runs as its least time needs, and at least one', async () => {
    expect((await timed({ device: () => 3000, host: 1 })).runsPerWindow).toBe(1);
    const { runsPerWindow } = await timed({ device: () => 1, host: 0.1 }, { ...PROTOCOL, minWindowSeconds: 0.1 });
    expect(runsPerWindow).toBeGreaterThanOrEqual(90);
  });

  it('leaves the warm-up out of every window', async () => {
    const { windows } = await timed({ device: (run) => (run < 3 ? 5000 : 10), host: 1 });
    for (const window of windows) expect(window).toBeLessThan(12);
  });

  it('never gives the host more time than the whole: it is a part of every window', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.double({ min: 0.1, max: 500, noNaN: true }), { minLength: 1 }),
        fc.double({ min: 0.1, max: 50, noNaN: true }),
        async (times, host) => {
          const { windows, host: median } = await timed({ device: (run) => times[run % times.length]!, host });
          expect(median).toBeLessThanOrEqual(quantile(windows, 0.5) * (1 + 1e-12));
        },
      ),
      { numRuns: 50 },
    );
  });

  it('counts runs anew where windows end too early, and keeps none of the short ones', async () => {
    const { windows, runsPerWindow, runs, spans } = await timed({ device: (run) => (run < 66 ? 10 : 1), host: 0.1 });
    expect(windows).toHaveLength(5);
    for (const window of windows) expect(window * runsPerWindow).toBeGreaterThanOrEqual(900);
    for (const window of windows) expect(window).toBeCloseTo(1, 1);
    // One short window of 100 runs, and five whole ones.
    expect(runs).toBe(66 + 100 + 5 * runsPerWindow);
    // The short one is no part of the time whose energy is read.
    const [[from, to]] = spans as [readonly [number, number]];
    expect(to - from).toBeCloseTo(5 * runsPerWindow * windows[0]!, 6);
  });

  it('ends all the same on a device whose every window is shorter than the one before', async () => {
    const { windows } = await timed({ device: (run) => 1e4 / (1 + run) ** 1.5, host: 1e-9 });
    expect(windows).toHaveLength(5);
  });

  it('reports warm-up and windows to the progress bar', async () => {
    const { phases } = await timed({});
    expect(phases.filter((phase) => phase === 'warm-up')).toHaveLength(3);
    expect(phases.filter((phase) => phase === 'window')).toHaveLength(6);
  });

  it('returns no time when the device fails in a window', async () => {
    await expect(timed({ failAfter: 200 })).rejects.toThrow('device lost');
  });
});
