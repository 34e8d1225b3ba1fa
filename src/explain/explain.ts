// Explains measured times: single costs, a physical model, each network's parts, and sentences.

import { InputError } from '../inputError.js';
import { fitCosts } from './costs.js';
import type { Explained, Explanation } from './explanation.js';
import { explainFindings } from './findings.js';
import { breakdown, fitPhysical, totalOf } from './physical.js';
import type { Sample } from './sample.js';

/** The fit has three factors, and each network is predicted from the others. */
export const LEAST_NETWORKS = 5;

/** @throws InputError for too few networks, a network that is there twice, and equal times */
export function explain(samples: readonly Sample[], device: string | null, bytesPerElement: number): Explanation {
  if (samples.length < LEAST_NETWORKS)
    throw new InputError(
      `times of ${samples.length} ${samples.length === 1 ? 'network' : 'networks'} explain nothing: give at least ${LEAST_NETWORKS}, and 20 for a firm answer`,
    );
  const [first] = samples;
  if (samples.every(({ milliseconds }) => milliseconds === first!.milliseconds))
    throw new InputError(`all ${samples.length} networks take ${first!.milliseconds} ms: there is nothing to explain`);
  // Leaving one out needs distinct networks: a duplicate would remain in the fit.
  const seen = new Set<string>();
  for (const { model, input } of samples) {
    const key = `${model} at ${input.n}x${input.c}x${input.h}x${input.w}`;
    if (seen.has(key)) throw new InputError(`${key} is there twice: keep one of its times`);
    seen.add(key);
  }
  const costs = [...fitCosts(samples)].sort((a, b) => (b.spearman ?? -2) - (a.spearman ?? -2));
  const models = fitPhysical(samples, bytesPerElement);
  const networks = samples.map((sample): Explained => {
    const { model, input, totals, milliseconds } = sample;
    const parts = breakdown(sample, models[0]!);
    return { model, input, totals, milliseconds, parts, predicted: totalOf(parts) };
  });
  const result = { device, networks, costs, models };
  return { schema: 'flopscope.explain/1', bytesPerElement, ...result, findings: explainFindings(result) };
}
