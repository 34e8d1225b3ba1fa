// The audit fragmentation: many small ops side by side, where few wide ones would do.

import type { Graph } from '../../graph.js';
import { opOf } from '../../ops/table.js';
import { savingOf } from '../changed.js';
import type { Audit } from '../finding.js';
import { merging, siblingsOf } from '../siblings.js';

/** Ops over those of the longest path: a plain chain has 1, a residual network about 1.02. */
const WIDE = 2;
/** The least share of the unfused memory access that merging must save. */
const WORTH = 0.01;

export const fragmentation: Audit = {
  id: 'fragmentation',
  title: 'Work is split into many small ops',
  source: 'ShuffleNetV2, arXiv 1807.11164, section 2 (G3) and Table 3: four parallel fragments ran at 0.28x to 0.67x',
  find(subject) {
    const { graph, profile } = subject;
    const { totals } = profile;
    const sets = siblingsOf(graph);
    const saves = sets.length > 0 ? savingOf(subject, merging(sets)) : undefined;
    const whole = totals.memoryAccess.unfused;
    const saved = saves?.memoryAccessUnfused ?? 0;
    // What feeds no output stands beside the path, but is no branch.
    const dead = new Set(profile.deadEnds?.layers);
    const ops = graph.nodes.filter(({ name, op }) => !dead.has(name) && opOf(op).traffic !== 'view').length;
    const longestPath = longestPathOf(graph, dead);
    const wide = ops >= WIDE * longestPath;
    const merges = saved >= WORTH * whole;
    if (!wide && !merges) return null;
    const mergeable = sets.reduce((sum, set) => sum + set.length, 0);
    return {
      evidence: wide
        ? `The longest path runs ${longestPath} of ${ops} ops; the others stand beside it, and each is launched for itself.`
        : `${mergeable} layers read an input that another layer of the same kind reads as well.`,
      figures: { ops, longestPath, mergeable, merged: sets.length },
      layers: merges ? sets.flatMap((set) => set.map(({ node }) => node.name)) : [],
      fix: merges
        ? `Merge those that read the same input: ${mergeable} layers become ${sets.length}, with their weights side by side and their outputs split.`
        : 'Use fewer and wider branches, or a runtime that launches them together (CUDA graphs, streams).',
      saves: merges ? saves! : {},
      share: wide ? 1 - longestPath / ops : saved / whole,
    };
  },
};

/** Ops that an eager framework launches, along the path that has most of them. */
function longestPathOf({ nodes }: Graph, dead: ReadonlySet<string>): number {
  const lengths = new Map<string, number>();
  let longest = 0;
  for (const { name, op, inputs } of nodes) {
    if (dead.has(name)) continue;
    const before = inputs.reduce((most, input) => Math.max(most, lengths.get(input) ?? 0), 0);
    const length = before + (opOf(op).traffic === 'view' ? 0 : 1);
    lengths.set(name, length);
    longest = Math.max(longest, length);
  }
  return longest;
}
