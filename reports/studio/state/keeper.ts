// Keeps the newest state once nothing is drawn any more: no edit waits for the storage.

import type { State } from './state.js';

/** Milliseconds without a drawing; the numbers of an edit are drawn by then. */
export const REST = 400;

export interface Keeper {
  /** To be called at each drawing. */
  drawn(state: State): void;
  /** Keeps what waits at once: the page may go away. */
  now(): void;
}

/** @param shown needs not be kept again */
export function keeper(shown: State, keep: (state: State) => void): Keeper {
  let kept = shown;
  let latest = shown;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const now = (): void => {
    clearTimeout(timer);
    if (latest === kept) return;
    kept = latest;
    keep(latest);
  };
  return {
    drawn(state) {
      latest = state;
      clearTimeout(timer);
      if (latest !== kept) timer = setTimeout(now, REST);
    },
    now,
  };
}
