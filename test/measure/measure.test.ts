import { describe, expect, it } from 'vitest';
import { builtIn } from '../../src/builtIn.js';
import type { Run } from '../../src/measure/run.js';
import { UntrustedRun } from '../../src/measure/trust.js';
import { CeilingMeter } from '../../src/measure/ceilings.js';
import { measure, type MeasureOptions } from '../../src/measure/measure.js';
import type { Meter } from '../../src/measure/meter.js';
import { timeWindows, type Timed } from '../../src/measure/windows.js';
import { warningsOf } from '../../src/measure/warnings.js';
import { summarise } from '../../src/measure/statistics.js';
import { graphOf } from '../../src/model.js';
import { profile } from '../../src/profile.js';
import { fakeEngine, type FakeOptions } from './fakeEngine.js';

const graph = graphOf(builtIn('resnet18'), 2, [3, 32, 32]);
const counted = profile(graph);
const OPTIONS: MeasureOptions = {
  protocol: { warmups: 3, windows: 5, minWindowSeconds: 0.001 },
  seed: 1,
  eager: false,
  layers: true,
  ceilings: { flopsPerSecond: 1e12, bytesPerSecond: 1e11, how: 'told', noise: null, raised: null, sampled: null },
  version: 'test',
  power: { meter: { reason: 'no meter here' }, idle: { watts: null, how: 'no meter here' } },
};

/** Real time: the fake's device takes none of it, so only relations between figures are looked at. */
const run = (fake: FakeOptions = {}, options: Partial<MeasureOptions> = {}) =>
  measure(fakeEngine({ layers: { clock: null, reason: 'no clock' }, ...fake }).engine, graph, counted, {
    ...OPTIONS,
    ...options,
  });

