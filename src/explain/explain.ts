// Explains measured times by single costs, by a device model, and by each network's parts.

import { breakdown, totalOf } from '../devices/rates.js';
import { InputError } from '../inputError.js';
import { fitCosts } from './costs.js';
import type { Explained, Explanation } from './explanation.js';
import { explainFindings } from './findings.js';
import type { ModeName } from '../devices/modes.js';
import { fitDevices } from './deviceFits.js';
import type { Sample } from './sample.js';

/** The fit has three numbers, and each network is predicted from the others. */
export const LEAST_NETWORKS = 5;

/** What is known of how the networks ran. */
export interface Facts {
  /** Of the device's memory, in bytes per second: no rate can be above it. */
  readonly bandwidth?: number | null;
  /** The modes that are tried; all where absent. */
  readonly likely?: readonly ModeName[] | undefined;
}

/** @throws InputError for too few networks, a network that is there twice, and equal times */
export function explain(
  samples: readonly Sample[],
  device: string | null,
  bytesPerElement: number,
  { bandwidth = null, likely }: Facts = {},
): Explanation {
  const distinct = new Set(samples.map(({ model }) => model)).size;
  if (distinct < LEAST_NETWORKS)
    throw new InputError(
      `times of ${distinct} ${distinct === 1 ? 'network' : 'networks'} explain nothing: give at least ${LEAST_NETWORKS}, and 20 for a firm answer`,
    );
  const [first] = samples;
  if (samples.every(({ milliseconds }) => milliseconds === first!.milliseconds))
    throw new InputError(`all ${distinct} networks take ${first!.milliseconds} ms: there is nothing to explain`);
  // Leaving one out needs distinct networks: a duplicate would remain in the fit.
  const seen = new Set<string>();
  for (const { model, input } of samples) {
    const key = `${model} at ${input.n}x${input.c}x${input.h}x${input.w}`;
    if (seen.has(key)) throw new InputError(`${key} occurs twice: keep one of its times`);
    seen.add(key);
  }
  const costs = [...fitCosts(samples)].sort((a, b) => (b.spearman ?? -2) - (a.spearman ?? -2));
  const models = fitDevices(samples, bytesPerElement, likely);
  const networks = samples.map((sample): Explained => {
    const { model, input, totals, milliseconds } = sample;
    const parts = breakdown(sample.works[models[0]!.reading], models[0]!.rates);
    return { model, input, totals, milliseconds, parts, predicted: totalOf(parts) };
  });
  const result = { device, networks, costs, models, distinct };
  return { schema: 'flopscope.explain/2', bytesPerElement, ...result, findings: explainFindings(result, bandwidth) };
}
