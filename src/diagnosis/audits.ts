// The table of audits: what flopscope looks for in a network. A new audit is one file and one row.

import { activationOutOfPlace } from './audits/activationOutOfPlace.js';
import { concatChain } from './audits/concatChain.js';
import { deadEnds } from './audits/deadEnds.js';
import { stemAtFullResolution } from './audits/stemAtFullResolution.js';
import type { Audit, Finding, Subject } from './finding.js';

/** Of what a training step keeps and takes; they say nothing where only inference is asked about. */
export const TRAINING_AUDITS: readonly Audit[] = [concatChain, activationOutOfPlace, stemAtFullResolution];

export const AUDITS: readonly Audit[] = [deadEnds, ...TRAINING_AUDITS];

/** What audits found, the one that concerns most of the network first. */
export function findingsOf(subject: Subject, audits: readonly Audit[] = AUDITS): readonly Finding[] {
  return audits
    .flatMap(({ id, title, source, find }) => {
      const found = find(subject);
      return found ? [{ audit: id, title, source, ...found }] : [];
    })
    .sort((a, b) => b.share - a.share);
}