describe('measure', () => {
  it('derives every rate from the median time and the counts of the same graph', async () => {
    const result = await run();
    const seconds = result.times.median / 1000;
    expect(result.schema).toBe('flopscope.run/1');
    expect(result.imagesPerSecond).toBeCloseTo(2 / seconds, 3);
    expect(result.flopsPerSecond).toBeCloseTo((2 * counted.totals.multAdds) / seconds, -3);
    expect(result.paperFlopsPerSecond).toBe(result.flopsPerSecond / 2);
    // It passed the ceiling that was told, so that the ceiling is what it reached.
    expect(result.utilisation!.compute).toBe(1);
    expect(result.ceilings).toMatchObject({ flopsPerSecond: result.flopsPerSecond, how: 'told' });
    expect(result.ceilings!.raised).toContain(`FLOP/s raised to what ${counted.model} as a whole reached`);
    // The fake takes almost no time, so that only an absurd ceiling stands above it.
    const roomy = await run(
      {},
      { ceilings: { ...result.ceilings!, flopsPerSecond: 1e30, raised: null, sampled: null } },
    );
    expect(roomy.utilisation!.compute).toBe(roomy.flopsPerSecond / 1e30);
    expect(result.bytesPerSecond).toBeCloseTo((4 * counted.totals.memoryAccess.fused) / seconds, -3);
  });

  it('has one utilisation whether layers are timed or not, and roofs that hold for layers', async () => {
    // The whole takes 10 ms; its convolution alone would pass the ceiling a thousand times.
    const conv = counted.layers.find(({ op }) => op === 'conv')!;
    const layers = [{ nodes: [conv.name], op: 'conv' as const, ms: 0, kernels: [] }];
    const rest = counted.layers.filter(({ op }) => op !== 'conv').map(({ name }) => name);
    const others = [{ nodes: rest, op: 'relu' as const, ms: 9, kernels: [] }];
    const measured = (timed: boolean) => {
      const fake = fakeEngine({ host: 0, layers: { clock: 'device', layers: [...layers, ...others] } });
      return measure(fake.engine, graph, counted, { ...OPTIONS, layers: timed, now: fake.now });
    };
    const [without, beside] = [await measured(false), await measured(true)];
    expect(beside.utilisation).toEqual(without.utilisation);
    expect(beside.ceilings!.sampled).toEqual(without.ceilings!.sampled);
    expect(without.ceilings).toMatchObject({ flopsPerSecond: 1e12, raised: null, sampled: { flopsPerSecond: 1e12 } });
    expect(beside.ceilings!.flopsPerSecond).toBeGreaterThan(1e12);
    expect(beside.ceilings!.raised).toContain(`FLOP/s raised to what ${conv.name} of`);
    expect(beside.ceilings!.sampled!.raised).toBeNull();
  });

  it('counts the memory access of every op where every op is run as written', async () => {
    const result = await run({}, { eager: true });
    const seconds = result.times.median / 1000;
    expect(result.bytesPerSecond).toBeCloseTo((4 * counted.totals.memoryAccess.unfused) / seconds, -3);
  });

  it('writes null with a reason for what it does not know', async () => {
    const result = await run({}, { ceilings: null });
    expect(result).toMatchObject({
      energy: null,
      noEnergy: 'no meter here',
      layers: null,
      noLayers: 'no clock',
      utilisation: null,
    });
  });

  it.each([
    ['a NaN', new Float32Array([1, NaN]), /is NaN at element 1/],
    ['an infinity', new Float32Array([Infinity]), /is Infinity at element 0/],
    ['nothing but zeros', new Float32Array(4), /all zero: .*--batch.*last ReLU may \(try another --seed\)$/],
  ])('gives no time when an output holds %s', async (_, values, message) => {
    await expect(run({ outputs: [{ name: 'fc', shape: [values.length], values }] })).rejects.toThrow(message);
  });

  it('gives no time when the device reports an error', async () => {
    await expect(run({ failAfter: 20 })).rejects.toThrow('device lost');
  });

  it('gives no time when the device drops work while its layers are timed', async () => {
    await expect(run({ dropsInLayers: true, failAfter: 1e9 })).rejects.toThrow('device lost');
  });

  /** The fake's own time passes; an inference takes 10 ms of it. */
  const layered = (clock: 'device' | 'host', ms: number, fake: FakeOptions = {}) => {
    const layers = { clock, layers: [{ nodes: ['conv1'], op: 'conv', ms, kernels: [] }] } as const;
    const { engine, now } = fakeEngine({ layers, ...fake });
    return measure(engine, graph, counted, { ...OPTIONS, protocol: { ...OPTIONS.protocol, minWindowSeconds: 1 }, now });
  };
  const kindsOf = ({ warnings }: Run) => warnings.map(({ kind }) => kind);

  it.each([
    ['that the device timed add up to next to nothing', 'device', 2.4],
    ['that the device timed add up to far more than the whole', 'device', 41],
    ['that the host timed add up to next to nothing', 'host', 4.9],
    ['that the host timed add up to far more than the whole', 'host', 20.7],
    ['have no time', 'host', NaN],
  ] as const)('gives no time when the layers %s', async (_, clock, ms) => {
    const failing = layered(clock, ms);
    await expect(failing).rejects.toThrow(UntrustedRun);
    await expect(failing).rejects.toThrow(
      /^the layers add up to .+ ms where one inference takes 1[01]\.\d ms: a clock/,
    );
  });

  it.each([
    ['device', 2.6, true],
    ['device', 39, true],
    ['host', 5.1, true],
    ['host', 20.4, true],
    ['host', 7.6, false],
    ['host', 14.9, false],
    ['device', 10, false],
  ] as const)(
    'layers by the clock of the %s that add up to %d of 10 ms: warned of is %s',
    async (clock, ms, warned) => {
      const result = await layered(clock, ms);
      expect(kindsOf(result)).toEqual(warned ? ['layers-differ'] : []);
      const [warning] = result.warnings;
      if (warned)
        expect(warning).toEqual({
          kind: 'layers-differ',
          message: expect.stringContaining(`the layers, each timed alone, add up to ${ms.toPrecision(3)} ms`) as string,
          flag: '--windows 15',
        });
    },
  );

  it('a machine that was busy in the windows alone is no wrong clock: layers agree with an inference beside them', async () => {
    let windows = true;
    const fake: FakeOptions = { device: () => (windows ? 50 : 10), layersTimed: () => (windows = false) };
    expect(kindsOf(await layered('host', 9.5, fake))).toEqual(['layers-differ']);
    // Of a device's clock nobody takes time away.
    windows = true;
    await expect(layered('device', 9.5, fake)).rejects.toThrow(/where one inference takes 5/);
  });

  it('layers that add up to far more than the windows are no answer, even where the machine is to blame', async () => {
    let windows = true;
    const fake: FakeOptions = { device: () => (windows ? 10 : 50), layersTimed: () => (windows = false) };
    await expect(layered('host', 50, fake)).rejects.toThrow(/something else took this machine/);
  });

  it.each([
    ['device', 'gpu'],
    ['host', 'host'],
  ] as const)('the record names the clock of the layers: %s is %s', async (clock, expected) => {
    expect((await layered(clock, 10)).layerClock).toBe(expected);
    expect((await run()).layerClock).toBeNull();
  });

  it('layers by a rounded clock have no times, and the run keeps its own', async () => {
    const kernels = [{ name: 'conv2d', ms: 150 * 0.065536 }];
    const layers = {
      clock: 'device',
      layers: [{ nodes: ['conv1'], op: 'conv', ms: kernels[0]!.ms, kernels }],
    } as const;
    const result = await run({ layers });
    expect(result).toMatchObject({ layers: null, layerClock: null });
    expect(result.noLayers).toBe("the GPU's timestamps are rounded to 65.536 us, as much as many layers take");
    expect(result.times.windows).toHaveLength(5);
  });

  it('a vendor that is not known is null, as doctor says it', async () => {
    const fake = fakeEngine({ layers: { clock: null, reason: 'no clock' } });
    const engine = { ...fake.engine, device: { ...fake.engine.device, vendor: null } };
    expect((await measure(engine, graph, counted, OPTIONS)).device.vendor).toBeNull();
  });

  it('a GPU that waits for the host may have layers that add up to little', async () => {
    expect(kindsOf(await layered('device', 1, { device: () => 0.5, host: 10 }))).toEqual(['host-bound']);
  });

  it('an engine that hands work over tells by the time of kernels whether the GPU waits, or that it cannot', async () => {
    const handed = async (deviceMilliseconds?: number, kind: 'gpu' | 'cpu' = 'gpu') => {
      const asRun = { steps: [], ...(deviceMilliseconds === undefined ? {} : { deviceMilliseconds }) };
      const fake = fakeEngine({ host: 0, kind, asRun, layers: { clock: null, reason: 'no clock' } });
      const engine = { ...fake.engine, handsOver: true as const };
      return measure(engine, graph, counted, { ...OPTIONS, now: fake.now });
    };
    const warned = ({ hostBound, times: { host, kernels }, warnings }: Run) => ({
      ...{ hostBound, host, kernels },
      said: warnings.filter(({ message }) => /GPU/.test(message)).map(({ kind, flag }) => [kind, flag]),
    });
    expect(warned(await handed(1))).toEqual({
      ...{ hostBound: true, host: null, kernels: 1, said: [['host-bound', '--batch 16']] },
    });
    expect(warned(await handed(9))).toEqual({ hostBound: false, host: null, kernels: 9, said: [] });
    expect(warned(await handed())).toEqual({
      ...{ hostBound: null, host: null, kernels: null, said: [['other', '--batch 16']] },
    });
    expect(warned(await handed(undefined, 'cpu'))).toMatchObject({ hostBound: false, said: [] });
  });

  it('an engine that runs files says where it ran the graph in place of one', async () => {
    const said = async (runsFiles: boolean, source: 'onnx' | 'built-in'): Promise<readonly string[]> => {
      const fake = fakeEngine({ layers: { clock: null, reason: 'no clock' } });
      const engine = { ...fake.engine, runsFiles };
      const { warnings } = await measure(engine, graph, { ...counted, source }, { ...OPTIONS, now: fake.now });
      return warnings.map(({ message }) => message).filter((message) => message.startsWith('the file itself did not'));
    };
    expect(await said(true, 'onnx')).toHaveLength(1);
    expect(await said(true, 'built-in')).toEqual([]);
    expect(await said(false, 'onnx')).toEqual([]);
  });

  it('the first inference is the very first, before any output is looked at', async () => {
    const { engine, now } = fakeEngine({ device: (run) => (run === 0 ? 5000 : run === 1 ? 700 : 10) });
    const { times } = await measure(engine, graph, counted, { ...OPTIONS, layers: false, now });
    expect(times.first).toBeCloseTo(5001);
    expect(times.most).toBeLessThan(20);
  });

  it('records both kinds of memory, and what the second is', async () => {
    const { memory } = await run();
    expect(memory).toMatchObject({ peakTensorBytes: 400, peakDeviceBytes: 900, deviceBytes: 'what the fake says' });
  });

  describe('energy', () => {
    const samplesOf = (watts: number) =>
      Array.from({ length: 200 }, (_, i) => ({ at: performance.now() + 10 * i, watts }));
    const idle = { watts: 40, how: 'before anything ran' };
    const energyWith = async (meter: Partial<Meter>) => {
      const whole: Meter = {
        name: 'fake meter',
        samples: samplesOf(200),
        doubt: () => null,
        reached: () => Promise.resolve(true),
        stop: () => undefined,
        ...meter,
      };
      const { energy, noEnergy, imagesPerSecond } = await run(
        {},
        { power: { meter: whole, idle }, protocol: { ...OPTIONS.protocol, minWindowSeconds: 0.05 } },
      );
      return { energy, noEnergy, imagesPerSecond };
    };

    it('is the joules of the windows over their images, idle power apart', async () => {
      const { energy, noEnergy, imagesPerSecond } = await energyWith({});
      expect(noEnergy).toBeNull();
      expect(energy).toMatchObject({ idleWatts: 40, idleHow: 'before anything ran', meter: 'fake meter' });
      expect(energy!.meanWatts).toBeCloseTo(200);
      expect(energy!.joulesPerImage).toBeCloseTo(200 / imagesPerSecond, 3);
    });

    it('is null where samples cannot be placed, or end before the run', async () => {
      expect(await energyWith({ doubt: () => 'its clock is wrong' })).toMatchObject({
        energy: null,
        noEnergy: 'its clock is wrong',
      });
      expect(await energyWith({ reached: () => Promise.resolve(false) })).toMatchObject({
        energy: null,
        noEnergy: 'nvidia-smi fell silent before the run ended',
      });
      expect(await energyWith({ samples: [] })).toMatchObject({ energy: null });
    });
  });
});

