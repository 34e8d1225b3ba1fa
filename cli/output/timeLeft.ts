// Estimates the time that is left from the part that is done. The estimate moves slowly.

import type { Shown } from './bar.js';

/**
 * Bounds in seconds of the smoothing: the shown time follows a new estimate within half of the time
 * left.
 */
const [LEAST_PATIENCE, PATIENCE] = [2, 15];
/** The weight of the expected pace, in seconds of work: little work says little about the pace. */
const TRUSTED = 20;
/** Before this time and share no rate is known. */
const [LEAST_SECONDS, LEAST_DONE] = [2, 0.02];

export class TimeLeft {
  private readonly start: number;
  private shown: { readonly left: number; readonly at: number } | undefined;

  /** @param seconds a clock; tests bring their own */
  constructor(private readonly seconds = (): number => performance.now() / 1000) {
    this.start = seconds();
  }

  /**
   * Counts down by the clock, and follows the rate so far by a part of the difference only: phases
   * are of unequal length, and the time left would jump with each.
   * @param done from 0 to 1
   * @param expected the seconds of what is done and of the rest, where they were expected: the rest
   * takes as much longer or shorter as what is done did
   * @returns seconds; undefined where it is too early to say
   */
  at(done: number, expected?: Shown['expected']): number | undefined {
    const now = this.seconds();
    const elapsed = now - this.start;
    if (!expected && (elapsed < LEAST_SECONDS || done < LEAST_DONE)) return undefined;
    const estimate = expected
      ? (expected.left * (elapsed + TRUSTED)) / (expected.done + TRUSTED)
      : (elapsed * (1 - done)) / done;
    const { left, at } = this.shown ?? { left: estimate, at: now };
    const counted = Math.max(0, left - (now - at));
    const patience = Math.min(PATIENCE, Math.max(LEAST_PATIENCE, estimate / 2));
    const next = counted + (estimate - counted) * (1 - Math.exp((at - now) / patience));
    this.shown = { left: next, at: now };
    return next;
  }
}

/** @param done the part that is done, from 0 to 1 */
export function inWords(seconds: number | undefined, done: number): string {
  if (seconds === undefined) return 'time left unknown';
  if (seconds <= 0) return done < 1 ? 'longer than expected' : 'almost done';
  if (seconds < 60) return `about ${Math.ceil(seconds)} s left`;
  const minutes = Math.floor(seconds / 60);
  return minutes < 10
    ? `about ${minutes} min ${Math.floor((seconds % 60) / 10) * 10} s left`
    : `about ${minutes} min left`;
}
