// Names the GPU that TensorFlow runs on. nvidia-smi knows its model, driver and memory.

import { cudaGpu } from '../nvidia/gpuOf.js';
import type { NvidiaGpu, NvidiaReport } from '../nvidia/gpus.js';
import type { Device } from './engine.js';
import { heapOf, type Heap } from './heap.js';

/**
 * If CUDA's order of devices is ambiguous, the name lists all possible GPUs. One driver serves all.
 */
export function cudaDevice(report: NvidiaReport, environment: NodeJS.ProcessEnv): Device {
  const possible = possibleGpus(report, environment);
  const names = [...new Set(possible.map(({ name }) => name))];
  return {
    kind: 'gpu',
    vendor: 'nvidia',
    name: names.length === 0 ? 'a CUDA GPU that nvidia-smi does not list' : names.join(' or '),
    software: false,
    driver: possible[0]?.driver ?? null,
  };
}

/** Null if the GPU or its memory is unknown. */
export function cudaHeap(report: NvidiaReport, environment: NodeJS.ProcessEnv): Heap | null {
  const [gpu, ...others] = possibleGpus(report, environment);
  return !gpu || others.length > 0 || gpu.memoryMib === null || gpu.sliced
    ? null
    : heapOf(`${gpu.name}'s`, gpu.memoryMib * 2 ** 20);
}

/**
 * TensorFlow multiplies in TF32 if the GPU can, unless NVIDIA_TF32_OVERRIDE is 0. An unknown GPU is
 * assumed to do so.
 */
export const multipliesInTf32 = (report: NvidiaReport, environment: NodeJS.ProcessEnv): boolean =>
  environment['NVIDIA_TF32_OVERRIDE'] !== '0' &&
  possibleGpus(report, environment).every(({ computeCapability }) => (computeCapability ?? AMPERE) >= AMPERE);
const AMPERE = 8;

function possibleGpus({ gpus }: NvidiaReport, environment: NodeJS.ProcessEnv): readonly NvidiaGpu[] {
  const match = cudaGpu(gpus, environment);
  return 'gpu' in match ? [match.gpu] : gpus;
}
