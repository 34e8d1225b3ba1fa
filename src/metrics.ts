// The table of metrics: one row for each figure of a network, with its names, its unit, and how it is read.

import type { LayerKind } from './cost.js';
import type { Layer, RecordedTotals } from './layer.js';

/** How a value is written: a whole count, bytes, a plain ratio, milliseconds, images per second, a part of a whole, joules. */
export type Unit = 'count' | 'bytes' | 'ratio' | 'ms' | 'perSecond' | 'part' | 'joules';

/** What a sum is made of: a baseline keeps these of every layer. */
export type Figures = Pick<
  Layer,
  'name' | 'op' | 'params' | 'multAdds' | 'flops' | 'activations' | 'cio' | 'memoryAccess' | 'memoryAccessFused'
>;

interface Described {
  /** As headings name it. */
  readonly title: string;
  /** Over a column of a table. */
  readonly short: string;
  /** As it stands in a sentence. */
  readonly words: string;
  readonly unit: Unit;
  readonly better: 'less' | 'more';
  /** Its definition. */
  readonly about: string;
  /** Who defined it; null for common terms. */
  readonly source: string | null;
}

/** A network as far as it was counted: a record has no layers. */
export interface Counted {
  readonly totals: RecordedTotals;
  readonly layers?: readonly Layer[];
}

/** Counted from the graph. */
export interface GraphMetric extends Described {
  readonly from: 'graph';
  /** null where the network has nothing to read it from, and where a record of an earlier version does not have it. */
  read(counted: Counted): number | null;
  /** How the parts of layers make it. */
  readonly combine: 'sum' | 'max';
  /**
   * A layer's part. Every sum reads `Figures` alone.
   * @param kind of the layer (`layerKindOf`): the table itself knows no ops, so that a page can carry it
   */
  part(layer: Layer, kind: LayerKind | undefined): number | null;
  /** Layers that answer for it together: those of one kind, where each counts the same. */
  readonly together?: 'op';
}

/** What a run metric reads of a measured run. */
export interface Measured {
  readonly times: { readonly median: number };
  readonly imagesPerSecond: number;
  readonly utilisation: { readonly compute: number } | null;
  readonly energy: { readonly joulesPerImage: number } | null;
  readonly noEnergy: string | null;
}

/** Read from a measured run. */
export interface RunMetric extends Described {
  readonly from: 'run';
  read(run: Measured): number | null;
  /** Why a run does not have it. */
  missing(run: Measured): string;
}

/** What a training metric reads of the cost of a training step. */
export interface TrainedTotals {
  readonly stepMultAdds: number;
  readonly backwardMultAdds: number;
  readonly memoryAccess: number;
  readonly keptBytes: number;
  readonly optimizerBytes: number;
  readonly peak: { readonly bytes: number };
  readonly totalBytes: number;
}

/** Of a layer; a baseline keeps these. */
export interface TrainedFigures {
  readonly name: string;
  readonly op: string;
  readonly multAdds: number;
  readonly inputMultAdds: number;
  readonly weightMultAdds: number;
  readonly recomputedMultAdds: number;
  readonly memoryAccess: number;
  readonly keptBytes: number;
  readonly optimizerBytes: number;
}

/** Counted of a training step. */
export interface TrainingMetric extends Described {
  readonly from: 'training';
  read(trained: { readonly totals: TrainedTotals }): number;
  /** A layer's part; of a maximum, what the layer adds to what is alive. */
  part(layer: TrainedFigures): number;
}

export type Metric = GraphMetric | RunMetric | TrainingMetric;

/** Counts are compared exactly. */
export const isExact = (metric: Metric): boolean => metric.unit === 'count' || metric.unit === 'bytes';

const COUNT = { from: 'graph', unit: 'count', better: 'less', source: null } as const;
const SUM = { ...COUNT, combine: 'sum' } as const;
const MAX = { ...COUNT, combine: 'max' } as const;

const accessOf =
  (wanted: LayerKind) =>
  (layer: Figures, kind: LayerKind | undefined): number =>
    kind === wanted ? layer.memoryAccess : 0;

