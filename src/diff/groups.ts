// The difference by stage, block or op, over both networks. Renamed stages are matched too.

import type { Grouping, Layer } from '../profile.js';
import { movedOf, sumOf, type DiffRow, type CostChange } from './diff.js';

export interface MovedGroup extends CostChange {
  /** Its name in each network; null where one has no such group. */
  readonly name: { readonly before: string | null; readonly after: string | null };
  readonly layers: { readonly before: number; readonly after: number };
}

/**
 * In the order of the rows. Every layer is in one group, so that the groups add up to the totals.
 * @param bounds whether either network is a lower bound: then no group has a ratio
 */
export const movedBy = (rows: readonly DiffRow[], by: Grouping, bounds = false): readonly MovedGroup[] =>
  groupsOf(rows, by).map(({ name, before, after }) => ({
    name,
    layers: { before: before.length, after: after.length },
    ...movedOf(sumOf(before), sumOf(after), bounds),
  }));

export interface LayerGroup {
  readonly name: MovedGroup['name'];
  readonly before: readonly Layer[];
  readonly after: readonly Layer[];
}

/** The layers of each group in both networks, in the order of the rows. */
export function groupsOf(rows: readonly DiffRow[], by: Grouping): readonly LayerGroup[] {
  const renamed = renamedGroups(rows, by);
  const groups = new Map<string, { before: Layer[]; after: Layer[] }>();
  const groupAt = (name: string): { before: Layer[]; after: Layer[] } => {
    const group = groups.get(name) ?? { before: [], after: [] };
    groups.set(name, group);
    return group;
  };
  for (const { before, after } of rows) {
    if (before) groupAt(renamed.get(before[by]) ?? before[by]).before.push(before);
    if (after) groupAt(after[by]).after.push(after);
  }
  return [...groups.values()].map(({ before, after }) => ({
    name: { before: before[0]?.[by] ?? null, after: after[0]?.[by] ?? null },
    ...{ before, after },
  }));
}

/** Matches groups by name, and the others where they share more layers than with any third. */
function renamedGroups(rows: readonly DiffRow[], by: Grouping): ReadonlyMap<string, string> {
  const old = new Set(rows.flatMap(({ before }) => (before ? [before[by]] : [])));
  const now = new Set(rows.flatMap(({ after }) => (after ? [after[by]] : [])));
  const shared = rows.flatMap(({ before, after }) =>
    before && after && !now.has(before[by]) && !old.has(after[by]) ? [[before[by], after[by]] as const] : [],
  );
  const forward = mostShared(shared, [...now]);
  const back = mostShared(
    shared.map(([a, b]) => [b, a] as const),
    [...old],
  );
  return new Map([...forward].filter(([a, b]) => back.get(b) === a));
}

/** @param order of the right sides: the first of several with as many wins */
function mostShared(
  pairs: readonly (readonly [string, string])[],
  order: readonly string[],
): ReadonlyMap<string, string> {
  const counts = new Map<string, Map<string, number>>();
  for (const [a, b] of pairs) {
    const row = counts.get(a) ?? new Map<string, number>();
    counts.set(a, row.set(b, (row.get(b) ?? 0) + 1));
  }
  const rank = new Map(order.map((name, i) => [name, i]));
  return new Map(
    [...counts].map(([a, row]) => {
      const [[best]] = [...row].sort(([b, m], [c, n]) => n - m || rank.get(b)! - rank.get(c)!) as [[string, number]];
      return [a, best] as const;
    }),
  );
}
