// The findings of a report, from counts and runs: a headline, reasons, a sentence a network.

import { compare, type Comparison } from '../../src/compare.js';
import { timeClause as clauseOf } from '../../src/measure/ratioWords.js';
import { inferenceRatio } from '../../src/measure/sessionTimes.js';
import { FEWEST_TO_TELL, rankCorrelation } from '../../src/explain/rank.js';
import { abbreviate } from '../../src/visible.js';
import { BYTES_PER_ELEMENT, type Network } from './network.js';
import { headlineOf } from './headline.js';
import { deviceLabel } from '../../src/measure/label.js';
import { type Setting } from './settings.js';
import type { Subject } from './subject.js';

export interface Findings {
  /** The headline. */
  readonly headline: string;
  /** The explanation, or what is missing for one. */
  readonly explanation: string;
  /** One per network besides the baseline. */
  readonly findings: readonly string[];
  /**
   * How well counts rank the measured times; null where too few networks were measured to tell from
   * chance.
   */
  readonly ranking: string | null;
}

/**
 * @param baseline index of the subject that others are compared to
 * @param chosen whether the user chose it: then the headline speaks of it
 */
export function findingsOf(
  subjects: readonly Subject[],
  baseline: number,
  setting: Setting | null,
  chosen = false,
): Findings {
  const reference = subjects[baseline]!;
  const others = subjects.filter((subject) => subject !== reference);
  const device = setting && deviceLabel(setting);
  const [headline, explanation] = headlineOf(subjects, reference, device, chosen);
  return {
    headline,
    explanation,
    findings: others.map((subject) => sentenceOf(subject, reference, device)),
    ranking: device === null ? null : rankingOf(subjects, device),
  };
}

/**
 * "a has 0.69x the multiply-adds of b but 1.09x its memory access, in 2.47x as many ops; on D it
 * takes 1.40x the time."
 */
function sentenceOf(subject: Subject, reference: Subject, device: string | null): string {
  const counted = comparisonOf(subject, reference).findings[0]!;
  if (device === null) return counted;
  return `${counted.slice(0, -1)}; ${timeClause(subject, reference, device)}.`;
}

function timeClause({ run }: Subject, reference: Subject, device: string): string {
  if (run === null) return 'it was not measured here';
  if (reference.run === null)
    return `${abbreviate(reference.network.label)} was not measured here, so times cannot be compared`;
  return `on ${device} it ${clauseOf(inferenceRatio(run, reference.run))}`;
}

function comparisonOf(subject: Subject, reference: Subject): Comparison {
  const counted = ({ network }: Subject) => ({
    ...{ bytesPerElement: BYTES_PER_ELEMENT, ...network },
    model: abbreviate(network.label),
  });
  return compare([counted(reference), counted(subject)]);
}

function rankingOf(subjects: readonly Subject[], device: string): string | null {
  // The true value of a lower bound is not known, so it has no rank.
  const measured = subjects.flatMap(({ network: { totals, lowerBound }, run }) =>
    run && !lowerBound ? [{ totals, time: run.times.median }] : [],
  );
  if (measured.length < FEWEST_TO_TELL) return null;
  const rank = (pick: (totals: Network['totals']) => number): string | null =>
    rankCorrelation(measured.map(({ totals, time }) => [pick(totals), time] as const))?.toFixed(2) ?? null;
  const [work, params, access] = [rank((t) => t.multAdds), rank((t) => t.params), rank((t) => t.memoryAccess.unfused)];
  if (work === null || params === null || access === null) return null;
  return `Over ${measured.length} networks on ${device}, the rank correlation with time is ${access} for unfused memory access, ${work} for multiply-adds and ${params} for parameters.`;
}
