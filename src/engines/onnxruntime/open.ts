// Opens the engine onnxruntime: finds the package, starts its process, runs a small model.

import type { Available, Device, OpenOptions, Unavailable } from '../engine.js';
import { cudaHeap, multipliesInTf32 } from '../cudaDevice.js';
import type { Heap } from '../heap.js';
import { hostHeap, type HeapOverhead } from '../hostHeap.js';
import { nvidiaGpus } from '../../nvidia/gpus.js';
import { physicalCores } from './cores.js';
import { OnnxRuntimeEngine } from './engine.js';
import { installedFile, OPTIONAL } from '../optionalPackage.js';
import { INSTALL } from './install.js';
import { PROVIDER_ROWS, type Provider } from './providers.js';
import { RuntimeProcess } from './runtimeProcess.js';
import { unavailable } from '../problem.js';

/**
 * Weights are in the file's bytes while it is loaded, in the session, and packed anew for its
 * kernels.
 */
const BESIDE: HeapOverhead = { usable: 0.65, weightCopies: 3 };
const PACKAGE = OPTIONAL.onnxruntime.package;

export async function open(options: OpenOptions): Promise<Available | Unavailable> {
  const { provider, allowSoftware = false, eager = false, heard = () => undefined } = options;
  const optimisation = eager ? 'disabled' : (options.optimisation ?? 'all');
  const threads = options.threads ?? physicalCores();
  const manifest = installedFile('onnxruntime');
  if (manifest === undefined) return unavailable('onnxruntime', `${PACKAGE} is not installed`, INSTALL);
  const process = new RuntimeProcess(heard);
  let opened;
  try {
    opened = await process.call('open', { manifest, provider, threads, optimisation, allowSoftware });
  } catch (error) {
    await process.close();
    const [line = ''] = (error instanceof Error ? error.message : String(error)).split('\n');
    return unavailable('onnxruntime', `${PACKAGE} is installed, but does not load: ${line}`, INSTALL);
  }
  if ('problem' in opened) {
    await process.close();
    return unavailable('onnxruntime', opened.problem, opened.remedy);
  }
  const { title } = PROVIDER_ROWS[opened.provider];
  const engine = new OnnxRuntimeEngine({
    process,
    provider: opened.provider,
    device: opened.device ?? unknownGpu(title),
    heap: await heapFor(opened.provider, opened.device),
    versions: { [PACKAGE]: opened.version },
    settings: {
      provider: opened.provider,
      bundled: opened.bundled.join(', '),
      optimisation,
      ...(opened.provider === 'cpu' ? { threads, spinning: true } : {}),
      ...(throughCuda(opened.provider) ? { tf32: await usesTf32() } : {}),
    },
  });
  return { available: true, engine, ...(opened.noGpu === null ? {} : { noGpu: opened.noGpu }) };
}

const unknownGpu = (title: string): Device => ({
  kind: 'gpu',
  vendor: null,
  name: `the device that ${title} chose`,
  software: false,
  driver: null,
});

const usesTf32 = async (): Promise<boolean> => multipliesInTf32(await nvidiaGpus(), process.env);

const throughCuda = (provider: Provider): boolean => provider === 'cuda' || provider === 'tensorrt';

async function heapFor(provider: Provider, device: Device | null): Promise<Heap | null> {
  if (provider === 'cpu' || device?.software) return hostHeap(BESIDE);
  return throughCuda(provider) ? cudaHeap(await nvidiaGpus(), process.env) : null;
}
