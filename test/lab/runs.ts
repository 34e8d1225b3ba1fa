// Runs of a lab, as far as an outcome reads them: sessions that take so long, give or take a hundredth.

import type { Run } from '../../src/measure/run.js';
import { summarise } from '../../src/measure/statistics.js';

export const labRuns = (milliseconds: readonly number[]): readonly Run[] =>
  milliseconds.map((ms, place) => {
    // Neighbours lean to different sides, so that their ratio is not the same in every session.
    const windows = [0.99 * ms, ms, 1.01 * ms].map((time, k) =>
      place % 2 === 0 ? time : (ms * ms) / (ms * [0.995, 1, 1.005][k]!),
    );
    return {
      sessions: windows.map((_, k) => ({ id: `s${k}`, turn: 0, windows: 1 })),
      ...{ times: { ...summarise(windows), windows }, flopsPerSecond: 1, emulated: [], warnings: [] },
      ...{ memory: { peakTensorBytes: null }, energy: null, noEnergy: 'no meter' },
    } as unknown as Run;
  });
