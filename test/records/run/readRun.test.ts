// Records of runs: those of every version are read, and one whose figures contradict each other is refused.

import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { InputError } from '../../../src/inputError.js';
import { readRuns } from '../../../src/records/run/readRun.js';
import type { Run } from '../../../src/measure/run.js';
import { profileOf, syntheticRun } from '../../reports/synthetic.js';

const run = syntheticRun(profileOf('resnet20'));
const { times } = run;
const read = (changes: object) => readRuns(JSON.stringify({ ...run, ...changes }), 'run.json');

const slower = (factor: number) =>
  run.layers!.map((layer) => ({ ...layer, milliseconds: factor * layer.milliseconds }));

describe('readRuns', () => {
  it('reads what was written, alone and among others', () => {
    expect(readRuns(JSON.stringify(run), 'run.json')).toEqual([run]);
    expect(readRuns(JSON.stringify({ schema: 'flopscope.runs/1', runs: [run, run] }), 'run.json')).toEqual([run, run]);
  });

  it('keeps the parameters that are not trained', () => {
    const totals = { ...run.totals, frozenParams: 7 };
    expect(read({ totals })).toEqual([{ ...run, totals }]);
  });

  it('reads records of earlier versions, which knew the memory of tensors only', () => {
    const [old] = read({ memory: { peakBytes: 7, weightBytes: 5 } });
    expect(old!.memory).toEqual({ peakTensorBytes: 7, peakDeviceBytes: null, deviceBytes: null, weightBytes: 5 });
  });

  it('reads records of earlier versions, which knew no clock, called an unknown vendor so and gave two windows a spread', () => {
    const { layerClock, sessions, ...older } = run;
    expect([layerClock, sessions.length]).toEqual(['gpu', 5]);
    const windows = [times.median, times.median];
    const same = { least: times.median, most: times.median, lowerQuartile: times.median, upperQuartile: times.median };
    const [old] = readRuns(
      JSON.stringify({
        ...older,
        device: { ...run.device, vendor: 'unknown' },
        protocol: { ...run.protocol, windows: 2 },
        times: { ...times, ...same, windows, spread: 0 },
      }),
      'run.json',
    );
    expect(old).toMatchObject({ layerClock: null, sessions: [], device: { vendor: null }, times: { spread: null } });
  });

  it('reads records of earlier versions, whose utilisation is of roofs that layers may have raised', () => {
    const { sampled, ...ceilings } = run.ceilings!;
    expect(sampled).not.toBeNull();
    const { hostBound, times: own, ...older } = run;
    expect(hostBound).toBe(false);
    const { kernels, ...before } = own;
    expect(kernels).toBeNull();
    const raised = {
      ...ceilings,
      flopsPerSecond: 2 * ceilings.flopsPerSecond,
      raised: 'FLOP/s raised to what x reached',
    };
    const utilisation = { ...run.utilisation!, compute: run.utilisation!.compute / 2 };
    const [old] = readRuns(JSON.stringify({ ...older, times: before, ceilings: raised, utilisation }), 'run.json');
    expect(old).toMatchObject({ hostBound: null, times: { kernels: null }, utilisation });
    expect(() => read({ ceilings: { ...raised, sampled }, utilisation })).toThrow(/: utilisation is wrong/);
    expect(() => read({ hostBound: true })).toThrow(/: hostBound is wrong/);
  });

  it('reads layers of a busy machine: the host timed less than half of the windows, and a warning says so', () => {
    const busy = { layers: slower(0.4), layerClock: 'host' } as const;
    expect(() => read(busy)).toThrow(/: layers is wrong/);
    const warnings = [{ kind: 'layers-differ', message: 'they do', flag: null }];
    expect(read({ ...busy, warnings })).toHaveLength(1);
    expect(() => read({ ...busy, layerClock: 'gpu', layers: slower(0.2), warnings })).toThrow(/: layers is wrong/);
  });

  it.each(['amd-epyc-tensorflow', 'amd-epyc-wasm', 'networks/amd-epyc-tensorflow'])(
    'reads what was committed: %s',
    (name) => {
      const path = `fixtures/runs/${name}.json`;
      expect(readRuns(readFileSync(path, 'utf8'), path).length).toBeGreaterThan(0);
    },
  );

  it.each<[string, Partial<Run>, RegExp]>([
    ['a least above the median', { times: { ...times, least: 1.01 * times.median } }, /: times\.least is wrong \(/],
    ['a most below the median', { times: { ...times, most: 0.99 * times.median } }, /: times\.most is wrong \(/],
    [
      'quartiles out of order',
      { times: { ...times, lowerQuartile: 1.005 * times.median } },
      /: times\.lowerQuartile is wrong \(.+ its windows make/,
    ],
    [
      'a quartile beyond the most',
      { times: { ...times, upperQuartile: 1.03 * times.median } },
      /: times\.upperQuartile is wrong \(.+ its windows make/,
    ],
    [
      'windows of another median',
      { times: { ...times, windows: [times.least] } },
      /: times\.median is wrong \(.+ its windows make/,
    ],
    [
      'images/s of another time',
      { imagesPerSecond: 1.001 * run.imagesPerSecond },
      /: imagesPerSecond is wrong \(.+ images of the batch/,
    ],
    ['images/s of another batch', { input: { ...run.input, n: 2 } }, /: imagesPerSecond is wrong/],
    ['FLOP/s of another count', { flopsPerSecond: run.paperFlopsPerSecond }, /: flopsPerSecond is wrong/],
    [
      'multiply-adds per second of 2 per multiply-add',
      { paperFlopsPerSecond: run.flopsPerSecond },
      /: paperFlopsPerSecond is wrong/,
    ],
    ['a spread of other quartiles', { times: { ...times, spread: 0.03 } }, /: times\.spread is wrong \(0\.03, where/],
    ['no spread of five windows', { times: { ...times, spread: null } }, /: times\.spread is wrong/],
    [
      'quartiles of other windows',
      { times: { ...times, lowerQuartile: 0.995 * times.median } },
      /: times\.lowerQuartile is/,
    ],
    ['a least that no window has', { times: { ...times, least: 0.5 * times.median } }, /: times\.least is wrong/],
    ['a host that takes more than all', { times: { ...times, host: 1.01 * times.median } }, /: times\.host is wrong/],
    ['bytes/s of another reading', { mode: 'eager' }, /: bytesPerSecond is wrong/],
    [
      'utilisation of other ceilings',
      { ceilings: { ...run.ceilings!, flopsPerSecond: 1e12, sampled: null } },
      /: utilisation is wrong \(its rates/,
    ],
    [
      'roofs below what was sampled',
      { ceilings: { ...run.ceilings!, flopsPerSecond: 1e12 } },
      /: ceilings is wrong \(what was sampled lies above/,
    ],
    ['utilisation of no ceilings', { ceilings: null }, /: utilisation is wrong \(it has no ceilings/],
    ['ceilings without utilisation', { utilisation: null }, /: utilisation is wrong \(it is missing/],
    [
      'more windows than are listed',
      { sessions: [], protocol: { ...run.protocol, windows: 6 } },
      /: protocol\.windows is wrong \(6, where 5/,
    ],
    [
      'sessions with fewer windows',
      { sessions: run.sessions.slice(1) },
      /: sessions is wrong \(they have 4 windows, where 5/,
    ],
    [
      'two sessions of one name',
      { sessions: run.sessions.map((session) => ({ ...session, id: 'a' })) },
      /: sessions is wrong \(two of them have one id/,
    ],
    [
      'windows of no inference',
      { protocol: { ...run.protocol, inferencesPerWindow: 0 } },
      /: protocol\.inferencesPerWindow is wrong/,
    ],
    [
      'watts of another energy',
      { energy: { ...run.energy!, meanWatts: 400 } },
      /: energy is wrong \(its mean is 400 W/,
    ],
    ['energy with a reason for none', { noEnergy: 'no meter' }, /: energy is wrong \(noEnergy says/],
    ['no energy and no reason', { energy: null }, /: energy is wrong \(nothing is there/],
    ['layers with a reason for none', { noLayers: 'no clock' }, /: layers is wrong \(noLayers says/],
    ['an empty list of layers', { layers: [] }, /: layers is wrong/],
    ['a clock of no layers', { layers: null, noLayers: 'not asked for' }, /: layerClock is wrong/],
    ['layers that add up to far more', { layers: slower(5) }, /: layers is wrong \(the layers add up to/],
    ['layers that add up to next to nothing', { layers: slower(0.2) }, /: layers is wrong \(the layers add up to/],
    ['the same by a clock that is not known', { layers: slower(500), layerClock: null }, /: layers is wrong/],
    ['no layers and no reason', { layers: null, noLayers: null }, /: layers is wrong/],
  ])('refuses %s', (_, changes, message) => {
    expect(() => read(changes)).toThrow(InputError);
    expect(() => read(changes)).toThrow(message);
  });
});
