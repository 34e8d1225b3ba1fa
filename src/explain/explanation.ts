// An explanation as data: costs, physical models, and the parts of each network's time.

import type { CostFit } from './costs.js';
import type { Breakdown, PhysicalFit } from './physical.js';
import type { Sample } from './sample.js';

export interface Explained extends Pick<Sample, 'model' | 'input' | 'totals' | 'milliseconds'> {
  /** By the best physical model, in milliseconds. */
  readonly parts: Breakdown;
  readonly predicted: number;
}

export interface Explanation {
  readonly schema: 'flopscope.explain/1';
  /** The device of the times, in words; null where it is unknown. */
  readonly device: string | null;
  readonly bytesPerElement: number;
  /** In the order given. */
  readonly networks: readonly Explained[];
  /** Best rank correlation first. */
  readonly costs: readonly CostFit[];
  /** Least leave-one-out error first. */
  readonly models: readonly PhysicalFit[];
  readonly findings: readonly string[];
}
