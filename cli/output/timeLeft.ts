// Estimates the time that is left from the part that is done. The estimate moves slowly.

/** Seconds in which the shown time follows most of a new estimate. */
const PATIENCE = 15;
/** Before these, a rate would be a guess. */
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
   * @returns seconds; undefined where it is too early to say
   */
  at(done: number): number | undefined {
    const now = this.seconds();
    const elapsed = now - this.start;
    if (elapsed < LEAST_SECONDS || done < LEAST_DONE) return undefined;
    const estimate = (elapsed * (1 - done)) / done;
    const { left, at } = this.shown ?? { left: estimate, at: now };
    const counted = Math.max(0, left - (now - at));
    const next = counted + (estimate - counted) * (1 - Math.exp((at - now) / PATIENCE));
    this.shown = { left: next, at: now };
    return next;
  }
}

export function inWords(seconds: number | undefined): string {
  if (seconds === undefined) return 'time left unknown';
  if (seconds < 60) return `about ${Math.ceil(seconds)} s left`;
  const minutes = Math.floor(seconds / 60);
  return minutes < 10
    ? `about ${minutes} min ${Math.floor((seconds % 60) / 10) * 10} s left`
    : `about ${minutes} min left`;
}
