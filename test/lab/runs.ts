// What are runs of a lab, as far as an outcome reads them? Windows that all take so long, give or take a hundredth.

import type { Run } from '../../src/measure/run.js';
import { summarise } from '../../src/measure/statistics.js';

export const labRuns = (milliseconds: readonly number[]): readonly Run[] =>
  milliseconds.map((ms) => {
    const windows = [0.99 * ms, ms, 1.01 * ms];
    return {
      ...{ times: { ...summarise(windows), windows }, flopsPerSecond: 1, emulated: [], warnings: [] },
      ...{ memory: { peakTensorBytes: null }, energy: null, noEnergy: 'no meter' },
    } as unknown as Run;
  });