const SHUFFLENET = "ShuffleNetV2's memory access cost, arXiv 1807.11164, section 2";

/** Under the path of each in the JSON of totals, in the order of every table. */
const COUNTS = {
  params: {
    ...SUM,
    title: 'parameters',
    short: 'params',
    words: 'parameters',
    about: 'Learnable parameters; running statistics are buffers and not counted.',
    read: ({ totals }) => totals.params,
    part: (layer: Figures) => layer.params,
  },
  multAdds: {
    ...SUM,
    title: 'multiply-adds',
    short: 'multiply-adds',
    words: 'multiply-adds',
    about:
      'Multiply-adds of convolutions and fully connected layers: what papers call "FLOPs", and fvcore, timm and torchvision "flops" or "GMACs".',
    read: ({ totals }) => totals.multAdds,
    part: (layer: Figures) => layer.multAdds,
  },
  flops: {
    ...SUM,
    title: 'FLOPs',
    short: 'FLOPs',
    words: 'FLOPs',
    about:
      'Hardware operations: 2 per multiply-add, and 1 per element for norm, activation, add, scale and pool (per window element).',
    read: ({ totals }) => totals.flops,
    part: (layer: Figures) => layer.flops,
  },
  activations: {
    ...SUM,
    title: 'activations',
    short: 'activations',
    words: 'activations',
    about: 'Output elements of convolutions and fully connected layers.',
    source: 'arXiv 2003.13678, section 3',
    read: ({ totals }) => totals.activations,
    part: (layer: Figures) => layer.activations,
  },
  cio: {
    ...SUM,
    title: 'convolutional input/output (CIO)',
    short: 'CIO',
    words: 'the input and output elements of convolutions',
    about: 'Input elements plus output elements, summed over convolutions; weights are not in it.',
    source: "HarDNet's CIO, arXiv 1909.00948, Equation 1",
    read: ({ totals }) => totals.cio ?? null,
    part: (layer: Figures) => layer.cio,
  },
  ops: {
    ...SUM,
    title: 'ops',
    short: 'ops',
    words: 'the number of ops',
    about: 'All layers but views: what an eager framework launches.',
    read: ({ totals }) => totals.ops,
    part: (layer: Figures) => (layer.memoryAccess > 0 ? 1 : 0),
    together: 'op',
  },
  'memoryAccess.conv': {
    ...SUM,
    title: 'memory access, convolutions only',
    short: 'memory access, conv',
    words: 'the memory access of convolutions',
    about: 'Memory access in elements, summed over convolutions only.',
    source: 'Equation 1 of the VoVNet paper, arXiv 1904.09730',
    read: ({ totals }) => totals.memoryAccess.conv,
    part: accessOf('conv'),
  },
  'memoryAccess.linear': {
    ...SUM,
    title: 'memory access, linear layers only',
    short: 'linear',
    words: 'the memory access of linear layers',
    about: 'Memory access in elements, summed over fully connected layers only.',
    source: SHUFFLENET,
    read: ({ totals }) => totals.memoryAccess.linear,
    part: accessOf('linear'),
  },
  'memoryAccess.unfused': {
    ...SUM,
    title: 'memory access, every op',
    short: 'every op',
    words: 'the memory access of every op',
    about:
      'Memory access in elements: inputs read once, outputs written once, weights read once. Summed over every op as an eager framework runs it; views are free, a concat reads and writes everything.',
    source: SHUFFLENET,
    read: ({ totals }) => totals.memoryAccess.unfused,
    part: (layer: Figures) => layer.memoryAccess,
  },
  'memoryAccess.fused': {
    ...SUM,
    title: 'memory access, fused',
    short: 'fused',
    words: 'the fused memory access',
    about:
      'Memory access in elements as an inference compiler would run it at best: a concat is a view of what its producers wrote, and an elementwise op is absorbed by its only producer or its only reader.',
    source: SHUFFLENET,
    read: ({ totals }) => totals.memoryAccess.fused,
    part: (layer: Figures) => layer.memoryAccessFused,
  },
  peakActivations: {
    ...MAX,
    title: 'peak activation memory',
    short: 'peak',
    words: 'the peak activation memory',
    about:
      'Most elements of tensors alive at once in order of execution, weights apart. An elementwise op writes in place where nothing else reads its operand; a view takes nothing; a tensor is freed after its last reader.',
    read: ({ totals }) => totals.peakActivations ?? null,
    part: (layer: Layer) => layer.aliveElements,
  },
  peakActivationsOutOfPlace: {
    ...MAX,
    title: 'peak activation memory, nothing in place',
    short: 'peak, out of place',
    words: 'the peak activation memory with nothing in place',
    about: 'Peak activation memory in elements where every op but a view allocates its output.',
    read: ({ totals }) => totals.peakActivationsOutOfPlace ?? null,
    part: (layer: Layer) => layer.aliveElementsOutOfPlace,
  },
} as const satisfies Record<string, GraphMetric>;

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

