// What the search may choose for a level, as the user limits it.

import type { Level } from './level.js';

export interface Palette {
  /** At least one. */
  readonly aggregations: readonly Level['aggregation'][];
  /** Whether half of the channels may skip a level's layers (CSPNet, arXiv 1911.11929). */
  readonly partial: boolean;
  /** Whether a 1x1 may stand before each 3x3. */
  readonly bottleneck: boolean;
  /** Of the 3x3 convolutions; powers of two, since widths are multiples of 8. */
  readonly groups: readonly number[];
  /** Layers of every level. Null: about as many as the original's level has. */
  readonly layers: readonly number[] | null;
  /** Whether a level's output channels may differ from the original's. */
  readonly channels: boolean;
}

export const EVERYTHING: Palette = {
  ...{ aggregations: ['dense', 'osa'], partial: true, bottleneck: true, groups: [1, 2, 4], layers: null },
  channels: true,
};
