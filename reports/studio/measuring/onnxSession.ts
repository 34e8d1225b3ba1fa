// Opens ONNX Runtime in this browser: its WebGPU provider, or its wasm provider where that fails.

import type * as ort from 'onnxruntime-web/webgpu';
import { describeAdapter, oneLine, type Adapter, type Gpu, type GpuDevice } from '../../../src/engines/adapter.js';
import type { Device } from '../../../src/engines/engine.js';
import { InputError } from '../../../src/inputError.js';

/** What a session is made of: the bytes of a model, and of files with its weights. */
export interface ModelBytes {
  readonly model: Uint8Array;
  readonly beside: readonly { readonly path: string; readonly data: Uint8Array }[];
}

export interface OpenedRuntime {
  readonly runtime: Pick<typeof ort, 'Tensor' | 'env'>;
  readonly provider: 'webgpu' | 'wasm';
  readonly device: Device;
  /** Why WebGPU does not run it; null where it does. */
  readonly noGpu: string | null;
  /** A software adapter was passed over. */
  readonly software: boolean;
  /** Errors that the device reported so far. */
  readonly failures: string[];
  create(model: ModelBytes): Promise<ort.InferenceSession>;
}

/** Browsers do not name it. */
const CPU: Device = { kind: 'cpu', vendor: null, name: 'CPU of this browser', software: false, driver: null };
/** Letters of a message of the runtime. */
const LONGEST = 300;

/**
 * @param folder of the page, which has the runtime under ort/
 * @param models are tried on WebGPU: it runs them whole, or not at all
 */
export async function openRuntime(
  folder: URL,
  models: readonly ModelBytes[],
  allowSoftware: boolean,
): Promise<OpenedRuntime> {
  const file = (ending: string): string => new URL(`ort/ort-wasm-simd-threaded.asyncify.${ending}`, folder).href;
  await demandRuntime(file('wasm'));
  const runtime = await import('onnxruntime-web/webgpu');
  const { env } = runtime;
  env.wasm.wasmPaths = { mjs: file('mjs'), wasm: file('wasm') };
  env.wasm.numThreads = 1;
  env.logLevel = 'error';
  const creating =
    (options: ort.InferenceSession.SessionOptions) =>
    ({ model, beside }: ModelBytes): Promise<ort.InferenceSession> =>
      runtime.InferenceSession.create(model, { ...options, graphOptimizationLevel: 'all', externalData: beside });
  const onCpu = (noGpu: string, software = false): OpenedRuntime => ({
    ...{ runtime, provider: 'wasm', device: CPU, noGpu, software, failures: [] },
    create: creating({ executionProviders: ['wasm'] }),
  });
  const adapter = await adapterHere();
  if (typeof adapter === 'string') return onCpu(adapter);
  const device = describeAdapter(adapter);
  if (device.software && !allowSoftware)
    return onCpu(`the only adapter is ${device.name}, a CPU that plays a GPU`, true);
  try {
    const failures: string[] = [];
    const create = creating({
      executionProviders: [{ name: 'webgpu', device: (await deviceOf(adapter, failures)) as never }],
      // Nothing may run on the CPU: the time would be no time of the GPU.
      extra: { session: { disable_cpu_ep_fallback: '1' } },
    });
    for (const model of models) await (await create(model)).release();
    return { runtime, provider: 'webgpu', device, noGpu: null, software: false, failures, create };
  } catch (error) {
    return onCpu(`ONNX Runtime's WebGPU provider does not run the whole file (${oneLine(error).slice(0, LONGEST)})`);
  }
}

/** A package of flopscope does not have its 27 MB. */
async function demandRuntime(address: string): Promise<void> {
  const { ok } = await fetch(address, { method: 'HEAD' });
  if (!ok)
    throw new InputError(
      'ONNX Runtime, which runs a file as it is, is not in this studio: run flopscope setup onnxruntime-web, and start the studio again',
    );
}

/** Or why there is none. */
async function adapterHere(): Promise<Adapter | string> {
  const { gpu } = navigator as unknown as { readonly gpu?: Gpu };
  if (!gpu) return 'this browser has no WebGPU here';
  try {
    const adapter = await gpu.requestAdapter({ powerPreference: 'high-performance' });
    return adapter ?? 'this browser found no GPU for WebGPU';
  } catch (error) {
    return `the browser gives no adapter (${oneLine(error)})`;
  }
}

/** What the runtime itself would ask the adapter for. */
const FEATURES = ['shader-f16', 'subgroups'];
const LIMITS = [
  'maxBindGroups',
  'maxComputeWorkgroupStorageSize',
  'maxComputeWorkgroupsPerDimension',
  'maxStorageBuffersPerShaderStage',
  'maxStorageBufferBindingSize',
  'maxBufferSize',
  'maxComputeInvocationsPerWorkgroup',
  'maxComputeWorkgroupSizeX',
  'maxComputeWorkgroupSizeY',
  'maxComputeWorkgroupSizeZ',
];

async function deviceOf(adapter: Adapter, failures: string[]): Promise<GpuDevice> {
  const device = await adapter.requestDevice({
    requiredFeatures: FEATURES.filter((feature) => adapter.features.has(feature)),
    requiredLimits: Object.fromEntries(LIMITS.map((limit) => [limit, adapter.limits[limit]])),
  });
  device.addEventListener('uncapturederror', ({ error }) => failures.push(oneLine(error.message)));
  device.lost
    .then(({ reason, message }) => failures.push(`the device was lost (${reason}): ${message}`))
    .catch(() => undefined);
  return device;
}
