// The interface of an engine: one open device that loads graphs. The caller measures the time.

import type { Graph, RunnableFile } from '../graph.js';
import type { OpName } from '../ops/table.js';
import type { Optimisation, Provider } from './onnxruntime/providers.js';

/** The order of preference of `auto`, if all engines ran on a GPU. */
export const ENGINE_NAMES = ['tensorflow', 'onnxruntime', 'webgpu', 'wasm', 'cpu'] as const;
export type EngineName = (typeof ENGINE_NAMES)[number];

export interface Device {
  readonly kind: 'gpu' | 'cpu';
  readonly vendor: string | null;
  readonly name: string;
  /** A CPU that emulates a GPU: it shows that a graph runs, not how fast a GPU is. */
  readonly software: boolean;
  readonly driver: string | null;
}

/** Work that a device can repeat: an inference, a large matmul, a large copy. */
export interface Workload {
  /** Enqueues it once and keeps nothing. The device may not have begun when this returns. */
  run(): void;
  /** Frees its tensors on the device; a second call does nothing. */
  dispose(): void;
}

/** A workload of known size, which measures the device's best rate. */
export interface CeilingWorkload extends Workload {
  /**
   * What one run does: floating-point operations (2 per multiply-add) of a matmul, or bytes read
   * and written.
   */
  readonly amount: number;
  readonly unit: 'flop' | 'byte';
}

/**
 * One tensor read back, in the order of its shape ([N, C, H, W] whatever the engine uses inside).
 */
export interface Output {
  readonly name: string;
  readonly shape: readonly number[];
  readonly values: Float32Array;
  /** Whole numbers, such as labels and counts, which may all be 0. */
  readonly integers?: boolean;
}

export interface Kernel {
  /** The name of the engine's own tensor. */
  readonly name: string;
  readonly ms: number;
}

/** The time of one step of the plan: a node with all that was folded or fused into it. */
export interface LayerTime {
  /** Names of graph nodes, in order; the first one's op did the work. */
  readonly nodes: readonly string[];
  readonly op: OpName;
  readonly ms: number;
  /** Names of the kernels that ran; empty where only the host's clock timed it. */
  readonly kernels: readonly Kernel[];
}

/**
 * The time of a step that no node of the graph stands for: a copy into another layout, a node that
 * is not counted.
 */
export interface OtherTime {
  readonly name: string;
  /** As the engine calls it. */
  readonly op: string;
  readonly ms: number;
}

/** One timed inference, step by step without overlap. The sum is not the time of an inference. */
export type LayerTimes =
  | {
      readonly clock: 'device' | 'host';
      readonly layers: readonly LayerTime[];
      /** Left out where every step is a node of the graph. */
      readonly others?: readonly OtherTime[];
      /**
       * The same inference as a whole, in milliseconds by the same clock; left out where only its
       * layers were timed.
       */
      readonly whole?: number;
    }
  | { readonly clock: null; readonly reason: string };

/** What a runtime that fuses by itself made of the graph. */
export interface AsRun {
  /**
   * Milliseconds in which the device ran kernels in one inference, by its own clock; absent where
   * that is not known.
   */
  readonly deviceMilliseconds?: number;
  /** Half precision was cast to float32, in which the provider computes it. */
  readonly widened?: boolean;
  /** Convolutions or matrix products ran on integers. */
  readonly integerProducts?: boolean;
  readonly steps: readonly {
    /**
     * Names of graph nodes that it stands for; none for what the runtime put in, or what is not
     * counted.
     */
    readonly nodes: readonly string[];
    readonly name: string;
    /** As the runtime calls it. */
    readonly op: string;
    /** Where it ran, as the runtime calls it. */
    readonly provider: string;
    readonly onDevice: boolean;
    /** Elements that it reads and writes. */
    readonly elements: number;
  }[];
}

/**
 * A graph with its weights on a device. `run` is one inference of the whole batch, on the same
 * seeded input each time.
 */
export interface Executable extends Workload {
  /** Learnable parameters that were created: the graph's count, before folding. */
  readonly params: number;
  /**
   * Ops launched for one inference, after folding and fusing; null where the runtime decides, and
   * tells it in `asRun`.
   */
  readonly steps: number | null;
  /** Whose weights they are: ours, made from a seed, or those of the user's file. */
  readonly weights: 'seeded' | 'file';
  /**
   * Nodes of an op that the engine lacks and that was put together from others: grouped
   * convolutions.
   */
  readonly emulated: readonly string[];
  /**
   * The largest tensor of one inference in bytes, weights and emulation included; compare it with
   * the engine's limit.
   */
  readonly largestTensor: { readonly node: string; readonly bytes: number };
  /** Runs once more and reads every output of the graph. */
  outputs(): Promise<readonly Output[]>;
  /** Runs once more, step by step. */
  layerTimes(): Promise<LayerTimes>;
  /** What the runtime made of the graph; null where the engine runs the steps of its own plan. */
  asRun(): Promise<AsRun | null>;
}

