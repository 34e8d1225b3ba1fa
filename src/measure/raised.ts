// Raises a ceiling to the rate that a run or one of its layers reached, where it passed the
// ceiling.

import type { Ceilings } from './run.js';
import { percentage } from '../numberText.js';

const SEPARATOR = ', ';
/** Splits at a separator and not at a comma in a name. */
const BEFORE_NEXT = /, (?=(?:FLOP|bytes)\/s raised to what )/;

/** The rates of ceilings, and the words that say what raised them. */
export type CeilingRates = Pick<Ceilings, 'flopsPerSecond' | 'bytesPerSecond' | 'raised'>;

/**
 * The ceilings that utilisation is relative to. Records of earlier versions have only the raised
 * ones.
 */
export const utilised = ({ sampled, ...roofs }: Ceilings): Ceilings => ({ ...roofs, ...sampled, sampled });

/** Rates that a run or a layer reached, and its name. */
export interface ReachedRates {
  readonly name: string;
  readonly flopsPerSecond: number;
  readonly bytesPerSecond: number;
}

/**
 * Raises ceilings to the rates that passed them, and says so in `raised`. Others stay as they are.
 * @param reached by the run and by its layers; the fastest counts
 */
export function raised<C extends CeilingRates>(ceilings: C, reached: readonly ReachedRates[]): C {
  let words = wordsOf(ceilings);
  const over = (key: 'flopsPerSecond' | 'bytesPerSecond', what: string): number => {
    const fastest = reached.reduce<ReachedRates | undefined>(
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
 * The higher ceilings of two sessions, each with the words that say what raised it. `how` and
 * `noise` are those of the faster computation and of the noisier session.
 */
export function bestCeilings(a: Ceilings, b: Ceilings): Ceilings {
  return {
    ...best(a, b),
    how: a.flopsPerSecond >= b.flopsPerSecond ? a.how : b.how,
    noise: a.noise === null || b.noise === null ? null : Math.max(a.noise, b.noise),
    sampled: best(utilised(a), utilised(b)),
  };
}

function best(a: CeilingRates, b: CeilingRates): CeilingRates {
  const better = (key: 'flopsPerSecond' | 'bytesPerSecond'): CeilingRates => (a[key] >= b[key] ? a : b);
  const [compute, memory] = [better('flopsPerSecond'), better('bytesPerSecond')];
  const words = [...wordsOf(compute, 'FLOP/s'), ...wordsOf(memory, 'bytes/s')];
  return {
    flopsPerSecond: compute.flopsPerSecond,
    bytesPerSecond: memory.bytesPerSecond,
    raised: words.length === 0 ? null : words.join(SEPARATOR),
  };
}

const wordsOf = ({ raised }: CeilingRates, rate = ''): readonly string[] =>
  (raised?.split(BEFORE_NEXT) ?? []).filter((word) => word.startsWith(rate));

/** "…, FLOP/s raised to what conv1 reached, +-3 %" behind the sizes. */
export const howMeasured = ({ how, raised, noise }: Ceilings): string =>
  [how, ...(raised === null ? [] : [raised]), ...(noise === null ? [] : [`noise ${percentage(noise)}`])].join(', ');
