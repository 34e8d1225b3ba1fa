// Samples a GPU's power with nvidia-smi every 100 ms, as in VoVNet, section 4.1.

import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import type { Engine } from '../engines/engine.js';
import { gpuOf, notNvidias } from '../nvidia/gpuOf.js';
import { nvidiaGpus, type NvidiaGpu, type NvidiaReport, type PowerField } from '../nvidia/gpus.js';
import { problemOf } from '../nvidia/problem.js';
import { endSmi } from '../nvidia/smi.js';
import { readSample, type PowerSample } from './power.js';

/** A running meter. */
export interface Meter {
  /** What it reads, how often, and of which GPU. */
  readonly name: string;
  /** In order of time. */
  readonly samples: readonly PowerSample[];
  /** The reason why samples have no time; null while they have one. */
  doubt(): string | null;
  /** Waits for a sample of this moment or later. Samples arrive late where the host was busy. */
  reached(moment: number): Promise<boolean>;
  stop(): void;
}

/** The reason why there is no meter. */
export interface NoMeter {
  readonly reason: string;
}

const PERIOD_MS = 100;
type Subject = Pick<Engine, 'device' | 'throughCuda'>;

/**
 * Starts a meter once for a session, before anything runs. It never rejects: without a meter it
 * returns the reason.
 */
export async function meterFor(engine: Subject, ask = nvidiaGpus): Promise<Meter | NoMeter> {
  const reason = notNvidias(engine.device);
  if (reason !== null) return { reason };
  const found = meteredGpu(engine, await ask());
  return 'reason' in found ? found : startMeter(found.gpu, found.field);
}

/** The GPU whose power is read, and the field of nvidia-smi that has it. */
export function meteredGpu(
  { device, throughCuda }: Subject,
  report: NvidiaReport,
): { readonly gpu: NvidiaGpu; readonly field: PowerField } | NoMeter {
  const match = gpuOf(device, throughCuda, report);
  if ('reason' in match) return match;
  const { gpu } = match;
  return gpu.powerField === null
    ? { reason: `${gpu.name} does not tell its power to nvidia-smi` }
    : { gpu, field: gpu.powerField };
}

const SAYS: Readonly<Record<PowerField, string>> = {
  'power.draw.instant': 'power.draw.instant',
  'power.draw': 'power.draw, an average over 1 s on GPUs since Ampere,',
};
const PATIENCE_MS = 20_000;

/** Resolves when the first sample is there, or with the reason why none comes. */
export function startMeter(
  { uuid, index, name }: Pick<NvidiaGpu, 'uuid' | 'index' | 'name'>,
  field: PowerField,
  patience = PATIENCE_MS,
): Promise<Meter | NoMeter> {
  return new Promise((resolve) => {
    const placed = new SampleTimes();
    let ended = false;
    const child = spawn(
      'nvidia-smi',
      [`--id=${uuid}`, `--query-gpu=timestamp,${field}`, '--format=csv,noheader,nounits', '-lms', String(PERIOD_MS)],
      { stdio: ['ignore', 'pipe', 'ignore'] },
    );
    const stop = (): void => {
      ended = true;
      endSmi(child);
    };
    const refuse = (reason: string): void => {
      clearTimeout(timer);
      resolve({ reason });
      stop();
    };
    const timer = setTimeout(() => {
      refuse(`nvidia-smi gave no power of ${name} within ${patience / 1000} s`);
    }, patience);
    child.on('error', (error) => {
      refuse(problemOf(error));
    });
    child.on('exit', () => {
      ended = true;
    });
    // All output has been read by now. After a first sample this has no effect.
    child.on('close', (code, signal) => {
      refuse(`nvidia-smi ended with ${signal ?? `exit code ${String(code)}`}`);
    });
    createInterface({ input: child.stdout }).on('line', (line) => {
      placed.take(line);
      if (placed.samples.length === 0) return;
      clearTimeout(timer);
      resolve({
        name: `nvidia-smi every ${PERIOD_MS} ms: ${SAYS[field]} of GPU ${index}, ${name} (${uuid})`,
        samples: placed.samples,
        doubt: () => placed.doubt(),
        reached: (moment) => reached(placed.samples, moment, () => ended),
        stop,
      });
    });
  });
}

const LATE_MS = 2000;

async function reached(samples: readonly PowerSample[], moment: number, ended: () => boolean): Promise<boolean> {
  const isThere = (): boolean => (samples.at(-1)?.at ?? -Infinity) >= moment;
  for (let waited = 0; waited < LATE_MS && !isThere() && !ended(); waited += PERIOD_MS / 2) await pause(PERIOD_MS / 2);
  return isThere();
}

/**
 * The time zone of nvidia-smi may differ from that of this process. Zones differ by multiples of 15
 * minutes.
 */
const ZONE_MS = 15 * 60_000;
/**
 * The first samples arrive while the host is idle, so the smallest delay is the offset of the
 * clocks.
 */
const CLOCKS_APART_MS = 1000;

/**
 * Converts the meter's timestamps to this process's clock. Arrival times are of no use: samples
 * arrive in bursts where an engine blocks the host.
 */
class SampleTimes {
  readonly samples: PowerSample[] = [];
  private zone: number | undefined;
  private lastStamp = -Infinity;
  private leastDelay = Infinity;

  take(line: string): void {
    const reading = readSample(line);
    if (!reading || reading.stamp <= this.lastStamp) return;
    this.lastStamp = reading.stamp;
    const now = performance.now();
    const behind = Date.now() - reading.stamp;
    this.zone ??= Math.round(behind / ZONE_MS) * ZONE_MS;
    const delay = behind - this.zone;
    this.leastDelay = Math.min(this.leastDelay, delay);
    this.samples.push({ at: now - delay, watts: reading.watts });
  }

  doubt(): string | null {
    if (Math.abs(this.leastDelay) <= CLOCKS_APART_MS) return null;
    const seconds = (Math.abs(this.leastDelay) / 1000).toFixed(0);
    return `nvidia-smi's timestamps are ${seconds} s off this machine's clock, so that no sample can be placed in the run`;
  }
}
