// The sessions of a run, and the ratio of the times of two runs.

import type { Run } from './run.js';
import { timeRatio, type SessionTimes, type TimeRatio } from './significance.js';

type Timed = Pick<Run, 'times' | 'sessions' | 'input'>;

/**
 * @returns windows in milliseconds of one inference; a record of an earlier version has one session
 */
export function sessionTimes({
  times: { windows },
  sessions,
}: Pick<Run, 'times' | 'sessions'>): readonly SessionTimes[] {
  if (sessions.length === 0) return [{ id: null, turn: 0, windows }];
  let start = 0;
  return sessions.map(({ id, turn, windows: count }) => ({
    ...{ id, turn },
    windows: windows.slice(start, (start += count)),
  }));
}

/** The time of an inference over that of another. */
export const inferenceRatio = (a: Timed, b: Timed): TimeRatio => timeRatio(sessionTimes(a), sessionTimes(b));

/** The time of an image over that of another: batches may differ. */
export const imageRatio = (a: Timed, b: Timed): TimeRatio => timeRatio(perImage(a), perImage(b));

const perImage = (run: Timed): readonly SessionTimes[] =>
  sessionTimes(run).map(({ windows, ...session }) => ({ ...session, windows: windows.map((ms) => ms / run.input.n) }));
