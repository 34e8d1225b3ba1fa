// Which networks a calibration times, and when it ends.

import { describe, expect, it, vi } from 'vitest';
import { isBuiltIn, builtIn } from '../src/builtIn.js';
import { CALIBRATION_NETWORKS, calibratedDevice, calibrationNames, timeNetworks } from '../src/calibration.js';
import { DeviceFailure } from '../src/engines/engine.js';
import { InputError } from '../src/inputError.js';
import { jobOf } from '../src/measure/job.js';
import type { Run } from '../src/measure/run.js';
import type { Job } from '../src/measure/session.js';
import { syntheticRun } from './reports/synthetic.js';

const NAMES = ['resnet20', 'resnet56', 'mobilenet_v2', 'vovnet27_slim', 'squeezenet1_1', 'densenet40_k12'];
const jobs = NAMES.map((name) => jobOf(builtIn(name), 1, undefined));

/** Each network takes a time that follows from its multiply-adds. */
const session = (measure: (job: Job) => void = () => undefined) => ({
  demandFits: () => undefined,
  measure: (job: Job): Promise<Run> => {
    measure(job);
    const run = syntheticRun(job.counted);
    return Promise.resolve({ ...run, times: { ...run.times, median: 1 + job.counted.totals.multAdds / 1e9 } });
  },
});

describe('the networks of a calibration', () => {
  it('are built in, and further names follow them once', () => {
    expect(CALIBRATION_NETWORKS.every(isBuiltIn)).toBe(true);
    expect(calibrationNames(['resnet18', 'net.onnx'])).toEqual([...CALIBRATION_NETWORKS, 'net.onnx']);
  });

  it('are timed in order, and make a record', async () => {
    const told: number[] = [];
    const timed = await timeNetworks(jobs, session(), 60, { timed: (_, place) => told.push(place) });
    expect(told).toEqual([0, 1, 2, 3, 4, 5]);
    expect(calibratedDevice(timed, 'here')).toMatchObject({ name: 'here', origin: 'calibration' });
  });

  it('leave out one without a time, and end at what is no failure of one network', async () => {
    const failed: string[] = [];
    const failing = session(({ counted: { model } }) => {
      if (model === 'resnet56') throw new DeviceFailure('lost');
    });
    const { runs } = await timeNetworks(jobs, failing, 60, { failed: ({ counted }) => failed.push(counted.model) });
    expect([runs.length, failed]).toEqual([5, ['resnet56']]);
    const broken = session(() => {
      throw new TypeError('a fault');
    });
    await expect(timeNetworks(jobs, broken, 60)).rejects.toThrow(TypeError);
  });

  it('leave out one that ran in other numbers: a record is of one precision', async () => {
    const told: string[] = [];
    const own = session();
    const mixed: typeof own = {
      ...own,
      measure: async (job) => {
        const run = await own.measure(job);
        return job.counted.model === 'resnet56' ? { ...run, precision: 'float16', bytesPerElement: 2 } : run;
      },
    };
    const { runs } = await timeNetworks(jobs, mixed, 60, { failed: (_, __, { message }) => told.push(message) });
    expect(runs).toHaveLength(5);
    expect(told).toEqual(['it ran in float16, and a record is of one precision: the others ran in float32']);
  });

  it('are not begun after the limit, and too few make no record', async () => {
    const now = vi.spyOn(Date, 'now');
    let seconds = 0;
    now.mockImplementation(() => 1e3 * seconds);
    const left: number[] = [];
    const slow = session(() => (seconds += 30));
    const timed = await timeNetworks(jobs, slow, 45, { stopped: (count) => left.push(count) });
    now.mockRestore();
    expect([timed.runs.length, left]).toEqual([2, [4]]);
    expect(() => calibratedDevice(timed, 'here')).toThrow(InputError);
  });
});
