// Which costs are compared? Counts and measurements of a network, with the words and units that people read.

import { milliseconds as shortMilliseconds, short } from '../text/number.js';
import type { Subject } from './scene.js';

export interface Measure {
  readonly key: string;
  readonly title: string;
  /** In few letters, where room is scarce. */
  readonly brief: string;
  readonly measured: boolean;
  /** Null where it is not known. */
  value(subject: Subject): number | null;
  show(value: number): string;
}

const counted = (key: string, title: string, brief: string, pick: (subject: Subject) => number): Measure => ({
  ...{ key, title, brief },
  measured: false,
  value: pick,
  show: short,
});

export const MULT_ADDS = counted(
  'multAdds',
  'Multiply-adds',
  'mult-adds',
  ({ network: { totals } }) => totals.multAdds,
);
export const PARAMS = counted('params', 'Parameters', 'params', ({ network: { totals } }) => totals.params);
export const ACCESS_CONV = counted(
  'memoryAccessConv',
  'Memory access, convolutions only',
  'access, conv',
  ({ network: { totals } }) => totals.memoryAccess.conv,
);
export const ACCESS = counted(
  'memoryAccessUnfused',
  'Memory access, every op',
  'memory access',
  ({ network: { totals } }) => totals.memoryAccess.unfused,
);
export const ACCESS_FUSED = counted(
  'memoryAccessFused',
  'Memory access, fused',
  'access, fused',
  ({ network: { totals } }) => totals.memoryAccess.fused,
);
export const OPS = counted('ops', 'Ops', 'ops', ({ network: { totals } }) => totals.ops);
export const TIME: Measure = {
  key: 'time',
  title: 'Time, measured',
  brief: 'time',
  measured: true,
  value: ({ run }) => run && run.times.median,
  show: (ms) => milliseconds(ms),
};
export const ENERGY: Measure = {
  key: 'energy',
  title: 'Energy per image, measured',
  brief: 'energy',
  measured: true,
  value: ({ run }) => run?.energy?.joulesPerImage ?? null,
  show: (joules) => `${short(joules)} J`,
};

export const MEASURES: readonly Measure[] = [MULT_ADDS, PARAMS, ACCESS_CONV, ACCESS, ACCESS_FUSED, OPS, TIME, ENERGY];

/** 12.3 ms, 0.0123 ms, 1,230 ms */
export const milliseconds = (ms: number): string => `${shortMilliseconds(ms)} ms`;
