// Shows the progress of long work: a bar on a terminal, plain lines elsewhere, nothing with
// --quiet.

import type { Screen } from '../screen.js';
import type { Bar, Drawing, Expected, Shown } from './bar.js';
import { progressLines } from './progressLines.js';
import { terminalBar } from './terminalBar.js';

/** The share that the clock may reach, since the last session may end late. */
const ALMOST = 0.99;

/** The length that a part is taken to have, in the units of PHASES. */
const PART = 100;
/** Start and end of each phase in hundredths of a part. */
const PHASES: Readonly<Record<string, readonly [from: number, to: number]>> = {
  'idle power': [0, 0],
  ceilings: [0, 10],
  first: [10, 15],
  load: [15, 20],
  'warm-up': [20, 30],
  window: [30, 85],
  layers: [85, 95],
  'ceilings again': [95, 100],
  write: [0, 100],
  designs: [0, 100],
  points: [0, 100],
};

/**
 * @param parts of equal weight
 * @param seconds that the work takes, where a time was given to it: what is done follows from the
 * clock then
 */
export async function progressBar(
  parts: number,
  screen: Pick<Screen, 'progress' | 'err' | 'bar'>,
  seconds?: number,
): Promise<Bar> {
  if (screen.bar) return screen.bar(parts, seconds);
  if (screen.progress === 'none') return silent(screen);
  return advancing(parts, screen.progress === 'bar' ? await terminalBar() : progressLines(screen), seconds);
}

const silent = ({ err }: Pick<Screen, 'err'>): Bar => ({
  parts: () => undefined,
  part: () => () => undefined,
  say: err,
  stop: () => undefined,
});

/**
 * Windows may be timed again, and parts differ in length, so the share done is kept from falling.
 */
export function advancing(
  atStart: number,
  drawing: Drawing,
  seconds?: number,
  clock = (): number => performance.now() / 1000,
): Bar {
  const start = clock();
  let parts = atStart;
  let begun = -1;
  let done = 0;
  /** Expected seconds of the parts before this one, and what is expected of this one. */
  let [past, now] = [0, undefined as Expected | undefined];
  const partDone = (phase: string, step: number): number => {
    if (seconds !== undefined) return (clock() - start) / seconds;
    const { whole, after, phases } = now ?? { whole: PART, after: PART * (parts - begun - 1), phases: PHASES };
    const [from, to] = phases[phase] ?? [0, 0];
    return (past + from + (to - from) * step) / (past + whole + after);
  };
  const at = (phase: string, step: number): number => {
    done = Math.max(done, Math.min(seconds === undefined ? 1 : ALMOST, partDone(phase, step)));
    return done;
  };
  /** The share done of work of known length, by the clock or by its phases. */
  const expectedAt = (part: number): Shown['expected'] => {
    const elapsed = clock() - start;
    if (seconds !== undefined) return { done: elapsed, left: Math.max(0, seconds - elapsed) };
    if (!now) return undefined;
    const all = past + now.whole + now.after;
    return { done: part * all, left: (1 - part) * all };
  };
  const shown = (phase: string, step: number): Pick<Shown, 'done' | 'expected'> => {
    const done = at(phase, step);
    return { done, expected: expectedAt(done) };
  };
  return {
    parts(number) {
      parts = number;
    },
    part(name, expected) {
      if (begun++ >= 0) past += now?.whole ?? PART;
      now = expected;
      drawing.begin({ ...shown('', 0), name, phase: '' });
      return (phase, step, all, network) => {
        drawing.show({ ...shown(phase, step / all), name, phase, network });
      };
    },
    say: (text) => {
      drawing.say(text);
    },
    stop: () => {
      drawing.stop();
    },
  };
}
