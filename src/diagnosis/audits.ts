// The table of audits: what flopscope looks for in a network. A new audit is one file and one row.

import { activationOutOfPlace } from './audits/activationOutOfPlace.js';
import { activationPeak } from './audits/activationPeak.js';
import { concatChain } from './audits/concatChain.js';
import { costlyBottlenecks } from './audits/costlyBottlenecks.js';
import { deadEnds } from './audits/deadEnds.js';
import { denseAggregation } from './audits/denseAggregation.js';
import { earlyResolution } from './audits/earlyResolution.js';
import { elementwiseTraffic } from './audits/elementwiseTraffic.js';
import { fragmentation } from './audits/fragmentation.js';
import { heavyClassifier } from './audits/heavyClassifier.js';
import { layoutCopies } from './audits/layoutCopies.js';
import { misalignedChannels } from './audits/misalignedChannels.js';
import { paddingWork } from './audits/paddingWork.js';
import { slowDepthwise } from './audits/slowDepthwise.js';
import { squeezeExcitations } from './audits/squeezeExcitations.js';
import { stemAtFullResolution } from './audits/stemAtFullResolution.js';
import { storedTwice } from './audits/storedTwice.js';
import { unbalancedConvolutions } from './audits/unbalancedConvolutions.js';
import { unfoldedNorms } from './audits/unfoldedNorms.js';
import { unreadWeights } from './audits/unreadWeights.js';
import { upsampling } from './audits/upsampling.js';
import type { Audit, Finding, AuditResult, Subject } from './finding.js';
import { forInference } from './folding.js';

/** Audits of training. They find nothing where only inference is diagnosed. */
export const TRAINING_AUDITS: readonly Audit[] = [concatChain, activationOutOfPlace, stemAtFullResolution];

/** Audits of times. They find nothing where no times of layers are known. */
export const TIMED_AUDITS: readonly Audit[] = [slowDepthwise];

export const AUDITS: readonly Audit[] = [
  deadEnds,
  unreadWeights,
  storedTwice,
  unfoldedNorms,
  denseAggregation,
  costlyBottlenecks,
  unbalancedConvolutions,
  misalignedChannels,
  fragmentation,
  squeezeExcitations,
  slowDepthwise,
  elementwiseTraffic,
  layoutCopies,
  upsampling,
  earlyResolution,
  paddingWork,
  heavyClassifier,
  activationPeak,
  ...TRAINING_AUDITS,
];

/** Of a file as it is written, or of training; all others see it with its norms folded. */
const AS_WRITTEN: readonly Audit[] = [unreadWeights, storedTwice, unfoldedNorms, ...TRAINING_AUDITS];

/** Whether the saving of a finding is one of the network as it is written. */
export const isAsWritten = (id: string): boolean => AS_WRITTEN.some((audit) => audit.id === id);

/** @param seen the subject for inference (folding.ts) */
export const findWith = (audit: Audit, subject: Subject, seen: Subject): AuditResult | null =>
  audit.find(AS_WRITTEN.includes(audit) ? subject : seen);

/**
 * The findings, the one with the largest effect first.
 * @param seen the subject for inference, where that is known already
 */
export function findingsOf(
  subject: Subject,
  audits: readonly Audit[] = AUDITS,
  seen = audits.every((audit) => AS_WRITTEN.includes(audit)) ? subject : forInference(subject),
): readonly Finding[] {
  const milliseconds = subject.timing?.milliseconds ?? null;
  return audits
    .flatMap((audit) => {
      const { id, title, source } = audit;
      const found = findWith(audit, subject, seen);
      if (!found) return [];
      const timeShare = timeShareOf(found, subject);
      return [{ audit: id, title, source, ...found, ...(timeShare === undefined ? {} : { timeShare }) }];
    })
    .sort((a, b) => effectOf(b, milliseconds) - effectOf(a, milliseconds));
}

/**
 * The effect of a finding: the part of the time that its fix saves (the middle of the interval),
 * else the part of the network that it concerns, at most the share of its layers in the time.
 * @param whole milliseconds of an inference; null where they are not known
 */
export function effectOf({ saves: { milliseconds }, share, timeShare = 1 }: Finding, whole: number | null): number {
  if (milliseconds === undefined || whole === null) return Math.min(share, timeShare);
  return (milliseconds[0] + milliseconds[1]) / 2 / whole;
}

/** A layer that ran inside of another one has no time of its own. */
function timeShareOf({ layers }: AuditResult, { timing }: Subject): number | undefined {
  if (timing === undefined || layers.length === 0) return undefined;
  const names = new Set(layers);
  let [own, all] = [0, 0];
  for (const { layers: timed, milliseconds } of timing.layers) {
    all += milliseconds;
    if (names.has(timed[0]!)) own += milliseconds;
  }
  return all > 0 ? own / all : undefined;
}
