// Which GPU does TensorFlow run on? It says no more than that it uses one; nvidia-smi knows which, and its driver.

import { cudaGpu } from '../nvidia/gpuOf.js';
import type { NvidiaReport } from '../nvidia/gpus.js';
import type { Device } from './engine.js';

/** Where CUDA's order leaves several GPUs possible, all of their names stand in its own; one driver serves all. */
export function cudaDevice({ gpus }: NvidiaReport, environment: NodeJS.ProcessEnv): Device {
  const match = cudaGpu(gpus, environment);
  const possible = 'gpu' in match ? [match.gpu] : gpus;
  const names = [...new Set(possible.map(({ name }) => name))];
  return {
    kind: 'gpu',
    vendor: 'nvidia',
    name: names.length === 0 ? 'a CUDA GPU that nvidia-smi does not list' : names.join(' or '),
    software: false,
    driver: possible[0]?.driver ?? null,
  };
}
