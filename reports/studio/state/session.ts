// The last session, kept in the browser: its tabs, without the bytes of files.

import { readState } from './readState.js';
import type { State } from './state.js';

const KEY = 'flopscope studio';
const OPENED = 'flopscope studio opened';
/** A browser keeps about 5 MB for a page. */
const LONGEST = 2_000_000;

/** For this window, which may be loaded again, and for the next one. */
export function remember(state: State): void {
  const text = JSON.stringify(state);
  if (text.length > LONGEST) return;
  for (const storage of ['sessionStorage', 'localStorage'] as const)
    orNothing(() => {
      window[storage].setItem(KEY, text);
    });
}

/** What this window showed last; in a new window, what any window did. */
export const remembered = (): State | undefined => rememberedHere() ?? kept('localStorage');

export const rememberedHere = (): State | undefined => kept('sessionStorage');

/** What the command served and this window has opened, which it may be loaded again with. */
export interface OpenedHere {
  readonly token: string;
  /** Of its configs, by their names, as they were then. */
  readonly texts: Readonly<Record<string, string>>;
}

export const noteOpened = (opened: OpenedHere): void => {
  orNothing(() => {
    sessionStorage.setItem(OPENED, JSON.stringify(opened));
  });
};

/** @param token in the address; what was opened under another one is of an earlier start */
export const openedHere = (token: string | undefined): OpenedHere | undefined =>
  orNothing(() => {
    const found = JSON.parse(sessionStorage.getItem(OPENED) ?? 'null') as OpenedHere | null;
    return found && (token === undefined || found.token === token) ? found : undefined;
  });

const kept = (storage: 'sessionStorage' | 'localStorage'): State | undefined =>
  orNothing(() => readState(JSON.parse(window[storage].getItem(KEY) ?? 'null')));

/** A browser that keeps nothing is no reason to stop. */
function orNothing<T>(action: () => T): T | undefined {
  try {
    return action();
  } catch {
    return undefined;
  }
}
