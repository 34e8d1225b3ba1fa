// An experiment of the lab: variants of a stack of blocks, and the claim that they test.

import type { Graph } from '../graph.js';

/** What the paper's authors ran on. */
export type Platform = 'gpu' | 'arm';

/** The settings that a paper does not state. */
export interface Assumptions {
  /**
   * Images per inference. ShuffleNetV2 does not state it for Tables 1-4; its speeds fit batch 1.
   */
  readonly batch: number;
  /**
   * Height and width of the stack's input; 56 in ShuffleNetV2's Tables 1-3, not stated for Table 4.
   */
  readonly side: number;
  /** How many times the block is repeated: 10 in Tables 1-4. */
  readonly blocks: number;
  /**
   * The device whose channel numbers are used: the paper uses wider stacks on the GPU than on the
   * ARM processor.
   */
  readonly widths: Platform;
  /** Channel multipliers, of x1, x2 and x4. */
  readonly scales: readonly number[];
  /**
   * Table 4: the unit's channels over those of its 3x3; the paper does not state it, ResNet's
   * bottleneck has 4.
   */
  readonly squeeze: number;
}

/** What a stack of blocks of printed widths depends on. */
export const STACKED = [
  'batch',
  'side',
  'blocks',
  'widths',
  'scales',
] as const satisfies readonly (keyof Assumptions)[];

export const PAPER: Assumptions = { batch: 1, side: 56, blocks: 10, widths: 'gpu', scales: [1, 2, 4], squeeze: 4 };

/**
 * Speeds (batches or images per second) or times that a paper prints for one variant at one scale.
 */
export type Published = Readonly<Partial<Record<Platform, { readonly value: number; readonly unit: string }>>>;

/** One variant at one scale: a graph to count and to run. */
export interface Trial {
  readonly scale: number;
  /** As the paper writes it: "1:6", "g = 4", "2 in parallel". */
  readonly variant: string;
  /** Channels, as they were chosen. */
  readonly widths: string;
  readonly graph: Graph;
  /**
   * Over the first variant of the same scale: how many times longer the paper's platforms took;
   * null where not printed.
   */
  readonly published: Readonly<Record<Platform, number | null>>;
}

/** What is compared to the first variant of the same scale; the claim holds where it is above 1. */
export type Measure =
  /** Takes longer. */
  | 'time'
  /** Saves time. */
  | 'saving'
  /** Takes longer per multiply-add: reaches fewer FLOP/s. */
  | 'timePerMultAdd';

export interface Experiment {
  readonly key: string;
  /** In the paper's sense: "Equal channel width minimizes memory access cost". */
  readonly claim: string;
  /** Paper and table. */
  readonly source: string;
  /** What is built, and what of it is our assumption. */
  readonly protocol: string;
  readonly measure: Measure;
  /** What its trials depend on. */
  readonly assumes: readonly (keyof Assumptions)[];
  /**
   * By scale, then by variant; the first variant of each scale is what the others are compared to.
   */
  trials(assumptions: Assumptions): readonly Trial[];
}
