// The parts of a tfjs engine that differ: an open device and its functions.

import { DeviceFailure, type Device, type EngineName, type Kernel } from './engine.js';
import type { Tf, Traits } from './kernels/kernel.js';
import type { Heap } from './heap.js';

export interface StepTime {
  readonly ms: number;
  readonly kernels: readonly Kernel[];
}

export interface Platform {
  readonly name: EngineName;
  /**
   * tfjs with this backend registered. tfjs-node brings its own copy, so no other module may import
   * it.
   */
  readonly tf: Tf;
  /** What tfjs calls the backend. */
  readonly backend: string;
  readonly device: Device;
  readonly throughCuda?: boolean;
  /** Of one tensor; null where the engine knows no limit. */
  readonly maxTensorBytes: number | null;
  /** Bytes of all tensors together; null if unknown. */
  readonly heap: Heap | null;
  readonly traits: Traits;
  readonly versions: Readonly<Record<string, string>>;
  readonly settings: Readonly<Record<string, string | number | boolean>>;
  /** Errors that the device reports at any time. After the first one no time is valid. */
  readonly failures: string[];
  /** Which clock `time` reads; null where there is none, with the reason. */
  readonly clock: 'device' | 'host' | null;
  readonly clockReason?: string;
  flush(): void;
  finish(): Promise<void>;
  /** Runs pieces of work in order and times each. */
  time(pieces: readonly (() => void)[]): Promise<readonly StepTime[]>;
  /** Bytes taken from the device; asked after every op, so that it must cost nothing. */
  allocated(): number | null;
  /** Completes "device memory is ...". */
  readonly allocatedIs: string;
  /** Gives back what no tensor uses any more. */
  trim(): void;
  close(): Promise<void>;
}

/** @throws DeviceFailure when the device has reported an error since it was opened */
export function demandNoFailure({ failures: [first] }: Pick<Platform, 'failures'>): void {
  if (first !== undefined) throw new DeviceFailure(`the device reported an error and dropped work: ${first}`);
}

/**
 * Reads from the device. If the device is lost, the promise may reject before the loss is reported.
 */
export async function reading<T>(platform: Platform, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    if (!(error instanceof Error) || !BROKEN_OFF.includes(error.name)) throw error;
    await platform.finish();
    demandNoFailure(platform);
    throw new DeviceFailure(`the device gives nothing back: ${error.message || error.name}`);
  }
}
/** WebGPU's error for a buffer that cannot be mapped. */
const BROKEN_OFF: readonly string[] = ['AbortError', 'OperationError'];

/** Times pieces by the host, each alone and awaited. */
export async function timeOnHost(
  pieces: readonly (() => void)[],
  finish: () => Promise<void>,
): Promise<readonly StepTime[]> {
  const times: StepTime[] = [];
  for (const piece of pieces) {
    await finish();
    const start = performance.now();
    piece();
    await finish();
    times.push({ ms: performance.now() - start, kernels: [] });
  }
  return times;
}
