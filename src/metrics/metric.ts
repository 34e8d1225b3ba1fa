// What a row of the table of metrics says: its names, its unit, and how it is read.

import type { LayerKind } from '../cost.js';
import type { Layer } from '../layer.js';

/**
 * How a value is written: a whole count, bytes, a plain ratio, milliseconds, images per second, a
 * part of a whole, joules.
 */
export type Unit = 'count' | 'bytes' | 'ratio' | 'ms' | 'perSecond' | 'part' | 'joules';

/** Counts of a layer that sums are made of: a baseline keeps these of every layer. */
export const FIGURES = [
  ...(['params', 'multAdds', 'flops', 'activations', 'cio', 'memoryAccessUnfused', 'memoryAccessFused'] as const),
] as const satisfies readonly (keyof Layer)[];

/** Those that a baseline of an earlier version does not have. */
export const LATER_FIGURES: readonly (typeof FIGURES)[number][] = ['cio'];

/** What a sum may read of a layer. */
export type Figures = Pick<Layer, 'name' | 'op' | (typeof FIGURES)[number]>;

export interface Described {
  /** As headings name it. */
  readonly title: string;
  /** Over a column of a table. */
  readonly short: string;
  /** As it stands in a sentence. */
  readonly words: string;
  /** The words are a plural: "multiply-adds order". */
  readonly plural?: true;
  readonly unit: Unit;
  readonly better: 'less' | 'more';
  /** Its definition. */
  readonly about: string;
  /** Who defined it; null for common terms. */
  readonly source: string | null;
}

/** A figure of layers, and how it is joined. */
export interface CountRow extends Described {
  readonly from: 'graph';
  /** How the parts of layers make it. */
  readonly combine: 'sum' | 'max';
  /**
   * A layer's part; null where such a layer has none. Every sum reads `Figures` alone.
   * @param kind of the layer (`layerKindOf`): the table itself knows no ops, so that a page can
   * carry it
   */
  part(layer: Layer, kind: LayerKind | undefined): number | null;
  /** Layers that a message names together: those of one kind, where each counts the same. */
  readonly together?: 'op';
  /** Records of earlier versions do not have it. */
  readonly later?: true;
  /**
   * Too close to another count for a bar in charts, a column of the page, or an explanation of
   * times.
   */
  readonly detail?: true;
  /** `Counts` of a node hold it, as a size with symbols too: closed forms are made of it. */
  readonly closedForm?: true;
  /** It has a meaning for several layers only. For one layer it equals another count, or 1. */
  readonly ofGroups?: true;
}

/** What a run metric reads of a measured run. */
export interface Measured {
  readonly times: { readonly median: number };
  readonly imagesPerSecond: number;
  readonly utilisation: { readonly compute: number } | null;
  readonly energy: { readonly joulesPerImage: number } | null;
  readonly noEnergy: string | null;
}

/** Read from a measured run. */
export interface RunMetric extends Described {
  readonly from: 'run';
  read(run: Measured): number | null;
  /** Why a run does not have it. */
  missing(run: Measured): string;
}

/** What a training metric reads of the cost of a training step. */
export interface TrainedTotals {
  readonly stepMultAdds: number;
  readonly backwardMultAdds: number;
  readonly memoryAccess: number;
  readonly keptBytes: number;
  readonly optimizerBytes: number;
  readonly peak: { readonly bytes: number };
  readonly totalBytes: number;
}

/** Of a layer; a baseline keeps these. */
export interface TrainedFigures {
  readonly name: string;
  readonly op: string;
  readonly multAdds: number;
  readonly inputMultAdds: number;
  readonly weightMultAdds: number;
  readonly recomputedMultAdds: number;
  readonly memoryAccess: number;
  readonly keptBytes: number;
  readonly optimizerBytes: number;
}

/** Counted of a training step. */
export interface TrainingMetric extends Described {
  readonly from: 'training';
  read(trained: { readonly totals: TrainedTotals }): number;
  /** A layer's part; of a maximum, what the layer adds to what is alive. */
  part(layer: TrainedFigures): number;
}
