// A network of a report: its counts, and stages and layers if it was profiled.

import type { Profile, RecordedTotals, Source, Totals } from '../../src/profile.js';
import type { Omission } from '../../src/graph.js';
import type { Miss } from '../../src/training/search.js';
import type { LayerRow } from './layerRow.js';
import type { TrainedNetwork } from './trained.js';

export interface StageCost extends Totals {
  readonly name: string;
}

/** Of a network that does not say otherwise: float32. */
export const BYTES_PER_ELEMENT = 4;

/** One model at one input and batch. */
export interface Network {
  /** Unique in the report. */
  readonly label: string;
  readonly model: string;
  readonly source: Source;
  readonly input: Profile['input'];
  /** Of a file whose weights are not float32. */
  readonly bytesPerElement?: number;
  readonly totals: RecordedTotals;
  /** Only where the totals are lower bounds: what they leave out. */
  readonly lowerBound?: Omission;
  /** Null where the network is known only from a run file. */
  readonly stages: readonly StageCost[] | null;
  readonly layers: readonly LayerRow[] | null;
  /** Only where training is shown. */
  readonly training?: TrainedNetwork;
  /** In place of `training`, where its step fits into no memory budget. */
  readonly missesBudget?: Miss;
}
