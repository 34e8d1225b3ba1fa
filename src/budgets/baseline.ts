// The baseline: every metric and every layer's counts of networks at an accepted state.

import type { Run } from '../measure/run.js';
import { sessionTimes } from '../measure/sessionTimes.js';
import { quantile } from '../measure/statistics.js';
import type { Profile } from '../profile.js';
import { FIGURES, type Figures, type TrainedFigures } from '../metrics/metric.js';
import { METRIC_NAMES, metricOf, type MetricName } from '../metrics/table.js';
import { trainingText } from '../training/optionsText.js';
import type { Training } from '../training/training.js';
import type { Costs } from './costs.js';

export const BASELINE_SCHEMA = 'flopscope.baseline/2';
/** Layers of this one have `memoryAccess` for `memoryAccessUnfused`. */
export const FIRST_BASELINE_SCHEMA = 'flopscope.baseline/1';

type Omission = NonNullable<Profile['lowerBound']>;

export interface BaselineNetwork {
  readonly metrics: Readonly<Partial<Record<MetricName, number>>>;
  /** Engine and device of the measured metrics; null where nothing was measured. */
  readonly device: string | null;
  /**
   * Median milliseconds of each session; absent where nothing was measured, and in baselines of
   * earlier versions.
   */
  readonly sessions?: readonly number[];
  /** A baseline of an earlier version does not have every figure. */
  readonly layers: readonly BaselineLayer[];
  /** How it was trained, and each layer's part; only where training was counted. */
  readonly training?: BaselineTraining;
  /** What was left out of the counts, where something was: they are a lower bound then. */
  readonly lowerBound?: Omission;
}

export interface BaselineTraining {
  readonly options: Training['options'];
  readonly layers: readonly TrainedFigures[];
}

export type BaselineLayer = Pick<Figures, 'name' | 'op'> & Partial<Figures>;

/** By `keyOf`. */
export type Baseline = ReadonlyMap<string, BaselineNetwork>;

/** One network under one name at one input: "resnet50 1x3x224x224". */
export const keyOf = (name: string, { n, c, h, w }: Profile['input']): string => `${name} ${n}x${c}x${h}x${w}`;

/** Times are compared only with those of the same engine on the same device. */
export const deviceOf = ({ engine, mode, device }: Run): string => `${device.name} (${engine}, ${mode})`;

export function baselineOf(costs: Costs): BaselineNetwork {
  const { profile, training, run } = costs;
  const values = METRIC_NAMES.map((name) => [name, valueOf(name, costs)] as const);
  return {
    metrics: Object.fromEntries(values.filter(([, value]) => value !== null)),
    device: run && deviceOf(run),
    ...(run ? { sessions: sessionTimes(run).map(({ windows }) => quantile(windows, 0.5)) } : {}),
    layers: profile.layers.map((layer) => ({
      name: layer.name,
      op: layer.op,
      ...Object.fromEntries(FIGURES.map((figure) => [figure, layer[figure]])),
    })),
    ...(training ? { training: { options: training.options, layers: training.layers.map(trainedFigures) } } : {}),
    ...(profile.lowerBound ? { lowerBound: profile.lowerBound } : {}),
  };
}

const trainedFigures = (layer: TrainedFigures): TrainedFigures => {
  const { name, op, multAdds, inputMultAdds, weightMultAdds, recomputedMultAdds } = layer;
  const { memoryAccess, keptBytes, optimizerBytes } = layer;
  return {
    ...{ name, op, multAdds, inputMultAdds, weightMultAdds, recomputedMultAdds },
    ...{ memoryAccess, keptBytes, optimizerBytes },
  };
};

/** null for a metric that this network does not have, or that was not measured. */
export function valueOf(name: MetricName, { profile, training, run }: Costs): number | null {
  const metric = metricOf(name);
  switch (metric.from) {
    case 'graph':
      return metric.read(profile);
    case 'training':
      return training ? metric.read(training) : null;
    case 'run':
      return run && metric.read(run);
  }
}

/**
 * Why the costs of two training steps cannot be compared; undefined where both are trained in the
 * same way.
 */
export function otherTraining(now: Training, then: BaselineTraining): string | undefined {
  const [here, there] = [now, then].map(({ options }) => trainingText(options));
  return here === there ? undefined : `the baseline was trained with ${there}, and this count is with ${here}`;
}

/**
 * Why counts and baseline cannot be compared. Undefined if complete or with the same ops left out.
 */
export function otherKind({ lowerBound: now }: Profile, { lowerBound: then }: BaselineNetwork): string | undefined {
  if (!now !== !then)
    return now
      ? 'the baseline is of the whole network, and this count is a lower bound'
      : 'the baseline is a lower bound, and this count is of the whole network';
  if (!now || !then || omissionKey(now) === omissionKey(then)) return undefined;
  return 'the baseline is a lower bound that leaves out other nodes than this count';
}

const omissionKey = ({ ops, behind }: Omission): string =>
  JSON.stringify([...ops.map(({ op, nodes, why }) => JSON.stringify([op, nodes, why])).sort(), behind]);
