// An explanation as data: costs, device models, and the parts of each network's time.

import type { CostFit } from './costs.js';
import type { Breakdown } from '../devices/rates.js';
import type { DeviceFit } from './deviceFits.js';
import type { Sample } from './sample.js';

export interface Explained extends Pick<Sample, 'model' | 'input' | 'totals' | 'milliseconds'> {
  /** By the best device model, in milliseconds. */
  readonly parts: Breakdown;
  readonly predicted: number;
}

export interface Explanation {
  readonly schema: 'flopscope.explain/2';
  /** The device of the times, in words; null where it is unknown. */
  readonly device: string | null;
  readonly bytesPerElement: number;
  /** Networks, each counted once however many sizes and batches it has. */
  readonly distinct: number;
  /** In the order given. */
  readonly networks: readonly Explained[];
  /** Best rank correlation first. */
  readonly costs: readonly CostFit[];
  /**
   * The modes in which the networks are known to have run first, then least error on unseen
   * families.
   */
  readonly models: readonly DeviceFit[];
  readonly findings: readonly string[];
}
