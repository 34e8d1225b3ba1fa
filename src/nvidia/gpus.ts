// Lists the NVIDIA GPUs with driver and power field, from one call of nvidia-smi.

import { fieldsOf, wattsOf } from './fields.js';
import { askSmi, shortened } from './smi.js';

/** Fields of power, best first. `power.draw` averages 1 s since Ampere, except GA100 (NVML). */
export const POWER_FIELDS = ['power.draw.instant', 'power.draw'] as const;
export type PowerField = (typeof POWER_FIELDS)[number];

export interface NvidiaGpu {
  /** nvidia-smi's number of it. */
  readonly index: number;
  readonly uuid: string;
  /** PCI address, "00000000:3B:00.0". */
  readonly pci: string;
  readonly name: string;
  readonly driver: string;
  readonly memoryMib: number | null;
  /** Split into slices (MIG). A program has one slice, but the power is that of all slices. */
  readonly sliced: boolean;
  /** 8.0 is Ampere, which brought TF32; null where an older driver does not tell. */
  readonly computeCapability: number | null;
  /** Null where the GPU does not tell. */
  readonly watts: number | null;
  /** The field that told it. */
  readonly powerField: PowerField | null;
}

export interface NvidiaReport {
  readonly gpus: readonly NvidiaGpu[];
  /** Why there are none, or why some are missing. */
  readonly problem: string | null;
}

const ALWAYS = ['index', 'uuid', 'pci.bus_id', 'name', 'driver_version', 'memory.total', 'power.draw'] as const;
const SINCE_2021 = [...ALWAYS, 'mig.mode.current', 'compute_cap'] as const;
/**
 * A driver that does not know one of the fields refuses the whole query: the newest fields are
 * tried first.
 */
const QUERIES = [[...SINCE_2021, 'power.draw.instant'], SINCE_2021, ALWAYS] as const;

/** Never rejects. */
export async function nvidiaGpus(patience?: number): Promise<NvidiaReport> {
  let problem = '';
  for (const fields of QUERIES) {
    const answer = await askSmi([`--query-gpu=${fields.join()}`, '--format=csv,noheader,nounits'], patience);
    if ('lines' in answer) return readGpus(answer.lines, fields);
    ({ problem } = answer);
    if (!REFUSAL.test(problem)) break;
  }
  return { gpus: [], problem };
}

/** 'Field "power.draw.instant" is not a valid field to query.' */
const REFUSAL = /not a valid field/i;

/** @param fields that were asked for, in the order of the lines' values */
export function readGpus(lines: readonly string[], fields: readonly string[]): NvidiaReport {
  if (lines.length === 0) return { gpus: [], problem: 'nvidia-smi lists no GPU' };
  const gpus: NvidiaGpu[] = [];
  let problem: string | null = null;
  for (const line of lines) {
    const gpu = readGpu(line, fields);
    if (gpu) gpus.push(gpu);
    else problem ??= `nvidia-smi said what is not understood: ${shortened(line)}`;
  }
  return { gpus, problem };
}

function readGpu(line: string, fields: readonly string[]): NvidiaGpu | undefined {
  const values = fieldsOf(line);
  const field = (name: string): string => values[fields.indexOf(name)] ?? '';
  const [index, uuid, name] = [field('index'), field('uuid'), field('name')];
  if (values.length !== fields.length || !/^\d+$/.test(index) || !/^GPU-[\da-f-]+$/i.test(uuid) || !/\w/.test(name))
    return undefined;
  const powerField = POWER_FIELDS.find((power) => wattsOf(field(power)) !== undefined) ?? null;
  return {
    index: Number(index),
    uuid,
    pci: field('pci.bus_id'),
    name,
    driver: field('driver_version'),
    memoryMib: /^\d+$/.test(field('memory.total')) ? Number(field('memory.total')) : null,
    computeCapability: /^\d+\.\d+$/.test(field('compute_cap')) ? Number(field('compute_cap')) : null,
    sliced: field('mig.mode.current') === 'Enabled',
    watts: powerField && (wattsOf(field(powerField)) ?? null),
    powerField,
  };
}
