// What a record says of the kernels of a run is refused where it contradicts the rest of the record.

import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { appendRuns } from '../../../src/records/run/appendRuns.js';
import { readRuns } from '../../../src/records/run/readRun.js';
import { VERSION } from '../../../src/version.js';

const PATH = 'fixtures/runs/amd-epyc-onnxruntime.json';
const runs = readRuns(readFileSync(PATH, 'utf8'), PATH);
const run = runs.find(({ model }) => model === 'resnet50')!;
const asRun = run.asRun!;
const read = (changes: object) => readRuns(JSON.stringify({ ...run, ...changes }), 'run.json');
const ran = (changes: Partial<typeof asRun>) => ({ asRun: { ...asRun, ...changes } });

describe('the laws of kernels', () => {
  it('hold for what was measured, with times of layers and without', () => {
    expect(runs).toHaveLength(3);
    const untimed = { layers: null, layerClock: null, noLayers: 'not asked for' };
    const others = asRun.others.map((step) => ({ ...step, milliseconds: null }));
    expect(read({ ...untimed, ...ran({ others, whole: null }) })).toHaveLength(1);
    expect(read({})).toEqual([run]);
  });

  it('hold where sessions contradict the layers, which are left out then', () => {
    const times = { ...run.times, windows: run.times.windows.map((ms) => 50 * ms) };
    const sessions = run.sessions.map((session) => ({ ...session, id: `later ${session.id}` }));
    const sure = { ...run, warnings: [] };
    const [joined] = appendRuns([sure], [{ ...sure, times, sessions }]);
    expect(joined).toMatchObject({ layers: null, asRun: { whole: null, kernels: asRun.kernels } });
    expect(readRuns(JSON.stringify(joined), 'run.json')).toHaveLength(1);
  });

  it.each<[string, object, RegExp]>([
    [
      'fewer kernels than its providers ran',
      ran({ kernels: asRun.kernels - 1 }),
      /asRun\.kernels is wrong \(57, where/,
    ],
    [
      'fewer kernels than layers',
      ran({ kernels: 3, providers: { CPUExecutionProvider: 3 } }),
      /asRun\.kernels is wrong \(3, where its layers and other steps need 58\)/,
    ],
    [
      'a GPU on which nothing ran',
      { protocol: { ...run.protocol, settings: { ...run.protocol.settings, provider: 'cuda' } } },
      /asRun\.providers is wrong \(CUDAExecutionProvider ran none/,
    ],
    [
      'a CPU beside which something ran',
      ran({ providers: { CPUExecutionProvider: 57, CUDAExecutionProvider: 1 } }),
      /asRun\.providers is wrong \(the provider was the CPU alone/,
    ],
    ['one node twice', ran({ fused: [['bn1', 'bn1']] }), /asRun\.fused is wrong \(a set has one node twice/],
    ['nodes of two layers', ran({ fused: [['conv1', 'fc']] }), /asRun\.fused is wrong \("conv1" was timed apart/],
    ['nodes that were not timed', ran({ fused: [['odd', 'even']] }), /asRun\.fused is wrong \("odd" was timed apart/],
    [
      'nodes that the network does not have',
      { flopscope: VERSION, ...ran({ fused: [['odd', 'even']] }) },
      /asRun\.fused is wrong \(the network has no node "odd"/,
    ],
    [
      'steps without times beside timed layers',
      ran({ others: asRun.others.map((step) => ({ ...step, milliseconds: null })) }),
      /asRun\.others is wrong \(they lack times/,
    ],
    ['no inference that the layers are of', ran({ whole: null }), /asRun\.whole is wrong/],
    [
      'memory access of more than every op',
      ran({ memoryAccess: 2 * run.totals.memoryAccess.unfused }),
      /asRun\.memoryAccess is wrong \(without the other steps it is \d+, and can be 0 to/,
    ],
    [
      'memory access of less than its copies',
      ran({ memoryAccess: 1 }),
      /asRun\.memoryAccess is wrong \(without the other steps it is -/,
    ],
    [
      'memory access of other layers',
      ran({ memoryAccess: asRun.memoryAccess - 1 }),
      /asRun\.memoryAccess is wrong \(without the other steps it is \d+, where its layers make \d+\)/,
    ],
    [
      'kernels that add up to more than their inference',
      { layers: run.layers!.map((layer) => ({ ...layer, milliseconds: 2 * layer.milliseconds })) },
      /layers is wrong \(the kernels add up to .+ of a profiled inference that takes/,
    ],
    ['a profile of another time', ran({ whole: 1000 }), /layers is wrong \(an inference takes 1,000 ms while it is/],
  ])('refuse %s', (_, changes, message) => {
    expect(() => read(changes)).toThrow(message);
  });
});
