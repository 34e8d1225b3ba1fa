// A measured run: one model at one batch on one device, with all that is needed to repeat it.

import type { RecordedTotals, Source } from '../profile.js';

/** The device that ran the graph. Unknown values are null, never 0. */
export interface RunDevice {
  readonly vendor: string | null;
  readonly name: string;
  readonly kind: 'gpu' | 'cpu';
  /** A GPU driver that runs on the CPU: its times say nothing about a GPU. */
  readonly software: boolean;
  readonly driver: string | null;
}

/** Distribution over windows, in milliseconds per inference (of the whole batch). */
export interface RunTimes {
  readonly median: number;
  readonly lowerQuartile: number;
  readonly upperQuartile: number;
  readonly least: number;
  readonly most: number;
  /** Interquartile range over the median; null where fewer than 3 windows were timed. */
  readonly spread: number | null;
  /** Every window, in the order in which they were measured. */
  readonly windows: readonly number[];
  /** Time in which the host prepared one inference; near the median, the run is host-bound. */
  readonly host: number;
  /**
   * The very first inference after loading, with what it had to compile and to upload; kernels that
   * an earlier run of the session compiled are there already. In records of earlier versions the
   * second one.
   */
  readonly first: number;
}

/** The rates that this engine reached with its own large kernels: the roofs of the roofline. */
export interface Ceilings {
  /** FLOP/s (2 per multiply-add) of a large square matrix product. */
  readonly flopsPerSecond: number;
  /** Bytes per second, read and written, of a large copy. */
  readonly bytesPerSecond: number;
  /** Sizes that were used, in words. */
  readonly how: string;
}

export interface RunMemory {
  /**
   * Most bytes of tensors that were alive at once, by their shapes; what an allocator adds is not
   * in it.
   */
  readonly peakTensorBytes: number | null;
  /**
   * Most bytes that the engine had taken from the device, free buffers included; null where it does
   * not tell.
   */
  readonly peakDeviceBytes: number | null;
  /** What peakDeviceBytes counts, or why it is null; null in records of earlier versions. */
  readonly deviceBytes: string | null;
  readonly weightBytes: number;
}

export interface Energy {
  readonly joulesPerImage: number;
  readonly meanWatts: number;
  /** Without work; not subtracted from meanWatts. */
  readonly idleWatts: number | null;
  /** When and how long it was read; null in records of earlier versions. */
  readonly idleHow: string | null;
  readonly samples: number;
  readonly meter: string;
}

export interface LayerTime {
  /** The graph node that did the work; absorbed nodes have no time of their own. */
  readonly name: string;
  readonly op: string;
  /** Nodes that were folded or fused into it. */
  readonly absorbed: readonly string[];
  readonly milliseconds: number;
  /** How an op that the engine lacks was made of others; null where it has it. */
  readonly emulation: string | null;
}

/** A step of the runtime that no node of the graph stands for. */
export interface OtherStep {
  readonly name: string;
  /** As the runtime calls it: "ReorderInput" is a copy into another layout. */
  readonly op: string;
  /** Elements that it reads and writes. */
  readonly elements: number;
  /** Null where layers were not timed. */
  readonly milliseconds: number | null;
}

/** What a runtime that fuses by itself made of the graph. */
export interface RunAsRun {
  readonly kernels: number;
  /** How many of them each provider ran. */
  readonly providers: Readonly<Record<string, number>>;
  /** Sets of nodes that ran as one kernel. */
  readonly fused: readonly (readonly string[])[];
  /**
   * Elements: what each kernel reads, with its weights, and writes; the copies of the runtime
   * included.
   */
  readonly memoryAccess: number;
  readonly others: readonly OtherStep[];
  /**
   * Milliseconds of a whole inference, in the passes and by the clock that timed the layers; null
   * where they were not.
   */
  readonly whole: number | null;
}

export interface Warning {
  readonly kind:
    'host-bound' | 'too-short' | 'drifting' | 'noisy' | 'layers-differ' | 'software-device' | 'emulated' | 'other';
  /** One sentence. */
  readonly message: string;
  /** The flag that helps, with a value; null where none does. */
  readonly flag: string | null;
}

export interface Run {
  readonly schema: 'flopscope.run/1';
  /** ISO 8601, UTC. */
  readonly measuredAt: string;
  readonly flopscope: string;
  readonly model: string;
  readonly source: Source;
  readonly input: { readonly n: number; readonly c: number; readonly h: number; readonly w: number };
  readonly engine: string;
  /** Folded and fused for inference, or every op as written. */
  readonly mode: 'fused' | 'eager';
  readonly precision: string;
  readonly device: RunDevice;
  /** Package, driver and runtime versions by name. */
  readonly versions: Readonly<Record<string, string>>;
  readonly environment: {
    readonly platform: string;
    readonly cpu: string;
    readonly cores: number;
    readonly memoryBytes: number;
  };
  readonly protocol: {
    readonly warmups: number;
    readonly windows: number;
    readonly minWindowSeconds: number;
    readonly inferencesPerWindow: number;
    readonly seed: number;
    /** Engine settings that change times. */
    readonly settings: Readonly<Record<string, string | number | boolean>>;
  };
  /** The same graph, counted; elements and operations. */
  readonly totals: RecordedTotals;
  readonly times: RunTimes;
  readonly imagesPerSecond: number;
  /** 2 per multiply-add. */
  readonly flopsPerSecond: number;
  /**
   * 1 per multiply-add: the "GPU computation efficiency" of VoVNet (arXiv 1904.09730, section 4.1).
   */
  readonly paperFlopsPerSecond: number;
  /** Memory access over time: fused, or of every op where every op was run. */
  readonly bytesPerSecond: number;
  readonly ceilings: Ceilings | null;
  /** flopsPerSecond and bytesPerSecond over their ceilings. */
  readonly utilisation: { readonly compute: number; readonly memory: number } | null;
  readonly memory: RunMemory;
  readonly energy: Energy | null;
  /** Why energy is null. */
  readonly noEnergy: string | null;
  readonly layers: readonly LayerTime[] | null;
  /**
   * What timed the layers: timestamps of the GPU, or the host's clock, which has a wait for the
   * device in every layer. Null where they were not timed, and in records of earlier versions.
   */
  readonly layerClock: 'gpu' | 'host' | null;
  /** Null where the engine runs steps of its own plan, and in records of earlier versions. */
  readonly asRun: RunAsRun | null;
  /** The weights: ours, made from the seed, or those of the user's file, which ran unchanged. */
  readonly weights: 'seeded' | 'file';
  /** Why layers is null. */
  readonly noLayers: string | null;
  /** Nodes whose op was made of others. */
  readonly emulated: readonly string[];
  readonly warnings: readonly Warning[];
}

/** A file of several runs; one run may stand alone. */
export interface RunFile {
  readonly schema: 'flopscope.runs/1';
  readonly runs: readonly Run[];
}
