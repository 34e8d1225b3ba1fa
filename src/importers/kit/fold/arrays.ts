// Indexing of small constants: row-major order, by a position along each side.

import { InputError } from '../../../inputError.js';
import { MOST_ITEMS } from '../operand.js';

export const count = (sides: readonly number[]): number => sides.reduce((all, side) => all * side, 1);

/** How far apart neighbours along each side are. */
export const strides = (sides: readonly number[]): readonly number[] => sides.map((_, i) => count(sides.slice(i + 1)));

/** The place of an item in row-major order. @param steps how far apart neighbours are */
export const indexAt = (at: readonly number[], steps: readonly number[]): number =>
  at.reduce((sum, place, i) => sum + place * steps[i]!, 0);

/** One item for each position, in order. @throws InputError past MOST_ITEMS */
export function fill<T>(sides: readonly number[], item: (at: readonly number[]) => T): readonly T[] {
  const all = count(sides);
  if (all > MOST_ITEMS) throw new InputError(`a constant of ${all} numbers is computed, and at most ${MOST_ITEMS} are`);
  const at = sides.map(() => 0);
  return Array.from({ length: all }, () => {
    const made = item(at);
    for (let side = sides.length - 1; side >= 0 && ++at[side]! === sides[side]; side--) at[side] = 0;
    return made;
  });
}

/**
 * The item at a position of an array that is broadcast: sides of 1 are repeated, sides in front are
 * added.
 */
export function broadcastAt<T>(items: readonly T[], sides: readonly number[], at: readonly number[]): T {
  const steps = strides(sides);
  const skipped = at.length - sides.length;
  const index = sides.reduce((sum, side, i) => sum + (side === 1 ? 0 : at[i + skipped]! * steps[i]!), 0);
  return items[index]!;
}

/** NumPy's rule for two shapes of numbers, undefined where they do not fit. */
export function broadcastSides(a: readonly number[], b: readonly number[]): readonly number[] | undefined {
  const rank = Math.max(a.length, b.length);
  const sides = Array.from({ length: rank }, (_, i) => {
    const [p, q] = [a[a.length - rank + i] ?? 1, b[b.length - rank + i] ?? 1];
    return p === q || q === 1 ? p : p === 1 ? q : undefined;
  });
  return sides.includes(undefined) ? undefined : (sides as number[]);
}
