// Joins kernels that share a node of the graph into one row.

/** Names of the nodes, and indices of the kernels. */
export interface Connected {
  readonly nodes: readonly string[];
  readonly kernels: readonly number[];
}

/** @param sets the nodes of each kernel; a kernel without nodes is in no row */
export function connected(sets: readonly (readonly string[])[]): readonly Connected[] {
  const rowOf = new Map<string, { nodes: string[]; kernels: number[] }>();
  sets.forEach((nodes, i) => {
    const touched = new Set(nodes.flatMap((name) => rowOf.get(name) ?? []));
    const merged = { nodes: [...nodes], kernels: [i] };
    for (const row of touched) {
      merged.nodes.push(...row.nodes);
      merged.kernels.push(...row.kernels);
    }
    for (const name of merged.nodes) rowOf.set(name, merged);
  });
  return [...new Set(rowOf.values())].map((row) => ({
    nodes: [...new Set(row.nodes)],
    kernels: row.kernels.sort((a, b) => a - b),
  }));
}
