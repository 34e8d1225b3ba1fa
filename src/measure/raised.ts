// Raises a ceiling to the rate that a run or one of its layers reached, where it passed the
// ceiling.

import type { Ceilings } from './run.js';
import { percentage } from '../numberText.js';

const SEPARATOR = ', ';
/** Names may have a comma. */
const BEFORE_NEXT = /, (?=(?:FLOP|bytes)\/s raised to what )/;

/** Rates that were reached, and what reached them. */
export interface Reached {
  readonly name: string;
  readonly flopsPerSecond: number;
  readonly bytesPerSecond: number;
}

/**
 * The same ceilings where nothing passed them. Otherwise they are raised and labelled as raised.
 * @param reached by the run and by its layers; the fastest counts
 */
export function raised(ceilings: Ceilings, reached: readonly Reached[]): Ceilings {
  let words = wordsOf(ceilings);
  const over = (key: 'flopsPerSecond' | 'bytesPerSecond', what: string): number => {
    const fastest = reached.reduce<Reached | undefined>(
      (best, one) => (Number.isFinite(one[key]) && one[key] > (best?.[key] ?? ceilings[key]) ? one : best),
      undefined,
    );
    if (!fastest) return ceilings[key];
    const start = `${what} raised to what `;
    words = [...words.filter((word) => !word.startsWith(start)), `${start}${fastest.name} reached`];
    return fastest[key];
  };
  const flopsPerSecond = over('flopsPerSecond', 'FLOP/s');
  const bytesPerSecond = over('bytesPerSecond', 'bytes/s');
  return { ...ceilings, flopsPerSecond, bytesPerSecond, raised: words.length === 0 ? null : words.join(SEPARATOR) };
}

/**
 * The better ceilings of two sessions, each with what raised it.
 * `how` and `noise` are those of the faster computation and of the noisier session.
 */
export function bestCeilings(a: Ceilings, b: Ceilings): Ceilings {
  const better = (key: 'flopsPerSecond' | 'bytesPerSecond'): Ceilings => (a[key] >= b[key] ? a : b);
  const [compute, memory] = [better('flopsPerSecond'), better('bytesPerSecond')];
  const words = [...wordsOf(compute, 'FLOP/s'), ...wordsOf(memory, 'bytes/s')];
  return {
    ...compute,
    bytesPerSecond: memory.bytesPerSecond,
    noise: a.noise === null || b.noise === null ? null : Math.max(a.noise, b.noise),
    raised: words.length === 0 ? null : words.join(SEPARATOR),
  };
}

const wordsOf = ({ raised }: Ceilings, rate = ''): readonly string[] =>
  (raised?.split(BEFORE_NEXT) ?? []).filter((word) => word.startsWith(rate));

/** "…, FLOP/s raised to what conv1 reached, +-3 %" behind the sizes. */
export const howMeasured = ({ how, raised, noise }: Ceilings): string =>
  [how, ...(raised === null ? [] : [raised]), ...(noise === null ? [] : [`noise ${percentage(noise)}`])].join(', ');
