// Undo and redo: states before and after the present one.

export interface History<S> {
  readonly past: readonly S[];
  readonly present: S;
  readonly future: readonly S[];
}

/** Steps that can be undone. */
const MOST = 200;

export const begun = <S>(present: S): History<S> => ({ past: [], present, future: [] });

/** @param joined the change goes on with the last one, so that one undo takes both back */
export function advanced<S>({ past, present, future }: History<S>, next: S, joined = false): History<S> {
  if (next === present) return { past, present, future };
  return { past: joined ? past : [...past, present].slice(-MOST), present: next, future: [] };
}

/** The present without a step of its own: what is looked at, not what is edited. */
export const replaced = <S>(history: History<S>, present: S): History<S> => ({ ...history, present });

export function undone<S>({ past, present, future }: History<S>): History<S> | undefined {
  const before = past.at(-1);
  return before === undefined ? undefined : { past: past.slice(0, -1), present: before, future: [present, ...future] };
}

export function redone<S>({ past, present, future }: History<S>): History<S> | undefined {
  const [next, ...rest] = future;
  return next === undefined ? undefined : { past: [...past, present], present: next, future: rest };
}
