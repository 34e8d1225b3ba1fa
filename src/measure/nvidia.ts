// Which NVIDIA GPUs are here, with which driver, and can their power be read? nvidia-smi is asked once.

import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { readPower } from './power.js';

export interface NvidiaGpu {
  readonly name: string;
  readonly driver: string;
  readonly memoryMib: number | null;
  /** Null where the GPU does not tell. */
  readonly watts: number | null;
}

export interface NvidiaReport {
  readonly gpus: readonly NvidiaGpu[];
  /** Why there are none. */
  readonly problem: string | null;
}

const WHO = ['name', 'driver_version', 'memory.total'];
/** Drivers before 2022 refuse a query with the first of these. */
const POWERS = [['power.draw.instant', 'power.draw'], ['power.draw']];
const TIMEOUT_MS = 20_000;

export async function nvidiaGpus(): Promise<NvidiaReport> {
  let problem = '';
  for (const powers of POWERS) {
    const query = `--query-gpu=${[...WHO, ...powers].join()}`;
    try {
      const options = { timeout: TIMEOUT_MS };
      const { stdout } = await promisify(execFile)('nvidia-smi', [query, '--format=csv,noheader,nounits'], options);
      const gpus = stdout.trim().split('\n').filter(Boolean).map(readGpu);
      return gpus.length > 0 ? { gpus, problem: null } : { gpus, problem: 'nvidia-smi lists no GPU' };
    } catch (error) {
      const { code, stdout = '' } = error as { code?: number | string; stdout?: string };
      if (code === 'ENOENT') return { gpus: [], problem: 'nvidia-smi is not on the PATH' };
      problem = `nvidia-smi failed: ${stdout.trim().split('\n')[0] || String(code ?? 'no answer')}`;
    }
  }
  return { gpus: [], problem };
}

/** "NVIDIA H100, 550.54.14, 81559, 68.9, 70.1" */
export function readGpu(line: string): NvidiaGpu {
  const [name = '', driver = '', memory = '', ...powers] = line.split(',').map((text) => text.trim());
  const memoryMib = Number(memory || NaN);
  return {
    name,
    driver,
    memoryMib: Number.isFinite(memoryMib) ? memoryMib : null,
    watts: readPower(powers.join())?.watts ?? null,
  };
}