export interface LoadOptions {
  /**
   * The seed of weights and input. They depend on it and on names in the graph, and are the same on
   * every engine.
   */
  readonly seed?: number;
  /** Run every op as written: nothing is folded or fused. */
  readonly eager?: boolean;
  /**
   * The file that the graph was read from. An engine that `runsFiles` runs it unchanged, with its
   * own weights.
   */
  readonly file?: RunnableFile | undefined;
}

/** Unknown values are null. */
export interface Memory {
  /** Tensors that are alive. */
  readonly tensors: number | null;
  /** Bytes of tensors that are alive. */
  readonly inUse: number | null;
  /** The most that `inUse` was since the engine was opened or `resetPeak` was called. */
  readonly peak: number | null;
  /**
   * Bytes that the engine took from the device, free buffers included; null where they are not
   * known.
   */
  readonly allocated: number | null;
  /** The most that `allocated` was, as `peak` is of `inUse`. */
  readonly peakAllocated: number | null;
}

/**
 * One open device. Calls of two engines may alternate, but an inference and its `done` belong
 * together.
 */
export interface Engine {
  readonly name: EngineName;
  readonly device: Device;
  /**
   * Whether `load` runs a model file unchanged. Other engines run the graph that was read from it.
   */
  readonly runsFiles: boolean;
  /**
   * Whether runs are handed over to another process, which prepares them. The time of `run` is then
   * not that of the host's work.
   */
  readonly handsOver?: true;
  /** Whether it uses CUDA, whose environment variables choose the GPU. */
  readonly throughCuda: boolean;
  /**
   * The largest tensor that fits in one binding, in bytes; a larger one fails. Null where the
   * engine knows no limit.
   */
  readonly maxTensorBytes: number | null;
  /** What all tensors have to fit in together, in bytes; null where the engine knows no limit. */
  readonly maxTotalBytes: number | null;
  /** What `memory().allocated` counts, or why it is null. It completes "device memory is ...". */
  readonly allocatedIs: string;
  /** Versions of the packages that did the work. */
  readonly versions: Readonly<Record<string, string>>;
  /** Settings that affect times: flags, toggles, precision. */
  readonly settings: Readonly<Record<string, string | number | boolean>>;
  /**
   * Whether the graph can be loaded, as far as that is known before anything is made.
   * @throws InputError when the graph has sizes that are not numbers; DeviceFailure when a tensor
   * passes `maxTensorBytes`, or all of them together the engine's memory, naming the batch that
   * would fit
   */
  demandFits(graph: Graph, options?: Pick<LoadOptions, 'eager' | 'file'>): void;
  /** @throws as `demandFits`, before anything runs */
  load(graph: Graph, options?: LoadOptions): Promise<Executable>;
  /** A square matrix product of this side, in float32. */
  matmul(side: number): CeilingWorkload;
  /** One elementwise pass over this many float32 elements: each is read and written once. */
  copy(elements: number): CeilingWorkload;
  /** Hands everything enqueued so far to the device, without waiting. */
  flush(): void;
  /**
   * Flushes and waits until the device has done it all.
   * @throws DeviceFailure when the device reported any error since it was opened: its times mean
   * nothing then
   */
  done(): Promise<void>;
  memory(): Memory;
  resetPeak(): void;
  /** Errors that the device reported since it was opened: a dropped command, a lost device. */
  failures(): readonly string[];
  close(): Promise<void>;
}

/** The device dropped work or was lost; exit code 3. */
export class DeviceFailure extends Error {
  override name = 'DeviceFailure';
}

export interface OpenOptions {
  /** Allow a software adapter in place of a GPU. Everything measured on it must be labelled. */
  readonly allowSoftware?: boolean;
  /**
   * Dawn's own toggles for the webgpu engine, such as `enable-dawn-features=disable_robustness`.
   */
  readonly dawnToggles?: readonly string[];
  /** Of the onnxruntime engine: what runs the kernels; left out, the first that works. */
  readonly provider?: Provider;
  /** Of the onnxruntime engine on a CPU; left out, one for each physical core. */
  readonly threads?: number;
  /** Of the onnxruntime engine: how far it optimises a graph; left out, all the way. */
  readonly optimisation?: Optimisation;
  /** Every op will run as written: the engine optimises nothing. */
  readonly eager?: boolean;
  /** Receives the output of libraries that run in a process of their own. */
  readonly heard?: (text: string) => void;
}

/**
 * The reason why an engine is unavailable, and a remedy. It is a value: a missing engine is not an
 * error.
 */
export interface Unavailable {
  readonly available: false;
  readonly name: EngineName;
  readonly problem: string;
  readonly remedy: string;
  /** False where it opens but computes wrong numbers, or nothing. */
  readonly computes?: false;
}

export interface Available {
  readonly available: true;
  readonly engine: Engine;
  /** Why WebGPU has no GPU here, where the engine looked for one and took the CPU. */
  readonly noGpu?: string;
}
