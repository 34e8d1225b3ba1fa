// How much power does the GPU draw while it works? nvidia-smi is asked every 100 ms, as VoVNet's authors did (section 4.1).

import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

export interface PowerSample {
  /** performance.now() on arrival, in milliseconds. */
  readonly at: number;
  readonly watts: number;
}

/** A running meter. */
export interface Meter {
  readonly name: string;
  readonly samples: readonly PowerSample[];
  stop(): void;
}

/** No meter, and why. */
export interface NoMeter {
  readonly reason: string;
}

const PERIOD_MS = 100;
const QUERY = ['power.draw.instant', 'power.draw'] as const;
const FIRST_SAMPLE_MS = 5000;

/**
 * Starts sampling GPU `index`. Instantaneous power where the driver has it; `power.draw` is a 1 s average on GPUs since
 * Ampere (NVML). Resolves when the first sample is there, or with the reason why none comes.
 */
export function startMeter(index = 0): Promise<Meter | NoMeter> {
  return new Promise((resolve) => {
    const samples: PowerSample[] = [];
    let used: string | undefined;
    const child = spawn(
      'nvidia-smi',
      [`--id=${index}`, `--query-gpu=${QUERY.join(',')}`, '--format=csv,noheader,nounits', `-lms`, String(PERIOD_MS)],
      { stdio: ['ignore', 'pipe', 'pipe'] },
    );
    const timer = setTimeout(() => {
      child.kill();
      resolve({ reason: `nvidia-smi gave no power within ${FIRST_SAMPLE_MS / 1000} s` });
    }, FIRST_SAMPLE_MS);
    const give = (result: Meter | NoMeter): void => {
      clearTimeout(timer);
      resolve(result);
    };
    child.on('error', () => {
      give({ reason: 'nvidia-smi is not on the PATH' });
    });
    child.on('exit', (code) => {
      give({ reason: `nvidia-smi ended with exit code ${String(code)}` });
    });
    createInterface({ input: child.stdout }).on('line', (line) => {
      const reading = readPower(line);
      if (!reading) return;
      samples.push({ at: performance.now(), watts: reading.watts });
      used ??= reading.query;
      give({ name: `nvidia-smi ${used} every ${PERIOD_MS} ms`, samples, stop: () => child.kill() });
    });
  });
}

/** "312.4, 298.1" or "[N/A], 298.1": the first that is a number. */
export function readPower(line: string): { readonly watts: number; readonly query: string } | undefined {
  for (const [i, text] of line.split(',').entries()) {
    const watts = Number(text.trim() || NaN);
    const query = QUERY[i];
    if (Number.isFinite(watts) && watts >= 0 && query !== undefined) return { watts, query };
  }
  return undefined;
}

/** Joules between two moments by the trapezoid rule over the samples, held constant beyond them; null with fewer than two. */
export function joules(samples: readonly PowerSample[], from: number, to: number): number | null {
  const inside = samples.filter(({ at }) => at >= from && at <= to);
  const [first, last] = [inside[0], inside.at(-1)];
  if (!first || !last || inside.length < 2) return null;
  let sum = first.watts * (first.at - from) + last.watts * (to - last.at);
  for (let i = 1; i < inside.length; i++) {
    const [a, b] = [inside[i - 1]!, inside[i]!];
    sum += ((a.watts + b.watts) / 2) * (b.at - a.at);
  }
  return sum / 1000;
}
