// The result of a redesign: original, recipes and front, each price relative to the original.

import type { Totals } from '../profile.js';
import type { Advice } from './advice.js';
import type { Price } from './forms.js';
import type { Level } from './level.js';
import type { Miss } from './search.js';

export interface Proposal {
  /** Names its file: "design-3". */
  readonly name: string;
  /** Its origin in words. */
  readonly about: string;
  readonly levels: readonly Level[];
  readonly price: Price;
  /** Over the original's. */
  readonly ratios: Readonly<Record<'params' | 'multAdds' | 'unfused' | 'fused' | 'launches', number>>;
  /** By the time model of the budget; null without one. */
  readonly milliseconds: number | null;
  /** Where its config was written. */
  readonly file: string | null;
}

export interface Redesign {
  readonly schema: 'flopscope.redesign/1';
  readonly model: string;
  readonly input: { readonly n: number; readonly c: number; readonly h: number; readonly w: number };
  readonly budget: 'multAdds' | 'params' | 'time';
  readonly reading: 'unfused' | 'fused';
  readonly seed: number;
  /** Designs whose price was worked out. */
  readonly priced: number;
  /**
   * Numbers of designs that fit the budget and are not proposed, by the first condition that they
   * miss.
   */
  readonly misses: Readonly<Record<Miss, number>>;
  /** The fit of flopscope explain behind a time budget, in words; null without one. */
  readonly timeModel: string | null;
  readonly original: Totals;
  /** By the time model of the budget; null without one. */
  readonly originalMilliseconds: number | null;
  /** Height and width of each level. */
  readonly resolutions: readonly (readonly [number, number])[];
  readonly recipes: readonly Proposal[];
  /** Best trade-offs of memory access, multiply-adds and params; the least memory access first. */
  readonly front: readonly Proposal[];
  readonly advice: readonly Advice[];
  /** Why there is no front, in one sentence; null where there is one. */
  readonly refused: string | null;
}

/** Spread along the front: the two ends, and between them by even steps. */
export function spread<T>(front: readonly T[], most: number): readonly T[] {
  if (front.length <= most) return front;
  if (most === 1) return front.slice(0, 1);
  return Array.from({ length: most }, (_, i) => front[Math.round((i * (front.length - 1)) / (most - 1))]!);
}
