// Detects GPU timestamps that are rounded, which WebGPU allows.

import type { LayerTimes } from '../engines/engine.js';

type Timed = Exclude<LayerTimes, { readonly clock: null }>;

/**
 * Nanoseconds: what Dawn rounds to (2^16), and what the specification of WebGPU has browsers round
 * to.
 */
const STEPS = [2 ** 16, 100_000];
/** Of a fine clock one time in 65,536 is such a multiple by chance. */
const NEARLY_ALL = 0.95;

/**
 * The step in microseconds of which nearly all kernel times are multiples; null for a fine clock.
 */
export function roundedTo(passes: readonly Timed[]): number | null {
  const times = passes.flatMap(({ layers }) => layers.flatMap(({ kernels }) => kernels.map(({ ms }) => 1e6 * ms)));
  // Nothing but zeros contradicts the whole (trust.ts).
  if (!times.some((time) => time > 0)) return null;
  const step = STEPS.find(
    (step) => times.filter((time) => isMultiple(Math.round(time), step)).length >= NEARLY_ALL * times.length,
  );
  return step === undefined ? null : step / 1000;
}

const isMultiple = (time: number, step: number): boolean => time % step === 0;
