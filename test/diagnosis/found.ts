// What one audit says of a network, and what two networks that a test builds differ in.

import { AUDITS } from '../../src/diagnosis/audits.js';
import type { AuditResult, Subject } from '../../src/diagnosis/finding.js';
import type { Graph } from '../../src/graph.js';
import { profile, type Source } from '../../src/profile.js';

export function found(
  id: string,
  graph: Graph,
  { source = 'built-in', ...more }: { readonly source?: Source } & Partial<Subject> = {},
): AuditResult | null {
  const audit = AUDITS.find((one) => one.id === id);
  if (!audit) throw new Error(`there is no audit ${id}`);
  return audit.find({ graph, profile: profile(graph, { source }), ...more });
}

/** Counts of the first network less those of the second, which the test builds by hand. */
export function saved(before: Graph, after: Graph): object {
  const [a, b] = [profile(before).totals, profile(after).totals];
  return {
    params: a.params - b.params,
    multAdds: a.multAdds - b.multAdds,
    memoryAccessUnfused: a.memoryAccess.unfused - b.memoryAccess.unfused,
    memoryAccessFused: a.memoryAccess.fused - b.memoryAccess.fused,
    peakActivations: a.peakActivations - b.peakActivations,
    launches: a.ops - b.ops,
  };
}

/** The same with zeros for what a saving leaves out. */
export const whole = (saves: object): object => ({
  ...{ params: 0, multAdds: 0, memoryAccessUnfused: 0, memoryAccessFused: 0, peakActivations: 0, launches: 0 },
  ...saves,
});
