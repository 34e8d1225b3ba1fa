// Does the table of runs say what its figures rest on? Memory access of which kind, power of which GPU, and why there is none.

import { describe, expect, it } from 'vitest';
import { plainLook } from '../../../cli/screen.js';
import { layerTimeSheet } from '../../../reports/sheets/layerTimeSheet.js';
import { runSheet } from '../../../reports/sheets/runSheet.js';
import { terminal } from '../../../reports/text/terminal.js';
import type { Run } from '../../../src/measure/run.js';
import { profileOf, syntheticRun } from '../synthetic.js';

const counted = profileOf('resnet20');
const shown = (...changes: readonly Partial<Run>[]): string =>
  terminal(runSheet(changes.map((change) => syntheticRun(counted, change)) as [Run, ...Run[]]), plainLook);
const ENERGY = syntheticRun(counted).energy!;

describe('runSheet', () => {
  it('says which memory access bytes/s is made of', () => {
    expect(shown({})).toContain('bytes/s is the fused memory access over the time.');
    expect(shown({ mode: 'eager' })).toContain('bytes/s is the unfused memory access over the time.');
    expect(shown({}, { mode: 'eager' })).toContain('the fused memory access or, as run, the unfused memory access');
  });

  it('names the file of each row only where rows could not be told apart, and counts within one file', () => {
    const runs = [{}, {}, { model: 'other' }].map((change) => syntheticRun(counted, change)) as unknown as [
      Run,
      ...Run[],
    ];
    const withFiles = (...files: string[]): string => terminal(runSheet(runs, files), plainLook);
    expect(withFiles('a.json', 'b.json', 'b.json')).toMatch(
      /^model +file .*\nresnet20 +a\.json .*\nresnet20 +b\.json /m,
    );
    expect(withFiles('a.json', 'b.json', 'b.json')).toContain(
      'time per image over that of resnet20 at batch 1 (a.json)',
    );
    expect(withFiles('a.json', 'a.json', 'a.json')).toMatch(
      /resnet20 +a\.json #1 .*\nresnet20 +a\.json #2 .*\nother +a\.json /,
    );
    const apart = runs.map((run, i) => ({ ...run, model: `net${i}` })) as unknown as [Run, ...Run[]];
    expect(terminal(runSheet(apart, ['a.json', 'b.json', 'b.json']), plainLook)).not.toContain('a.json');
  });

  it('promises a 95 % interval only to ratios that have one', () => {
    const { times, sessions } = syntheticRun(counted);
    const of = (names: readonly string[], windows: number) => ({
      sessions: names.map((id) => ({ ...sessions[0]!, id, windows })),
      times: { ...times, windows: names.flatMap(() => Array<number>(windows).fill(times.median)) },
    });
    const line = (...changes: readonly Partial<Run>[]): string =>
      /^time per image over that of .*$/m.exec(shown(...changes))![0];
    expect(line({}, {})).toContain('resnet20 at batch 1, with its 95 % interval; batches');
    expect(line(of(['a'], 1), of(['a'], 1))).toContain(
      'resnet20 at batch 1, without an interval where there are fewer than 3 windows; batches',
    );
    expect(line(of(['a'], 5), of(['b'], 5))).toContain(
      'resnet20 at batch 1, with a factor of 1.5 either way where there is one session of each; batches',
    );
    expect(line(of(['a'], 5), of(['a'], 5), of(['b'], 5))).toContain(', with its 95 % interval, with a factor of 1.5');
  });

  it('says a warning that several runs share once, with the runs', () => {
    const noisy = { kind: 'noisy', message: 'half of the windows lie apart', flag: '--windows 15' } as const;
    const lines = shown({ model: 'a', warnings: [noisy] }, { model: 'b', warnings: [noisy] }, { model: 'c' })
      .split('\n')
      .filter((line) => line.startsWith('warning, '));
    expect(lines).toEqual(['warning, a at batch 1, b at batch 1: half of the windows lie apart (try --windows 15)']);
  });

  it('explains a ratio that is not the quotient of the medians beside it', () => {
    const { times } = syntheticRun(counted);
    const note = 'they may differ from the ratio of the two medians';
    expect(shown({ model: 'a' }, { model: 'b' })).not.toContain(note);
    // The windows are as they were: only the median says otherwise.
    expect(shown({ model: 'a' }, { model: 'b', times: { ...times, median: 2 * times.median } })).toContain(note);
  });

  it('says that the protocol was another, and that engines differ', () => {
    const { protocol } = syntheticRun(counted);
    const text = shown({}, { protocol: { ...protocol, seed: 2, minWindowSeconds: 0.1 } });
    expect(text).toContain(
      'resnet20 at batch 1 ran with other settings than resnet20 at batch 1: seed 2 and not 1; seconds of a window 0.1 and not 1.',
    );
    expect(shown({}, { engine: 'wasm' })).toContain(
      'the runs are of 2 engines (synthetic, wasm): their ratios compare the engines, too.',
    );
    expect(shown({}, {})).not.toContain('engines');
  });

  it('states how far the utilisation of another run may lie, and shows a range where that is far', () => {
    const { ceilings } = syntheticRun(counted);
    const noisy = (noise: number): Partial<Run> => ({ ceilings: { ...ceilings!, noise } });
    expect(shown(noisy(0.05))).toMatch(
      /utilisation is of what .* noise 5\.0 %\); the utilisation of another run may be 0\.9\dx to 1\.0\dx as high, by the noise of times and ceilings\./,
    );
    expect(shown(noisy(0.05))).toMatch(/^resnet20 .* \d+ % /m);
    expect(shown(noisy(0.5))).toMatch(/^resnet20 .* \d+ to \d+ % /m);
    expect(shown({ ...noisy(0.05), sessions: [] })).toContain('ceilings, allowing for one session.');
    expect(shown({})).not.toContain('another run may be');
  });

  it('says in which numbers a file ran, and of how many bytes its elements are', () => {
    const text = shown({ precision: 'float16', bytesPerElement: 2 });
    expect(text).toMatch(/^resnet20 +float16 /m);
    expect(text).toContain(
      'bytes/s is the fused memory access over the time, with 2 bytes for each element of float16.',
    );
    expect(shown({})).not.toMatch(/precision|for each element/);
  });

  it('says which settings and versions differ from those of the first run of the same engine', () => {
    const { protocol } = syntheticRun(counted);
    const threads = (count: number): Partial<Run> => ({ protocol: { ...protocol, settings: { threads: count } } });
    expect(shown(threads(1), { ...threads(2), model: 'other' })).toContain(
      'other at batch 1 ran with other settings than resnet20 at batch 1: threads 2 and not 1.',
    );
    expect(shown(threads(1), { ...threads(1), model: 'other' })).not.toContain('ran with other settings');
    expect(shown(threads(1), { ...threads(2), model: 'other', engine: 'wasm' })).not.toContain(
      'ran with other settings',
    );
    expect(shown({ versions: { node: '20' } }, { versions: { node: '24' }, model: 'other' })).toContain(
      'node 24 and not 20.',
    );
  });

  it('says of a run whose counts are a lower bound that its rates are at least so much', () => {
    const lowerBound = { ops: [{ op: 'Fancy', nodes: 2, first: 'own' }], behind: 0 };
    const text = shown({}, { model: 'partial', lowerBound });
    const [whole, partial] = ['resnet20', 'partial'].map((name) => new RegExp(`^${name} .*$`, 'm').exec(text)![0]);
    expect(whole).not.toMatch(/at least|lower bound/);
    expect(partial).toMatch(/at least .*lower bound/);
    expect(text).toMatch(/LOWER BOUND.*partial|partial.*LOWER BOUND/i);
    expect(text).toContain('Fancy (2 nodes, the first own)');
  });

  it('tells precisions apart, so that TF32 needs no file name', () => {
    const runs = [{}, { precision: 'tf32' }].map((change) => syntheticRun(counted, change)) as unknown as [
      Run,
      ...Run[],
    ];
    const text = terminal(runSheet(runs, ['a.json', 'b.json']), plainLook);
    expect(text).toMatch(/^resnet20 +tf32 /m);
    expect(text).not.toContain('a.json');
  });

  it('says what each kind of memory is, and why the engine has none of its own', () => {
    const memory = { peakTensorBytes: 1e6, peakDeviceBytes: 2e6, deviceBytes: 'buffers', weightBytes: 1 };
    expect(shown({ memory })).toMatch(/ peak tensors +peak device\n.* 1\.00 M +2\.00 M$/m);
    expect(shown({ memory })).toContain('peak device (synthetic): buffers.');
    const unknown = { ...memory, peakDeviceBytes: null, deviceBytes: 'not known: it is not told' };
    expect(shown({ memory: unknown })).not.toContain('peak device');
    expect(shown({ memory: unknown })).toContain('device memory (synthetic): not known: it is not told.');
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
  it('has one time of an inference in its title, and one sentence that says what the rows add up to', () => {
    const layers = [{ name: 'conv1', op: 'conv', absorbed: [], milliseconds: 8, emulation: null }];
    const times = { ...syntheticRun(counted).times, median: 9 };
    const text = (changes: Partial<Run>): string =>
      terminal(layerTimeSheet(syntheticRun(counted, { layers, times, ...changes }), counted, 5), plainLook);
    expect(text({})).toContain('resnet20 at batch 1, layer by layer: an inference takes 9.000 ms\n');
    expect(text({})).toContain(
      'all layers add up to 8.000 ms: each is timed alone, without overlap, so their sum is not the 9.000 ms of an inference.',
    );
    const asRun = { kernels: 3, providers: {}, fused: [], memoryAccess: 1, others: [], whole: 10 };
    expect(text({ asRun, layerClock: 'host' })).toContain(
      'the runtime profiled 3 kernels in a session of its own: all rows add up to 8.000 ms, 80.0 % of the 10.00 ms that an inference takes there; without profiling it takes 9.000 ms.',
    );
    expect(text({ asRun: { ...asRun, whole: null } })).toContain(
      "the runtime profiled 3 kernels in a session of its own: by the GPU's clock all rows add up to 8.000 ms; without profiling an inference takes 9.000 ms.",
    );
  });

  it('shows what an eager norm moves, which a fused one does not', () => {
    const layers = [{ name: 'bn1', op: 'batchNorm', absorbed: [], milliseconds: 1, emulation: null }];
    const access = (mode: Run['mode']): string =>
      terminal(layerTimeSheet(syntheticRun(counted, { mode, layers }), counted, 5), plainLook);
    expect(access('fused')).toMatch(/memory access, fused .*\nbn1 .* 0 +0\n/);
    expect(access('eager')).toMatch(/memory access, unfused .*\nbn1 .* 32,800 +0\n/);
  });
});
