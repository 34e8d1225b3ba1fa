// Measures the idle power of a GPU, once, after it has settled and before anything runs.

import { setTimeout } from 'node:timers/promises';
import type { Meter, NoMeter } from './meter.js';
import type { PowerSample } from './power.js';

export interface Idle {
  /** Null without a meter, or where the meter gave no sample. */
  readonly watts: number | null;
  /** When it was read and for how long, in words. */
  readonly how: string;
}

/** A busy GPU comes down to its idle power within seconds. */
const SPAN_MS = 2000;
const MOST_MS = 10_000;
const STEP_MS = 500;
/** The largest relative difference between the means of the two halves of a settled GPU. */
const SETTLED = 0.03;

/** @param wait sleeps; tests pass one that returns at once */
export async function idlePower(
  meter: Meter | NoMeter,
  wait: (ms: number) => Promise<unknown> = setTimeout,
  now: () => number = () => performance.now(),
): Promise<Idle> {
  if ('reason' in meter) return { watts: null, how: meter.reason };
  const start = now();
  await wait(SPAN_MS);
  for (;;) {
    const end = now();
    const inside = meter.samples.filter(({ at }) => at >= end - SPAN_MS && at <= end);
    const [earlier, later] = [
      mean(inside.filter(({ at }) => at < end - SPAN_MS / 2)),
      mean(inside.filter(({ at }) => at >= end - SPAN_MS / 2)),
    ];
    const span = `the last ${SPAN_MS / 1000} s before anything ran in this session`;
    if (inside.length === 0) return { watts: null, how: `no sample in ${span}` };
    const settled = Math.abs(earlier - later) <= SETTLED * earlier;
    if (settled || end - start >= MOST_MS)
      return { watts: mean(inside), how: `${span}${settled ? '' : `, not settled after ${MOST_MS / 1000} s`}` };
    await wait(STEP_MS);
  }
}

const mean = (samples: readonly PowerSample[]): number =>
  samples.reduce((sum, { watts }) => sum + watts, 0) / samples.length;
