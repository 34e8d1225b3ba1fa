// Adds findings of the audits to a redesign. Their fixes help where no design can be searched for.

import type { Graph } from '../graph.js';
import type { Profile } from '../profile.js';
import type { Redesign } from '../redesign/result.js';
import { findingsOf } from './audits.js';
import type { Finding } from './finding.js';

export interface AdvisedRedesign extends Redesign {
  /** What the audits of `diagnose` find by counts alone; the largest effect comes first. */
  readonly findings: readonly Finding[];
}

/** @param counted the profile of the graph that was redesigned */
export const withFindings = (result: Redesign, graph: Graph, counted: Profile): AdvisedRedesign => ({
  ...result,
  findings: findingsOf({ graph, profile: counted }),
});
