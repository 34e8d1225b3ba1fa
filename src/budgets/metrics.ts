// The metrics that a budget can limit. Each row has its source, its direction and its layers.

import type { Run } from '../measure/run.js';
import { layerKindOf, type LayerKind } from '../cost.js';
import type { Layer, Profile } from '../profile.js';

/**
 * How a value is written: a whole count, a plain ratio, milliseconds, images per second, a part of
 * a whole, joules.
 */
export type Unit = 'count' | 'ratio' | 'ms' | 'perSecond' | 'part' | 'joules';

/** What a baseline keeps of a layer. */
export type Figures = Pick<
  Layer,
  'name' | 'op' | 'params' | 'multAdds' | 'flops' | 'activations' | 'memoryAccess' | 'memoryAccessFused'
>;

interface Described {
  readonly title: string;
  readonly about: string;
  readonly unit: Unit;
  /** The limit is the most, or the least, that is allowed. */
  readonly allows: 'most' | 'least';
}

/** Read from the graph. */
export interface GraphMetric extends Described {
  readonly from: 'graph';
  /** null where the network has nothing to read it from. */
  read(profile: Profile): number | null;
  /** A layer's part of the sum; null where the metric is that of one layer. */
  readonly part: ((layer: Figures) => number) | null;
  /** Layers that answer for it together: those of one kind, where each counts the same. */
  readonly together?: 'op';
}

/** Read from a measured run. */
export interface RunMetric extends Described {
  readonly from: 'run';
  read(run: Run): number | null;
  /** Why a run does not have it. */
  missing(run: Run): string;
}

export type Metric = GraphMetric | RunMetric;

const sum = (
  title: string,
  about: string,
  read: GraphMetric['read'],
  part: (layer: Figures) => number,
  together?: 'op',
): GraphMetric => ({
  from: 'graph',
  unit: 'count',
  allows: 'most',
  title,
  about,
  read,
  part,
  ...(together === undefined ? {} : { together }),
});

const onlyOf =
  (kind: LayerKind) =>
  (layer: Figures): number =>
    layerKindOf(layer) === kind ? layer.memoryAccess : 0;

const GRAPH_METRICS = {
  params: sum(
    'params',
    'learnable parameters',
    ({ totals }) => totals.params,
    (layer) => layer.params,
  ),
  multAdds: sum(
    'mult-adds',
    'multiply-adds of convolutions and fully connected layers',
    ({ totals }) => totals.multAdds,
    (layer) => layer.multAdds,
  ),
  flops: sum(
    'FLOPs',
    '2 per multiply-add, 1 per element of every other op',
    ({ totals }) => totals.flops,
    (layer) => layer.flops,
  ),
  activations: sum(
    'activations',
    'output elements of convolutions and fully connected layers',
    ({ totals }) => totals.activations,
    (layer) => layer.activations,
  ),
  ops: sum(
    'ops',
    'layers but views: what an eager framework launches',
    ({ totals }) => totals.ops,
    (layer) => (layer.memoryAccess > 0 ? 1 : 0),
    'op',
  ),
  'memoryAccess.conv': sum(
    'memory access, conv',
    'memory access over convolutions only, in elements',
    ({ totals }) => totals.memoryAccess.conv,
    onlyOf('conv'),
  ),
  'memoryAccess.linear': sum(
    'memory access, linear',
    'memory access over fully connected layers only, in elements',
    ({ totals }) => totals.memoryAccess.linear,
    onlyOf('linear'),
  ),
  'memoryAccess.unfused': sum(
    'memory access, every op',
    'memory access of every op as an eager framework runs it, in elements',
    ({ totals }) => totals.memoryAccess.unfused,
    (layer) => layer.memoryAccess,
  ),
  'memoryAccess.fused': sum(
    'memory access, fused',
    'memory access of every op as an inference compiler would run it, in elements',
    ({ totals }) => totals.memoryAccess.fused,
    (layer) => layer.memoryAccessFused,
  ),
  balance: {
    from: 'graph',
    unit: 'ratio',
    allows: 'most',
    title: 'worst balance',
    about: 'of the worst convolution: its memory access over the least that it could have, at least 1',
    read: ({ layers }: Profile) =>
      layers.reduce<number | null>(
        (worst, { balance }) => (balance === null ? worst : Math.max(worst ?? 1, balance)),
        null,
      ),
    part: null,
  },
} as const satisfies Record<string, GraphMetric>;

const RUN_METRICS = {
  ms: {
    from: 'run',
    unit: 'ms',
    allows: 'most',
    title: 'ms per inference',
    about: 'measured: median milliseconds of one inference of the whole batch',
    read: ({ times }: Run) => times.median,
    missing: () => 'it has no times',
  },
  imagesPerSecond: {
    from: 'run',
    unit: 'perSecond',
    allows: 'least',
    title: 'images/s',
    about: 'measured: images per second, at least',
    read: ({ imagesPerSecond }: Run) => imagesPerSecond,
    missing: () => 'it has no times',
  },
  utilisation: {
    from: 'run',
    unit: 'part',
    allows: 'least',
    title: 'utilisation',
    about: 'measured: FLOP/s over those of a large matrix product on the same device, at least; 40% or 0.4',
    read: ({ utilisation }: Run) => utilisation && utilisation.compute,
    missing: () => 'it was measured without ceilings (--no-ceilings)',
  },
  joulesPerImage: {
    from: 'run',
    unit: 'joules',
    allows: 'most',
    title: 'J/image',
    about: 'measured: joules per image, where a meter was at hand',
    read: ({ energy }: Run) => energy && energy.joulesPerImage,
    missing: ({ noEnergy }: Run) => noEnergy ?? 'no meter was at hand',
  },
} as const satisfies Record<string, RunMetric>;

/** Under the path that a budgets file names each by, in the order of every table. */
export const METRICS = { ...GRAPH_METRICS, ...RUN_METRICS };
export type MetricName = keyof typeof METRICS;
export const METRIC_NAMES = Object.keys(METRICS) as readonly MetricName[];

export const metricOf = (name: MetricName): Metric => METRICS[name];