describe('ceilings', () => {
  it('grows until a run is long, and divides the amount by its time', async () => {
    const fake = fakeEngine({ device: () => 200, host: 0 });
    const { ceilings } = await CeilingMeter.open(fake.engine, undefined, fake.now);
    const { flopsPerSecond, bytesPerSecond, how } = ceilings;
    expect(flopsPerSecond).toBeCloseTo((2 * 256 ** 3) / 0.2);
    expect(bytesPerSecond).toBeCloseTo((8 * 2 ** 20) / 0.2);
    expect(how).toContain('256 x 256');
  });

  it('stays within the largest tensor that the device can bind', async () => {
    const fake = fakeEngine({ device: () => 1, host: 0 });
    const { ceilings } = await CeilingMeter.open({ ...fake.engine, maxTensorBytes: 2 ** 24 }, undefined, fake.now);
    expect(ceilings.how).toMatch(/^matrix product of two 2048 x 2048 matrices, copy of 4,194,304 floats, /);
  });
});

describe('warnings', () => {
  const timesOf = ({ windows, host }: Timed) => ({ ...summarise(windows), host, kernels: null });
  const kinds = async (options: FakeOptions, minWindowSeconds = 1) => {
    const fake = fakeEngine(options);
    const protocol = { warmups: 3, windows: 6, minWindowSeconds };
    const timed = await timeWindows(fake.engine, await fake.engine.load(graph), protocol, undefined, fake.now);
    return warningsOf({
      ...{ engine: fake.engine, sessions: [timed], times: timesOf(timed), protocol, batch: 4 },
      ...{ emulated: options.emulated ?? [], raised: null, layers: null },
    }).map(({ kind, flag }) => [kind, flag]);
  };
  it.each<[string, FakeOptions, (string | null)[][]]>([
    ['a steady device-bound run has none', {}, []],
    ['host-bound: a larger batch', { device: () => 0.1, host: 2 }, [['host-bound', '--batch 32']]],
    ['a CPU is never host-bound', { device: () => 0, host: 2, kind: 'cpu' }, []],
    ['slower and slower: more windows', { device: (i) => 10 + i / 800 }, [['drifting', '--windows 18']]],
    [
      'faster and faster: more warm-ups, a window full',
      { device: (i) => 10 - i / 800 },
      [['drifting', '--warmups 100']],
    ],
    ['a software driver is named', { software: true }, [['software-device', null]]],
    ['emulated ops are named', { emulated: ['conv2'] }, [['emulated', null]]],
  ])('%s', async (_, options, expected) => {
    expect(await kinds(options)).toEqual(expected);
  });
  it('too short: a longer window', async () => {
    expect(await kinds({}, 0.1)).toContainEqual(['too-short', '--min-window 1']);
  });
  it('is judged by the windows, not by the flag: one inference may fill them', async () => {
    expect(await kinds({ device: () => 3000 }, 0.1)).toEqual([]);
  });
  it('too short: windows that never got as long as they were meant to be', () => {
    const { engine } = fakeEngine();
    const timed = { windows: Array<number>(5).fill(1), host: 0.1, runsPerWindow: 100, spans: [[0, 500]] as const };
    const protocol = { warmups: 3, windows: 5, minWindowSeconds: 1 };
    const [first] = warningsOf({
      ...{ engine, sessions: [timed], times: timesOf(timed), protocol, batch: 1 },
      ...{ emulated: [], raised: null, layers: null },
    });
    expect(first).toMatchObject({ kind: 'too-short', flag: '--warmups 100' });
    expect(first!.message).toMatch(/^the shortest window lasted 0\.10 s instead of 1 s/);
  });
});
