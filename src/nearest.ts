// What did the user mean? The known names that are fewest edits away.

/** Up to `most` names, nearest first by Levenshtein distance without regard to case, hyphens and underscores. */
export function nearest(name: string, known: readonly string[], most = 3): readonly string[] {
  const plain = (text: string): string => text.toLowerCase().replaceAll(/[-_ ]/g, '').slice(0, 64);
  return known
    .map((candidate) => ({ candidate, edits: distance(plain(name), plain(candidate)) }))
    .sort((a, b) => a.edits - b.edits)
    .slice(0, most)
    .map(({ candidate }) => candidate);
}

function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const swap = row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(swap, row[j]! + 1, next[j - 1]! + 1));
    }
    row = next;
  }
  return row[b.length]!;
}
