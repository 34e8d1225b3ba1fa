// Writes the value of a metric by its unit: counts in full, times and ratios rounded.

import { type Unit } from '../../src/metrics/metric.js';
import { metricOf, type MetricName } from '../../src/metrics/table.js';
import { grouped, percentage, short } from './number.js';

const TEXTS: Readonly<Record<Unit, (value: number) => string>> = {
  count: grouped,
  bytes: (value) => `${grouped(value)} B`,
  ratio: (value) => value.toFixed(3),
  ms: (value) => `${value.toPrecision(4)} ms`,
  perSecond: (value) => `${short(value)}/s`,
  part: (value) => percentage(value),
  joules: (value) => `${value.toPrecision(3)} J`,
};

/** The note that defines FLOP/s. */
export const FLOPS_PER_SECOND = 'FLOP/s is 2 x multiply-adds per second.';

export const unitText = (unit: Unit, value: number): string => TEXTS[unit](value);
export const metricText = (metric: MetricName, value: number): string => unitText(metricOf(metric).unit, value);
