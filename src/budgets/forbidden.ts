// Findings that a budgets file forbids, and which of them a network has.

import { AUDITS, findWith, TIMED_AUDITS, TRAINING_AUDITS } from '../diagnosis/audits.js';
import type { Finding, Subject } from '../diagnosis/finding.js';
import { forInference } from '../diagnosis/folding.js';
import { InputError } from '../inputError.js';
import { likely } from '../nearest.js';
import type { Profile } from '../profile.js';

/** A finding that is not allowed, and where that is said. */
export interface PlacedAudit {
  readonly audit: string;
  /** "file:line:column", or the flag. */
  readonly place: string;
}

/** What is found of one audit in one network. */
export interface CheckedFinding {
  readonly network: string;
  readonly input: Profile['input'];
  readonly audit: string;
  readonly title: string;
  /** Whether the network has it; then it does not pass. */
  readonly found: boolean;
  /** Null where it is not found. */
  readonly evidence: string | null;
  readonly fix: string | null;
  readonly layers: readonly string[];
  readonly saves: Finding['saves'];
  readonly place: string;
}

/** The audits that a check can forbid. */
export const FORBIDDABLE: readonly string[] = AUDITS.map(({ id }) => id);

/** Whether an audit is of a training step. */
export const isOfTraining = (id: string): boolean => TRAINING_AUDITS.some((audit) => audit.id === id);

/** @throws InputError for a name that is no audit */
export function forbiddable(name: string): string {
  if (FORBIDDABLE.includes(name)) return name;
  throw new InputError(
    `there is no audit "${name}"; the nearest are ${likely(name, FORBIDDABLE).join(', ')} (docs/diagnosis.md lists all)`,
  );
}

/**
 * @param subject with the times of its layers, where they are known
 * @throws InputError for an audit of times where none are known
 */
export function checkFindings(
  name: string,
  subject: Subject,
  forbidden: readonly PlacedAudit[],
): readonly CheckedFinding[] {
  const seen = forbidden.length > 0 ? forInference(subject) : subject;
  return forbidden.map(({ audit: id, place }) => {
    const audit = AUDITS.find((one) => one.id === id)!;
    if (TIMED_AUDITS.includes(audit) && subject.timing === undefined)
      throw new InputError(
        `${id} is forbidden (${place}), and needs times of layers: give ${name} the file of flopscope measure --layers -o with run:`,
      );
    const found = findWith(audit, subject, seen);
    return {
      ...{ network: name, input: subject.profile.input, audit: id, title: audit.title, found: found !== null, place },
      ...{ evidence: found?.evidence ?? null, fix: found?.fix ?? null },
      ...{ layers: found?.layers ?? [], saves: found?.saves ?? {} },
    };
  });
}