const TRAINED = { from: 'training', better: 'less', source: null } as const;
const AUTOGRAD = "PyTorch 2.13's eager autograd: tools/autograd/derivatives.yaml";

const TRAINING_METRICS = {
  'training.multAdds': {
    ...TRAINED,
    unit: 'count',
    title: 'multiply-adds of a training step',
    short: 'step multiply-adds',
    words: 'the multiply-adds of a training step',
    about: 'Multiply-adds of a training step: forward, backward, and what checkpoints run again.',
    read: ({ totals }) => totals.stepMultAdds,
    part: (layer) => layer.multAdds + layer.inputMultAdds + layer.weightMultAdds + layer.recomputedMultAdds,
  },
  'training.backwardMultAdds': {
    ...TRAINED,
    unit: 'count',
    title: 'multiply-adds of the backward pass',
    short: 'backward multiply-adds',
    words: 'the multiply-adds of the backward pass',
    about:
      "Multiply-adds of the gradients of layers' inputs and weights; the first layer makes none of the image, frozen layers none of their weights.",
    read: ({ totals }) => totals.backwardMultAdds,
    part: (layer) => layer.inputMultAdds + layer.weightMultAdds,
  },
  'training.memoryAccess': {
    ...TRAINED,
    unit: 'count',
    title: 'memory access of the backward pass',
    short: 'backward memory access',
    words: 'the memory access of the backward pass',
    about: 'Elements that the backward pass reads of what was kept and of gradients, and writes as gradients.',
    read: ({ totals }) => totals.memoryAccess,
    part: (layer) => layer.memoryAccess,
  },
  'training.keptBytes': {
    ...TRAINED,
    unit: 'bytes',
    title: 'bytes kept for backward',
    short: 'kept',
    words: 'the bytes kept for the backward pass',
    about:
      'Bytes that autograd keeps between the forward and the backward pass: each storage once, neither images nor parameters and buffers.',
    source: AUTOGRAD,
    read: ({ totals }) => totals.keptBytes,
    part: (layer) => layer.keptBytes,
  },
  'training.peakBytes': {
    ...TRAINED,
    unit: 'bytes',
    title: 'peak of a training step',
    short: 'training peak',
    words: 'the peak memory of activations in training',
    about:
      'The most bytes that activations and their gradients take at one time of a training step, where every tensor goes as soon as nothing needs it.',
    read: ({ totals }) => totals.peak.bytes,
    part: (layer) => layer.keptBytes,
  },
  'training.optimizerBytes': {
    ...TRAINED,
    unit: 'bytes',
    title: "bytes of the optimiser's state",
    short: 'optimiser state',
    words: "the bytes of the optimiser's state",
    about:
      'Bytes that the optimiser holds for trained parameters: none for SGD, one number each with momentum, two for Adam.',
    read: ({ totals }) => totals.optimizerBytes,
    part: (layer) => layer.optimizerBytes,
  },
  'training.totalBytes': {
    ...TRAINED,
    unit: 'bytes',
    title: 'memory of a training step, in all',
    short: 'training memory',
    words: 'the memory of a training step in all',
    about:
      "Bytes of images, parameters, their gradients, the optimiser's state, half-precision copies of weights, and the peak of activations and their gradients.",
    read: ({ totals }) => totals.totalBytes,
    part: (layer) => layer.keptBytes + layer.optimizerBytes,
  },
} as const satisfies Record<string, TrainingMetric>;

