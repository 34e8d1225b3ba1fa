// A measured run: the schema of its record, and the types that follow from it.

import * as z from 'zod';
import type { Omission } from '../graph.js';
import { countOf, countsAt } from '../metrics/countNames.js';
import type { RecordedTotals } from '../metrics/totals.js';
import { SOURCES } from '../profile.js';
import { RECORDED_GRAPH } from './recordedGraph.js';
import { FEWEST } from './statistics.js';

const number = z.number();
const positive = z.number().positive();
const part = z.number().nonnegative();
const count = z.int().nonnegative();
const text = z.string();

const { memoryAccess, ...others } = countsAt((name) => (countOf(name).later ? count.optional() : count));

/** Of a counted network: every count of the table of metrics, and what is no metric. */
export const RECORDED_TOTALS = z.object({
  ...others,
  memoryAccess: z.object(memoryAccess),
  convLayers: count,
  frozenParams: count.optional(),
  memoryAccessBound: z.object({ conv: part }),
}) as unknown as z.ZodType<RecordedTotals>;

/** The device that ran the graph. Unknown values are null, never 0. */
const DEVICE = z.object({
  /** Earlier versions wrote a word for what is not known. */
  vendor: text.nullable().transform((vendor) => (vendor === 'unknown' ? null : vendor)),
  name: text,
  kind: z.enum(['gpu', 'cpu']),
  /** A GPU driver that runs on the CPU: its times say nothing about a GPU. */
  software: z.boolean(),
  driver: text.nullable(),
});

/** Earlier versions gave two windows a spread of 0. */
const withoutSpreadOfTwo = (given: unknown): unknown =>
  typeof given === 'object' &&
  given !== null &&
  'windows' in given &&
  Array.isArray(given.windows) &&
  given.windows.length < FEWEST
    ? { ...given, spread: null }
    : given;

/** Distribution over windows, in milliseconds per inference (of the whole batch). */
const TIMES = z.object({
  median: positive,
  lowerQuartile: positive,
  upperQuartile: positive,
  least: positive,
  most: positive,
  /** Interquartile range over the median; null where fewer than 3 windows were timed. */
  spread: part.nullable(),
  /** Every window, in the order in which they were measured. */
  windows: z.array(positive).min(1),
  /**
   * Time in which the host prepared one inference; near the median, the run is host-bound. Null
   * where another process prepares it, and handing it over is all that is seen here.
   */
  host: part.nullable(),
  /**
   * Time in which the device ran kernels in one inference, by its own clock, in a profile of its
   * own; null where `host` is known, where the device does not tell, and in records of earlier
   * versions.
   */
  kernels: part.nullable().default(null),
  /**
   * The very first inference after loading, with what it had to compile and to upload; kernels that
   * an earlier run of the session compiled are there already. In records of earlier versions the
   * second one.
   */
  first: positive,
});

/** Windows that were timed without a pause between them, after one start of the engine. */
const SESSION = z.object({
  /** The same in all runs of the session: their windows alternated. */
  id: text.min(1),
  /** ISO 8601, UTC. */
  measuredAt: z.iso.datetime(),
  /** Networks of one turn were loaded together; those that do not fit together take turns. */
  turn: count,
  /** The engine ran in a process that was started for this session. */
  ownProcess: z.boolean(),
  /** How many of the windows are of this session: sessions follow each other. */
  windows: count.positive(),
  inferencesPerWindow: count.positive(),
});

/**
 * The rates that this engine reached with its own large kernels: the roofs of the roofline. Where a
 * run or one of its layers passed them, they are raised.
 */
const CEILINGS = z.object({
  /** FLOP/s (2 x multiply-adds per second) of a large square matrix product. */
  flopsPerSecond: positive,
  /** Bytes per second, read and written, of a large copy. */
  bytesPerSecond: positive,
  /** Sizes that were used, in words. */
  how: text,
  /**
   * How far the median of their samples lies below the best one, as a part of it; null in records
   * of earlier versions.
   */
  noise: part.nullable().default(null),
  /** What passed them and so raised them; null where nothing did. */
  raised: text.nullable().default(null),
  /**
   * As they were sampled, raised only where an inference as a whole passed them. Utilisation is of
   * these, so that it does not depend on whether layers were timed. Null in records of earlier
   * versions, whose utilisation is of the roofs.
   */
  sampled: z
    .object({ flopsPerSecond: positive, bytesPerSecond: positive, raised: text.nullable() })
    .nullable()
    .default(null),
});

