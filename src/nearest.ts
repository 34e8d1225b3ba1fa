// Suggests known names for a mistyped one: fewest edits, or names that contain it.

/** The known names with the fewest edits to a mistyped one, if the edits are few enough. */
export function near(name: string, known: readonly string[]): readonly string[] {
  const candidates = ranked(name, known);
  const fewest = candidates[0]?.edits ?? Infinity;
  if (fewest > Math.max(1, Math.floor(name.length / 3))) return [];
  return candidates.filter(({ edits }) => edits === fewest).map(({ candidate }) => candidate);
}

/**
 * What a message says of a name that is not known: "; the nearest names are a, b", or nothing where
 * none is near.
 */
export function nearestNames(name: string, known: readonly string[]): string {
  const most = Math.max(1, Math.floor(name.length / 3));
  const close = ranked(name, known).filter(({ edits }) => edits <= most);
  const names = close.slice(0, 3).map(({ candidate }) => candidate);
  if (names.length === 0) return '';
  return names.length === 1 ? `; the nearest name is ${names[0]!}` : `; the nearest names are ${names.join(', ')}`;
}

/** The one known name that differs in case, hyphens and underscores alone. */
export function spelledAs(name: string, known: readonly string[]): string | undefined {
  const same = known.filter((candidate) => plain(candidate) === plain(name));
  return same.length === 1 ? same[0] : undefined;
}

/** Up to three names for a message: the near ones, or else the nearest. */
export function likely(name: string, known: readonly string[]): readonly string[] {
  const close = near(name, known);
  if (close.length > 0) return close.slice(0, 3);
  return ranked(name, known)
    .slice(0, 3)
    .map(({ candidate }) => candidate);
}

interface Ranked {
  readonly candidate: string;
  readonly edits: number;
}

function ranked(name: string, known: readonly string[]): readonly Ranked[] {
  const wanted = plain(name);
  return known
    .map((candidate) => {
      const text = plain(candidate);
      const edits = distance(wanted, text);
      // A part of a name counts as near, however much is missing.
      return {
        candidate,
        edits: isPart(wanted, text) ? Math.min(edits, 1) : edits,
        rest: edits,
      };
    })
    .sort((a, b) => a.edits - b.edits || a.rest - b.rest);
}

/** Two letters count at the start of a name, more of them anywhere. */
const isPart = (wanted: string, text: string): boolean =>
  wanted.length >= 3 ? text.includes(wanted) : wanted.length === 2 && text.startsWith(wanted);

const plain = (text: string): string => text.toLowerCase().replaceAll(/[-_ ]/g, '').slice(0, 64);

/** Insertions, deletions, replacements, and swaps of neighbours (optimal string alignment). */
function distance(a: string, b: string): number {
  let [before, row]: [number[], number[]] = [[], Array.from({ length: b.length + 1 }, (_, j) => j)];
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1] ? before[j - 2]! + 1 : Infinity;
      next.push(Math.min(replaced, swapped, row[j]! + 1, next[j - 1]! + 1));
    }
    [before, row] = [row, next];
  }
  return row[b.length]!;
}
