// Measures all experiments together, and gives each the runs of its own trials.

import type { Run } from '../measure/run.js';
import type { Trial } from './experiment.js';
import { outcomeOf, type Claim, type Outcome } from './outcome.js';

/** Measures trials in their order; where it is absent, experiments are only counted. */
export type MeasureTrials = (trials: readonly Trial[]) => Promise<readonly Run[]>;

export interface ExperimentTrials<T extends Trial> {
  readonly claim: Claim;
  /**
   * By scale, then by variant; the first variant of each scale is what the others are compared to.
   */
  readonly trials: readonly T[];
}

export interface Outcomes {
  readonly outcomes: readonly Outcome[];
  /** Empty where nothing was measured. */
  readonly runs: readonly Run[];
}

export async function outcomesOf(
  experiments: readonly ExperimentTrials<Trial>[],
  measure?: MeasureTrials,
): Promise<Outcomes> {
  const runs = (await measure?.(experiments.flatMap(({ trials }) => trials))) ?? [];
  let start = 0;
  const outcomes = experiments.map(({ claim, trials }) =>
    outcomeOf(claim, trials, runs.slice(start, (start += trials.length))),
  );
  return { outcomes, runs };
}