const RUN_METRICS = {
  ms: {
    from: 'run',
    unit: 'ms',
    better: 'less',
    title: 'ms per inference',
    short: 'ms',
    words: 'the time of an inference',
    about: 'Median over the timed windows of one inference of the whole batch, in milliseconds. Measured.',
    source: null,
    read: ({ times }) => times.median,
    missing: () => 'it has no times',
  },
  imagesPerSecond: {
    from: 'run',
    unit: 'perSecond',
    better: 'more',
    title: 'images/s',
    short: 'images/s',
    words: 'images per second',
    about: 'Images per second, from the median time. Measured.',
    source: null,
    read: ({ imagesPerSecond }) => imagesPerSecond,
    missing: () => 'it has no times',
  },
  utilisation: {
    from: 'run',
    unit: 'part',
    better: 'more',
    title: 'utilisation',
    short: 'utilisation',
    words: 'the utilisation',
    about:
      'FLOP/s (2 x multiply-adds per second) over what a large matrix product reached on the same engine and device. Measured.',
    source: null,
    read: ({ utilisation }) => utilisation && utilisation.compute,
    missing: () => 'it was measured without ceilings (--no-ceilings)',
  },
  joulesPerImage: {
    from: 'run',
    unit: 'joules',
    better: 'less',
    title: 'J/image',
    short: 'J/image',
    words: 'the energy of an image',
    about: 'Joules per image, idle power included, where a meter was at hand. Measured.',
    source: null,
    read: ({ energy }) => energy && energy.joulesPerImage,
    missing: ({ noEnergy }) => noEnergy ?? 'no meter was at hand',
  },
} as const satisfies Record<string, RunMetric>;

export const METRICS = { ...COUNTS, balance: BALANCE, ...TRAINING_METRICS, ...RUN_METRICS };
export type MetricName = keyof typeof METRICS;
export const METRIC_NAMES = Object.keys(METRICS) as readonly MetricName[];

/** What totals hold. */
export type CountName = keyof typeof COUNTS;
export const COUNT_NAMES = Object.keys(COUNTS) as readonly CountName[];

export const metricOf = (name: MetricName): Metric => METRICS[name];

/** A limit on a metric is the most, or the least, that is allowed. */
export const allowedEnd = ({ better }: Metric): 'most' | 'least' => (better === 'less' ? 'most' : 'least');

/** Those of a training step. */
export const isTraining = (name: MetricName): boolean => METRICS[name].from === 'training';

/** Keys of tables and CSV have no dots: memoryAccessConv. */
export const flatKey = (name: MetricName): string => name.replace(/\.(\w)/, (_, first: string) => first.toUpperCase());

type Group = 'memoryAccess';

/** A value for each count, under its path. */
export type AtCounts<V> = {
  readonly [K in CountName as K extends `${string}.${string}` ? never : K]: V;
} & {
  readonly [G in Group]: { readonly [K in CountName as K extends `${G}.${infer Inner}` ? Inner : never]: V };
};

/** The same value of every count, in the form of totals. */
export function countsAt<V>(value: (name: CountName) => V): AtCounts<V> {
  const tree: Record<string, V | Record<string, V>> = {};
  for (const name of COUNT_NAMES) {
    const [first, inner] = name.split('.') as [string, string?];
    if (inner === undefined) tree[first] = value(name);
    else ((tree[first] ??= {} as Record<string, V>) as Record<string, V>)[inner] = value(name);
  }
  return tree as unknown as AtCounts<V>;
}

/** The value of one count out of such a tree. */
export const atCount = <V>(tree: AtCounts<V>, name: CountName): V =>
  name.split('.').reduce<unknown>((inner, key) => (inner as Record<string, unknown>)[key], tree) as V;
