// Finds the nvidia-smi entry of an engine's GPU. In doubt it gives none, with the reason.

import type { NvidiaGpu, NvidiaReport } from './gpus.js';

export type Match = { readonly gpu: NvidiaGpu } | { readonly reason: string };

/** The device as an engine reports it. */
export interface Named {
  readonly kind: 'gpu' | 'cpu';
  readonly vendor: string | null;
  readonly name: string;
  readonly software: boolean;
}

/**
 * @param cuda the engine reaches its GPU through CUDA, whose environment variables choose it;
 * others know its name
 */
export function gpuOf(
  device: Named,
  cuda: boolean,
  report: NvidiaReport,
  environment: NodeJS.ProcessEnv = process.env,
): Match {
  const reason = notNvidias(device);
  if (reason !== null) return { reason };
  if (report.problem !== null) return { reason: report.problem };
  const match = cuda ? cudaGpu(report.gpus, environment) : named(device.name, report.gpus);
  return 'gpu' in match && match.gpu.sliced
    ? { reason: `${match.gpu.name} is split into slices (MIG), and nvidia-smi knows the power of the whole only` }
    : match;
}

/** Why the device is no NVIDIA GPU, known without nvidia-smi; null where it may be one. */
export function notNvidias({ kind, vendor, software }: Named): string | null {
  if (kind !== 'gpu' || software) return 'energy is read from a GPU, and this run has none';
  if (vendor !== 'nvidia') return `energy is read by nvidia-smi, and this GPU is ${vendor ?? 'of an unknown vendor'}`;
  return null;
}

/** WebGPU writes names in lower case with dashes: "nvidia-h100-80gb-hbm3". */
const identifier = (name: string): string =>
  name
    .toLowerCase()
    .replaceAll(/[^a-z\d]+/g, '-')
    .replaceAll(/^-|-$/g, '');

function named(name: string, gpus: readonly NvidiaGpu[]): Match {
  const [gpu, ...others] = gpus.filter((gpu) => identifier(gpu.name) === identifier(name));
  if (!gpu) return { reason: `nvidia-smi knows no ${name}: it lists ${namesOf(gpus)}` };
  if (others.length > 0)
    return { reason: `nvidia-smi lists ${namesOf([gpu, ...others])}, and nothing tells on which one this engine runs` };
  return { gpu };
}

/**
 * The GPU that CUDA numbers 0, as TensorFlow uses it. CUDA's order is the PCI bus's only where
 * CUDA_DEVICE_ORDER says so; else the fastest comes first and the rest is unspecified (CUDA C++
 * Programming Guide, CUDA environment variables).
 */
export function cudaGpu(gpus: readonly NvidiaGpu[], environment: NodeJS.ProcessEnv): Match {
  const [first = ''] = (environment['CUDA_VISIBLE_DEVICES'] ?? '0').split(',').map((text) => text.trim());
  if (first.startsWith('MIG-'))
    return { reason: 'CUDA runs on a slice of a GPU (MIG), and nvidia-smi knows the power of the whole only' };
  if (first.startsWith('GPU-')) return withUuid(first, gpus);
  const ordered = environment['CUDA_DEVICE_ORDER'] === 'PCI_BUS_ID';
  if (gpus.length > 1 && !ordered)
    return {
      reason:
        `nvidia-smi lists ${namesOf(gpus)}, and CUDA numbers them in an order of its own: ` +
        'set CUDA_DEVICE_ORDER=PCI_BUS_ID, or CUDA_VISIBLE_DEVICES to the UUID that nvidia-smi -L prints',
    };
  const gpu = /^\d+$/.test(first) ? byBus(gpus)[Number(first)] : undefined;
  return gpu ? { gpu } : { reason: `CUDA_VISIBLE_DEVICES=${first} names none of ${namesOf(gpus)}` };
}

/** CUDA takes the beginning of a UUID where it is the only one that begins so. */
function withUuid(beginning: string, gpus: readonly NvidiaGpu[]): Match {
  const [gpu, other] = gpus.filter(({ uuid }) => uuid.toLowerCase().startsWith(beginning.toLowerCase()));
  return gpu && !other ? { gpu } : { reason: `CUDA_VISIBLE_DEVICES=${beginning} names none of ${namesOf(gpus)}` };
}

const byBus = (gpus: readonly NvidiaGpu[]): readonly NvidiaGpu[] =>
  [...gpus].sort((a, b) => (a.pci.toLowerCase() < b.pci.toLowerCase() ? -1 : 1));

/** "8 x NVIDIA H100 80GB HBM3", "NVIDIA A100, Tesla T4". */
export function namesOf(gpus: readonly NvidiaGpu[]): string {
  const names = new Map<string, number>();
  for (const { name } of gpus) names.set(name, (names.get(name) ?? 0) + 1);
  return [...names].map(([name, count]) => (count === 1 ? name : `${count} x ${name}`)).join(', ') || 'no GPU';
}
