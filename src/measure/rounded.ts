// Detects GPU timestamps that are rounded, which WebGPU allows.

import type { LayerTimes } from '../engines/engine.js';

type Timed = Exclude<LayerTimes, { readonly clock: null }>;

/** Nanoseconds: the step of Dawn (2^16), and the step that the specification of WebGPU sets. */
const STEPS = [2 ** 16, 100_000];
/** With a fine clock, one time in 65,536 is such a multiple by chance. */
const NEARLY_ALL = 0.95;

/**
 * The step in microseconds of which nearly all kernel times are multiples; null for a fine clock.
 */
export function roundedTo(passes: readonly Timed[]): number | null {
  const times = passes.flatMap(({ layers }) => layers.flatMap(({ kernels }) => kernels.map(({ ms }) => 1e6 * ms)));
  // Times of 0 alone are refused elsewhere, because they contradict the whole (trust.ts).
  if (!times.some((time) => time > 0)) return null;
  const step = STEPS.find(
    (step) => times.filter((time) => isMultiple(Math.round(time), step)).length >= NEARLY_ALL * times.length,
  );
  return step === undefined ? null : step / 1000;
}

const isMultiple = (time: number, step: number): boolean => time % step === 0;
