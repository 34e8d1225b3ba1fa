// Counts and measures the experiments of ShuffleNetV2 and VoVNet on this device.

import { machineLabel } from '../measure/label.js';
import { setupOf } from '../measure/setup.js';
import type { Assumptions, Experiment } from './experiment.js';
import type { LabResult } from './outcome.js';
import { outcomesOf, type MeasureTrials } from './outcomes.js';

/** @param measure runs the trials; without it they are only counted */
export async function guidelines(
  experiments: readonly Experiment[],
  assumptions: Assumptions,
  measure?: MeasureTrials,
): Promise<LabResult> {
  const tried = experiments.map((claim) => ({ claim, trials: claim.trials(assumptions) }));
  const { outcomes, runs } = await outcomesOf(tried, measure);
  return {
    ...{ schema: 'flopscope.guidelines/1', assumptions },
    ...{ device: machineLabel(runs), setup: setupOf(runs), outcomes },
  };
}