/** Earlier versions called it peakBytes. */
const withPeakTensorBytes = (given: unknown): unknown =>
  typeof given === 'object' && given !== null && 'peakBytes' in given
    ? { ...given, peakTensorBytes: given.peakBytes }
    : given;

const MEMORY = z.object({
  /**
   * Most bytes of tensors that were alive at once, by their shapes; what an allocator adds is not
   * in it.
   */
  peakTensorBytes: part.nullable(),
  /**
   * Most bytes that the engine had taken from the device, free buffers included; null where it does
   * not tell.
   */
  peakDeviceBytes: part.nullable().default(null),
  /** What peakDeviceBytes counts, or why it is null; null in records of earlier versions. */
  deviceBytes: text.nullable().default(null),
  weightBytes: part,
});

const ENERGY = z.object({
  joulesPerImage: part,
  meanWatts: part,
  /** Without work; not subtracted from meanWatts. */
  idleWatts: part.nullable(),
  /** When and how long it was read; null in records of earlier versions. */
  idleHow: text.nullable().default(null),
  samples: count,
  meter: text,
});

const LAYER_TIME = z.object({
  /** The graph node that did the work; absorbed nodes have no time of their own. */
  name: text,
  op: text,
  /** Nodes that were folded or fused into it. */
  absorbed: z.array(text),
  milliseconds: part,
  /** How an op that the engine lacks was made of others; null where it has it. */
  emulation: text.nullable(),
});

/** A step of the runtime that no node of the graph stands for. */
const OTHER_STEP = z.object({
  name: text,
  /** As the runtime calls it: "ReorderInput" is a copy into another layout. */
  op: text,
  /** Elements that it reads and writes. */
  elements: count,
  /** Null where layers were not timed. */
  milliseconds: part.nullable(),
});

/** What a runtime that fuses by itself made of the graph. */
const AS_RUN = z.object({
  kernels: count.positive(),
  /** How many of them each provider ran. */
  providers: z.record(text, count),
  /** Sets of nodes that ran as one kernel. */
  fused: z.array(z.array(text).min(2)),
  /**
   * Elements: what each kernel reads, with its weights, and writes; the copies of the runtime
   * included.
   */
  memoryAccess: count,
  others: z.array(OTHER_STEP),
  /**
   * Milliseconds of a whole inference, in the passes and by the clock that timed the layers; null
   * where they were not.
   */
  whole: positive.nullable(),
});

const WARNING = z.object({
  kind: z.enum([
    ...(['host-bound', 'too-short', 'drifting', 'noisy', 'layers-differ'] as const),
    ...(['software-device', 'emulated', 'other'] as const),
  ]),
  /** One sentence. */
  message: text,
  /** The flag that helps, with a value; null where none does. */
  flag: text.nullable(),
});

/** What is left out of a graph, as records hold it. */
export const OMISSION = z
  .object({
    ops: z.array(z.object({ op: text, nodes: count, first: text, why: text.optional() })),
    behind: count,
  })
  .transform((given) => given as Omission);

/**
 * Every field of a run. Whether its figures agree is checked when it is read (records/run/laws.ts).
 */
