// What the diagnosis finds in a network, and which of its fixes are a change of the config.

import { diagnosed } from '../../../src/diagnosis/diagnose.js';
import { answerOf } from '../../report/answer.js';
import { subjectOf, type Subject } from './count.js';
import { fixesOf, type Fix } from './fixes.js';
import type { Wanted } from './protocol.js';

export interface Advised {
  /** What limits the network, and how that is known. */
  readonly basis: string;
  readonly findings: readonly AdvisedFinding[];
}

export interface AdvisedFinding {
  readonly audit: string;
  readonly title: string;
  readonly evidence: string;
  readonly fix: string;
  readonly saves: string | null;
  readonly source: string;
  readonly layers: readonly string[];
  /** Each was built and counted: the finding is gone with it, or smaller. */
  readonly fixes: readonly Fix[];
}

export async function advice(wanted: Wanted): Promise<Advised> {
  const subject = await subjectOf(wanted);
  const { diagnosis, ...rest } = diagnosed(subject.graph, {
    source: subject.profile.source,
    bytesPerElement: subject.profile.bytesPerElement,
  });
  const { basis, findings, folded } = answerOf({ diagnosis, ...rest });
  const all: AdvisedFinding[] = [];
  for (const [i, { audit, title, evidence, fix, saves, source, layers }] of findings.entries()) {
    const fixes = await fixesOf(subject satisfies Subject, wanted, diagnosis.findings[i]!);
    all.push({ audit, title, evidence, fix, saves, source, layers, fixes });
  }
  return { basis: folded === undefined ? basis : `${folded} ${basis}`, findings: all };
}
