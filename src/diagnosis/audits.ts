// The table of audits: what flopscope looks for in a network. A new audit is one file and one row.

import { deadEnds } from './audits/deadEnds.js';
import type { Audit, Finding, Subject } from './finding.js';

export const AUDITS: readonly Audit[] = [deadEnds];

/** What all audits found, the one that concerns most of the network first. */
export function findingsOf(subject: Subject): readonly Finding[] {
  return AUDITS.flatMap(({ id, title, source, find }) => {
    const found = find(subject);
    return found ? [{ audit: id, title, source, ...found }] : [];
  }).sort((a, b) => b.share - a.share);
}
