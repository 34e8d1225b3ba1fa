// The last session, kept in the browser: its tabs, without the bytes of files.

import { readState } from './readState.js';
import type { State } from './state.js';

const KEY = 'flopscope studio';
/** A browser keeps about 5 MB for a page. */
const LONGEST = 2_000_000;

export function remember(state: State): void {
  try {
    const text = JSON.stringify(state);
    if (text.length <= LONGEST) localStorage.setItem(KEY, text);
  } catch {
    // A browser that keeps nothing is no reason to stop.
  }
}

export function remembered(): State | undefined {
  try {
    return readState(JSON.parse(localStorage.getItem(KEY) ?? 'null'));
  } catch {
    return undefined;
  }
}
