// Opens ONNX Runtime in this browser: its WebGPU provider, or its wasm provider where that fails.

import type * as ort from 'onnxruntime-web/webgpu';
import type { Gpu } from '../../../src/engines/adapter.js';
import { describeAdapter, oneLine } from '../../../src/engines/adapter.js';
import type { Device } from '../../../src/engines/engine.js';

export type Runtime = typeof ort;
export type WebProvider = 'webgpu' | 'wasm';

/** What a session is made of: the bytes of a model, and of files with its weights. */
export interface ModelBytes {
  readonly model: Uint8Array;
  readonly beside: readonly { readonly path: string; readonly data: Uint8Array }[];
}

export interface OpenedRuntime {
  readonly runtime: Runtime;
  readonly provider: WebProvider;
  readonly device: Device;
  /** Why WebGPU does not run it; null where it does. */
  readonly noGpu: string | null;
  /** A software adapter was passed over. */
  readonly software: boolean;
}

/** Browsers do not name it. */
const CPU: Device = { kind: 'cpu', vendor: null, name: 'CPU of this browser', software: false, driver: null };

/**
 * @param folder of the page, which has the runtime under ort/
 * @param models are tried on WebGPU: it runs them whole, or not at all
 */
export async function openRuntime(
  folder: URL,
  models: readonly ModelBytes[],
  allowSoftware: boolean,
): Promise<OpenedRuntime> {
  const runtime = await import('onnxruntime-web/webgpu');
  const { wasm, webgpu } = runtime.env;
  const file = (ending: string): string => new URL(`ort/ort-wasm-simd-threaded.asyncify.${ending}`, folder).href;
  wasm.wasmPaths = { mjs: file('mjs'), wasm: file('wasm') };
  wasm.numThreads = 1;
  webgpu.powerPreference = 'high-performance';
  runtime.env.logLevel = 'error';
  const found = await gpuDevice();
  const onCpu = (noGpu: string, software = false): OpenedRuntime => ({
    ...{ runtime, provider: 'wasm', device: CPU, noGpu, software },
  });
  if (typeof found === 'string') return onCpu(found);
  if (found.software && !allowSoftware) return onCpu(`the only adapter is ${found.name}, a CPU that plays a GPU`, true);
  for (const model of models)
    try {
      const session = await createSession(runtime, 'webgpu', model);
      await session.release();
    } catch (error) {
      return onCpu(`ONNX Runtime's WebGPU provider does not run the whole file (${oneLine(error).slice(0, LONGEST)})`);
    }
  return { runtime, provider: 'webgpu', device: found, noGpu: null, software: false };
}

/** Letters of a message of the runtime. */
const LONGEST = 300;

/** The device, or why it is not used. */
async function gpuDevice(): Promise<Device | string> {
  const { gpu } = navigator as unknown as { readonly gpu?: Gpu };
  if (!gpu) return 'this browser has no WebGPU here';
  try {
    const adapter = await gpu.requestAdapter({ powerPreference: 'high-performance' });
    return adapter ? describeAdapter(adapter) : 'this browser found no GPU for WebGPU';
  } catch (error) {
    return `the browser gives no adapter (${oneLine(error)})`;
  }
}

/** On WebGPU nothing may run on the CPU: the time would be no time of the GPU. */
export const createSession = (
  runtime: Runtime,
  provider: WebProvider,
  { model, beside }: ModelBytes,
): Promise<ort.InferenceSession> =>
  runtime.InferenceSession.create(model, {
    executionProviders: [provider],
    graphOptimizationLevel: 'all',
    externalData: beside,
    ...(provider === 'webgpu' ? { extra: { session: { disable_cpu_ep_fallback: '1' } } } : {}),
  });
