// The view of a diff: rows, order, and how many rows.

import type { Cost } from '../../src/diff/diff.js';
import type { PARTS } from './profileView.js';

export interface DiffView {
  readonly by: (typeof PARTS)[number];
  /** Largest move first; in the order of the network where there is none. */
  readonly sort?: Cost | undefined;
  readonly top?: number | undefined;
  /** Layers that only have another name are rows too, not a note. */
  readonly renamed?: boolean;
}
