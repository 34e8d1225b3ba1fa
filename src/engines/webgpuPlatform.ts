// What tfjs's webgpu backend does on an open device, wherever its WebGPU comes from.

import * as tf from '@tensorflow/tfjs-core';
import type { Adapter } from './adapter.js';
import type { Device } from './engine.js';
import type { Heap } from './heap.js';
import type { Platform, StepTime } from './platform.js';

const BACKEND = 'webgpu';

/**
 * Members of tfjs's backend that it declares private or not at all; pinned by the version in
 * package.json.
 */
interface Backend {
  readonly commandEncoder: object | null;
  activeTimers: { readonly name: string; readonly query: Promise<number> }[] | null;
  endComputePassEncoder(): void;
  submitQueue(): void;
  readonly bufferManager: BufferManager;
}

/** It keeps released buffers, by size and usage, for later tensors. */
interface BufferManager {
  readonly freeBuffers: ReadonlyMap<string, { readonly size: number; destroy(): void }[]>;
  numFreeBuffers: number;
  numBytesAllocated: number;
}

/** The features and limits that tfjs itself would request. */
const LIMITS = [
  'maxComputeWorkgroupStorageSize',
  'maxComputeWorkgroupsPerDimension',
  'maxStorageBufferBindingSize',
  'maxBufferSize',
  'maxComputeWorkgroupSizeX',
  'maxComputeInvocationsPerWorkgroup',
];

/** Facts that only the host knows: Node with Dawn, or a browser. */
export interface HostFacts {
  /** Of what drives the device, beside tfjs. */
  readonly versions: Readonly<Record<string, string>>;
  readonly settings: Readonly<Record<string, string | number | boolean>>;
  readonly heap: Heap | null;
}

/** Opens a device of an adapter for tfjs. */
export async function webgpuPlatform(adapter: Adapter, device: Device, around: HostFacts): Promise<Platform> {
  tf.enableProdMode(); // no banner
  const { WebGPUBackend } = await import('@tensorflow/tfjs-backend-webgpu');
  // Small tensors would otherwise be computed on the CPU.
  tf.env().set('WEBGPU_CPU_FORWARD', false);
  const gpu = await adapter.requestDevice({
    requiredFeatures: ['timestamp-query'].filter((feature) => adapter.features.has(feature)),
    requiredLimits: Object.fromEntries(LIMITS.map((limit) => [limit, adapter.limits[limit]])),
  });
  const failures: string[] = [];
  let closing = false;
  gpu.addEventListener('uncapturederror', ({ error }) => failures.push(error.message.split('\n')[0]!));
  const lost = gpu.lost.then(({ reason, message }) => {
    if (!closing) failures.push(`the device was lost (${reason}): ${message}`);
  });

  if (tf.engine().backendNames().includes(BACKEND)) tf.removeBackend(BACKEND);
  const backend = new WebGPUBackend(gpu as never, adapter.info as never);
  tf.registerBackend(BACKEND, () => backend);
  await tf.setBackend(BACKEND);
  const inner = backend as unknown as Backend;
  const flush = (): void => {
    // The backend submits every 15 kernels: up to 14 wait for more work to come.
    if (!inner.commandEncoder) return;
    inner.endComputePassEncoder();
    inner.submitQueue();
  };
  const timestamps = gpu.features.has('timestamp-query');
  return {
    name: 'webgpu',
    tf,
    backend: BACKEND,
    device,
    maxTensorBytes: gpu.limits['maxStorageBufferBindingSize'] ?? null,
    heap: around.heap,
    traits: { padsMaxPool: true, cheapLaunches: false },
    versions: {
      '@tensorflow/tfjs-core': tf.version_core,
      '@tensorflow/tfjs-backend-webgpu': tf.version_core,
      ...around.versions,
    },
    settings: {
      ...around.settings,
      timestamps,
      kernelsPerSubmit: tf.env().getNumber('WEBGPU_DEFERRED_SUBMIT_BATCH_SIZE'),
    },
    failures,
    clock: timestamps ? 'device' : null,
    clockReason: 'this GPU driver has no timestamp queries',
    flush,
    async finish() {
      flush();
      await Promise.race([gpu.queue.onSubmittedWorkDone(), lost]);
    },
    time: (pieces) => timeByTimestamps(inner, pieces),
    allocated: () => inner.bufferManager.numBytesAllocated,
    allocatedIs: 'WebGPU buffers that tfjs took from the device, with those that it keeps for later tensors',
    trim: () => {
      flush();
      destroyFree(inner.bufferManager);
    },
    async close() {
      closing = true;
      // A later engine has registered this name, or none has.
      if (tf.engine().backendNames().includes(BACKEND) && tf.findBackend(BACKEND) === backend)
        tf.removeBackend(BACKEND);
      gpu.destroy();
      await lost;
    },
  };
}

/** Work on the device that uses them is completed first (WebGPU, GPUBuffer.destroy). */
function destroyFree(manager: BufferManager): void {
  for (const buffers of manager.freeBuffers.values())
    // The list object must stay: the buffer manager adds to it without a check.
    for (const buffer of buffers.splice(0)) {
      manager.numBytesAllocated -= buffer.size;
      manager.numFreeBuffers--;
      buffer.destroy();
    }
}

/**
 * All pieces are enqueued before times are read, so that the GPU does not become idle between them.
 */
async function timeByTimestamps(backend: Backend, pieces: readonly (() => void)[]): Promise<readonly StepTime[]> {
  const timers = pieces.map((piece) => {
    const own: NonNullable<Backend['activeTimers']> = (backend.activeTimers = []);
    piece();
    return own;
  });
  backend.activeTimers = null;
  const times: StepTime[] = [];
  for (const own of timers) {
    const kernels = [];
    for (const { name, query } of own) kernels.push({ name, ms: await query });
    times.push({ ms: kernels.reduce((all, { ms }) => all + ms, 0), kernels });
  }
  return times;
}
