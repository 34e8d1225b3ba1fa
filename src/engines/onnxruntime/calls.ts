// The calls from an engine to the process of ONNX Runtime, and their answers.

import type { Device } from '../engine.js';
import type { Graph, RunnableFile } from '../../graph.js';
import type { Optimisation, Provider } from './providers.js';

export interface OpenCall {
  /** The manifest of onnxruntime-node. */
  readonly manifest: string;
  readonly provider: Provider | undefined;
  readonly threads: number;
  readonly optimisation: Optimisation;
  readonly allowSoftware: boolean;
}

/** The provider that was opened, or why none was. */
export type Opened =
  | {
      readonly provider: Provider;
      /** Null for a provider whose device this process does not know. */
      readonly device: Device | null;
      /** Providers that this build of the runtime has. */
      readonly bundled: readonly string[];
      readonly version: string;
      /** Why WebGPU has no GPU; null where it was not asked, or has one. */
      readonly noGpu: string | null;
    }
  | { readonly problem: string; readonly remedy: string };

/** Executables are known by numbers that the engine gives. */
interface Handle {
  readonly handle: number;
}

export interface LoadCall extends Handle {
  readonly graph: Graph;
  readonly seed: number;
  /** Nothing is folded or fused. */
  readonly eager: boolean;
  /** Runs this file in place of the graph. */
  readonly file: RunnableFile | undefined;
}

export interface CeilingCall extends Handle {
  readonly unit: 'flop' | 'byte';
  readonly size: number;
}

/** One kernel of the runtime, in the order of execution. */
export interface ProfiledKernel {
  readonly name: string;
  readonly op: string;
  /** As the runtime calls it: "CPUExecutionProvider". */
  readonly provider: string;
  /**
   * Names of graph nodes; none for what the runtime put in, or for nodes of a file that are not
   * counted.
   */
  readonly nodes: readonly string[];
  /** Elements that it reads and writes. */
  readonly elements: number;
}

/** Milliseconds of each kernel, for each inference; or why there are none. */
export type ProfiledTimes =
  | {
      readonly clock: 'host';
      readonly times: readonly (readonly number[])[];
      /** Milliseconds of each whole inference, by the same clock. */
      readonly wholes: readonly number[];
    }
  | { readonly clock: 'device'; readonly times: readonly (readonly number[])[] }
  | { readonly clock: null; readonly reason: string };

export interface Profiled {
  readonly kernels: readonly ProfiledKernel[];
  readonly times: ProfiledTimes;
  /** Why the times of kernels are no times of layers; null where they are. */
  readonly doubt: string | null;
}

/** One tensor that is read back. */
export interface ReadTensor {
  readonly shape: readonly number[];
  readonly values: Float32Array;
  /** Its elements are whole numbers or truth values. */
  readonly integers: boolean;
}

/** The argument and the answer of each call. */
export interface Calls {
  open: [OpenCall, Opened];
  load: [LoadCall, null];
  ceiling: [CeilingCall, null];
  run: [Handle & { readonly count: number }, null];
  outputs: [Handle, readonly ReadTensor[]];
  profile: [Handle & { readonly passes: number }, Profiled];
  release: [Handle, null];
}

export type CallName = keyof Calls;

export interface ChildCall<N extends CallName = CallName> {
  readonly id: number;
  readonly name: N;
  readonly given: Calls[N][0];
}

export type Answer = {
  readonly id: number;
  /** Bytes that the process has resident; null where the system does not tell. */
  readonly resident: number | null;
} & ({ readonly result: unknown } | { readonly error: string });
