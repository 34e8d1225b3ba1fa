// Says how far the utilisation of another run on the same device may lie from what is shown.

import type { Run } from '../../src/measure/run.js';
import { utilisationNoise } from '../../src/measure/utilisation.js';

/**
 * "the utilisation of another run may be 0.86x to 1.16x as high, by the noise of times and
 * ceilings"
 * @param runs of one device; the noisiest decides
 * @returns "" where the noise is not known
 */
export function utilisationNote(runs: readonly Run[]): string {
  const noises = runs.flatMap((run) => utilisationNoise(run) ?? []);
  if (noises.length === 0) return '';
  const [least, most] = [Math.min(...noises.map((one) => one.least)), Math.max(...noises.map((one) => one.most))];
  const single = noises.some(({ basis }) => basis === 'allowance');
  return `the utilisation of another run may be ${least.toFixed(2)}x to ${most.toFixed(2)}x as high, by the noise of times and ceilings${single ? ', allowing for one session' : ''}`;
}
