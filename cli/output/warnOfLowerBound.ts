// Warns that counts are lower bounds, for outputs that have no notes.

import { lowerBoundNote } from '../../reports/sheets/lowerBound.js';
import type { Graph } from '../../src/graph.js';
import type { Model } from '../../src/model.js';
import type { Screen } from '../screen.js';

export function warnOfLowerBound({ name }: Model, { omitted }: Graph, screen: Screen): void {
  if (omitted) screen.err(`${lowerBoundNote(omitted, name)}\n`);
}
