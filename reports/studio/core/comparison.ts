// What changed between two networks, layer by layer or in parts.

import { diff } from '../../../src/diff/diff.js';
import type { PARTS } from '../../sheets/profileView.js';
import { diffSheet, sameSentence } from '../../sheets/diffSheet.js';
import { subjectOf } from './count.js';
import type { Wanted } from './protocol.js';
import { plainTable, type PlainTable } from './tables.js';

export interface AskedComparison {
  readonly before: Wanted;
  readonly after: Wanted;
  readonly by: (typeof PARTS)[number];
}

export interface Comparison {
  /** In place of a table, where nothing differs. */
  readonly same: string | null;
  readonly table: PlainTable;
}

export async function comparison({ before, after, by }: AskedComparison): Promise<Comparison> {
  const [first, second] = [await subjectOf(before), await subjectOf(after)];
  const matched = diff(first.profile, second.profile);
  return { same: sameSentence(matched.diff) ?? null, table: plainTable(diffSheet(matched, { by })) };
}
