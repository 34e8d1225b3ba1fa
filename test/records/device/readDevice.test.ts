// Is a device record read back as it was written, and every damage named?

import { describe, expect, it } from 'vitest';
import { builtInDevice } from '../../../src/devices/builtIn.js';
import { readDevice } from '../../../src/records/device/readDevice.js';

const RECORD = builtInDevice('i9-10940x');
const read = (change: object) => () => readDevice(JSON.stringify({ ...RECORD, ...change }), 'd.json');

describe('a device record', () => {
  it('is read as it was written', () => {
    expect(readDevice(JSON.stringify(RECORD), 'd.json')).toEqual(RECORD);
  });

  it.each([
    [{ schema: 'flopscope.run/1' }, 'd.json: is not a device record (its schema is "flopscope.run/1"'],
    [{ flopsPerSecond: 0 }, 'd.json: flopsPerSecond is wrong'],
    [{ flopsPerSecond: '1e12' }, 'd.json: flopsPerSecond is wrong'],
    [{ secondsPerLaunch: -1 }, 'd.json: secondsPerLaunch is wrong'],
    [{ mode: 'fast' }, 'd.json: mode is wrong'],
    [{ name: 'a b' }, 'd.json: name is wrong'],
    [{ ratios: { softmax: 1 } }, 'd.json: ratios.'],
    [{ error: { median: 0.1 } }, 'd.json: error.'],
    [{ error: { ...RECORD.error, median: 0.5 } }, 'd.json: error is wrong (its 90th percentile is below its median)'],
    [{ fittedOn: { ...RECORD.fittedOn, batch: [8, 1] } }, 'd.json: fittedOn.batch is wrong (its end'],
    [{ speed: 3 }, 'd.json: the record is wrong'],
  ])('with %j is refused: %s', (change, message) => {
    expect(read(change)).toThrow(message);
  });

  it('that is no JSON, or no object, is refused', () => {
    expect(() => readDevice('{', 'd.json')).toThrow('d.json: is not JSON');
    expect(() => readDevice('[]', 'd.json')).toThrow('d.json: is not a device record');
    expect(() => readDevice('null', 'd.json')).toThrow('d.json: is not a device record');
  });
});
