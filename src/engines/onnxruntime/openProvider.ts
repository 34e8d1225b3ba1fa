// Opens the named execution provider, or the first that works, and names its device.

import { dirname } from 'node:path';
import type { Device } from '../engine.js';
import { cpuDevice } from '../cpuDevice.js';
import { cudaDevice } from '../cudaDevice.js';
import { describeAdapter, oneLine } from '../adapter.js';
import { dawn } from '../dawn.js';
import { nvidiaGpus } from '../../nvidia/gpus.js';
import type { OpenCall, Opened } from './calls.js';
import { copyModel } from './ceilingModels.js';
import { PROVIDER_ROWS, TRIED, type Provider } from './providers.js';
import type { Runtime } from './session.js';
import { firstLine } from '../problem.js';

/** The module has this function, and its types leave it out. */
interface Listing {
  listSupportedBackends?(): readonly { readonly name: string; readonly bundled: boolean }[];
  readonly env: { readonly versions: { readonly node?: string; readonly common: string } };
}

type Refused = Extract<Opened, { readonly problem: string }>;

export async function openProvider(runtime: Runtime, given: OpenCall): Promise<Opened> {
  const { versions } = (runtime as unknown as Listing).env;
  const listed = (runtime as unknown as Listing).listSupportedBackends?.() ?? [];
  const bundled = listed.filter(({ bundled }) => bundled).map(({ name }) => name);
  const folder = dirname(given.manifest);
  const candidates = given.provider ? [given.provider] : TRIED.filter((name) => isListed(name, listed));
  let [refused, noGpu]: [Refused | undefined, string | null] = [undefined, null];
  for (const provider of candidates) {
    const remedy = PROVIDER_ROWS[provider].remedy(folder);
    const device = await deviceOf(provider, remedy, given.allowSoftware && given.provider !== undefined);
    const found = 'problem' in device ? device : await tried(runtime, provider, remedy, device);
    if (!('problem' in found)) return { ...found, bundled, noGpu, version: versions.node ?? versions.common };
    refused = found;
    if (provider === 'webgpu' && 'problem' in device) noGpu = device.problem;
  }
  return refused ?? { problem: 'this build of ONNX Runtime has no provider', remedy: PROVIDER_ROWS.cpu.remedy(folder) };
}

const NO_GPU = 'use a machine with an NVIDIA GPU and its driver, or another provider';

const isListed = (provider: Provider, listed: readonly { readonly name: string }[]): boolean =>
  listed.some(({ name }) => name === provider);

async function deviceOf(
  provider: Provider,
  remedy: string,
  allowSoftware: boolean,
): Promise<{ device: Device | null } | Refused> {
  const { title } = PROVIDER_ROWS[provider];
  if (provider === 'cpu') return { device: cpuDevice() };
  if (provider === 'cuda' || provider === 'tensorrt') {
    const report = await nvidiaGpus();
    if (report.gpus.length === 0) return { problem: `${title} found no NVIDIA GPU`, remedy: NO_GPU };
    return { device: cudaDevice(report, process.env) };
  }
  if (provider !== 'webgpu') return { device: null };
  // ONNX Runtime does not tell its adapter. Dawn alone, with the same drivers, does.
  const found = await dawn([]);
  if (!('gpu' in found)) return { problem: `Dawn does not load (${Object.values(found).join()})`, remedy };
  try {
    const adapter = await found.gpu.requestAdapter({ powerPreference: 'high-performance' });
    if (!adapter) return { problem: 'WebGPU found no adapter', remedy };
    const device = describeAdapter(adapter);
    if (device.software && !allowSoftware)
      return {
        problem: `the only adapter is ${device.name}, a CPU that plays a GPU`,
        remedy: 'use --provider cpu, or --provider webgpu --allow-software to run on it all the same',
      };
    return { device };
  } catch (error) {
    return { problem: `Dawn gives no adapter (${oneLine(error)})`, remedy };
  }
}

/** A small model runs before the provider counts as open. */
async function tried(
  runtime: Runtime,
  provider: Provider,
  remedy: string,
  { device }: { readonly device: Device | null },
): Promise<{ readonly provider: Provider; readonly device: Device | null } | Refused> {
  const { title } = PROVIDER_ROWS[provider];
  try {
    const session = await runtime.InferenceSession.create(copyModel(4), { executionProviders: [provider] });
    await session.release();
    return { provider, device };
  } catch (error) {
    return { problem: `${title} does not start (${firstLine(error)})`, remedy };
  }
}
