// The table of metrics: counts of a graph, the worst balance, training steps, and measured runs.

import type { Layer } from '../layer.js';
import { atCount, countOf, COUNT_NAMES, type AtCounts, type CountName } from './countNames.js';
import type { CountRow, RunMetric, TrainingMetric } from './metric.js';
import { RUN_METRICS } from './runMetrics.js';
import type { RecordedTotals } from './totals.js';
import { TRAINING_METRICS } from './trainingMetrics.js';

/** A network as far as it was counted: a record has no layers. */
export interface Counted {
  readonly totals: RecordedTotals;
  readonly layers?: readonly Layer[];
}

/** Counted from the graph. */
export interface GraphMetric extends CountRow {
  /**
   * null where the network has nothing to read it from, and where a record of an earlier version
   * does not have it.
   */
  read(counted: Counted): number | null;
}

export type Metric = GraphMetric | RunMetric | TrainingMetric;

/** Counts are compared exactly. */
export const isExact = (metric: Metric): boolean => metric.unit === 'count' || metric.unit === 'bytes';

const BALANCE = {
  from: 'graph',
  unit: 'ratio',
  better: 'less',
  combine: 'max',
  title: 'worst balance',
  short: 'balance',
  words: 'the worst balance of a convolution',
  about:
    'Memory access of a convolution over the least that it could have, at least 1; of a network, that of its worst convolution.',
  source: null,
  read: ({ layers = [] }: Counted) =>
    layers.reduce<number | null>(
      (worst, { balance }) => (balance === null ? worst : Math.max(worst ?? 1, balance)),
      null,
    ),
  part: (layer: Layer) => layer.balance,
} as const satisfies GraphMetric;

const COUNT_METRICS = Object.fromEntries(
  COUNT_NAMES.map((name): [CountName, GraphMetric] => [
    name,
    {
      ...countOf(name),
      read: ({ totals }) => atCount(totals as AtCounts<number | undefined>, name) ?? null,
    },
  ]),
) as Readonly<Record<CountName, GraphMetric>>;

export const METRICS = { ...COUNT_METRICS, balance: BALANCE, ...TRAINING_METRICS, ...RUN_METRICS };
export type MetricName = keyof typeof METRICS;
export const METRIC_NAMES = Object.keys(METRICS) as readonly MetricName[];

export const metricOf = (name: MetricName): Metric => METRICS[name];

/** A limit on a metric is the most, or the least, that is allowed. */
export const allowedEnd = ({ better }: Metric): 'most' | 'least' => (better === 'less' ? 'most' : 'least');

/** Those of a training step. */
export const isTraining = (name: MetricName): boolean => METRICS[name].from === 'training';