export const RUN = z.object({
  schema: z.literal('flopscope.run/1'),
  /** ISO 8601, UTC. */
  measuredAt: z.iso.datetime(),
  /** The version that measured. */
  flopscope: text,
  model: text.min(1),
  source: z.enum(SOURCES),
  input: z.object({
    ...{ n: count.positive(), c: count.positive(), h: count.positive(), w: count.positive() },
    /** All sides as the file has them; absent where they are [n, c, h, w]. */
    sides: z.array(count.positive()).min(1).optional(),
  }),
  engine: text,
  /** Folded and fused for inference, or every op as written. */
  mode: z.enum(['fused', 'eager']),
  /**
   * What was computed in: "float32", "tf32", or what the user's file stores and a runtime made of
   * it.
   */
  precision: text,
  /** Of an element, in bytes/s and the bytes of weights; 4 in records of earlier versions. */
  bytesPerElement: positive.default(4),
  device: DEVICE,
  /** Package, driver and runtime versions by name. */
  versions: z.record(text, text),
  environment: z.object({ platform: text, cpu: text, cores: number, memoryBytes: number.nullable() }),
  protocol: z.object({
    warmups: count,
    /** Of each session. */
    windows: count.positive(),
    minWindowSeconds: positive,
    inferencesPerWindow: count.positive(),
    seed: number,
    /** Engine settings that change times. */
    settings: z.record(text, z.union([text, number, z.boolean()])),
  }),
  /** The same graph, counted. */
  totals: RECORDED_TOTALS,
  /**
   * Only where the file ran whole and its graph leaves something out: totals and rates are lower
   * bounds.
   */
  lowerBound: OMISSION.optional(),
  /**
   * The network itself, so that a record tells of its layers. Absent of built-in networks, which
   * are counted again from their names, and in records of earlier versions.
   */
  graph: RECORDED_GRAPH.optional(),
  times: z.preprocess(withoutSpreadOfTwo, TIMES),
  /** In order of time; empty in records of earlier versions, which are of one session. */
  sessions: z.array(SESSION).default([]),
  imagesPerSecond: positive,
  /** 2 x multiply-adds per second. */
  flopsPerSecond: part,
  /**
   * Multiply-adds per second: the "GPU computation efficiency" of VoVNet (arXiv 1904.09730,
   * section 4.1).
   */
  paperFlopsPerSecond: part,
  /** Memory access over time: fused, or of every op where every op was run. */
  bytesPerSecond: part,
  /**
   * Whether the GPU waited for the host, so that its speed is not seen; false on a CPU. Null where
   * that cannot be told, which is a warning, and in records of earlier versions.
   */
  hostBound: z.boolean().nullable().default(null),
  ceilings: CEILINGS.nullable(),
  /** flopsPerSecond and bytesPerSecond over `ceilings.sampled`. */
  utilisation: z.object({ compute: part, memory: part }).nullable(),
  memory: z.preprocess(withPeakTensorBytes, MEMORY),
  energy: ENERGY.nullable(),
  /** Why energy is null. */
  noEnergy: text.nullable(),
  layers: z.array(LAYER_TIME).min(1, 'no layer is there').nullable(),
  /**
   * What timed the layers: timestamps of the GPU, or the host's clock, which has a wait for the
   * device in every layer. Null where they were not timed, and in records of earlier versions.
   */
  layerClock: z.enum(['gpu', 'host']).nullable().default(null),
  /** Null where the engine runs steps of its own plan, and in records of earlier versions. */
  asRun: AS_RUN.nullable().default(null),
  /** The weights: ours, made from the seed, or those of the user's file, which ran unchanged. */
  weights: z.enum(['seeded', 'file']).default('seeded'),
  /** Why layers is null. */
  noLayers: text.nullable(),
  /** Nodes whose op was made of others. */
  emulated: z.array(text),
  warnings: z.array(WARNING),
});

/** The same data, not to be changed. */
type Fixed<T> = T extends (infer Item)[]
  ? readonly Fixed<Item>[]
  : T extends object
    ? { readonly [K in keyof T]: Fixed<T[K]> }
    : T;

export type Run = Fixed<z.infer<typeof RUN>>;
export type RunDevice = Fixed<z.infer<typeof DEVICE>>;
export type RunTimes = Fixed<z.infer<typeof TIMES>>;
export type RunSession = Fixed<z.infer<typeof SESSION>>;
export type Ceilings = Fixed<z.infer<typeof CEILINGS>>;
export type RunMemory = Fixed<z.infer<typeof MEMORY>>;
export type Energy = Fixed<z.infer<typeof ENERGY>>;
export type LayerTime = Fixed<z.infer<typeof LAYER_TIME>>;
export type OtherStep = Fixed<z.infer<typeof OTHER_STEP>>;
export type RunAsRun = Fixed<z.infer<typeof AS_RUN>>;
export type Warning = Fixed<z.infer<typeof WARNING>>;

/** A file of several runs; one run may stand alone. */
export interface RunFile {
  readonly schema: 'flopscope.runs/1';
  readonly runs: readonly Run[];
}
