// Adds findings of the audits to a redesign. Their fixes help where no design can be searched for.

import type { Graph } from '../graph.js';
import type { Profile } from '../profile.js';
import type { Redesign } from '../redesign/result.js';
import { AUDITS, findingsOf } from './audits.js';
import type { Finding } from './finding.js';
import { foldedTotals, forInference, type FoldedTotals } from './folding.js';

export interface AdvisedRedesign extends Redesign {
  /** What the audits of `diagnose` find by counts alone; the largest effect comes first. */
  readonly findings: readonly Finding[];
  /** Only where findings see batch norms as folded, as runtimes run them. */
  readonly folded?: FoldedTotals;
}

/** @param counted the profile of the graph that was redesigned */
export function withFindings(result: Redesign, graph: Graph, counted: Profile): AdvisedRedesign {
  const subject = { graph, profile: counted };
  const seen = forInference(subject);
  const folded = foldedTotals(subject, seen);
  return { ...result, findings: findingsOf(subject, AUDITS, seen), ...(folded ? { folded } : {}) };
}
