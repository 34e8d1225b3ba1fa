// Is a record believed whose figures contradict each other? No: whoever wrote it, nobody measured that.

import { describe, expect, it } from 'vitest';
import { InputError } from '../../src/inputError.js';
import { readRuns } from '../../src/formats/run/readRun.js';
import type { Run } from '../../src/measure/run.js';
import { profileOf, syntheticRun } from '../reports/synthetic.js';

const run = syntheticRun(profileOf('resnet20'));
const { times } = run;
const read = (changes: object) => readRuns(JSON.stringify({ ...run, ...changes }), 'run.json');

describe('readRuns', () => {
  it('reads what was written, alone and among others', () => {
    expect(readRuns(JSON.stringify(run), 'run.json')).toEqual([run]);
    expect(readRuns(JSON.stringify({ schema: 'flopscope.runs/1', runs: [run, run] }), 'run.json')).toEqual([run, run]);
  });

  it('reads records of earlier versions, which knew the memory of tensors only', () => {
    const [old] = read({ memory: { peakBytes: 7, weightBytes: 5 } });
    expect(old!.memory).toEqual({ peakTensorBytes: 7, peakDeviceBytes: null, deviceBytes: null, weightBytes: 5 });
  });

  it.each<[string, Partial<Run>, RegExp]>([
    [
      'a median below the least',
      { times: { ...times, least: 1.01 * times.median } },
      /: times\.median is wrong \(.+ is not between/,
    ],
    [
      'a median above the most',
      { times: { ...times, most: 0.99 * times.median } },
      /: times\.median is wrong \(.+ is not between/,
    ],
    [
      'quartiles out of order',
      { times: { ...times, lowerQuartile: 1.005 * times.median } },
      /: times is wrong \(the quartiles/,
    ],
    [
      'a quartile beyond the most',
      { times: { ...times, upperQuartile: 1.03 * times.median } },
      /: times is wrong \(the quartiles/,
    ],
    [
      'windows of another median',
      { times: { ...times, windows: [times.least] } },
      /: times\.median is wrong \(.+ that of its windows/,
    ],
    [
      'images/s of another time',
      { imagesPerSecond: 1.001 * run.imagesPerSecond },
      /: imagesPerSecond is wrong \(.+ images of the batch/,
    ],
    ['images/s of another batch', { input: { ...run.input, n: 2 } }, /: imagesPerSecond is wrong/],
    ['FLOP/s of another count', { flopsPerSecond: run.paperFlopsPerSecond }, /: flopsPerSecond is wrong/],
    [
      'paper FLOP/s of 2 per multiply-add',
      { paperFlopsPerSecond: run.flopsPerSecond },
      /: paperFlopsPerSecond is wrong/,
    ],
    ['no layers and no reason', { layers: null, noLayers: null }, /: layers is wrong/],
  ])('refuses %s', (_, changes, message) => {
    expect(() => read(changes)).toThrow(InputError);
    expect(() => read(changes)).toThrow(message);
  });
});
