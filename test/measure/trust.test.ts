// Times of layers that contradict the whole are refused, of small networks too, and honest ones are not.

import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { timeLayers } from '../../src/measure/layers.js';
import { contradiction, UntrustedRun } from '../../src/measure/trust.js';
import type { Run } from '../../src/measure/run.js';
import { fakeEngine, type FakeOptions } from './fakeEngine.js';

/** A profile of kernels that are alike. */
const profiled = (kernels: number, sum: number, whole: number) => ({
  clock: 'host' as const,
  layers: Array.from({ length: kernels }, () => ({ ms: sum / kernels })),
  whole,
});
const side = (times: Parameters<typeof contradiction>[0], median: number) =>
  contradiction(times, { median, hostBound: false })?.side ?? null;

describe('a profiled inference', () => {
  it.each<[string, number, ReturnType<typeof profiled>, string | null]>([
    ['of a small network that agrees', 4, profiled(20, 3.5, 4), null],
    ['of a small network in a quarter of the time', 4, profiled(20, 0.6, 0.7), 'below'],
    ['of a small network in five times the time', 4, profiled(20, 19, 21), 'above'],
    ['that a busy neighbour made 3.4 times as slow', 49, profiled(58, 160, 168), null],
    ['whose kernels are a tenth of it', 4, profiled(20, 0.4, 4), 'apart'],
    ['whose kernels take twice as long as it', 4, profiled(20, 8, 4), 'apart'],
    ['of one kernel, with what profiling costs', 0.2, profiled(3, 0.02, 0.07), null],
    ['in no time', 4, profiled(20, NaN, NaN), 'above'],
  ])('%s', (_, median, times, expected) => {
    expect(side(times, median)).toBe(expected);
  });

  it('is refused below and above whatever the size of the network, from a millisecond on', () => {
    fc.assert(
      fc.property(fc.double({ min: 2, max: 500, noNaN: true }), fc.integer({ min: 1, max: 50 }), (median, kernels) => {
        expect(side(profiled(kernels, median, median), median)).toBeNull();
        expect(side(profiled(kernels, 0.1 * median, 0.1 * median), median)).toBe('below');
        const long = 4.1 * median + 0.2 * kernels;
        expect(side(profiled(kernels, long, long), median)).toBe('above');
      }),
      { seed: 13, numRuns: 200 },
    );
  });

  it('agrees in every run that was committed', () => {
    const { runs } = JSON.parse(readFileSync('fixtures/runs/amd-epyc-onnxruntime.json', 'utf8')) as { runs: Run[] };
    expect(runs).toHaveLength(3);
    for (const { layers, asRun, times } of runs) {
      const ms = ({ milliseconds }: { readonly milliseconds: number | null }) => ({ ms: milliseconds ?? 0 });
      const found = { clock: 'host' as const, layers: layers!.map(ms), others: asRun!.others.map(ms) };
      expect(side({ ...found, whole: asRun!.whole! }, times.median)).toBeNull();
    }
  });
});

describe('timeLayers of a profile', () => {
  const layer = (ms: number) => [{ nodes: ['conv1'], op: 'conv' as const, ms, kernels: [] }];
  const timed = async (fake: FakeOptions, median: number) => {
    const { engine, now } = fakeEngine({ host: 0, kind: 'cpu', ...fake });
    const executable = await engine.load({ inputs: [], nodes: [], outputs: [] } as never);
    const whole = { median, hostBound: false };
    return timeLayers(engine, executable, whole, () => undefined, now);
  };

  it('refuses a clock that is wrong in a network of 4 ms', async () => {
    const layers = { clock: 'host', layers: layer(0.3), whole: 0.4 } as const;
    const failing = timed({ device: () => 4, layers }, 4);
    await expect(failing).rejects.toThrow(UntrustedRun);
    await expect(failing).rejects.toThrow(
      /^an inference takes 0\.4 ms while it is profiled and 4\.00 ms without: a clock is wrong/,
    );
  });

  it('takes the times where other work leaves few inferences undisturbed', async () => {
    const layers = { clock: 'host', layers: layer(0.3), whole: 0.4 } as const;
    expect(await timed({ device: (run) => (run === 40 ? 0.5 : 12), layers }, 12)).toMatchObject({ whole: 0.4 });
  });

  it('takes the pass that other work left alone, of many that it did not', async () => {
    let passes = 0;
    const { engine, now } = fakeEngine({ host: 0, kind: 'cpu', device: () => 4 });
    const executable = {
      ...(await engine.load({ inputs: [], nodes: [], outputs: [] } as never)),
      layerTimes: () => {
        const whole = ++passes % 80 === 0 ? 5 : 100;
        return Promise.resolve({ clock: 'host' as const, layers: layer(0.9 * whole), whole });
      },
    };
    const found = await timeLayers(engine, executable, { median: 4, hostBound: false }, () => undefined, now);
    expect(found).toMatchObject({ whole: 5, layers: [{ ms: 4.5 }] });
    expect(passes).toBe(80);
  });

  it('takes the times where the machine was busy in the windows alone', async () => {
    const layers = { clock: 'host', layers: layer(0.3), whole: 0.4 } as const;
    expect(await timed({ device: () => 0.4, layers }, 4)).toMatchObject({ whole: 0.4 });
  });
});
