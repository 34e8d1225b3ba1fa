// A rule that the figures of a record keep.

import type { Run } from '../../measure/run.js';

/** A contradiction between figures of a record. */
export interface Law {
  readonly path: readonly string[];
  readonly broken: (run: Run) => boolean;
  /** Completes "PATH is wrong (...)". */
  readonly says: (run: Run) => string;
}
